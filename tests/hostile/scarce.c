/* SPDX-License-Identifier: Apache-2.0 */
/* Loaded before a program: the SCARCE_AT-th piece of memory that is asked for cannot be had. Without that, SCARCE_COUNT names a file for how
 * many were asked for. It stands in for what the C library gives the program's own allocator. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);

static long asked, at = -1;

static int is_refused(void)
{
	const char *text = at < 0 ? getenv("SCARCE_AT") : NULL;

	if (at < 0)
		at = text != NULL ? strtol(text, NULL, 10) : 0;
	asked++;
	if (asked == at)
		errno = ENOMEM;
	return asked == at;
}

void *__libc_malloc(size_t size)
{
	static void *(*real)(size_t);

	if (real == NULL)
		real = (void *(*)(size_t))dlsym(RTLD_NEXT, "__libc_malloc");
	return is_refused() ? NULL : real(size);
}

void *__libc_calloc(size_t count, size_t size)
{
	static void *(*real)(size_t, size_t);

	if (real == NULL)
		real = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "__libc_calloc");
	return is_refused() ? NULL : real(count, size);
}

__attribute__((destructor)) static void tell(void)
{
	const char *name = getenv("SCARCE_COUNT");
	long count = asked;
	FILE *file = name != NULL ? fopen(name, "w") : NULL;

	if (file != NULL) {
		fprintf(file, "%ld", count);
		fclose(file);
	}
}
