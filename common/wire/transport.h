/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One websocket to one address, for text messages both ways; over TLS, except for ws:// to a loopback address.
 *
 * The upgrade request has a Host header with the port and X-Juju-ClientVersion, but no Origin, subprotocols or
 * extensions; it is sent only after the peer's certificate was verified. Redirects are not followed.
 */
#ifndef COMMON_WIRE_TRANSPORT_H
#define COMMON_WIRE_TRANSPORT_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/secret.h"
#include "common/wire/loop.h"
#include "common/wire/proxy.h"
#include "common/wire/trust.h"

/* Largest message accepted, in bytes: status and summaries of a big controller reach some megabytes. */
#define TRANSPORT_MESSAGE_MAX ((size_t)16 * 1024 * 1024)
/* Sent with every upgrade: JIMM serves models of controllers up to this major version only. */
#define TRANSPORT_CLIENT_VERSION "4.0.14"

struct transport;

/* Where to connect, and how; borrowed for the call of transport_open only. */
struct transport_target {
	const char *name;      /* the endpoint, for messages */
	const char *authority; /* "host:port": the Host header, and the target named to a proxy */
	const char *path;      /* of the request */
	const char *address;   /* IP address to connect to; not used when there is a proxy */
	int port;
	const struct trust_source *trust;   /* NULL: ws://, without TLS */
	const struct proxy *proxy;          /* NULL, or its `host` NULL: none */
	const char *proxy_address;          /* IP address of the proxy */
	const struct secret *authorization; /* value of that header, copied; NULL: not sent */
};

/* What happens to a transport; called from the loop. Each may free the transport. */
struct transport_events {
	/* The websocket is open; messages can be sent. */
	void (*opened)(void *context);
	/* A text message of `length` bytes, followed by a NUL, borrowed for the call. */
	void (*message)(void *context, const char *text, size_t length);
	/* It could not be opened, or has ended; nothing is called after this. `error` (borrowed): ERROR_TLS,
	 * ERROR_NETWORK, ERROR_PROTOCOL, ERROR_STORE (TLS is missing but required), ERROR_FAILED. */
	void (*ended)(void *context, const struct error *error);
};

/* Begins to connect. Returns the transport, owned by the caller (transport_free). It has no deadline of its own. Never
 * fails itself: errors come through `events` (must live as long as the transport). */
struct transport *transport_open(struct loop *loop, const struct transport_target *target, const struct log *log,
	const struct transport_events *events, void *context);

/* From now on, calls `events` with `context` in place of the former ones. */
void transport_listen(struct transport *transport, const struct transport_events *events, void *context);

/* Sends a text message of `length` bytes, copied; the copy is erased once it is sent. Silently dropped when the
 * connection is not open. */
void transport_send(struct transport *transport, const char *text, size_t length);

/* Ends a transport: an open one sends close frame 1000 and does not wait for the answer; messages not sent yet are
 * dropped. NULL is allowed. */
void transport_free(struct transport *transport);

SCOPED_DEFINE(transport, struct transport *, transport_free)

#endif
