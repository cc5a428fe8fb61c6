/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place that can be logged in to, made from an entry of the client store: where it is, whom to trust, as whom and with what.
 */
#ifndef COMMON_LOGIN_PLACE_H
#define COMMON_LOGIN_PLACE_H

#include "common/login/session.h"
#include "common/store/store.h"

/* What a place is made with beside the store; borrowed for the place's life. */
struct place_plan {
	struct loop *loop;
	const struct log *log;             /* may be NULL */
	const struct clock *clock;         /* for the time of day; NULL: cookie jars are left alone */
	char *const *environment;          /* proxies, authorities, client credentials */
	const struct login_person *person; /* NULL: nobody is there */
};

struct place {
	struct session_place session; /* hand this to session_open */
	struct login_keys keys;       /* what may be added to before the first session */
	const char *directory;        /* of the store, borrowed from it */
	struct dial_remembered *remembered;
	struct login_jar jar;
	const char **hosts;          /* those of the jar */
	struct secret *stored_token; /* as it was last read */
};

/* Makes `place` (the caller's storage, must not be moved, place_release) from the entry `controller` of `store`, which must
 * outlive it. A JAAS is what store_is_jaas says, all else is a plain controller. Nothing is asked of the network. Returns 0, or -1
 * with ERROR_STORE when the entry is not there, has no addresses, or is reached only through a tunnel of juju's own; the place is
 * empty then. Whether there is something to log in with is for login_check. */
int place_init(struct place *place, const struct store *store, const char *controller, const struct place_plan *plan,
	struct error **error);

/* Reads the store that the plan's environment leads to once more: when somebody has logged in again meanwhile, the token is the new one. */
void place_refresh(struct place *place);

/* Erases and frees what it holds and leaves it empty; its sessions must have been closed. */
void place_release(struct place *place);

SCOPED_DEFINE_STRUCT(place, struct place, place_release)

#endif
