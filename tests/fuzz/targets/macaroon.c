/* SPDX-License-Identifier: Apache-2.0 */
/* A macaroon as JSON, in each of its forms; bound, written as a set, and that read again. */
#include <string.h>

#include "tests/fuzz/macaroon.h"

void fuzz_one(const char *bytes, size_t length)
{
	scoped(string) char *text = fuzz_text(&(struct fuzz_input){bytes, length});
	scoped(secret) struct secret *json = secret_new(text, strlen(text));
	scoped(error) struct error *error = NULL;
	scoped(macaroon) struct macaroon *macaroon = macaroon_parse(json, &error);

	fuzz_expect_error(macaroon == NULL, error);
	macaroon_set_expires(json);
	if (macaroon != NULL)
		fuzz_macaroon(macaroon);
}
