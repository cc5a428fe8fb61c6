/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Empty files of our own that stand for something: a lock, or a moment.
 */
#ifndef COMMON_BASE_LOCK_FILE_H
#define COMMON_BASE_LOCK_FILE_H

#include "common/base/error.h"

/* Opens the file at `path`, and makes it with mode 0600 when there is none; root leaves it to whom the folder belongs. Links and what is
 * no plain file are refused at once: nobody waits for the other end of a pipe. Returns a descriptor, which the caller closes, or -1 with
 * ERROR_FAILED. */
int lock_file_open(const char *path, struct error **error);

#endif
