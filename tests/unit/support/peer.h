/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small websocket server on a loopback port, in a thread of its own, that does what a test tells it: also what
 * no sound server does.
 */
#ifndef TESTS_UNIT_SUPPORT_PEER_H
#define TESTS_UNIT_SUPPORT_PEER_H

#include <stddef.h>

#include "tests/unit/support/certificates.h"

struct peer;
struct peer_connection;

/* Kinds of websocket frames. */
enum { PEER_CONTINUATION = 0, PEER_TEXT = 1, PEER_BINARY = 2, PEER_CLOSE = 8, PEER_PING = 9, PEER_PONG = 10 };

enum peer_manner {
	PEER_PROPER,        /* accepts the upgrade */
	PEER_SILENT,        /* takes the connection and says nothing */
	PEER_HANGS_UP,      /* closes the connection as soon as it has it */
	PEER_HANGS_UP_LATE, /* reads the upgrade request, then closes */
};

struct peer_options {
	const struct identity *identity; /* with TLS; NULL: without */
	enum peer_manner manner;
	const char *answer; /* to the upgrade request, verbatim, in place of "101"; or NULL */
	/* Called on an open websocket; it is closed when this returns. NULL: waits for the close. */
	void (*serve)(struct peer_connection *connection, void *context);
	void *context;
	int tunnel;          /* first takes a CONNECT and grants it: proxy and server in one */
	const char *address; /* to listen on; NULL: 127.0.0.1 */
	int port;            /* 0: any */
};

/* Starts a peer, owned by the caller (peer_stop). `options` are copied, what they point to is not. */
struct peer *peer_start(const struct peer_options *options);

/* Ends a peer, breaking its connections off. */
void peer_stop(struct peer *peer);

/* Returns its port. */
int peer_port(const struct peer *peer);

/* Returns how many connections it has taken. */
int peer_accepted(struct peer *peer);

/* Returns on how many of them a TLS session of an earlier one was taken up. */
int peer_resumed(struct peer *peer);

/* Returns the last upgrade request (or POST, with its body) as it came, owned by the caller (free()); "" when there was none. */
char *peer_request(struct peer *peer);

/* Returns the last CONNECT request as it came, owned by the caller (free()); "" when there was none. */
char *peer_tunnel_request(struct peer *peer);

/* Returns the SNI of the last TLS handshake, owned by the caller (free()); "" when there was none. */
char *peer_sni(struct peer *peer);

/* Returns the code of the close frame that came last, 0 when none did. */
int peer_close_code(struct peer *peer);

/* Waits for a text message and returns it, owned by the caller (free()); NULL when the connection is closed or the
 * peer is being stopped. Answers pings. */
char *peer_read(struct peer_connection *connection);

/* Waits for a frame of this kind (a pong, say), passing over others. Returns 0, or -1 when the connection is
 * closed. */
int peer_await(struct peer_connection *connection, int kind);

/* Sends one frame. */
void peer_frame(struct peer_connection *connection, int kind, int final, const void *bytes, size_t length);

/* Sends a text message in one frame. */
void peer_say(struct peer_connection *connection, const char *text);

/* Sends bytes as they are. */
void peer_raw(struct peer_connection *connection, const void *bytes, size_t length);

#endif
