/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much memory JSON will take once it is read, told from its text beforehand: a few bytes of text make an object of
 * most of a kilobyte.
 */
#ifndef COMMON_BASE_JSON_WEIGHT_H
#define COMMON_BASE_JSON_WEIGHT_H

#include <stddef.h>

/* Returns about how many bytes json-c takes for `text`, rather too many than too few, and never less than `length`. It
 * need not be valid JSON, and may be nested as deep as it likes: from JSON_WEIGHT_DEPTH on all counts for the level above. */
size_t json_weight(const char *text, size_t length);

#define JSON_WEIGHT_DEPTH 64

#endif
