/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates: what connections with the same trust and the same proxy share. libwebsockets keeps both in a virtual host; a
 * gate holds one, and lives as long as the loop. For the wire layer only.
 */
#ifndef COMMON_WIRE_TRANSPORT_GATE_H
#define COMMON_WIRE_TRANSPORT_GATE_H

#include <libwebsockets.h>

#include "common/wire/transport.h"

struct gate;

/* One connection of a gate, embedded in its owner's struct. */
struct gate_socket {
	/* Called by libwebsockets in the middle of its work, for the reasons that concern this connection. */
	int (*happened)(struct gate_socket *socket, struct lws *wsi, enum lws_callback_reasons reason, void *bytes,
		size_t length);
	struct lws *wsi; /* NULL before it connects and after it ended */
};

/* Returns the gate for `target`, borrowed, or NULL with an error: trust_new's, ERROR_FAILED, or ERROR_STORE for a
 * connection without TLS to anything but this machine. */
struct gate *gate_for(struct loop *loop, const struct transport_target *target, struct error **error);

/* Returns the trust of a gate, borrowed; NULL without TLS. */
struct trust *gate_trust(const struct gate *gate);

/* Begins to connect: opens a websocket, or with a `method` sends an HTTP request. Returns 0, or -1 when it failed at
 * once, with or without a last call of `happened`. */
int gate_connect(struct loop *loop, struct gate *gate, const struct transport_target *target, const char *method,
	const struct log *log, struct gate_socket *socket);

#endif
