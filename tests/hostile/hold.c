/* SPDX-License-Identifier: Apache-2.0 */
/* Loaded before a program: it can be looked into while it runs, and stops when it has done all but end. What it says of itself to the
 * kernel before goes to the file that HOLD_REPORT names. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int prctl(int option, ...);

/* Nothing of it reaches the kernel: a process that cannot be dumped is root's to look into only. */
int prctl(int option, ...)
{
	va_list list;
	const char *name = getenv("HOLD_REPORT");
	FILE *file = name != NULL ? fopen(name, "a") : NULL;

	va_start(list, option);
	if (file != NULL)
		fprintf(file, "%d %lu\n", option, va_arg(list, unsigned long));
	if (file != NULL)
		fclose(file);
	va_end(list);
	return 0;
}

__attribute__((destructor)) static void hold(void)
{
	if (getenv("HOLD") != NULL)
		raise(SIGSTOP);
}
