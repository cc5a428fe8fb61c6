/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/base64.h"

#include <string.h>

#include "common/base/scoped.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *write_with(const char *digits, const char *padding, const unsigned char *bytes, size_t length)
{
	char *text = memory_get(length / 3 + 1, 4 + 1);
	char *at = text;

	for (size_t i = 0; i < length; i += 3) {
		unsigned bits = 0;
		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (i + j < length ? bytes[i + j] : 0);
		for (size_t j = 0; j < 4 && (i + j <= length || *padding); j++)
			*at++ = i + j <= length ? digits[bits >> (18 - 6 * j) & 63] : *padding;
	}
	return text;
}

char *base64_standard(const void *bytes, size_t length)
{
	return write_with(standard, "=", bytes, length);
}

char *base64_url(const void *bytes, size_t length)
{
	return write_with(url, "", bytes, length);
}

static int value_of(char digit)
{
	const char *found = digit ? strchr(standard, digit) : NULL;

	if (found)
		return (int)(found - standard);
	found = digit ? strchr(url, digit) : NULL;
	return found ? (int)(found - url) : -1;
}

long base64_read(const char *text, unsigned char *bytes, size_t most)
{
	size_t count = 0;
	unsigned bits = 0, held = 0;

	for (; value_of(*text) >= 0; text++) {
		bits = (bits << 6 | (unsigned)value_of(*text)) & 0xffff;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		if (count == most)
			return -1;
		bytes[count++] = (unsigned char)(bits >> held);
	}
	text += strspn(text, "=");
	return *text ? -1 : (long)count;
}
