/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of our own below somebody's home.
 */
#ifndef COMMON_BASE_FOLDER_H
#define COMMON_BASE_FOLDER_H

#include <sys/stat.h>

#include "common/base/error.h"

/* Makes the folder `path` and those above it, as far as they are missing, with mode 0700; what root makes belongs to whom the folder
 * above it belongs to. Returns 0, or -1 with ERROR_FAILED; also for a folder that was there and folder_check would not have. */
int folder_ensure(const char *path, struct error **error);

/* Looks whether nobody but this user and root can put files into the folder `path`: what is read there counts as our own. Root may also
 * use the folder of somebody in a folder of the same one's. Returns 0, also where there is none, or -1 with ERROR_FAILED. */
int folder_check(const char *path, struct error **error);

/* Returns what speaks against a folder, NULL when nothing does. `link` is what lstat tells of its path and `folder` what stat tells,
 * `above` is the folder that it is in, `self` the user. Constant. */
const char *folder_objection(
	const struct stat *link, const struct stat *folder, const struct stat *above, unsigned int self);

#endif
