/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads the certificate authorities of juju and of the system into an OpenSSL store.
 */
#ifndef COMMON_WIRE_AUTHORITIES_H
#define COMMON_WIRE_AUTHORITIES_H

#include "common/base/error.h"

struct x509_store_st;

/* Most certificates read from one text, and most files read from one directory. */
#define AUTHORITIES_MAX 512

/* Trusts the certificates in the PEM text `pem` and in the "*.pem" files of `directory` (NULL: none; what cannot be
 * read there is skipped, as in juju). Returns 0, or -1 with ERROR_STORE when `pem` holds no certificate. */
int authorities_pin(struct x509_store_st *store, const char *pem, const char *directory, struct error **error);

/* Trusts the system's authorities: the file in SSL_CERT_FILE, if set, and the directories in SSL_CERT_DIR or, if not
 * set, the system's. A directory with hashed names is left to OpenSSL, which finds certificates there by name. The
 * system's bundle is read only without such a directory and without either variable: that takes longer than a
 * handshake. */
void authorities_of_system(struct x509_store_st *store, char *const *environment);

#endif
