/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection of the server, from accept to the peer's end of it.
 */
#ifndef TESTS_SIM_SERVER_CONNECTION_H
#define TESTS_SIM_SERVER_CONNECTION_H

#include "tests/sim/api.h"
#include "tests/sim/server.h"
#include "tests/sim/server_frame.h"
#include "tests/sim/server_wire.h"

enum server_stage {
	STAGE_TLS,
	STAGE_HTTP,
	STAGE_OPEN,
	STAGE_LINGER, /* the server has ended it, and reads what is still under way until the peer ends it too */
	STAGE_GONE,   /* to be released */
};

struct server_connection {
	struct server_connection *next;
	struct server *server;
	const struct server_door *door;
	int descriptor;
	SSL *tls;
	enum server_stage stage;
	int wants_write; /* TLS waits for room in the socket */
	int silent;      /* on purpose, for good */
	int heard;       /* a silent one has received what it will not answer */
	int ending;      /* end it as soon as everything is written */
	struct text in;  /* request head that is arriving */
	struct text out; /* to be written */
	size_t out_done;
	struct frame_reader reader;
	char *path;
	struct api_conversation *conversation;
	struct wire_connection wire;
	unsigned long messages; /* from the client */
	uint64_t recent;        /* messages sent since time last moved */
};

/* Makes a connection for `descriptor`, accepted at `door`, and puts it into the server's list. */
void server_connection_new(struct server *server, const struct server_door *door, int descriptor);

/* Returns what to poll for. */
short server_connection_events(const struct server_connection *connection);

/* Reads and writes as much as is possible. */
void server_connection_serve(struct server_connection *connection);

/* Writes as much as is possible. */
void server_connection_flush(struct server_connection *connection);

/* True when the connection waits for the peer alone, with nothing half done. */
int server_connection_quiet(const struct server_connection *connection);

/* Sends the replies that were held back until now. */
void server_connection_send_late(struct server *server);

/* Closes the socket and frees everything; to be taken out of the list by the caller. */
void server_connection_free(struct server_connection *connection);

#endif
