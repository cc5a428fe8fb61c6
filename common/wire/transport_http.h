/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP request to one address, over TLS or without, and its reply. No redirects are followed, nothing is kept open.
 */
#ifndef COMMON_WIRE_TRANSPORT_HTTP_H
#define COMMON_WIRE_TRANSPORT_HTTP_H

#include "common/base/secret.h"
#include "common/wire/transport.h"

/* Largest body accepted in a reply, in bytes. */
#define EXCHANGE_BODY_MAX ((size_t)256 * 1024)

struct exchange;

/* What to post; borrowed for the call of exchange_open only. */
struct exchange_request {
	const char *content_type;
	const struct secret *body;
	const char *header; /* an extra header, "Name:", or NULL */
	const char *value;  /* its value */
};

/* Called once, from the loop; it may free the exchange. `body` (`length` bytes and a NUL) is borrowed for the call. On
 * failure `error` (borrowed) is set as for a transport, `status` is 0 and the body is empty. */
typedef void exchange_done(
	void *context, unsigned int status, const char *body, size_t length, const struct error *error);

/* Begins a POST; never fails itself. Returns the exchange, owned by the caller (exchange_free). It has no deadline. */
struct exchange *exchange_open(struct loop *loop, const struct transport_target *target,
	const struct exchange_request *request, const struct log *log, exchange_done *done, void *context);

/* Frees an exchange, finished or not; `done` will not be called any more. NULL is allowed. */
void exchange_free(struct exchange *exchange);

#endif
