/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a whole file of the store, up to a ceiling. The bytes may hold secrets and are erased when released.
 */
#ifndef COMMON_STORE_FILE_H
#define COMMON_STORE_FILE_H

#include <stddef.h>

#include "common/base/error.h"

struct file {
	char *bytes;   /* NUL-terminated; NULL when there is no such file */
	size_t length; /* bytes, without the NUL */
};

/* Reads the file at `path`, of at most `ceiling` bytes. Returns 0 and fills `*file` (file_release), with NULL bytes when there
 * is no file. Returns -1 and leaves `*file` empty when it cannot be read, is larger, or is not a regular file (ERROR_STORE),
 * or when its directory cannot be entered (ERROR_DATA_DIRECTORY). Never blocks on a pipe or a device. */
int file_read(const char *path, size_t ceiling, struct file *file, struct error **error);

/* Erases and frees the bytes. */
void file_release(struct file *file);

SCOPED_DEFINE_STRUCT(file, struct file, file_release)

#endif
