/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands behind the engine's port in the program: one connection to JIMM's /api, and for each model one to the controller
 * that hosts it and, after the move, one to the controller that it went to, all through JIMM.
 *
 * Lost connections are opened again when something is asked that needs them; what is asked meanwhile fails, and the
 * engine asks again later.
 */
#ifndef COMMON_MIGRATION_REMOTE_H
#define COMMON_MIGRATION_REMOTE_H

#include "common/login/session.h"
#include "common/migration/engine.h"
#include "common/migration/journal.h"

struct remote;

/* Finds the model that a word names; as `resolve` of the port, with `context` from remote_new. */
typedef int remote_resolve(
	void *context, size_t model, const struct controller_models *models, size_t *index, struct error **error);

/* Called once, from the loop, when the login on /api has succeeded or failed (`error`, borrowed). */
typedef void remote_connected(void *context, const struct error *error);

/* The controllers of juju's store that are no JAAS, for asking them directly. All is borrowed for the remote's life. */
struct remote_store {
	size_t count;
	const char *(*name)(void *context, size_t index);
	const char *(*uuid)(void *context, size_t index);
	/* Returns where to log in to it, and with what; NULL when it cannot be reached, or there is nothing to log in with. `target`: it is
	 * where the model is to go, and a person may be asked for a password; for all others nobody is asked. */
	const struct session_place *(*place)(void *context, size_t index, bool target);
	/* Called after each login on its /api. */
	void (*logged_in)(void *context, size_t index, const struct session *session);
	void *context;
};

struct remote_plan {
	const struct session_place *place; /* borrowed for the remote's life */
	size_t count;                      /* of models; 0: to be told by remote_expect */
	const char *const *remembered; /* UUID of each model where the store remembers one, else NULL; its connection is
	                                      opened at once */
	remote_resolve *resolve;
	remote_connected *connected;
	/* Called before `connected`, and again for each later login on /api: what the login brought can be kept. */
	void (*logged_in)(void *context, const struct session *session);
	/* Called with each list that JIMM has answered (LOOK_CONTROLLERS, LOOK_MODELS, LOOK_ROWS, LOOK_SUMMARIES), before the engine gets
	 * it; borrowed. May be NULL. */
	void (*listed)(void *context, const struct migration_answer *answer);
	/* Tells a person something that does not stop the run. */
	void (*warn)(void *context, const char *text);
	/* Called before a lost connection is opened again: the place may be brought up to date (a new token). */
	void (*refresh)(void *context);
	void *context;
	const struct remote_store *store; /* copied */
	const struct journal *journal;    /* borrowed for the remote's life; NULL: nothing is kept */
	const struct clock *clock;        /* borrowed; for the journal's times */
	bool look_only;                   /* a dry run: the journal is only read */
};

/* Returns a remote that has begun to connect, owned by the caller (remote_free). */
struct remote *remote_new(const struct remote_plan *plan);

/* Returns what JIMM has told at the login, borrowed; to be asked after `connected`. */
const struct login_result *remote_login(const struct remote *remote);

/* Returns the connection to /api, borrowed; NULL when it has ended. For asking between `connected` and remote_serve. */
struct rpc *remote_api(const struct remote *remote);

/* Makes room for `count` models; before remote_serve, and only where the plan had none. */
void remote_expect(struct remote *remote, size_t count);

/* Returns the port to hand to engine_new. */
struct migration_port remote_port(struct remote *remote);

/* From now on answers go to `engine` (borrowed). */
void remote_serve(struct remote *remote, struct engine *engine);

/* Writes to the journal what is news to it, for `patience` (nanoseconds) at most; then, or at once with 0, drops the rest, which a later run
 * learns anew. To be called while there is an engine, before that is released. */
void remote_settle(struct remote *remote, int64_t patience);

/* Closes all connections and releases the remote. NULL is allowed. */
void remote_free(struct remote *remote);

SCOPED_DEFINE(remote, struct remote *, remote_free)

#endif
