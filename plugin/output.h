/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finished document into a file, as a whole or not at all.
 */
#ifndef PLUGIN_OUTPUT_H
#define PLUGIN_OUTPUT_H

#include <stddef.h>

#include "common/base/error.h"

/* Writes `length` bytes into the file `path` ("~/" means $HOME of `environment`). A regular file is replaced in one step,
 * keeping its mode; what a link points to is replaced, not the link; where its directory takes no new file, and for what is
 * no regular file (a pipe, /dev/stdout), the bytes are written in place. Returns 0, or -1 with ERROR_FAILED. */
int output_write(const char *path, char *const *environment, const char *bytes, size_t length, struct error **error);

#endif
