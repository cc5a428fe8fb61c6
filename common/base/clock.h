/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock: the only place from which the program takes the time.
 *
 * Whoever waits tells the clock so before it blocks, with the traffic so far, and also polls the clock's descriptor, if
 * there is one. The real clock ignores the traffic and has no descriptor; a simulated clock uses both to let time pass
 * exactly when nobody has anything left to do.
 */
#ifndef COMMON_BASE_CLOCK_H
#define COMMON_BASE_CLOCK_H

#include <stdint.h>

#include "common/base/error.h"
#include "common/base/instant.h"

struct clock;

/* Events on the wire, counted since the start; never reset. */
struct clock_traffic {
	uint64_t sent;     /* websocket text messages handed to the system */
	uint64_t received; /* websocket text messages taken in whole */
	uint64_t dialled;  /* TCP connections begun */
	uint64_t opened;   /* websockets opened */
	uint64_t ended;    /* of those dialled: failed, refused or closed by now */
};

/* Returns a clock, owned by the caller (clock_free), or NULL with an error. The real clock ignores `environment` and
 * cannot fail. */
struct clock *clock_new(char *const *environment, struct error **error);

/* Releases a clock; NULL is allowed. */
void clock_free(struct clock *clock);

/* Returns nanoseconds since an arbitrary point; never goes back, and goes on while the machine sleeps. */
int64_t clock_now(const struct clock *clock);

/* Returns nanoseconds since 1970 UTC. For display and records only: it may jump. */
int64_t clock_wall(const struct clock *clock);

/* Returns the descriptor to poll for reading beside the caller's own, or -1. It stays the same as long as the clock lives. */
int clock_descriptor(const struct clock *clock);

/* Tells the clock that the caller is about to block until `until` (of clock_now; INSTANT_NEVER without a timer) or
 * something arrives. Returns for how long, in nanoseconds of real time, or INSTANT_NEVER; -1: until the descriptor is
 * readable. */
int64_t clock_sleep(struct clock *clock, int64_t until, const struct clock_traffic *traffic);

/* Reads what has arrived on the descriptor. Call it when that is readable; does nothing for a clock without one. */
void clock_arrived(struct clock *clock);

SCOPED_DEFINE(clock, struct clock *, clock_free)

#endif
