/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_token.h"

#include <string.h>

#include "common/base/scoped.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *world_token_encode(const char *plain)
{
	size_t length = strlen(plain);
	char *token = memory_get(length / 3 + 1, 4 + 1);
	char *at = token;
	for (size_t i = 0; i < length; i += 3) {
		unsigned bits = 0;
		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (i + j < length ? (unsigned char)plain[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			*at++ = i + j <= length ? digits[bits >> (18 - 6 * j) & 63] : '=';
	}
	return token;
}

bool world_token_decodes(const char *token)
{
	size_t length = strlen(token), used = strspn(token, digits);
	size_t padding = strspn(token + used, "=");
	return length % 4 == 0 && used + padding == length && padding <= 2;
}
