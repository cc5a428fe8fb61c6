/* SPDX-License-Identifier: Apache-2.0 */
/*
 * juju's lock on its client store: one flock for all YAML files of a data directory, on a file in the directory for
 * temporary files. Its name is made from the path of controllers.yaml, as text. The file is never removed.
 *
 * Nothing here waits. A caller that finds the lock held calls again after STORE_LOCK_PAUSE, and gives up after
 * STORE_LOCK_PATIENCE, as juju does. Hold it while reading, changing and replacing files, never while waiting for a peer.
 *
 * Everybody can write to the directory for temporary files: a symbolic link or anything else in the lock's place that is
 * not a regular file is refused, and so is a file with a second name.
 */
#ifndef COMMON_STORE_LOCK_H
#define COMMON_STORE_LOCK_H

#include "common/base/error.h"
#include "common/base/instant.h"

#define STORE_LOCK_PAUSE (20 * INSTANT_MILLISECOND)
#define STORE_LOCK_PATIENCE (5 * INSTANT_SECOND)

/* How an attempt that does not wait has ended. */
enum store_attempt {
	STORE_DONE,
	STORE_BUSY,   /* somebody holds the lock; nothing was done, call again */
	STORE_FAILED, /* with an error; to call again will not help */
};

/* Returns the path of the lock file for the data directory `directory` (directory_find), owned by the caller: in TMPDIR of
 * `environment`, else in /tmp. */
char *store_lock_path(const char *directory, char *const *environment);

/* Takes the lock. Sets `*descriptor` to the descriptor that holds it (release it with store_unlock; no child inherits it), or
 * to -1. Under sudo (SUDO_COMMAND is set) gives the file to the caller of sudo, as juju does. Fails with ERROR_STORE. */
enum store_attempt store_lock_try(
	const char *directory, char *const *environment, int *descriptor, struct error **error);

/* Releases the lock and sets `*descriptor` to -1; does nothing if it is -1. */
void store_unlock(int *descriptor);

/* For a lock that stayed busy for STORE_LOCK_PATIENCE: sets `*error` to an ERROR_STORE for people, with the path. Returns
 * -1. */
int store_lock_give_up(const char *directory, char *const *environment, struct error **error);

static inline void scoped_store_unlock_release(int *descriptor)
{
	store_unlock(descriptor);
}

#endif
