/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates of a run are refused, or not, for exactly the reason they are made for.
 */
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/pki.h"

static X509 *read_ca(const char *pem)
{
	BIO *memory = BIO_new_mem_buf(pem, (int)strlen(pem));
	X509 *ca = PEM_read_bio_X509(memory, NULL, NULL, NULL);

	BIO_free(memory);
	return ca;
}

/* Returns OpenSSL's verdict on the server's certificate for `name`. */
static int verdict(const struct pki *pki, const char *name)
{
	X509_STORE *trusted = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	scoped(x509) X509 *ca = read_ca(pki->ca);

	assert_non_null(ca);
	X509_STORE_add_cert(trusted, ca);
	X509_STORE_CTX_init(context, trusted, pki->certificate, NULL);
	X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(context), name, 0);
	X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
	X509_verify_cert(context);
	int verdict = X509_STORE_CTX_get_error(context);
	X509_STORE_CTX_free(context);
	X509_STORE_free(trusted);
	return verdict;
}

static const struct {
	const char *kind, *name;
	int verdict;
} cases[] = {
	{"good", "juju-apiserver", X509_V_OK},
	{"good", "localhost", X509_V_OK},
	{"good", "jimm.example.com", X509_V_OK},
	{"good", "other.example", X509_V_ERR_HOSTNAME_MISMATCH},
	{"expired", "juju-apiserver", X509_V_ERR_CERT_HAS_EXPIRED},
	{"wrong-name", "juju-apiserver", X509_V_ERR_HOSTNAME_MISMATCH},
	{"wrong-name", "other.example", X509_V_OK},
	{"unknown-ca", "juju-apiserver", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
	{"self-signed", "juju-apiserver", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
};

static void test_each_kind_has_its_own_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		enum pki_kind kind;
		struct pki pki;
		assert_int_equal(pki_kind_parse(cases[i].kind, &kind), 0);
		assert_int_equal(pki_init(&pki, kind, PKI_JIMM_NAMES, NULL), 0);
		assert_int_equal(verdict(&pki, cases[i].name), cases[i].verdict);
		pki_release(&pki);
	}
}

static void test_the_key_is_the_certificates(void **state)
{
	struct pki pki;

	(void)state;
	assert_int_equal(pki_init(&pki, PKI_GOOD, PKI_JIMM_NAMES, NULL), 0);
	assert_int_equal(X509_check_private_key(pki.certificate, pki.key), 1);
	assert_int_equal(X509_check_ip_asc(pki.certificate, "127.0.0.1", 0), 1);
	assert_int_equal(X509_check_ip_asc(pki.certificate, "127.0.0.2", 0), 0);
	pki_release(&pki);
}

static void test_an_unknown_kind_is_refused(void **state)
{
	enum pki_kind kind;

	(void)state;
	assert_int_equal(pki_kind_parse("goo", &kind), -1);
	assert_int_equal(pki_kind_parse("", &kind), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_has_its_own_fault),
		cmocka_unit_test(test_the_key_is_the_certificates),
		cmocka_unit_test(test_an_unknown_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
