/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connects to a controller of the store: all its addresses are tried side by side, and the first open websocket wins.
 */
#ifndef COMMON_WIRE_DIAL_H
#define COMMON_WIRE_DIAL_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/secret.h"
#include "common/wire/loop.h"

struct dial;
struct strangers;
struct transport;

/* A name with the addresses that the store remembers: those it resolved to last time. */
struct dial_remembered {
	const char *host;
	const char *const *addresses;
	size_t count;
};

/* Where to connect and whom to trust; everything is borrowed for the call of dial_start only. */
struct dial_target {
	const char *const *endpoints; /* "host:port", "[v6]:port", "name:port/path", each with or without "wss://" */
	size_t endpoint_count;
	const char *path;            /* "/api" or "/model/<uuid>/api", added to the endpoint's own path */
	const char *ca_certificate;  /* PEM, trusted with ca_directory and nothing else; NULL or "": none */
	const char *public_hostname; /* name with a publicly trusted certificate, port optional; NULL or "": none */
	const struct dial_remembered *remembered; /* tried before the name is looked up */
	size_t remembered_count;
	const char
		*ca_directory; /* "*.pem" in it are trusted beside ca_certificate (juju: /etc/juju/certs.d); or NULL */
	char *const *environment;           /* for https_proxy, http_proxy, no_proxy, SSL_CERT_FILE, SSL_CERT_DIR */
	const struct strangers *strangers;  /* endpoints to skip, each with its error; NULL: none */
	const struct secret *authorization; /* value of the Authorization header; NULL: none */
	int64_t timeout;                    /* for the whole dial, in nanoseconds */
	uint64_t seed;                      /* decides the order of the endpoints; 0: a random order */
};

/* Called once. On success `transport` belongs to the callee (rpc_new takes it, or transport_free), `endpoint` is the
 * one of `endpoints` that answered and `address` its IP address (the proxy's, if there is one), both borrowed for the
 * call; `error` is NULL. On failure `transport`, `endpoint` and `address` are NULL and `error` (borrowed) is one of:
 * ERROR_TLS (different messages for an unknown CA, a wrong name and an expired certificate); ERROR_NETWORK;
 * ERROR_TIMEOUT; ERROR_PROTOCOL (no websocket there, with the HTTP status); ERROR_STORE (no usable endpoint or CA
 * certificate); ERROR_USAGE (unusable proxy); ERROR_FAILED; or that of a stranger. If addresses fail differently, a
 * refused certificate is reported before a refused upgrade, and that before an address that was not reached. */
typedef void dial_done(void *context, struct transport *transport, const char *endpoint, const char *address,
	const struct error *error);

/* Begins to dial; `done(context, ...)` is called from the loop, never from here. Returns the dial, owned by the caller
 * until `done` is called: it has been freed by then. Never fails itself. */
struct dial *dial_start(
	struct loop *loop, const struct dial_target *target, const struct log *log, dial_done *done, void *context);

/* Cancels a dial: `done` will not be called. NULL is allowed. */
void dial_cancel(struct dial *dial);

#endif
