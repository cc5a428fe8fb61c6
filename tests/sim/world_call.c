/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tests/sim/world_pending.h"

static void run_call(void *context)
{
	struct world_call *call = context;
	call->event = NULL;
	call->finish(call);
}

/* Returns the list that holds the call: that of its session, or that of calls whose peer has gone. */
static struct world_call **list_of(const struct world_call *call)
{
	return call->session ? &call->session->calls : &call->world->orphans;
}

static void link_call(struct world_call *call)
{
	struct world_call **list = list_of(call);
	call->next = *list;
	if (call->next)
		call->next->previous = call;
	*list = call;
}

static void unlink_call(struct world_call *call)
{
	if (call->previous)
		call->previous->next = call->next;
	else
		*list_of(call) = call->next;
	if (call->next)
		call->next->previous = call->previous;
	call->previous = call->next = NULL;
}

struct world_call *world_call_start(struct world_session *session, struct world_reply reply, int64_t length,
	void (*finish)(struct world_call *call))
{
	struct world_call *call = memory_get(1, sizeof(*call));
	call->world = session->world;
	call->session = session;
	call->reply = reply;
	call->finish = finish;
	call->user = session->user;
	call->record = SIZE_MAX;
	link_call(call);
	call->event = world_after(session->world, length, run_call, call);
	return call;
}

void world_call_end(struct world_call *call, const struct world_outcome *outcome)
{
	struct world_reply reply = call->reply;
	if (!call->session)
		reply.done = NULL;
	unlink_call(call);
	world_queue_cancel(&call->world->queue, &call->event);
	free(call);
	if (reply.done)
		reply.done(reply.context, outcome);
}

void world_call_fail(struct world_call *call, const struct world_error *error)
{
	struct world_outcome outcome = {.error = error, .model = call->model};
	if (call->record != SIZE_MAX)
		string_replace(&call->world->records[call->record].error, error->message);
	world_call_end(call, &outcome);
}

void world_call_refuse(struct world_call *call)
{
	struct world_error error = call->error;
	world_call_fail(call, &error);
}

void world_call_abandon(struct world_call *call)
{
	unlink_call(call);
	call->session = NULL;
	link_call(call);
	if (!call->survives)
		world_call_end(call, NULL);
}

void world_call_drop_orphans(struct world *world)
{
	while (world->orphans)
		world_call_end(world->orphans, NULL);
}

int64_t world_dial_length(const struct world *world, const struct world_controller *controller)
{
	return controller->reach == WORLD_DOWN ? world->dial_timeout : world->dial;
}

int world_dial(const struct world *world, const struct world_controller *controller, struct world_error *error)
{
	const struct world_era *era = &world->era;
	if (controller->reach == WORLD_DOWN)
		return world_fail(error, "", "%sdial tcp %s: connect: connection refused",
			era->refusal_text ? "basic dial failed: " : "", controller->address);
	if (controller->reach == WORLD_REFUSES)
		return world_fail(error, "connection failed", "%s",
			era->login_cause ? "invalid entity name or password (unauthorized access)"
					 : "authentication failed");
	return 0;
}
