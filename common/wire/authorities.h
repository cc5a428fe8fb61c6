/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate authorities, read from where juju and the system keep them into an OpenSSL store.
 */
#ifndef COMMON_WIRE_AUTHORITIES_H
#define COMMON_WIRE_AUTHORITIES_H

#include "common/base/error.h"

struct x509_store_st;

/* Most certificates read from one text, and most files read from one directory. */
#define AUTHORITIES_MAX 512

/* Trusts the certificates in the text `pem`, and those in the "*.pem" files of `directory` (NULL: none; what
 * cannot be read there is passed over, as juju does). Returns 0, or -1 with ERROR_STORE when `pem` holds no
 * certificate. */
int authorities_pin(struct x509_store_st *store, const char *pem, const char *directory, struct error **error);

/* Trusts the system's authorities: the file in SSL_CERT_FILE and the directories in SSL_CERT_DIR where they are
 * set, else the system's directory. A directory in which OpenSSL can find a certificate by its name is not read
 * beforehand; the bundle of all is only read where there is no such directory, since that takes longer than a
 * handshake. */
void authorities_of_system(struct x509_store_st *store, char *const *environment);

#endif
