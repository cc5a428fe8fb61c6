/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of what went over the wire: one JSON object a line, for people and for the checks of the cases.
 *
 *   {"at": RFC 3339 of simulated time, "connection": number, "path": "/api", "event": "opened"|"ended"|"cut"|"refused"|...}
 *   {"at", "connection", "path", "from": "client", "id", "method": "Facade.Method", "version", "size", "params"}
 *   {"at", "connection", "path", "from": "server", "id", "method": of the request, "size", "error"?, "error-code"?}
 *   {"at", "connection", "path", "from": "client"|"server", "method": "POST", "status"?, "size"}   plain https
 *
 * Lines of a connection to a controller's own door have "door": its name. Secrets in params are replaced by "...". Answers
 * are not logged beyond their errors.
 */
#ifndef TESTS_SIM_SERVER_WIRE_H
#define TESTS_SIM_SERVER_WIRE_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/scoped.h"

/* Most requests of one connection that are remembered until their answers. */
#define WIRE_PENDING_MAX 4096

struct wire_pending {
	int64_t id;
	char *method;
};

/* What the log has to know about one connection. */
struct wire_connection {
	unsigned number;
	const char *door; /* name of the controller whose door it came to, borrowed; NULL: JIMM's */
	const char *path; /* borrowed, "" before the upgrade */
	struct wire_pending *pending;
	size_t count, capacity;
};

/* What was logged of a message. */
struct wire_message {
	char *method; /* "Facade.Method", "" when unknown; owned */
	int failed;   /* a reply with an error */
};

/* Logs an event that is no message. `log` may be NULL, here and below. */
void wire_event(FILE *log, int64_t at, const struct wire_connection *connection, const char *event);

/* Logs a message of the client (and remembers it), or of the server, and returns what it was; the caller calls
 * wire_message_release. */
struct wire_message wire_request(
	FILE *log, int64_t at, struct wire_connection *connection, const char *text, size_t length);
struct wire_message wire_reply(
	FILE *log, int64_t at, struct wire_connection *connection, const char *text, size_t length);

/* Logs a request of plain https, and its answer; `size` is the body's. */
void wire_asked(FILE *log, int64_t at, const struct wire_connection *connection, const char *method, size_t size);
void wire_answered(
	FILE *log, int64_t at, const struct wire_connection *connection, const char *method, int status, size_t size);

void wire_message_release(struct wire_message *message);
void wire_connection_release(struct wire_connection *connection);

#endif
