/* SPDX-License-Identifier: Apache-2.0 */
/* The CA of a controller as the store has it, or files of certificates that the environment names: a line with the name to verify, then the PEM. */
#include "common/wire/trust.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

static void trust(const struct trust_source *source)
{
	scoped(error) struct error *error = NULL;
	scoped(trust) struct trust *trust = trust_new(source, &error);

	fuzz_expect_error(trust == NULL, error);
	fuzz_expect(error == NULL || error->kind == ERROR_STORE || error->kind == ERROR_FAILED);
	if (trust == NULL)
		return;
	fuzz_expect(trust_is_for(trust, source) && trust_context(trust) != NULL);
	/* What could not be read leaves nothing behind that a connection would be blamed for. */
	fuzz_expect(trust_failure(trust, "there", NULL) == 0);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(string) char *name = fuzz_line(&input);
	scoped(string) char *pem = fuzz_text(&input);
	scoped(string) char *path = string_format("%s/ca.pem", fuzz_folder());
	scoped(string) char *file = string_format("SSL_CERT_FILE=%s", path);
	scoped(string) char *folder = string_format("SSL_CERT_DIR=%s", fuzz_folder());
	static char no_file[] = "SSL_CERT_FILE=/dev/null", no_folder[] = "SSL_CERT_DIR=/dev/null";
	char *const nothing[] = {no_file, no_folder, NULL}, *const by_file[] = {file, no_folder, NULL};
	char *const by_folder[] = {folder, NULL};

	const struct trust_source sources[] = {
		{.ca_certificate = pem, .name = name, .environment = nothing},
		{.ca_certificate = pem, .ca_directory = fuzz_folder(), .name = name, .environment = nothing},
		{.name = name, .environment = by_file},
		{.name = name, .environment = by_folder},
	};

	/* One a run: they are slow. */
	fuzz_write(path, input.bytes, input.length);
	trust(&sources[strlen(name) % array_length(sources)]);
}
