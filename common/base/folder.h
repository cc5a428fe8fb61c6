/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of our own below somebody's home.
 */
#ifndef COMMON_BASE_FOLDER_H
#define COMMON_BASE_FOLDER_H

#include "common/base/error.h"

/* Makes the folder `path` and those above it, as far as they are missing, with mode 0700. Returns 0, or -1 with ERROR_FAILED. */
int folder_ensure(const char *path, struct error **error);

#endif
