/* SPDX-License-Identifier: Apache-2.0 */
/* The CA of a controller as the store has it: a line with the name to verify, then the PEM. */
#include "common/wire/trust.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(const char *bytes, size_t length)
{
	static char *const environment[] = {"SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=/dev/null", NULL};
	struct fuzz_input input = {bytes, length};
	scoped(string) char *name = fuzz_line(&input);
	scoped(string) char *pem = fuzz_text(&input);
	const struct trust_source source = {.ca_certificate = pem, .name = name, .environment = environment};
	scoped(error) struct error *error = NULL;
	scoped(trust) struct trust *trust = trust_new(&source, &error);

	fuzz_expect_error(trust == NULL, error);
	fuzz_expect(error == NULL || error->kind == ERROR_STORE || error->kind == ERROR_FAILED);
	if (trust == NULL)
		return;
	fuzz_expect(trust_is_for(trust, &source) && trust_context(trust) != NULL);
	fuzz_expect(trust_failure(trust, "there", NULL) == 0);
}
