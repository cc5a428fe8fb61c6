/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/trust.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/environment.h"
#include "common/wire/authorities.h"
#include "common/wire/endpoint.h"

struct trust {
	SSL_CTX *context;
	char *key;
	char *name;
	int pinned;
	int numeric;          /* the name is an address: it is not sent as SNI */
	long refused;         /* X509_V_... of the handshake that has just failed, X509_V_OK when not the cause */
	const char *reason;   /* text for another failure, or NULL */
	SSL_SESSION *session; /* the newest that the peer offers for resumption, or NULL */
};

/* Keys and signatures of at least 112 bits: RSA of 2048, no SHA-1. The system may ask for more, not for less. */
#define SECURITY_LEVEL 2

static char *source_key(const struct trust_source *source)
{
	const char *file = environment_given(source->environment, "SSL_CERT_FILE");
	const char *directory = environment_given(source->environment, "SSL_CERT_DIR");

	if (string_given(source->ca_certificate))
		return string_format("ca\n%s\n%s\n%s", source->name,
			source->ca_directory != NULL ? source->ca_directory : "", source->ca_certificate);
	return string_format(
		"system\n%s\n%s\n%s", source->name, file != NULL ? file : "", directory != NULL ? directory : "");
}

/* OpenSSL's own text, except where it does not help a person. */
static const char *reason_of(unsigned long code)
{
	switch (ERR_GET_REASON(code)) {
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return NULL;
	case SSL_R_WRONG_VERSION_NUMBER:
		return "what answers there does not speak TLS";
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
		return "it does not speak TLS 1.2 or newer";
	default:
		return ERR_reason_error_string(code);
	}
}

/* OpenSSL reports how a handshake goes: the only place to set the SNI, which libwebsockets takes from the Host header,
 * and to learn why a handshake failed before libwebsockets discards the reason. */
static void observe(const SSL *ssl, int where, int result)
{
	struct trust *trust = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	if ((where & SSL_CB_HANDSHAKE_START) != 0) {
		const char *sni = trust->numeric ? NULL : trust->name;

		SSL_set_tlsext_host_name((SSL *)(uintptr_t)ssl, sni);
		if (trust->session != NULL && SSL_get0_session(ssl) == NULL)
			SSL_set_session((SSL *)(uintptr_t)ssl, trust->session);
		trust->refused = X509_V_OK;
		trust->reason = NULL;
	}
	if (where != SSL_CB_CONNECT_EXIT || result > 0)
		return;
	unsigned long code = ERR_peek_last_error();
	trust->refused = SSL_get_verify_result(ssl);
	trust->reason = code != 0 ? reason_of(code) : NULL;
}

/* A verified peer is not verified again when it resumes its own session: only it has the key. Other peers are. */
static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct trust *trust = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	SSL_SESSION_free(trust->session);
	trust->session = session;
	return 1;
}

static int set_name(const struct trust *trust)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(trust->context);

	if (trust->numeric)
		return X509_VERIFY_PARAM_set1_ip_asc(param, trust->name) == 1 ? 0 : -1;
	X509_VERIFY_PARAM_set_hostflags(
		param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return X509_VERIFY_PARAM_set1_host(param, trust->name, 0) == 1 ? 0 : -1;
}

static int set_up(struct trust *trust, const struct trust_source *source, struct error **error)
{
	X509_STORE *store = NULL;

	trust->context = SSL_CTX_new(TLS_client_method());
	if (trust->context == NULL || SSL_CTX_set_min_proto_version(trust->context, TLS1_2_VERSION) != 1)
		return error_set(error, ERROR_FAILED, "cannot set up TLS");
	SSL_CTX_set_app_data(trust->context, trust);
	SSL_CTX_set_info_callback(trust->context, observe);
	if (SSL_CTX_get_security_level(trust->context) < SECURITY_LEVEL)
		SSL_CTX_set_security_level(trust->context, SECURITY_LEVEL);
	SSL_CTX_set_verify(trust->context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_session_cache_mode(trust->context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(trust->context, keep_session);
	/* An empty name would disable the check of names. */
	if (trust->name[0] == '\0' || set_name(trust) != 0)
		return error_set(error, ERROR_FAILED, "cannot verify a server without a name");
	store = SSL_CTX_get_cert_store(trust->context);
	if (trust->pinned)
		return authorities_pin(store, source->ca_certificate, source->ca_directory, error);
	authorities_of_system(store, source->environment);
	return 0;
}

void trust_prepare(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

struct trust *trust_new(const struct trust_source *source, struct error **error)
{
	scoped(trust) struct trust *trust = memory_get(1, sizeof(*trust));
	int result = 0;

	trust->key = source_key(source);
	trust->name = string_copy(source->name);
	trust->numeric = endpoint_family(source->name) != 0;
	trust->pinned = string_given(source->ca_certificate);
	result = set_up(trust, source, error);
	/* An error left in OpenSSL's queue would be taken for the reason of a later failure. */
	ERR_clear_error();
	return result == 0 ? steal(trust) : NULL;
}

void trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	SSL_SESSION_free(trust->session);
	SSL_CTX_free(trust->context);
	free(trust->key);
	free(trust->name);
	free(trust);
}

int trust_is_for(const struct trust *trust, const struct trust_source *source)
{
	scoped(string) char *key = source_key(source);

	return strcmp(trust->key, key) == 0;
}

struct ssl_ctx_st *trust_context(const struct trust *trust)
{
	return trust->context;
}

static int unknown_authority(const struct trust *trust, const char *where, struct error **error)
{
	if (trust->pinned)
		return error_set(error, ERROR_TLS,
			"cannot trust %s: certificate signed by unknown authority, not by the store's CA; if it is a "
			"new one, \"juju unregister\" it and add it again",
			where);
	return error_set(error, ERROR_TLS,
		"cannot trust %s: certificate signed by unknown authority; add the authority to this system's "
		"certificates, or name its file in SSL_CERT_FILE",
		where);
}

static int refusal(const struct trust *trust, long refused, const char *where, struct error **error)
{
	switch (refused) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
	case X509_V_ERR_CERT_UNTRUSTED:
		return unknown_authority(trust, where, error);
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return error_set(error, ERROR_TLS,
			"cannot trust %s: certificate is not valid for the name \"%s\"; check that the address belongs "
			"to "
			"this controller",
			where, trust->name);
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return error_set(error, ERROR_TLS,
			"cannot trust %s: certificate has expired; check this machine's clock, or have the server's "
			"certificate renewed",
			where);
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return error_set(error, ERROR_TLS,
			"cannot trust %s: certificate is not valid yet; check this machine's clock", where);
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return error_set(error, ERROR_TLS,
			"cannot trust %s: certificate is too weak (%s); have it renewed with a longer key and SHA-256",
			where, X509_verify_cert_error_string(refused));
	default:
		return error_set(error, ERROR_TLS, "cannot trust %s: certificate refused: %s", where,
			X509_verify_cert_error_string(refused));
	}
}

int trust_failure(struct trust *trust, const char *where, struct error **error)
{
	long refused = trust->refused;
	const char *reason = trust->reason;

	trust->refused = X509_V_OK;
	trust->reason = NULL;
	if (refused != X509_V_OK)
		return refusal(trust, refused, where, error);
	if (reason == NULL)
		return 0;
	return error_set(error, ERROR_PROTOCOL, "cannot set up TLS with %s: %s", where, reason);
}
