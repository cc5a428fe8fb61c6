/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timers of a loop: a heap in which timers due at the same instant stay in the order in which they were set.
 */
#ifndef COMMON_WIRE_TIMERS_H
#define COMMON_WIRE_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include "common/wire/loop.h"

/* All zero is an empty set; timers_release when done. */
struct timers {
	struct timers_entry *entries;
	size_t count;
	size_t capacity;
	uint64_t sequence; /* of the timer set last */
};

/* Adds `timer`, due at timer->at. One that is in already moves, behind all others due at the same instant. */
void timers_set(struct timers *timers, struct loop_timer *timer);

/* Removes `timer`; does nothing when it is not in. */
void timers_remove(struct timers *timers, struct loop_timer *timer);

/* Returns when the first timer is due, INSTANT_NEVER when there is none. */
int64_t timers_next(const struct timers *timers);

/* Removes and returns the first timer if it is due at `now`, else NULL. It stays the caller's. */
struct loop_timer *timers_due(struct timers *timers, int64_t now);

/* Frees the set; timers still in it are unset. */
void timers_release(struct timers *timers);

#endif
