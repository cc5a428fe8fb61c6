/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instants: nanoseconds in an int64_t, either since 1970 UTC (what servers send) or since some point of our own clock.
 * Durations are the same type. INSTANT_NONE is "not known".
 */
#ifndef COMMON_BASE_INSTANT_H
#define COMMON_BASE_INSTANT_H

#include <stdint.h>

#define INSTANT_NONE INT64_MIN
#define INSTANT_NEVER INT64_MAX
#define INSTANT_MILLISECOND INT64_C(1000000)
#define INSTANT_SECOND INT64_C(1000000000)
#define INSTANT_MINUTE (60 * INSTANT_SECOND)
/* Bytes that instant_format needs, the NUL included. */
#define INSTANT_TEXT_SIZE 40

/* Parses an RFC 3339 text (0 to 9 fraction digits, "Z" or an offset). Returns nanoseconds since 1970 UTC, or
 * INSTANT_NONE for NULL, for any other text, and for years that do not fit (such as Go's zero time, 0001-01-01). */
int64_t instant_parse(const char *text);

/* Writes `instant` (nanoseconds since 1970 UTC) as RFC 3339 in UTC with as many fraction digits as needed, none for whole
 * seconds, and returns `buffer`; "" for INSTANT_NONE. */
const char *instant_format(int64_t instant, char buffer[INSTANT_TEXT_SIZE]);

#endif
