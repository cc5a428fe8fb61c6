/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Estimates from JSON text how much memory it takes once parsed: a few bytes can become an object of nearly a kilobyte.
 */
#ifndef COMMON_BASE_JSON_WEIGHT_H
#define COMMON_BASE_JSON_WEIGHT_H

#include <stddef.h>

/* Returns about how many bytes json-c takes for `text`, rather too many than too few, and never less than `length`. The
 * text need not be valid JSON, and may be nested to any depth: levels beyond JSON_WEIGHT_DEPTH count as that one. */
size_t json_weight(const char *text, size_t length);

#define JSON_WEIGHT_DEPTH 64

#endif
