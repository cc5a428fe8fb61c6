/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posting something to a controller that has been dialled: at the same address, trusted by the same rules as its websocket, on the same
 * loop.
 */
#ifndef COMMON_WIRE_HTTP_H
#define COMMON_WIRE_HTTP_H

#include "common/base/secret.h"
#include "common/wire/dial.h"

/* For a request and its reply, in nanoseconds. */
#define HTTP_TIMEOUT (30 * INSTANT_SECOND)

struct http;

/* What is posted and to whom; borrowed for the call of http_post only. */
struct http_request {
	const struct dial_target *target; /* as it was dialled: authorities, names, environment */
	const char *endpoint;             /* that answered (dial_done) */
	const char *address;              /* likewise */
	const char *path;                 /* of the request, from the root */
	const char *content_type;
	const struct secret *body;
	const char *header; /* one more, "Name:", or NULL */
	const char *value;  /* of it */
};

/* Called once, from the loop, the http is gone then. `body` (`length` bytes and a NUL) is borrowed for the call. On failure `error`
 * (borrowed) is set, as that of a dial, and `status` is 0. */
typedef void http_done(void *context, unsigned int status, const char *body, size_t length, const struct error *error);

/* Posts. Returns the request on its way, owned by the caller until `done` is called. Cannot fail by itself. */
struct http *http_post(
	struct loop *loop, const struct http_request *request, const struct log *log, http_done *done, void *context);

/* Gives it up; `done` is not called any more. NULL is allowed. */
void http_cancel(struct http *http);

#endif
