/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process environment as an argument: whoever needs a variable is passed the array, so that tests can pass another.
 */
#ifndef COMMON_BASE_ENVIRONMENT_H
#define COMMON_BASE_ENVIRONMENT_H

/* Returns the value of `name` in `environment` (strings "NAME=value", NULL at the end), borrowed; NULL when it is not set.
 * "Set but empty" is "". */
const char *environment_get(char *const *environment, const char *name);

/* As environment_get, but NULL for an empty value, too. */
const char *environment_given(char *const *environment, const char *name);

/* Overwrites the value of `name` in place, so that it is empty; does nothing when it is not set. */
void environment_erase(char *const *environment, const char *name);

#endif
