/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/secret.h"

/* KiB that this process has locked out of the swap. */
static long locked(void)
{
	char line[256];
	long found = -1;
	FILE *file = fopen("/proc/self/status", "re");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmLck:", 6) == 0)
			found = strtol(line + 6, NULL, 10);
	if (file != NULL)
		fclose(file);
	return found;
}

static int may_lock(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return 0;
#else
	struct rlimit limit;

	return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != 0;
#endif
}

static void a_child_keeps_out_of_the_swap_what_its_parent_does(void **state)
{
	scoped(secret) struct secret *one = secret_new("token", 5);
	/* Of a size that has pages of its own. */
	scoped(string) char *many = memory_get(1 << 20, 1);
	scoped(secret) struct secret *other = secret_new(many, 1 << 20);
	long here = locked();
	int status = -1;

	(void)state;
	assert_int_equal(here > 0, may_lock());
	pid_t child = secret_fork();
	if (child == 0) {
		const char *answer = locked() == here && strcmp(secret_reveal(one), "token") == 0 ? "true" : "false";

		/* At its own end valgrind would take all that it has for lost. */
		execlp(answer, answer, (char *)NULL);
		_exit(2);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(secret_given(other));
}

static void secrets_are_copied_with_their_length(void **state)
{
	scoped(secret) struct secret *one = secret_new("a\0b", 3);
	scoped(secret) struct secret *copy = secret_copy(one);
	scoped(secret) struct secret *nothing = secret_new("", 0);

	(void)state;
	assert_memory_equal(secret_reveal(copy), "a\0b", 4);
	assert_ptr_not_equal(secret_reveal(copy), secret_reveal(one));
	assert_true(secret_given(copy));
	assert_false(secret_given(nothing));
	assert_false(secret_given(NULL));
	assert_null(secret_copy(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_keeps_out_of_the_swap_what_its_parent_does),
		cmocka_unit_test(secrets_are_copied_with_their_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
