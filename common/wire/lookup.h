/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking a host name up without keeping the loop waiting: the system's resolver works in a thread of its own.
 */
#ifndef COMMON_WIRE_LOOKUP_H
#define COMMON_WIRE_LOOKUP_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/wire/loop.h"

/* Most addresses of one name that are used. */
#define LOOKUP_ADDRESSES_MAX 16

struct lookup;

/* Called once, from the loop: `count` addresses as text (borrowed for the call, no duplicates), or 0 and `error`
 * (borrowed, ERROR_NETWORK). The lookup may be freed in it. */
typedef void lookup_done(void *context, const char *const *addresses, size_t count, const struct error *error);

/* Begins to look `host` up. Returns the lookup, owned by the caller (lookup_free). */
struct lookup *lookup_start(struct loop *loop, const char *host, lookup_done *done, void *context);

/* Releases a lookup, finished or not; `done` is not called any more. NULL is allowed. */
void lookup_free(struct lookup *lookup);

#endif
