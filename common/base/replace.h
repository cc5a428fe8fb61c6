/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces a file atomically: whoever reads it sees the old contents or the new, complete, also after a crash. Only one
 * process at a time may replace a file; the callers hold a lock.
 */
#ifndef COMMON_BASE_REPLACE_H
#define COMMON_BASE_REPLACE_H

#include <stddef.h>

#include "common/base/error.h"

/* Makes `length` bytes the contents of the file `path`, mode 0600: writes them to a new file beside it, syncs that (fsync), and renames
 * it over `path`. A symbolic link at `path` is itself replaced; what it points to stays. When root does this the file keeps its owner,
 * and a new one gets that of its directory. Returns 0, or -1 with ERROR_FAILED, and then nothing has changed. */
int replace_file(const char *path, const char *bytes, size_t length, struct error **error);

/* As replace_file but without waiting for the disk, for contents that can be obtained again. After a crash of the
 * machine the file may be empty or cut off, which its reader must notice. */
int replace_cached_file(const char *path, const char *bytes, size_t length, struct error **error);

/* As replace_file, for a file that other programs replace as well, perhaps without knowing our lock: the new file beside it gets another
 * name each time (the file's name and some more characters), and stays behind only if the process is killed.
 *
 * A symbolic link at `path` stays and the file that it points to is replaced, as whoever made the link wants; but root does not follow a
 * link in a user's directory to a file that is not that user's. The file keeps its owner and group, and a new one gets those of its
 * directory, as far as the process may give files away; when root cannot, that is an error, since the file's owner could no longer read
 * it. */
int replace_shared_file(const char *path, const char *bytes, size_t length, struct error **error);

#endif
