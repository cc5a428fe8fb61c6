/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/authorities.h"

#include <ctype.h>
#include <dirent.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/environment.h"
#include "common/base/scoped.h"

/* Largest certificate file that is read, in bytes; a system's bundle has a quarter of that. */
#define AUTHORITIES_BYTES_MAX (1024L * 1024)
/* Most directory entries that are searched for hashed names. */
#define AUTHORITIES_ENTRIES_MAX 4096

static void close_directory(DIR *directory)
{
	if (directory != NULL)
		closedir(directory);
}

SCOPED_DEFINE(directory, DIR *, close_directory)

static int add_text(X509_STORE *store, const char *pem)
{
	BIO *text = BIO_new_mem_buf(pem, -1);
	int count = 0;

	for (X509 *certificate = NULL; count < AUTHORITIES_MAX; count++) {
		certificate = PEM_read_bio_X509(text, NULL, NULL, NULL);
		if (certificate == NULL)
			break;
		X509_STORE_add_cert(store, certificate);
		X509_free(certificate);
	}
	BIO_free(text);
	return count;
}

static int is_readable_file(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= AUTHORITIES_BYTES_MAX;
}

static int ends_with(const char *name, const char *end)
{
	size_t length = strlen(name);
	size_t end_length = strlen(end);

	return length > end_length && strcmp(name + length - end_length, end) == 0;
}

static void add_files(X509_STORE *store, const char *path, const char *const *endings)
{
	scoped(directory) DIR *directory = opendir(path);
	int count = 0;

	for (struct dirent *entry = NULL; directory != NULL && count < AUTHORITIES_MAX;) {
		entry = readdir(directory);
		if (entry == NULL)
			break;
		for (const char *const *ending = endings; *ending != NULL; ending++) {
			scoped(string) char *file = string_format("%s/%s", path, entry->d_name);
			if (!ends_with(entry->d_name, *ending) || !is_readable_file(file))
				continue;
			X509_STORE_load_file(store, file);
			count++;
			break;
		}
	}
}

int authorities_pin(struct x509_store_st *store, const char *pem, const char *directory, struct error **error)
{
	static const char *const endings[] = {".pem", NULL};

	if (add_text(store, pem) == 0)
		return error_set(error, ERROR_STORE,
			"cannot use the CA certificate of the client store: there is no certificate in it");
	/* Whatever certificate juju is told to trust is an anchor, even an intermediate authority's. */
	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	if (directory != NULL)
		add_files(store, directory, endings);
	return 0;
}

/* Eight hexadecimal digits of the subject's hash, a dot and a digit. */
static int is_hashed_name(const char *name)
{
	return strlen(name) >= 10 && strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
	       isdigit((unsigned char)name[9]);
}

static int is_hashed(const char *path)
{
	scoped(directory) DIR *directory = opendir(path);

	for (int i = 0; directory != NULL && i < AUTHORITIES_ENTRIES_MAX; i++) {
		struct dirent *entry = readdir(directory);

		if (entry == NULL)
			break;
		if (is_hashed_name(entry->d_name))
			return 1;
	}
	return 0;
}

static void add_directories(X509_STORE *store, const char *list)
{
	static const char *const endings[] = {".pem", ".crt", ".cer", NULL};
	scoped(string) char *copy = string_copy(list);
	char *place = NULL;

	for (char *path = strtok_r(copy, ":", &place); path != NULL; path = strtok_r(NULL, ":", &place)) {
		if (is_hashed(path))
			X509_STORE_load_path(store, path);
		else
			add_files(store, path, endings);
	}
}

static void add_default(X509_STORE *store, int with_file)
{
	const char *const directories[] = {X509_get_default_cert_dir(), "/etc/ssl/certs", "/etc/pki/tls/certs"};
	const char *const files[] = {
		X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"};

	for (size_t i = 0; i < array_length(directories); i++) {
		if (!is_hashed(directories[i]))
			continue;
		X509_STORE_load_path(store, directories[i]);
		return;
	}
	for (size_t i = 0; with_file && i < array_length(files); i++) {
		if (is_readable_file(files[i]) && X509_STORE_load_file(store, files[i]) == 1)
			return;
	}
}

void authorities_of_system(struct x509_store_st *store, char *const *environment)
{
	const char *file = environment_given(environment, "SSL_CERT_FILE");
	const char *directories = environment_given(environment, "SSL_CERT_DIR");

	if (file != NULL && is_readable_file(file))
		X509_STORE_load_file(store, file);
	if (directories != NULL)
		add_directories(store, directories);
	else
		add_default(store, file == NULL);
}
