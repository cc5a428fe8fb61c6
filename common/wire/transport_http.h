/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP request to one address, over TLS or without, and its reply. Redirects are not followed, nothing is kept open.
 */
#ifndef COMMON_WIRE_TRANSPORT_HTTP_H
#define COMMON_WIRE_TRANSPORT_HTTP_H

#include "common/base/secret.h"
#include "common/wire/transport.h"

/* Largest body of a reply that is accepted, in bytes. */
#define EXCHANGE_BODY_MAX ((size_t)256 * 1024)

struct exchange;

/* What is posted; borrowed for the call of exchange_open only. */
struct exchange_request {
	const char *content_type;
	const struct secret *body;
	const char *header; /* one more, "Name:", or NULL */
	const char *value;  /* of it */
};

/* Called once, from the loop; the exchange may be freed in it. `body` (`length` bytes and a NUL) is borrowed for the call. On failure
 * `error` (borrowed) is set as for a transport, `status` is 0 and there is no body. */
typedef void exchange_done(
	void *context, unsigned int status, const char *body, size_t length, const struct error *error);

/* Begins a POST. Returns the exchange, owned by the caller (exchange_free). It has no deadline of its own. Cannot fail by itself. */
struct exchange *exchange_open(struct loop *loop, const struct transport_target *target,
	const struct exchange_request *request, const struct log *log, exchange_done *done, void *context);

/* Ends an exchange, finished or not; `done` is not called any more. NULL is allowed. */
void exchange_free(struct exchange *exchange);

#endif
