/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates for one run: a CA and a server certificate signed by it, or one that a client must refuse.
 */
#ifndef TESTS_SIM_PKI_H
#define TESTS_SIM_PKI_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "common/base/error.h"

/* Names of JIMM's certificate, and of a controller's. */
#define PKI_JIMM_NAMES "DNS:localhost,DNS:juju-apiserver,DNS:anything,DNS:jimm.example.com,IP:127.0.0.1,IP:::1"
#define PKI_CONTROLLER_NAMES "DNS:localhost,DNS:juju-apiserver,DNS:juju-mongodb,DNS:anything"

enum pki_kind {
	PKI_GOOD,
	PKI_EXPIRED,     /* signed by the CA, right names, expired */
	PKI_WRONG_NAME,  /* signed by the CA, for other.example only */
	PKI_UNKNOWN_CA,  /* right names, signed by another CA than the published one */
	PKI_SELF_SIGNED, /* right names, signed by itself */
};

struct pki {
	char *ca;          /* PEM of the CA that the client is told to trust */
	X509 *certificate; /* the server's */
	X509 *unnamed;     /* the same for 127.0.0.1 alone, without a name */
	EVP_PKEY *key;
};

/* Returns 0 and the kind named `name` ("good", "expired", "wrong-name", "unknown-ca", "self-signed"), or -1. */
int pki_kind_parse(const char *name, enum pki_kind *kind);

/* Makes keys and certificates (EC P-256, valid 2020 to 2049 of the real calendar) for `names`, in OpenSSL's notation. Returns 0, or -1 with
 * ERROR_FAILED. pki_release frees what `pki` holds in either case. */
int pki_init(struct pki *pki, enum pki_kind kind, const char *names, struct error **error);

/* Frees what `pki` holds. */
void pki_release(struct pki *pki);

SCOPED_DEFINE(evp_pkey, EVP_PKEY *, EVP_PKEY_free)
SCOPED_DEFINE(x509, X509 *, X509_free)

#endif
