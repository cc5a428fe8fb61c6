/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of our own below somebody's home.
 */
#ifndef COMMON_BASE_FOLDER_H
#define COMMON_BASE_FOLDER_H

#include <sys/stat.h>

#include "common/base/error.h"

/* Makes the folder `path` and those above it where they are missing, with mode 0700. A folder that root makes gets the owner of the folder
 * above it. Returns 0, or -1 with ERROR_FAILED, also when the folder exists and folder_check refuses it. */
int folder_ensure(const char *path, struct error **error);

/* Checks that nobody but this user and root can put files into the folder `path`, so that what is read there can be trusted. Root may also use
 * another user's folder, if the folder above it belongs to that same user. Returns 0, also when there is no such folder, or -1 with
 * ERROR_FAILED. */
int folder_check(const char *path, struct error **error);

/* Returns what is wrong with a folder, NULL when nothing is. `link` is the lstat of its path, `folder` the stat of the same, `above` the stat of
 * the folder that it is in, `self` the user. Constant. */
const char *folder_objection(
	const struct stat *link, const struct stat *folder, const struct stat *above, unsigned int self);

#endif
