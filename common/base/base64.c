/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/base64.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/secret.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *bytes, size_t length)
{
	const unsigned char *from = bytes;
	char *text = memory_get((length + 2) / 3 * 4 + 1, 1);
	char *to = text;

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t group = (uint32_t)from[i] << 16 | (uint32_t)(left > 1 ? from[i + 1] : 0) << 8 |
				 (uint32_t)(left > 2 ? from[i + 2] : 0);

		*to++ = alphabet[group >> 18];
		*to++ = alphabet[group >> 12 & 63];
		*to++ = '=';
		*to++ = '=';
		if (left > 1)
			to[-2] = alphabet[group >> 6 & 63];
		if (left > 2)
			to[-1] = alphabet[group & 63];
	}
	*to = '\0';
	return text;
}

/* Returns the value of a character, or -1. */
static int value_of(char character)
{
	if (character == '-')
		character = '+';
	if (character == '_')
		character = '/';
	const char *found = character != '\0' ? strchr(alphabet, character) : NULL;

	return found != NULL ? (int)(found - alphabet) : -1;
}

/* Fills `bytes`. Returns 0, or -1 when it is not base64. */
static int decode(const char *text, size_t length, char *bytes)
{
	uint32_t bits = 0;
	size_t size = 0;

	for (size_t i = 0; i < length; i++) {
		int value = value_of(text[i]);

		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4 > 0)
			bytes[size++] = (char)(bits >> (6 - 2 * (i % 4)) & 255);
	}
	return 0;
}

char *base64_decode(const char *text, size_t length, size_t *size)
{
	*size = 0;
	for (int i = 0; i < 2 && length > 0 && text[length - 1] == '='; i++)
		length--;
	if (length % 4 == 1)
		return NULL;
	size_t filled = length / 4 * 3 + (length % 4 > 0 ? length % 4 - 1 : 0);
	char *bytes = memory_get(filled + 1, 1);
	if (decode(text, length, bytes) == 0) {
		*size = filled;
		return bytes;
	}
	secret_erase(bytes, filled);
	free(bytes);
	return NULL;
}
