/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A home of its own for a test, and in it a shell script in the place of the keyring helper.
 */
#ifndef TESTS_UNIT_SUPPORT_HELPER_HOME_H
#define TESTS_UNIT_SUPPORT_HELPER_HOME_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/scoped.h"

struct helper_home {
	char directory[64];
	char helper[128];     /* path of the script; it is not there before helper_home_write */
	char home[128];       /* "HOME=DIRECTORY" */
	char *environment[8]; /* that alone, and room for more */
};

/* Makes the folder. The storage must be zeroed, and must not move. Returns 0, or -1. */
static inline int helper_home_make(struct helper_home *at)
{
	strcpy(at->directory, "/tmp/plugin-keyring-XXXXXX");
	if (mkdtemp(at->directory) == NULL)
		return -1;
	snprintf(at->helper, sizeof(at->helper), "%s/keyring", at->directory);
	snprintf(at->home, sizeof(at->home), "HOME=%s", at->directory);
	at->environment[0] = at->home;
	return 0;
}

/* Removes the folder. Returns 0 when that went well. */
static inline int helper_home_remove(const struct helper_home *at)
{
	scoped(string) char *command = string_format("rm -rf '%s'", at->directory);

	return system(command); /* NOLINT(cert-env33-c): the path is ours */
}

/* Makes these lines the helper. */
static inline void helper_home_write(const struct helper_home *at, const char *first, const char *rest)
{
	FILE *file = fopen(at->helper, "w");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s%s\n", first, rest);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(at->helper, 0700), 0);
}

#endif
