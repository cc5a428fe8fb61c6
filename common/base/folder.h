/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of our own in a user's home.
 */
#ifndef COMMON_BASE_FOLDER_H
#define COMMON_BASE_FOLDER_H

#include <sys/stat.h>

#include "common/base/error.h"

/* Makes the folder `path` and its missing parents, with mode 0700; what root makes gets the owner of the folder above
 * it. Returns 0, or -1 with ERROR_FAILED, also when folder_check refuses the folder. */
int folder_ensure(const char *path, struct error **error);

/* Checks that nobody but this user and root can put files into the folder `path`, so that what is read there can be
 * trusted. Root may also use another user's folder if that user owns the folder above it, too. Returns 0, also when
 * there is no such folder, or -1 with ERROR_FAILED. */
int folder_check(const char *path, struct error **error);

/* Returns what is wrong with a folder, a constant, or NULL when nothing is. `link` is the lstat and `folder` the stat
 * of its path, `above` the stat of the folder that it is in, `self` the user. */
const char *folder_objection(
	const struct stat *link, const struct stat *folder, const struct stat *above, unsigned int self);

#endif
