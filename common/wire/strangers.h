/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints that turned out to be another controller than the one in the store: nothing is sent to them again.
 */
#ifndef COMMON_WIRE_STRANGERS_H
#define COMMON_WIRE_STRANGERS_H

#include <stddef.h>

#include "common/base/error.h"

/* Most endpoints kept: as many as are dialled for one entry. */
#define STRANGERS_MAX 64

/* All zero is empty; strangers_release when done. */
struct strangers {
	struct {
		char *endpoint;
		struct error *error;
	} list[STRANGERS_MAX];
	size_t count;
};

/* Adds an endpoint and its error, both copied; does nothing when it is there already. */
void strangers_add(struct strangers *strangers, const char *endpoint, const struct error *error);

/* Returns the error of an endpoint, borrowed, or NULL when it is not one of these. */
const struct error *strangers_find(const struct strangers *strangers, const char *endpoint);

/* Frees all and leaves it empty. */
void strangers_release(struct strangers *strangers);

#endif
