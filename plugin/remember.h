/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this program keeps in the desktop keyring between runs: client secrets and passwords that juju's own store does not
 * hold. A run goes on without the keyring, whatever is wrong with it, and says at most one line about that.
 */
#ifndef PLUGIN_REMEMBER_H
#define PLUGIN_REMEMBER_H

#include <stdbool.h>

#include "common/store/store.h"
#include "plugin/keyring_client.h"
#include "plugin/surroundings.h"

/* One secret on its way into the keyring. */
struct remember_kept {
	struct keyring_call *call;
	char *controller_uuid;
	enum keyring_kind kind;
	char *user;
	char *shown; /* "the client secret of my-client on jaas" */
};

struct remember {
	const struct surroundings *surroundings;
	struct keyring_place place;
	char *helper;
	bool given_up; /* nothing is looked for any more: the keyring is of no use in this run */
	bool said;     /* why that is so */
	struct remember_kept *kept;
	size_t count, capacity;
};

/* Makes `remember` ready; the caller owns the storage, must not move it, and calls remember_release. `surroundings` is borrowed
 * until then. The desktop may ask the person to unlock the keyring only where there is a display, and somebody at a terminal. */
void remember_init(struct remember *remember, const struct surroundings *surroundings);

/* Returns the secret that is kept for `item`, owned by the caller, or NULL; `*user` (owned by the caller) says whose it is. That a
 * keyring cannot be used is said in one line, or only logged if there is none on this machine. */
struct secret *remember_find(struct remember *remember, const struct keyring_item *item, char **user);

/* Begins to keep a secret; the same item only once. `secret` is copied to the helper before this returns. */
void remember_keep(struct remember *remember, const struct keyring_item *item, const struct secret *secret);

/* Waits until all is kept, and says so, or why it is not; with `leaving` it does not wait. */
void remember_end(struct remember *remember, bool leaving);

/* Removes all that is kept for the JAAS `jaas` (an entry of `store`) and for the controllers of `store` that are no JAAS, and says
 * what was removed. Returns 0, or -1 with ERROR_FAILED when the keyring cannot be used. */
int remember_forget(struct remember *remember, const struct store *store, const struct store_controller *jaas,
	struct error **error);

/* Frees what it holds, and gives up what is still on its way. It may be all zero. */
void remember_release(struct remember *remember);

SCOPED_DEFINE_STRUCT(remember, struct remember, remember_release)

#endif
