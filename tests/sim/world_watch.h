/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client.WatchAll and AllWatcher on a model endpoint (3.x controllers): every change of the model's status, and its removal.
 */
#ifndef TESTS_SIM_WORLD_WATCH_H
#define TESTS_SIM_WORLD_WATCH_H

#include "tests/sim/world_call.h"

/* What Next will tell. */
struct world_delta {
	bool first;   /* everything there is */
	bool changed; /* the model */
	bool removed; /* the model */
};

struct world_watcher {
	struct world_session *session;
	struct world_watcher *next;
	unsigned id;
	struct world_delta delta; /* not told yet */
	bool gone;                /* the removal was told */
	void (*tell)(void *context, struct world_watcher *watcher, const struct world_error *error);
	void *context; /* of the Next that waits; `tell` NULL: none does */
	struct world_event *event;
};

/* Begins to watch the session's model. Returns the watcher, owned by the session, or NULL with an error. */
struct world_watcher *world_watch_open(struct world_session *session, struct world_error *error);

/* Finds a watcher of the session, NULL when there is none of that id. */
struct world_watcher *world_watch_find(const struct world_session *session, unsigned id);

/* Next: `tell` is called once there is something; it takes watcher->delta and clears it, or gets an error. Returns -1 when
 * another Next is waiting. */
int world_watch_next(struct world_watcher *watcher,
	void (*tell)(void *context, struct world_watcher *watcher, const struct world_error *error), void *context,
	struct world_error *error);

/* Stop: a waiting Next fails with code `stopped`. */
void world_watch_stop(struct world_watcher *watcher);

/* Releases all watchers of a session without answering a waiting Next. */
void world_watch_close(struct world_session *session);

/* Call when the model's status on `controller` has changed, or the model has gone from there. */
void world_watch_changed(
	struct world *world, const struct world_model *model, const struct world_controller *controller);
void world_watch_removed(
	struct world *world, const struct world_model *model, const struct world_controller *controller);

#endif
