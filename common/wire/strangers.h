/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints that have turned out to be another controller than the one the store names: nothing is sent to them again.
 */
#ifndef COMMON_WIRE_STRANGERS_H
#define COMMON_WIRE_STRANGERS_H

#include <stddef.h>

#include "common/base/error.h"

/* Most that are kept: as many as endpoints of one entry are dialled. */
#define STRANGERS_MAX 64

/* All zero is empty; what it holds is owned (strangers_release). */
struct strangers {
	struct {
		char *endpoint;
		struct error *error;
	} list[STRANGERS_MAX];
	size_t count;
};

/* Adds an endpoint with what is to be said about it, both copied; one that is there already stays as it is. */
void strangers_add(struct strangers *strangers, const char *endpoint, const struct error *error);

/* Returns what is to be said about an endpoint, borrowed, or NULL when it is none of these. */
const struct error *strangers_find(const struct strangers *strangers, const char *endpoint);

/* Frees all and leaves it empty. */
void strangers_release(struct strangers *strangers);

#endif
