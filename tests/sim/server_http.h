/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP part of a websocket's opening: one request head read, one answer made, without a socket.
 */
#ifndef TESTS_SIM_SERVER_HTTP_H
#define TESTS_SIM_SERVER_HTTP_H

#include <stddef.h>

#include "common/base/text.h"

/* Longest request head, in bytes. */
#define HTTP_HEAD_MAX 16384

/* What of the head matters; every text is owned and may be NULL when the head lacks it. */
struct http_request {
	char *method;
	char *path; /* without the query */
	char *host;
	char *upgrade;
	char *key; /* Sec-WebSocket-Key */
	char *version;
	char *protocol;
	char *extensions;
	char *origin;
	char *client_version; /* X-Juju-ClientVersion */
	char *connection;
	char *length; /* Content-Length */
	char *bakery; /* Bakery-Protocol-Version */
	char *authorization;
};

/* Reads a request head. Returns the number of bytes it takes, 0 when it is not yet complete, -1 when it is none.
 * `request` is zeroed storage of the caller, who calls http_request_release in any case. */
long http_request_read(struct http_request *request, const char *data, size_t length);
void http_request_release(struct http_request *request);

/* Returns the status with which the real servers refuse this opening before they look at its path (400: not GET or no
 * websocket; 403: foreign origin), or 0. */
int http_refusal(const struct http_request *request);

/* Adds the 101 answer for `key` to `out`. No extension and no subprotocol is ever agreed to. */
void http_accept(struct text *out, const char *key);

/* Adds an answer to plain https with further header lines; the connection goes on after it unless `closes`. */
void http_answer(struct text *out, int status, const char *type, const char *lines, const char *body, int closes);

/* Adds an answer with `status` and a one-line body to `out`; the connection ends after it. */
void http_refuse(struct text *out, int status);

#endif
