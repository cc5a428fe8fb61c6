/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place to log in to, from an entry of the client store: its addresses, whom to trust there, the user and the keys.
 */
#ifndef COMMON_LOGIN_PLACE_H
#define COMMON_LOGIN_PLACE_H

#include "common/login/session.h"
#include "common/store/store.h"

/* What a place is made with besides the store; borrowed for the place's life. */
struct place_plan {
	struct loop *loop;
	const struct log *log;             /* may be NULL */
	const struct clock *clock;         /* for the time of day; NULL: cookie jars are left alone */
	char *const *environment;          /* proxies, authorities, client credentials */
	const struct login_person *person; /* NULL: nobody is there */
};

struct place {
	struct session_place session; /* for session_open */
	struct login_keys keys;       /* may be added to before the first session */
	const char *directory;        /* of the store, borrowed from it */
	struct dial_remembered *remembered;
	struct login_jar jar;
	const char **hosts;          /* `hosts` of the jar */
	struct secret *stored_token; /* as last read from the store */
};

/* Makes `place` (the caller's storage, must not be moved, place_release) from the entry `controller` of `store`, which
 * must outlive it. It is a JAAS if store_is_jaas says so, else a plain controller. Does not use the network. Returns 0,
 * or -1 with ERROR_STORE when the entry is missing, has no addresses, or is reached only through a tunnel of juju's
 * own; the place is then empty. Whether there is something to log in with is for login_check. */
int place_init(struct place *place, const struct store *store, const char *controller, const struct place_plan *plan,
	struct error **error);

/* Reads the store of the plan's environment again: if somebody has logged in meanwhile, takes the new token. */
void place_refresh(struct place *place);

/* Erases and frees what it holds and leaves it empty; its sessions must have been closed. */
void place_release(struct place *place);

SCOPED_DEFINE_STRUCT(place, struct place, place_release)

#endif
