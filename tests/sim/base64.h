/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Base64 as servers write it, in both alphabets, and as they read it: either alphabet, with or without padding.
 */
#ifndef TESTS_SIM_BASE64_H
#define TESTS_SIM_BASE64_H

#include <stddef.h>

/* Returns the padded standard text of `length` bytes, owned by the caller. */
char *base64_standard(const void *bytes, size_t length);

/* Returns the unpadded URL text of `length` bytes, owned by the caller. */
char *base64_url(const void *bytes, size_t length);

/* Decodes `text` into `bytes` (room for `most`). Returns how many bytes it holds, -1 if it is no base64 or too long. */
long base64_read(const char *text, unsigned char *bytes, size_t most);

#endif
