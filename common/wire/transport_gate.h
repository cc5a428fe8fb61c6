/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates: what connections that trust the same and go the same way have in common. libwebsockets keeps both at a virtual host; a
 * gate is one, and lives as long as the loop. For the wire layer only.
 */
#ifndef COMMON_WIRE_TRANSPORT_GATE_H
#define COMMON_WIRE_TRANSPORT_GATE_H

#include <libwebsockets.h>

#include "common/wire/transport.h"

struct gate;

/* One connection of a gate, part of a larger struct of its owner. */
struct gate_socket {
	/* Called by libwebsockets in the middle of its work, for those reasons that are about this connection. */
	int (*happened)(struct gate_socket *socket, struct lws *wsi, enum lws_callback_reasons reason, void *bytes,
		size_t length);
	struct lws *wsi; /* NULL before and after */
};

/* Returns the gate for `target`, borrowed, or NULL with an error: trust_new's, ERROR_FAILED, or ERROR_STORE for what is to go without TLS
 * to anywhere but this machine. */
struct gate *gate_for(struct loop *loop, const struct transport_target *target, struct error **error);

/* Returns the trust of a gate, borrowed; NULL without TLS. */
struct trust *gate_trust(const struct gate *gate);

/* Begins to connect: to open a websocket, or with a `method` an HTTP request. Returns 0, or -1 when it has failed at once, perhaps
 * after the socket's last reason, perhaps without any. */
int gate_connect(struct loop *loop, struct gate *gate, const struct transport_target *target, const char *method,
	const struct log *log, struct gate_socket *socket);

#endif
