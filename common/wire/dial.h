/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a stored controller entry to one open websocket: all its addresses are tried side by side, the first one wins.
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

/* Names and addresses as the store remembers them: `host` stood for `addresses` last time. */
struct dial_remembered {
	const char *host;
	const char *const *addresses;
	size_t count;
};

/* Where to and whom to trust; everything is borrowed for the call of dial_start only. */
struct dial_target {
	const char *const *endpoints; /* "host:port", "[v6]:port", "name:port/path", perhaps with "wss://" before it */
	size_t endpoint_count;
	const char *path;            /* "/api" or "/model/<uuid>/api", added to the endpoint's own path */
	const char *ca_certificate;  /* PEM that alone is trusted (beside ca_directory), or NULL or "" */
	const char *public_hostname; /* name with a publicly trusted certificate, perhaps with a port; or NULL, "" */
	const struct dial_remembered *remembered; /* tried before the name is looked up */
	size_t remembered_count;
	const char
		*ca_directory; /* "*.pem" in it are trusted beside ca_certificate (juju: /etc/juju/certs.d); or NULL */
	char *const *environment;           /* for https_proxy, http_proxy, no_proxy, SSL_CERT_FILE, SSL_CERT_DIR */
	const struct strangers *strangers;  /* endpoints that are left out, for the reason that it gives; NULL: none */
	const struct secret *authorization; /* of the upgrade request, see transport.h; NULL: none */
	int64_t timeout;                    /* for the whole dial, in nanoseconds */
	uint64_t seed;                      /* decides the order of the endpoints; 0: a random one */
};

/* Called once. Success: `transport` now belongs to the callee (rpc_new takes it, or transport_free), `endpoint` is
 * the text in `endpoints` that answered, `address` the IP that did (the proxy's, if there was one); both are
 * borrowed for the call; `error` is NULL. Failure: `transport`, `endpoint` and `address` are NULL and `error`
 * (borrowed) says why: ERROR_TLS with three different messages for an unknown CA, a wrong name and an expired
 * certificate; ERROR_NETWORK; ERROR_TIMEOUT; ERROR_PROTOCOL (no websocket there, with the HTTP status);
 * ERROR_STORE (no endpoint or CA certificate that can be read); ERROR_USAGE (a proxy that cannot be used). When
 * addresses fail differently, a refused certificate is reported before a refused upgrade, and that before what is
 * only not reached. */
typedef void dial_done(void *context, struct transport *transport, const char *endpoint, const char *address,
	const struct error *error);

/* Begins to dial; `done(context, ...)` is called from the loop, never from here. Returns the dial, owned by the
 * caller until `done` is called, when it is gone already. Cannot fail by itself. */
struct dial *dial_start(
	struct loop *loop, const struct dial_target *target, const struct log *log, dial_done *done, void *context);

/* Gives a dial up; `done` is not called any more. NULL is allowed. */
void dial_cancel(struct dial *dial);

#endif
