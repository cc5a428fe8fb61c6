/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posts to a controller that has been dialled: at the same address, with the same trust as its websocket, on the same
 * loop.
 */
#ifndef COMMON_WIRE_HTTP_H
#define COMMON_WIRE_HTTP_H

#include "common/base/secret.h"
#include "common/wire/dial.h"

/* Deadline of a request and its reply, in nanoseconds. */
#define HTTP_TIMEOUT (30 * INSTANT_SECOND)

struct http;

/* What to post and where; borrowed for the call of http_post only. */
struct http_request {
	const struct dial_target *target; /* as it was dialled: authorities, names, environment */
	const char *endpoint;             /* the one that answered (dial_done) */
	const char *address;              /* likewise */
	const char *path;                 /* absolute */
	const char *content_type;
	const struct secret *body;
	const char *header; /* an extra header, "Name:", or NULL */
	const char *value;  /* its value */
};

/* Called once, from the loop; the http is freed right after it. `body` (`length` bytes and a NUL) is borrowed for the
 * call. On failure `error` (borrowed) is set, as for a dial, and `status` is 0. */
typedef void http_done(void *context, unsigned int status, const char *body, size_t length, const struct error *error);

/* Begins a POST. Returns it, owned by the caller until `done` is called. Never fails itself: errors go to `done`. */
struct http *http_post(
	struct loop *loop, const struct http_request *request, const struct log *log, http_done *done, void *context);

/* Cancels it: `done` will not be called. NULL is allowed. */
void http_cancel(struct http *http);

#endif
