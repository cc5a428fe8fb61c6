/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time of day in front of a line.
 */
#ifndef PLUGIN_TIMESTAMP_H
#define PLUGIN_TIMESTAMP_H

#include <stdint.h>

#define TIMESTAMP_SIZE sizeof("15:04:05")

/* Writes the time of day of `wall` (nanoseconds since 1970 UTC) in the local time zone, "15:04:05", into `buffer` and
 * returns it. */
const char *timestamp_format(int64_t wall, char buffer[TIMESTAMP_SIZE]);

#endif
