/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Empty files of our own that serve as a lock or as a timestamp.
 */
#ifndef COMMON_BASE_LOCK_FILE_H
#define COMMON_BASE_LOCK_FILE_H

#include "common/base/error.h"

/* Opens the file at `path`, made with mode 0600 when there is none; when root opens it, it gets the owner of its
 * folder. Links and anything but an empty plain file are refused at once, so that nobody waits for the other end of a pipe.
 * Returns a descriptor, which the caller closes, or -1 with ERROR_FAILED. */
int lock_file_open(const char *path, struct error **error);

#endif
