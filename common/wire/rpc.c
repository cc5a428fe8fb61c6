/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/rpc.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/secret.h"
#include "common/wire/envelope.h"
#include "common/wire/loop_private.h"
#include "common/wire/transport.h"

/* JIMM closes a connection that has not pinged for 90 seconds, and only Pinger.Ping counts. */
#define PING_INTERVAL (30 * INSTANT_SECOND)
/* How long the answer to a ping may take. */
#define PING_TIMEOUT (30 * INSTANT_SECOND)

/* A request that waits for its reply. */
struct call {
	struct rpc *rpc;
	int64_t id;
	char *facade;
	char *method;
	int64_t timeout;
	int64_t asked;
	struct loop_timer deadline;
	rpc_done *done;
	void (*forget)(void *context);
	void *context;
};

struct rpc {
	struct loop *loop;
	struct transport *transport; /* NULL once the connection has ended */
	const struct log *log;
	char *name;
	rpc_closed *closed;
	void *context;
	int64_t last_id;
	struct call **calls; /* in ascending order of id */
	size_t count;
	size_t capacity;
	struct loop_timer ping;
	struct loop_timer end;
	struct error *error; /* why the connection has ended */
};

static void call_free(struct call *call)
{
	loop_timer_cancel(call->rpc->loop, &call->deadline);
	free(call->facade);
	free(call->method);
	free(call);
}

/* Returns the index of the first call whose id is not lower. */
static size_t call_place(const struct rpc *rpc, int64_t id)
{
	size_t low = 0;

	for (size_t high = rpc->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (rpc->calls[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Removes and returns a call; NULL when none waits for this id. */
static struct call *call_take(struct rpc *rpc, int64_t id)
{
	size_t place = call_place(rpc, id);

	if (place == rpc->count || rpc->calls[place]->id != id)
		return NULL;
	struct call *call = rpc->calls[place];
	rpc->count--;
	memmove(&rpc->calls[place], &rpc->calls[place + 1], (rpc->count - place) * sizeof(struct call *));
	return call;
}

/* Frees the call, then tells the caller: that may free the rpc, which the call refers to. */
static void call_finish(struct call *call, const struct rpc_reply *reply)
{
	rpc_done *done = call->done;
	void *context = call->context;

	call_free(call);
	done(context, reply);
}

static void call_fail(struct call *call, const struct error *error)
{
	struct rpc_reply reply = {.error = error, .asked = call->asked, .answered = loop_now(call->rpc->loop)};

	log_debug(call->rpc->log, "rpc", "%s: %lld %s.%s failed: %s", call->rpc->name, (long long)call->id,
		call->facade, call->method, error->message);
	call_finish(call, &reply);
}

static void call_late(void *context)
{
	struct call *call = context;
	struct rpc *rpc = call->rpc;
	scoped(error) struct error *error = NULL;

	call_take(rpc, call->id);
	error_set(&error, ERROR_TIMEOUT, "no answer from %s to %s.%s within %g seconds", rpc->name, call->facade,
		call->method, (double)call->timeout / (double)INSTANT_SECOND);
	call_fail(call, error);
}

static void call_cut_off(void *context)
{
	struct call *call = context;
	struct rpc *rpc = call->rpc;
	scoped(error) struct error *error = error_copy(rpc->error);

	call_take(rpc, call->id);
	/* An unreadable answer ends the connection, but says nothing about the other calls. */
	error->kind = ERROR_NETWORK;
	call_fail(call, error);
}

static void tell_closed(void *context)
{
	struct rpc *rpc = context;
	scoped(error) struct error *error = error_copy(rpc->error);

	if (rpc->closed != NULL)
		rpc->closed(rpc->context, error);
}

/* Ends the connection; all callers are told from the loop, one after the other. */
static void end(struct rpc *rpc, const struct error *error)
{
	if (rpc->error != NULL)
		return;
	rpc->error = error_copy(error);
	error_wrap(&rpc->error, "connection to %s lost", rpc->name);
	log_debug(rpc->log, "rpc", "%s", rpc->error->message);
	transport_free(steal(rpc->transport));
	loop_timer_cancel(rpc->loop, &rpc->ping);
	for (size_t i = 0; i < rpc->count; i++)
		loop_timer_set(rpc->loop, &rpc->calls[i]->deadline, LOOP_SOON, call_cut_off, rpc->calls[i]);
	loop_timer_set(rpc->loop, &rpc->end, LOOP_SOON, tell_closed, rpc);
}

static void connection_ended(void *context, const struct error *error)
{
	end(context, error);
}

static void connection_opened(void *context)
{
	(void)context;
}

static void message_arrived(void *context, const char *text, size_t length)
{
	struct rpc *rpc = context;
	scoped(envelope) struct envelope envelope = {0};
	scoped(error) struct error *error = NULL;

	if (envelope_read(&envelope, text, length, &error) != 0) {
		end(rpc, error);
		return;
	}
	struct call *call = call_take(rpc, envelope.id);
	if (call == NULL) {
		log_debug(rpc->log, "rpc", "%s: an answer that nobody waits for, %zu bytes", rpc->name, length);
		return;
	}
	struct rpc_reply reply = {
		.response = envelope.response,
		.error = envelope.error,
		.info = envelope.info,
		.asked = call->asked,
		.answered = loop_now(rpc->loop),
	};
	log_debug(rpc->log, "rpc", "%s: %lld %s.%s answered%s, %zu bytes, %lld ms", rpc->name, (long long)call->id,
		call->facade, call->method, envelope.error != NULL ? " with an error" : "", length,
		(long long)((reply.answered - reply.asked) / INSTANT_MILLISECOND));
	call_finish(call, &reply);
}

static void pong(void *context, const struct rpc_reply *reply)
{
	struct rpc *rpc = context;
	scoped(error) struct error *error = NULL;

	/* "not implemented" is an answer, too: the peer is alive. */
	if (reply->error == NULL || reply->error->kind != ERROR_TIMEOUT)
		return;
	error_set(&error, ERROR_NETWORK, "no answer to a ping within %d seconds", (int)(PING_TIMEOUT / INSTANT_SECOND));
	end(rpc, error);
}

static void ping(void *context)
{
	struct rpc *rpc = context;
	struct rpc_request request = {.facade = "Pinger", .version = 1, .method = "Ping", .timeout = PING_TIMEOUT};

	loop_timer_set(rpc->loop, &rpc->ping, loop_now(rpc->loop) + PING_INTERVAL, ping, rpc);
	rpc_call(rpc, &request, pong, rpc);
}

struct rpc *rpc_new(struct loop *loop, struct transport *transport, const char *name, const struct log *log,
	rpc_closed *closed, void *context)
{
	static const struct transport_events events = {
		.opened = connection_opened, .message = message_arrived, .ended = connection_ended};
	struct rpc *rpc = memory_get(1, sizeof(*rpc));

	*rpc = (struct rpc){
		.loop = loop,
		.transport = transport,
		.log = log,
		.name = string_copy(name),
		.closed = closed,
		.context = context,
	};
	transport_listen(transport, &events, rpc);
	loop_timer_set(loop, &rpc->ping, loop_now(loop) + PING_INTERVAL, ping, rpc);
	return rpc;
}

static int64_t deadline(int64_t now, int64_t timeout)
{
	return timeout > INSTANT_NEVER - now ? INSTANT_NEVER : now + timeout;
}

static struct call *call_new(struct rpc *rpc, const struct rpc_request *request, rpc_done *done, void *context)
{
	struct call *call = memory_get(1, sizeof(*call));

	*call = (struct call){
		.rpc = rpc,
		.id = ++rpc->last_id,
		.facade = string_copy(request->facade),
		.method = string_copy(request->method),
		.timeout = request->timeout,
		.asked = loop_now(rpc->loop),
		.done = done,
		.forget = request->forget,
		.context = context,
	};
	rpc->calls = memory_room(rpc->calls, rpc->count, &rpc->capacity, sizeof(struct call *));
	rpc->calls[rpc->count++] = call;
	return call;
}

void rpc_call(struct rpc *rpc, const struct rpc_request *request, rpc_done *done, void *context)
{
	struct call *call = call_new(rpc, request, done, context);
	size_t length = 0;

	if (rpc->transport == NULL) {
		loop_timer_set(rpc->loop, &call->deadline, LOOP_SOON, call_cut_off, call);
		/* It must fail before the owner hears of the end and frees the rpc. */
		if (rpc->end.place != 0)
			loop_timer_set(rpc->loop, &rpc->end, LOOP_SOON, tell_closed, rpc);
		json_object_put(request->params);
		return;
	}
	char *text = envelope_write(request, call->id, &length);
	transport_send(rpc->transport, text, length);
	secret_erase(text, length);
	free(text);
	json_object_put(request->params);
	log_debug(rpc->log, "rpc", "%s: %lld %s.%s, %zu bytes", rpc->name, (long long)call->id, call->facade,
		call->method, length);
	int64_t at = deadline(call->asked, request->timeout);
	if (at != INSTANT_NEVER)
		loop_timer_set(rpc->loop, &call->deadline, at, call_late, call);
}

void rpc_free(struct rpc *rpc)
{
	if (rpc == NULL)
		return;
	loop_timer_cancel(rpc->loop, &rpc->ping);
	loop_timer_cancel(rpc->loop, &rpc->end);
	while (rpc->count > 0) {
		struct call *call = rpc->calls[--rpc->count];

		if (call->forget != NULL)
			call->forget(call->context);
		call_free(call);
	}
	transport_free(rpc->transport);
	error_free(rpc->error);
	free(rpc->calls);
	free(rpc->name);
	free(rpc);
}
