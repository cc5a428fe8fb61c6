/* SPDX-License-Identifier: Apache-2.0 */
/*
 * juju's lock on a cookie jar: a file beside the jar. How it locks depends on the machine that juju was built for. We must
 * lock as that juju does, so both ways are here, and cookie_lock_native returns the right one.
 *
 * A jar must be locked for reading, too: juju rewrites it in place. Nothing here waits.
 */
#ifndef COMMON_STORE_COOKIE_LOCK_H
#define COMMON_STORE_COOKIE_LOCK_H

#include "common/base/error.h"
#include "common/store/lock.h"

/* One way to lock with the file `path`. */
struct cookie_lock_way {
	/* Returns STORE_DONE with `*descriptor` set; STORE_BUSY, also for a file that a program has left behind and that juju
	 * would wait for in vain; or STORE_FAILED with ERROR_STORE. */
	enum store_attempt (*take)(const char *path, int *descriptor, struct error **error);
	/* Releases the lock, removes the file and sets `*descriptor` to -1. */
	void (*release)(const char *path, int *descriptor);
};

/* For amd64 and 32-bit arm: an empty file, locked over its whole range (fcntl). It is removed while still locked, so whoever
 * gets the lock must check that the path still leads to the locked file. */
extern const struct cookie_lock_way cookie_lock_range;

/* For all other machines: a file that only one process can create (O_EXCL) and that names it, {"OwnerPID":n}. If that
 * process is dead, the file is removed. */
extern const struct cookie_lock_way cookie_lock_owner;

/* Returns the way for the machine that this was built for. */
const struct cookie_lock_way *cookie_lock_native(void);

#endif
