/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file replaced at one stroke: whoever reads it sees the old contents or the new, whole, also after a crash. Only one process at a
 * time may replace a file; the callers hold a lock.
 */
#ifndef COMMON_BASE_REPLACE_H
#define COMMON_BASE_REPLACE_H

#include <stddef.h>

#include "common/base/error.h"

/* Makes `length` bytes the contents of the file `path`, mode 0600: written to a new file beside it, made to last (fsync), then
 * renamed over it; what a symbolic link at `path` points to is left alone, the link is replaced. Root leaves the file to its owner, a
 * new one to whom its directory belongs to. Returns 0, or -1 with ERROR_FAILED, and then nothing has changed. */
int replace_file(const char *path, const char *bytes, size_t length, struct error **error);

/* The same for what can be got again: without waiting for the disk. After a crash of the machine itself the file may be empty or cut off;
 * whoever reads it has to see that. */
int replace_cached_file(const char *path, const char *bytes, size_t length, struct error **error);

/* The same as replace_file for a file that other programs replace as well, perhaps without knowing of our lock: what is written beside it has a
 * name of its own each time (the file's name and some more characters; only a killed process leaves one behind).
 *
 * A symbolic link at `path` stays, and what it points to is replaced: who keeps such a file elsewhere meant it so; but root does not
 * replace others' files that way for whom the directory belongs to. The file
 * keeps its owner and group, a new one gets those of its directory, as far as the process may give files away; when
 * root must and cannot, that is an error: the file's owner could not read it any more. */
int replace_shared_file(const char *path, const char *bytes, size_t length, struct error **error);

#endif
