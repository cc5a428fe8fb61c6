/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where juju keeps its client store: the data directory, found by juju's own rule, as text only (symbolic links are not
 * followed, "~" has no meaning, a relative JUJU_DATA stays relative).
 */
#ifndef COMMON_STORE_DIRECTORY_H
#define COMMON_STORE_DIRECTORY_H

#include "common/base/error.h"

/* Returns the cleaned path of the data directory, owned by the caller (free()): JUJU_DATA itself, else XDG_DATA_HOME/juju,
 * else HOME/.local/share/juju, with SNAP_REAL_HOME instead of HOME if it is set. Empty variables do not count, except that
 * an empty SNAP_REAL_HOME still hides HOME. The directory need not exist. Returns NULL with ERROR_DATA_DIRECTORY when no
 * variable names a home. */
char *directory_find(char *const *environment, struct error **error);

/* Returns the shortest text that names the same path, owned by the caller: without doubled and trailing slashes, "." and
 * "x/.."; "." for "". Follows Go's filepath.Clean, because the name of juju's lock is made from this text. */
char *directory_clean(const char *path);

/* Returns the cleaned path of `name` in `directory`, owned by the caller. */
char *directory_join(const char *directory, const char *name);

#endif
