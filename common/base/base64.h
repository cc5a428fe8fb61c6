/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64: encodes in the standard alphabet with padding, decodes any of its usual variants.
 */
#ifndef COMMON_BASE_BASE64_H
#define COMMON_BASE_BASE64_H

#include <stddef.h>

/* Returns `length` bytes as base64, owned by the caller (free()). */
char *base64_encode(const void *bytes, size_t length);

/* Decodes `length` characters of base64. Standard and URL alphabet may be mixed; padding may be missing. Returns the
 * bytes with a NUL behind them, owned by the caller (free()), and sets `*size` to their number; NULL when it is not
 * base64. */
char *base64_decode(const char *text, size_t length, size_t *size);

#endif
