/* SPDX-License-Identifier: Apache-2.0 */
/* Which certificates are taken from where: the store's own text, juju's folder, and what the environment names for the system's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/x509_vfy.h>

#include "common/wire/authorities.h"
#include "tests/unit/support/certificates.h"
#include "tests/unit/support/folder.h"

/* More than is read of one file. */
#define TOO_LONG (2 * 1024 * 1024)

static char *new_pem(void)
{
	struct identity *identity = identity_new(&(struct identity_subject){.authority = 1, .to = 3}, NULL);
	char *pem = identity_pem(identity);

	identity_free(identity);
	return pem;
}

static void add_file(const char *folder, const char *name)
{
	scoped(string) char *pem = new_pem();

	folder_write(folder, name, pem);
}

static int count(const X509_STORE *store)
{
	return sk_X509_OBJECT_num(X509_STORE_get0_objects(store));
}

/* How many are trusted with these two variables. */
static int of_system(const char *file, const char *directories)
{
	scoped(string) char *first = string_format("SSL_CERT_FILE=%s", file);
	scoped(string) char *second = string_format("SSL_CERT_DIR=%s", directories);
	char *const environment[] = {first, second, NULL};
	X509_STORE *store = X509_STORE_new();

	authorities_of_system(store, environment);
	int number = count(store);
	X509_STORE_free(store);
	return number;
}

static void test_folders(void **state)
{
	const char *folder = *state;
	scoped(string) char *other = string_format("%s/other", folder);
	scoped(string) char *both = string_format("%s:%s:/nowhere", folder, other);

	assert_int_equal(mkdir(other, 0700), 0);
	add_file(folder, "a.pem");
	add_file(folder, "b.crt");
	add_file(folder, "c.cer");
	add_file(folder, "d.txt");
	add_file(folder, ".pem");
	folder_write(folder, "e.pem", "no certificate");
	add_file(other, "f.pem");
	assert_int_equal(of_system("", folder), 3);
	assert_int_equal(of_system("", both), 4);
	assert_int_equal(of_system("", "/nowhere"), 0);
	/* Where OpenSSL finds them by their names nothing is read beforehand. */
	add_file(folder, "0a1b2c3d.0");
	assert_int_equal(of_system("", folder), 0);
}

static void test_file(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/two.pem", folder);
	scoped(string) char *long_path = string_format("%s/long.pem", folder);
	scoped(string) char *one = new_pem(), *other = new_pem();
	scoped(string) char *two = string_format("%s\nwords between\n%s", one, other);
	scoped(string) char *blanks = memory_get(TOO_LONG + 1, 1);

	memset(blanks, ' ', TOO_LONG);
	scoped(string) char *too_long = string_format("%s%s", one, blanks);
	folder_write(folder, "two.pem", two);
	folder_write(folder, "long.pem", too_long);
	assert_int_equal(of_system(path, "/nowhere"), 2);
	assert_int_equal(of_system(long_path, "/nowhere"), 0);
	assert_int_equal(of_system(folder, "/nowhere"), 0);
}

static void test_pin(void **state)
{
	const char *folder = *state;
	scoped(string) char *pem = new_pem();
	X509_STORE *store = X509_STORE_new();
	scoped(error) struct error *error = NULL;

	add_file(folder, "a.pem");
	add_file(folder, "b.crt");
	assert_int_equal(authorities_pin(store, "none", folder, &error), -1);
	assert_int_equal(error->kind, ERROR_STORE);
	assert_int_equal(count(store), 0);
	assert_int_equal(authorities_pin(store, pem, folder, NULL), 0);
	assert_int_equal(count(store), 2);
	X509_STORE_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_folders, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_file, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_pin, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
