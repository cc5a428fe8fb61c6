/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An estimate, from the text of JSON, of how much memory it will take once it is read: a few bytes of text can make an object of nearly a
 * kilobyte.
 */
#ifndef COMMON_BASE_JSON_WEIGHT_H
#define COMMON_BASE_JSON_WEIGHT_H

#include <stddef.h>

/* Returns about how many bytes json-c takes for `text`, rather too many than too few, and never less than `length`. The text
 * need not be valid JSON, and may be nested to any depth: below JSON_WEIGHT_DEPTH everything counts as of the level above. */
size_t json_weight(const char *text, size_t length);

#define JSON_WEIGHT_DEPTH 64

#endif
