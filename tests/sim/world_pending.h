/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations under way, for the files that carry them out.
 */
#ifndef TESTS_SIM_WORLD_PENDING_H
#define TESTS_SIM_WORLD_PENDING_H

#include "tests/sim/world_call.h"

struct world_call {
	struct world *world;
	struct world_session *session; /* NULL: the peer has gone */
	struct world_call *previous, *next;
	struct world_event *event;
	struct world_reply reply;
	void (*finish)(struct world_call *call);
	bool survives; /* goes on in a controller after the peer has gone */
	struct world_user *user;
	struct world_model *model;
	struct world_controller *controller; /* asked */
	struct world_controller *target;
	size_t record;            /* its line in the log */
	struct world_error error; /* for world_call_refuse */
};

/* Begins an operation that is finished after `length` by `finish`, which must end with world_call_end. */
struct world_call *world_call_start(struct world_session *session, struct world_reply reply, int64_t length,
	void (*finish)(struct world_call *call));

/* Answers and releases the operation. */
void world_call_end(struct world_call *call, const struct world_outcome *outcome);

/* The same with an error, which also goes to the log line. */
void world_call_fail(struct world_call *call, const struct world_error *error);

/* A `finish` that fails with call->error. */
void world_call_refuse(struct world_call *call);

/* Call when the peer has gone. */
void world_call_abandon(struct world_call *call);

/* Releases the operations that go on without a peer. */
void world_call_drop_orphans(struct world *world);

/* How long JIMM needs to reach the controller, or to give up. */
int64_t world_dial_length(const struct world *world, const struct world_controller *controller);

#endif
