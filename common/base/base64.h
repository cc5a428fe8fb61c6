/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64: written in the standard alphabet with padding, read in any of its usual spellings.
 */
#ifndef COMMON_BASE_BASE64_H
#define COMMON_BASE_BASE64_H

#include <stddef.h>

/* Returns `length` bytes as base64, owned by the caller (free()). */
char *base64_encode(const void *bytes, size_t length);

/* Returns the bytes that `length` characters of base64 stand for, with a NUL behind them, owned by the caller (free()), and sets
 * `*size` to how many. Standard and URL alphabet may be mixed; padding may be missing. Returns NULL when it is no
 * base64. */
char *base64_decode(const char *text, size_t length, size_t *size);

#endif
