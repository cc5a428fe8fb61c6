/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates for one run: a CA and a server certificate signed by it, or one that a client must refuse.
 */
#ifndef TESTS_SIM_PKI_H
#define TESTS_SIM_PKI_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "common/base/error.h"

enum pki_kind {
	PKI_GOOD,
	PKI_EXPIRED,     /* signed by the CA, right names, not valid any more */
	PKI_WRONG_NAME,  /* signed by the CA, for other.example only */
	PKI_UNKNOWN_CA,  /* right names, signed by another CA than the published one */
	PKI_SELF_SIGNED, /* right names, signed by itself */
};

struct pki {
	char *ca;          /* PEM of the CA that the client is told to trust */
	X509 *certificate; /* the server's: localhost, juju-apiserver, anything, jimm.example.com, 127.0.0.1, ::1 */
	EVP_PKEY *key;
};

/* Returns 0 and the kind named `name` ("good", "expired", "wrong-name", "unknown-ca", "self-signed"), or -1. */
int pki_kind_parse(const char *name, enum pki_kind *kind);

/* Makes keys and certificates (EC P-256, valid 2020 to 2049 of the real calendar). Returns 0, or -1 with ERROR_FAILED.
 * pki_release frees what `pki` holds in either case. */
int pki_init(struct pki *pki, enum pki_kind kind, struct error **error);

/* Frees what `pki` holds. */
void pki_release(struct pki *pki);

SCOPED_DEFINE(evp_pkey, EVP_PKEY *, EVP_PKEY_free)
SCOPED_DEFINE(x509, X509 *, X509_free)

#endif
