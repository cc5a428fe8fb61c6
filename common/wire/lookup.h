/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks up a host name without blocking the loop: the system's resolver runs in a thread of its own.
 */
#ifndef COMMON_WIRE_LOOKUP_H
#define COMMON_WIRE_LOOKUP_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/wire/loop.h"

/* Most addresses used for one name. */
#define LOOKUP_ADDRESSES_MAX 16

struct lookup;

/* Called once, from the loop, with `count` addresses as text (borrowed for the call, no duplicates), or 0 and `error`
 * (borrowed, ERROR_NETWORK or ERROR_FAILED). It may free the lookup. */
typedef void lookup_done(void *context, const char *const *addresses, size_t count, const struct error *error);

/* Begins to look up `host`. Returns the lookup, owned by the caller (lookup_free). */
struct lookup *lookup_start(struct loop *loop, const char *host, lookup_done *done, void *context);

/* Frees a lookup, finished or not; `done` will not be called any more. NULL is allowed. */
void lookup_free(struct lookup *lookup);

#endif
