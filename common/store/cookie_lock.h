/* SPDX-License-Identifier: Apache-2.0 */
/*
 * juju's lock on a cookie jar: a file beside the jar. How the file locks depends on the machine that juju was built for,
 * and what one juju does another must understand, so both ways are here and cookie_lock_native tells the right one.
 *
 * A jar must also be locked for reading: juju rewrites it in place. Nothing here waits.
 */
#ifndef COMMON_STORE_COOKIE_LOCK_H
#define COMMON_STORE_COOKIE_LOCK_H

#include "common/base/error.h"
#include "common/store/lock.h"

/* One way to lock by the file `path`. */
struct cookie_lock_way {
	/* Returns STORE_DONE with `*descriptor` set; STORE_BUSY, also for a file that a program has left behind and that juju
	 * will wait for in vain; or STORE_FAILED with ERROR_STORE. */
	enum store_attempt (*take)(const char *path, int *descriptor, struct error **error);
	/* Lets go, removes the file and sets `*descriptor` to -1. */
	void (*release)(const char *path, int *descriptor);
};

/* An empty file with a lock on its whole range (fcntl): amd64 and 32-bit arm. The file is removed while still locked, so
 * whoever gets the lock must check that the path still leads to the locked file. */
extern const struct cookie_lock_way cookie_lock_range;

/* A file that only one process can make (O_EXCL) and that names it, {"OwnerPID":n}: all other machines. A file whose maker
 * is dead is removed. */
extern const struct cookie_lock_way cookie_lock_owner;

/* Returns the way for the machine that this was built for. */
const struct cookie_lock_way *cookie_lock_native(void);

#endif
