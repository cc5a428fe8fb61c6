/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The set of timers of a loop: a heap that keeps timers due at the same instant in the order in which they were set.
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

/* Puts `timer` in, due at timer->at; when it is in already, it moves there, behind all that are due at the same
 * instant. */
void timers_set(struct timers *timers, struct loop_timer *timer);

/* Takes `timer` out; nothing when it is not in. */
void timers_remove(struct timers *timers, struct loop_timer *timer);

/* Returns when the first timer is due, INSTANT_NEVER when there is none. */
int64_t timers_next(const struct timers *timers);

/* Takes out and returns the first timer if it is due at `now`, else NULL. It stays the caller's. */
struct loop_timer *timers_due(struct timers *timers, int64_t now);

/* Frees the set; timers still in it count as not set from then on. */
void timers_release(struct timers *timers);

#endif
