/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durations as people write them for juju: Go's form, "90s", "1h30m", "1.5h", "-5s", "0".
 */
#ifndef PLUGIN_DURATION_H
#define PLUGIN_DURATION_H

#include <stdint.h>

#include "common/base/error.h"

/* Reads a duration into `*duration` (nanoseconds). Returns 0, or -1 with an error of kind ERROR_USAGE whose text is the
 * one that Go gives (`time: invalid duration "abc"`). Units: ns us µs ms s m h. What does not fit 63 bits is invalid. */
int duration_parse(const char *text, int64_t *duration, struct error **error);

/* Returns a duration as Go prints it ("10m0s", "1.5s", "0s", "20ms"), owned by the caller (free()). */
char *duration_format(int64_t duration);

#endif
