/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire face of the simulated JAAS: JSON texts in, JSON texts out, one conversation for each websocket. It speaks as
 * JIMM does on /api and as JIMM's model proxy with a Juju controller behind it does on /model/<uuid>/api. It owns no
 * socket and no clock: answers come through a callback while world_advance runs (or at once, inside api_receive).
 */
#ifndef TESTS_SIM_API_H
#define TESTS_SIM_API_H

#include <stddef.h>

#include "tests/sim/world.h"

/* Longest message that is accepted from a peer, in bytes; a longer one ends the conversation. */
#define API_MESSAGE_MAX (1024 * 1024)

struct api_conversation;
struct world_controller;

struct api_callbacks {
	/* Sends one websocket text message; `text` is borrowed for the call. */
	void (*send)(void *context, const char *text, size_t length);
	/* Closes the websocket with this status. Nothing is sent afterwards; api_closed must still be called, and may be
	 * called from within. */
	void (*close)(void *context, int code);
};

/* Opens a conversation on the websocket `path` ("/api", "/model/<uuid>/api"). `client_version` is the header
 * X-Juju-ClientVersion or NULL; `callbacks` is copied. Returns the conversation, owned by the caller (api_closed), or NULL
 * when the upgrade has to be refused. */
struct api_conversation *api_open(struct world *world, const char *path, const char *client_version,
	const struct api_callbacks *callbacks, void *context);

/* The same at a controller's own door (it must have one); `host` is the request's "Host". */
struct api_conversation *api_open_direct(struct world *world, struct world_controller *controller, const char *path,
	const char *host, const struct api_callbacks *callbacks, void *context);

/* Returns the HTTP status with which an upgrade on `path` is refused, 0 when it is not: 400 for a malformed UUID, 404 for
 * an unknown path, 503 while JIMM, or the controller whose door it is, goes down. */
int api_refusal_status(struct world *world, const char *path);
int api_direct_refusal_status(const struct world_controller *controller, const char *path);

/* Handles one text message of the peer. */
void api_receive(struct api_conversation *conversation, const char *text, size_t length);

/* Call when the websocket is gone: cancels what JIMM cancels then, and releases the conversation. NULL is allowed. */
void api_closed(struct api_conversation *conversation);

SCOPED_DEFINE(api_conversation, struct api_conversation *, api_closed)

#endif
