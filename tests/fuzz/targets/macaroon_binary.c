/* SPDX-License-Identifier: Apache-2.0 */
/* A macaroon in its two binary forms. */
#include <stdlib.h>

#include "tests/fuzz/macaroon.h"

void fuzz_one(const char *bytes, size_t length)
{
	scoped(macaroon) struct macaroon *macaroon = memory_get(1, sizeof(*macaroon));

	if (macaroon_parse_binary(macaroon, bytes, length) == 0)
		fuzz_macaroon(macaroon);
}
