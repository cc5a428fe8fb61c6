/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finished document into a file, as a whole or not at all; and files that are written to bit by bit.
 */
#ifndef PLUGIN_OUTPUT_H
#define PLUGIN_OUTPUT_H

#include <stddef.h>
#include <sys/types.h>

#include "common/base/error.h"

/* Returns the home directory of the person that `environment` is for, borrowed, or NULL. */
const char *output_home(char *const *environment);

/* Writes `length` bytes into the file `path` ("~/" means output_home). A regular file is replaced in one step, keeping its mode
 * and group; what a link points to is replaced, not the link. The bytes are written in place where no new file can be made or take that
 * place, where it would not be the same to others (the old one has another owner, more names, or an access list), and for what is no
 * regular file (a pipe that somebody reads from, a terminal) or has no name any more. What is open already, as /dev/stdout is, takes them
 * where it stands (output_path_open). Returns 0, or -1 with ERROR_FAILED. */
int output_write(const char *path, char *const *environment, const char *bytes, size_t length, struct error **error);

/* Opens `path` for writing, as open() does with `flags` and `mode`, but waits for nobody: a pipe must have its reader by now. Returns a
 * descriptor, owned by the caller, or -1 with errno. For what may be open already, output_path_open comes first. */
int output_open(const char *path, int flags, mode_t mode);

/* Returns in words why `path` cannot be written to, which errno tells. Constant, or the C library's until it is asked for another. */
const char *output_reason(const char *path);

#endif
