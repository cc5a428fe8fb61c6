/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file replaced at one stroke: whoever reads it sees the old contents or the new, whole, also after a crash. Only one process at a
 * time may replace a file; the callers hold a lock.
 */
#ifndef COMMON_BASE_REPLACE_H
#define COMMON_BASE_REPLACE_H

#include <stddef.h>

#include "common/base/error.h"

/* Makes `length` bytes the contents of the file `path`, mode 0600: they are written to a new file beside it, made to last (fsync), and renamed over
 * it. A symbolic link at `path` is itself replaced, and what it points to is left alone. When root does this the file keeps its owner, and a
 * new one gets that of its directory. Returns 0, or -1 with ERROR_FAILED, and then nothing has changed. */
int replace_file(const char *path, const char *bytes, size_t length, struct error **error);

/* The same without waiting for the disk, for contents that can be had again. After a crash of the machine itself the file may be empty or cut off,
 * which its reader must notice. */
int replace_cached_file(const char *path, const char *bytes, size_t length, struct error **error);

/* The same as replace_file for a file that other programs replace as well, perhaps without knowing of our lock: the new file beside it has another
 * name each time (the file's name and some more characters), and only a killed process leaves one behind.
 *
 * A symbolic link at `path` stays, and the file that it points to is replaced, since whoever made the link meant that; except that root does
 * not replace through a link in a user's directory a file which is not that user's. The file keeps its owner and group, and a new one gets
 * those of its directory, as far as the process may give files away; when root cannot, that is an error, since the file's owner could not
 * read it any more. */
int replace_shared_file(const char *path, const char *bytes, size_t length, struct error **error);

#endif
