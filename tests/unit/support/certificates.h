/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates made on the spot, for peers in tests.
 */
#ifndef TESTS_UNIT_SUPPORT_CERTIFICATES_H
#define TESTS_UNIT_SUPPORT_CERTIFICATES_H

#include <openssl/evp.h>
#include <openssl/x509.h>

/* A certificate with its key; freed by identity_free. */
struct identity {
	X509 *certificate;
	EVP_PKEY *key;
};

/* What a certificate is made out for. */
struct identity_subject {
	const char *common_name; /* NULL: a usual one; an issuer is found by it */
	const char *name;        /* DNS name, or NULL */
	const char *ip;          /* IP address, or NULL */
	int from;                /* days from now on which it begins to be valid */
	int to;                  /* days from now on which it ends */
	int authority;           /* may sign others */
};

/* Returns a new identity signed by `issuer` (NULL: by itself), owned by the caller. Fails the test when it cannot. */
struct identity *identity_new(const struct identity_subject *subject, const struct identity *issuer);

/* Returns the certificate as PEM, owned by the caller (free()). */
char *identity_pem(const struct identity *identity);

void identity_free(struct identity *identity);

#endif
