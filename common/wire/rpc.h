/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Juju's JSON-RPC on one websocket: numbered requests sent without waiting for one another, replies in any order,
 * a deadline on each, and pings for as long as the connection lives.
 */
#ifndef COMMON_WIRE_RPC_H
#define COMMON_WIRE_RPC_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/log.h"
#include "common/wire/loop.h"

struct json_object;
struct rpc;
struct transport;

struct rpc_request {
	const char *facade;
	int version;    /* left out on the wire when 0 */
	const char *id; /* id of a watcher, or NULL */
	const char *method;
	struct json_object *params; /* taken over by rpc_call; NULL is sent as {} */
	int64_t timeout; /* nanoseconds from now; INSTANT_NEVER for a call that may block for as long as it likes */
	/* Called instead of `done` when the rpc is freed with the request pending; must not use the rpc. May be NULL. */
	void (*forget)(void *context);
};

struct rpc_reply {
	struct json_object *response; /* borrowed for the call, an object; NULL when there is none, and on failure */
	/* NULL on success; ERROR_REMOTE (code and message made printable), ERROR_TIMEOUT, ERROR_NETWORK. */
	const struct error *error;
	struct json_object *info; /* "error-info" of an ERROR_REMOTE, borrowed, or NULL */
	int64_t asked;            /* when the request was sent, of loop_now */
	int64_t answered;         /* when the reply came */
};

/* Called once for each request, from the loop. It may free the rpc. */
typedef void rpc_done(void *context, const struct rpc_reply *reply);

/* Called once when the connection has ended, after every pending request got its ERROR_NETWORK. It may free the rpc.
 * `error` (borrowed) says why: ERROR_NETWORK, or ERROR_PROTOCOL when the peer sent something that is not a reply. Not
 * called after rpc_free. */
typedef void rpc_closed(void *context, const struct error *error);

/* Returns an rpc on `transport` (taken over), owned by the caller (rpc_free). `name` ("jaas", "model my-model") is
 * copied, for log lines and error messages. From now on Pinger.Ping is sent every 30 s, also while requests are
 * pending; any answer to it counts, even an error; none within 30 s ends the connection. */
struct rpc *rpc_new(struct loop *loop, struct transport *transport, const char *name, const struct log *log,
	rpc_closed *closed, void *context);

/* Sends a request; `done(context, reply)` is called from the loop, never from here, exactly once unless the rpc is
 * freed before. */
void rpc_call(struct rpc *rpc, const struct rpc_request *request, rpc_done *done, void *context);

/* Ends the connection with a close frame, without waiting, and frees the rpc. Pending requests are dropped: `forget` is
 * called instead of `done`. NULL is allowed. */
void rpc_free(struct rpc *rpc);

SCOPED_DEFINE(rpc, struct rpc *, rpc_free)

#endif
