/* SPDX-License-Identifier: Apache-2.0 */
/*
 * juju's lock on its client store: one flock for all YAML files of a data directory, on a file in the directory for
 * temporary files that is named after the path of controllers.yaml, as text. It is left in place for ever.
 *
 * Nothing here waits. Whoever finds the lock held comes again after STORE_LOCK_PAUSE, and gives up after
 * STORE_LOCK_PATIENCE, as juju does. It is held for reading, changing and replacing files, never while a peer is asked.
 *
 * Everybody can write to the directory for temporary files: a link or anything else that is no plain file in the lock's
 * place is refused, and so is a file with a second name.
 */
#ifndef COMMON_STORE_LOCK_H
#define COMMON_STORE_LOCK_H

#include "common/base/error.h"
#include "common/base/instant.h"

#define STORE_LOCK_PAUSE (20 * INSTANT_MILLISECOND)
#define STORE_LOCK_PATIENCE (5 * INSTANT_SECOND)

/* How an attempt ended that does not wait. */
enum store_attempt {
	STORE_DONE,
	STORE_BUSY,   /* somebody holds the lock; nothing was done, come again */
	STORE_FAILED, /* with an error; coming again will not help */
};

/* Returns the path of the lock file for the data directory `directory` (directory_find), owned by the caller. TMPDIR of
 * `environment` says where, else it is /tmp. */
char *store_lock_path(const char *directory, char *const *environment);

/* Takes the lock. `*descriptor` is set to what holds it (close it with store_unlock; no child inherits it), or to -1.
 * Under sudo (SUDO_COMMAND is set) the file is given to the caller of sudo, as juju does. Fails with ERROR_STORE. */
enum store_attempt store_lock_try(
	const char *directory, char *const *environment, int *descriptor, struct error **error);

/* Lets go of the lock and sets `*descriptor` to -1; nothing when it is -1 already. */
void store_unlock(int *descriptor);

/* Sets `*error` to what a person should read when the lock stayed busy for STORE_LOCK_PATIENCE: ERROR_STORE with the path.
 * Returns -1. */
int store_lock_give_up(const char *directory, char *const *environment, struct error **error);

static inline void scoped_store_unlock_release(int *descriptor)
{
	store_unlock(descriptor);
}

#endif
