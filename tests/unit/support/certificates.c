/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/support/certificates.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY (24L * 60 * 60)

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "cannot make a certificate: %s\n", what);
	abort();
}

static void set_name(X509 *certificate, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(certificate);

	must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0), "name");
}

static void extend(X509 *certificate, X509 *issuer, int kind, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
	must(extension != NULL, value);
	must(X509_add_ext(certificate, extension, -1), value);
	X509_EXTENSION_free(extension);
}

static void set_serial(X509 *certificate)
{
	unsigned char bytes[8];
	BIGNUM *number = NULL;

	must(RAND_bytes(bytes, sizeof(bytes)) == 1, "random");
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
	BN_free(number);
}

static void set_alternatives(X509 *certificate, X509 *issuer, const struct identity_subject *subject)
{
	char names[300] = "";
	size_t length = 0;

	if (subject->name != NULL)
		length = (size_t)snprintf(names, sizeof(names), "DNS:%s", subject->name);
	if (subject->ip != NULL)
		snprintf(names + length, sizeof(names) - length, "%sIP:%s", length > 0 ? "," : "", subject->ip);
	if (names[0] != '\0')
		extend(certificate, issuer, NID_subject_alt_name, names);
}

struct identity *identity_new(const struct identity_subject *subject, const struct identity *issuer)
{
	struct identity *identity = calloc(1, sizeof(*identity));

	must(identity != NULL, "memory");
	identity->key = EVP_EC_gen("P-256");
	identity->certificate = X509_new();
	must(identity->key != NULL && identity->certificate != NULL, "key");
	X509 *certificate = identity->certificate;
	X509 *signer = issuer != NULL ? issuer->certificate : certificate;
	X509_set_version(certificate, 2);
	set_serial(certificate);
	X509_gmtime_adj(X509_getm_notBefore(certificate), subject->from * DAY);
	X509_gmtime_adj(X509_getm_notAfter(certificate), subject->to * DAY);
	X509_set_pubkey(certificate, identity->key);
	const char *usual = subject->authority ? "test authority" : "test peer";
	set_name(certificate, subject->common_name != NULL ? subject->common_name : usual);
	X509_set_issuer_name(certificate, X509_get_subject_name(signer));
	extend(certificate, signer, NID_basic_constraints, subject->authority ? "critical,CA:TRUE" : "CA:FALSE");
	set_alternatives(certificate, signer, subject);
	must(X509_sign(certificate, issuer != NULL ? issuer->key : identity->key, EVP_sha256()) > 0, "signature");
	return identity;
}

char *identity_pem(const struct identity *identity)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes = NULL;

	must(PEM_write_bio_X509(memory, identity->certificate) == 1, "pem");
	long length = BIO_get_mem_data(memory, &bytes);
	char *text = calloc(1, (size_t)length + 1);
	must(text != NULL, "memory");
	memcpy(text, bytes, (size_t)length);
	BIO_free(memory);
	return text;
}

void identity_free(struct identity *identity)
{
	if (identity == NULL)
		return;
	X509_free(identity->certificate);
	EVP_PKEY_free(identity->key);
	free(identity);
}
