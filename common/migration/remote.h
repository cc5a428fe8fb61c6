/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program's implementation of the engine's port: one connection to JIMM's /api, and for each model one to the controller
 * that hosts it and, after the move, one to the controller that it went to, all through JIMM.
 *
 * A lost connection is opened again when a request needs it; requests fail until it is open, and the engine repeats them.
 */
#ifndef COMMON_MIGRATION_REMOTE_H
#define COMMON_MIGRATION_REMOTE_H

#include "common/login/session.h"
#include "common/migration/engine.h"
#include "common/migration/journal.h"

struct remote;

/* Finds the model that a word names: the port's `resolve`, with the plan's `context`. */
typedef int remote_resolve(
	void *context, size_t model, const struct controller_models *models, size_t *index, struct error **error);

/* Called once, from the loop, when the login on /api has succeeded or failed (`error`, borrowed). */
typedef void remote_connected(void *context, const struct error *error);

/* The controllers of juju's store that are not a JAAS, to be asked directly. All is borrowed for the remote's life. */
struct remote_store {
	size_t count;
	const char *(*name)(void *context, size_t index);
	const char *(*uuid)(void *context, size_t index);
	/* Returns where and with what to log in to it; NULL if it cannot be reached, or there is nothing to log in with. `target`: it is
	 * the target, so a person may be asked for a password; for all others nobody is asked. */
	const struct session_place *(*place)(void *context, size_t index, bool target);
	/* Called after each login on its /api. */
	void (*logged_in)(void *context, size_t index, const struct session *session);
	void *context;
};

struct remote_plan {
	const struct session_place *place; /* borrowed for the remote's life */
	size_t count;                      /* of models; 0: given later with remote_expect */
	const char *const *remembered; /* for each model the UUID that the store remembers, or NULL; its connection is
	                                      opened at once */
	remote_resolve *resolve;
	remote_connected *connected;
	/* Called before `connected`, and after each later login on /api: the login's result can be kept. */
	void (*logged_in)(void *context, const struct session *session);
	/* Called with each successful answer about all models (LOOK_CONTROLLERS, LOOK_MODELS, LOOK_ROWS, LOOK_SUMMARIES, LOOK_RIGHTS),
	 * before the engine gets it; borrowed. May be NULL. */
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

/* Returns the result of the first login to JIMM's /api, borrowed; valid after `connected`. */
const struct login_result *remote_login(const struct remote *remote);

/* Returns the connection to /api, borrowed; NULL when it has ended. For requests between `connected` and remote_serve. */
struct rpc *remote_api(const struct remote *remote);

/* Makes room for `count` models. Call it before remote_serve, and only if the plan had none. */
void remote_expect(struct remote *remote, size_t count);

/* Returns the port to hand to engine_new. */
struct migration_port remote_port(struct remote *remote);

/* Sets the engine (borrowed) that gets the answers from now on. */
void remote_serve(struct remote *remote, struct engine *engine);

/* Writes the changes that the journal does not have yet. No write begins after `patience` nanoseconds (0: none at all); the rest is
 * dropped, and a later run learns it anew. Call it while the engine still exists. */
void remote_settle(struct remote *remote, int64_t patience);

/* Closes all connections and releases the remote. NULL is allowed. */
void remote_free(struct remote *remote);

SCOPED_DEFINE(remote, struct remote *, remote_free)

#endif
