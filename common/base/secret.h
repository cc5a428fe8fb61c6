/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A secret has a type of its own, so that it cannot be printed or copied by accident, and is erased when it is freed.
 *
 * Its pages are locked in memory, so that they are not swapped out. They are not marked with MADV_DONTDUMP: the program is not dumpable
 * (PR_SET_DUMPABLE, which a child inherits), so the kernel makes no core dump of it at all, not even for a core_pattern that is a pipe,
 * where RLIMIT_CORE does not count; the mark would only bind root's own tools, and libraries keep their copies elsewhere.
 */
#ifndef COMMON_BASE_SECRET_H
#define COMMON_BASE_SECRET_H

#include <stddef.h>
#include <sys/types.h>

#include "common/base/scoped.h"

struct secret;

/* Returns a new secret with a copy of `length` bytes; owned by the caller (secret_free). */
struct secret *secret_new(const char *bytes, size_t length);

/* Returns a copy, owned by the caller, or NULL for NULL. */
struct secret *secret_copy(const struct secret *from);

/* Returns the bytes with a NUL behind them, borrowed as long as the secret lives. For sending or storing it only. */
const char *secret_reveal(const struct secret *secret);

/* True when there is a secret and it is not empty. */
int secret_given(const struct secret *secret);

/* Overwrites `length` bytes in a way that the compiler cannot leave out. */
void secret_erase(void *bytes, size_t length);

/* Erases and releases a secret; NULL is allowed. */
void secret_free(struct secret *secret);

/* fork() that also locks in the child what is locked here, as far as the system allows: a child inherits no locks. */
pid_t secret_fork(void);

SCOPED_DEFINE(secret, struct secret *, secret_free)

#endif
