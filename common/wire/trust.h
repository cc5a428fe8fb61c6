/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom to trust on a TLS connection: certificate authorities, and the one name that the peer must prove.
 *
 * Trusted are either the CA of the client store and juju's own directory of certificates only, or the system's
 * authorities, from SSL_CERT_FILE and SSL_CERT_DIR where they are set. TLS 1.2 is the minimum.
 */
#ifndef COMMON_WIRE_TRUST_H
#define COMMON_WIRE_TRUST_H

#include "common/base/error.h"

struct trust;
struct ssl_ctx_st;

/* What a trust is made from; borrowed. */
struct trust_source {
	const char *ca_certificate; /* PEM, or NULL or "": the system's authorities */
	const char *ca_directory;   /* "*.pem" in it are trusted beside ca_certificate; NULL: none */
	const char *name;           /* name or IP address to verify; a name is sent as SNI, too */
	char *const *environment;
};

/* Sets up OpenSSL for this process; call it before anything else uses OpenSSL. It skips the clean-up at exit. */
void trust_prepare(void);

/* Returns a trust, owned by the caller (trust_free), or NULL with ERROR_STORE when ca_certificate holds no certificate,
 * else ERROR_FAILED. */
struct trust *trust_new(const struct trust_source *source, struct error **error);

/* Frees a trust; NULL is allowed. Connections that use it must be gone. */
void trust_free(struct trust *trust);

/* True when `trust` was made from a source like this one. */
int trust_is_for(const struct trust *trust, const struct trust_source *source);

/* Returns the OpenSSL context for connections, borrowed. */
struct ssl_ctx_st *trust_context(const struct trust *trust);

/* Tells, right after a connection has failed, whether TLS was the reason, and forgets it. `where` is the endpoint for
 * the message. Returns 0 when it was not, -1 with ERROR_TLS when the certificate was refused (with different messages
 * for an unknown authority, a wrong name, an expired certificate, ...), else -1 with ERROR_PROTOCOL. */
int trust_failure(struct trust *trust, const char *where, struct error **error);

SCOPED_DEFINE(trust, struct trust *, trust_free)

#endif
