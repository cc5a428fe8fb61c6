/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/pki.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define NO_NAMES "IP:127.0.0.1"
#define WRONG_NAMES "DNS:other.example"

/* Everything that makes one certificate differ from another. */
struct description {
	const char *common_name;
	const char *names;     /* NULL for a CA */
	const char *not_after; /* YYYYMMDDHHMMSSZ */
	long serial;
	EVP_PKEY *key;
	X509 *issuer; /* NULL: signed by itself */
	EVP_PKEY *issuer_key;
};

int pki_kind_parse(const char *name, enum pki_kind *kind)
{
	static const char *const names[] = {"good", "expired", "wrong-name", "unknown-ca", "self-signed"};

	for (size_t i = 0; i < array_length(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*kind = (enum pki_kind)i;
			return 0;
		}
	}
	return -1;
}

static int add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	int done = extension && X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
	return done;
}

static int add_extensions(X509 *certificate, X509 *issuer, const char *names)
{
	if (!add_extension(certificate, issuer, NID_subject_key_identifier, "hash"))
		return 0;
	if (!names)
		return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
		       add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
	return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
	       add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth") &&
	       add_extension(certificate, issuer, NID_authority_key_identifier, "keyid") &&
	       add_extension(certificate, issuer, NID_subject_alt_name, names);
}

static int set_identity(X509 *certificate, X509 *issuer, const struct description *description)
{
	X509_NAME *subject = X509_get_subject_name(certificate);

	return X509_set_version(certificate, 2) &&
	       ASN1_INTEGER_set(X509_get_serialNumber(certificate), description->serial) &&
	       ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20200101000000Z") &&
	       ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), description->not_after) &&
	       X509_NAME_add_entry_by_txt(
		       subject, "O", MBSTRING_ASC, (const unsigned char *)"Simulated JAAS", -1, -1, 0) &&
	       X509_NAME_add_entry_by_txt(
		       subject, "CN", MBSTRING_ASC, (const unsigned char *)description->common_name, -1, -1, 0) &&
	       X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) &&
	       X509_set_pubkey(certificate, description->key);
}

static X509 *make_certificate(const struct description *description)
{
	scoped(x509) X509 *certificate = X509_new();
	X509 *issuer = description->issuer ? description->issuer : certificate;
	EVP_PKEY *issuer_key = description->issuer ? description->issuer_key : description->key;

	if (!certificate || !set_identity(certificate, issuer, description) ||
		!add_extensions(certificate, issuer, description->names) ||
		!X509_sign(certificate, issuer_key, EVP_sha256()))
		return NULL;
	return steal(certificate);
}

static char *certificate_pem(X509 *certificate)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *pem = NULL;
	char *data = NULL;

	if (memory && PEM_write_bio_X509(memory, certificate)) {
		long length = BIO_get_mem_data(memory, &data);
		pem = string_copy_length(data, (size_t)length);
	}
	BIO_free(memory);
	return pem;
}

static X509 *make_ca(EVP_PKEY *key, const char *name, long serial)
{
	struct description description = {
		.common_name = name, .not_after = "20490101000000Z", .serial = serial, .key = key};

	return key ? make_certificate(&description) : NULL;
}

static X509 *make_server(enum pki_kind kind, const char *names, EVP_PKEY *key, X509 *ca, EVP_PKEY *ca_key)
{
	struct description description = {
		.common_name = "simulated server",
		.names = kind == PKI_WRONG_NAME ? WRONG_NAMES : names,
		.not_after = kind == PKI_EXPIRED ? "20210101000000Z" : "20490101000000Z",
		.serial = 2,
		.key = key,
		.issuer = kind == PKI_SELF_SIGNED ? NULL : ca,
		.issuer_key = ca_key,
	};

	return make_certificate(&description);
}

int pki_init(struct pki *pki, enum pki_kind kind, const char *names, struct error **error)
{
	scoped(evp_pkey) EVP_PKEY *ca_key = EVP_EC_gen("P-256");
	scoped(evp_pkey) EVP_PKEY *other_key = EVP_EC_gen("P-256");
	scoped(x509) X509 *ca = make_ca(ca_key, "CA of this run", 1);
	scoped(x509) X509 *other = make_ca(other_key, "CA of somebody else", 3);

	*pki = (struct pki){.key = EVP_EC_gen("P-256")};
	if (pki->key && ca && other) {
		int foreign = kind == PKI_UNKNOWN_CA;
		pki->ca = certificate_pem(ca);
		X509 *issuer = foreign ? other : ca;
		EVP_PKEY *issuer_key = foreign ? other_key : ca_key;
		pki->certificate = make_server(kind, names, pki->key, issuer, issuer_key);
		pki->unnamed = make_server(kind, NO_NAMES, pki->key, issuer, issuer_key);
	}
	if (!pki->ca || !pki->certificate || !pki->unnamed)
		return error_set(error, ERROR_FAILED, "cannot make certificates");
	return 0;
}

void pki_release(struct pki *pki)
{
	string_free(pki->ca);
	X509_free(pki->certificate);
	X509_free(pki->unnamed);
	EVP_PKEY_free(pki->key);
	*pki = (struct pki){0};
}
