/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the loop offers to the rest of the wire layer only.
 *
 * libwebsockets calls back in the middle of its own work, where next to nothing may be freed. Its callbacks therefore
 * only record what happened and set a timer at LOOP_SOON; the loop then calls the owners from outside.
 */
#ifndef COMMON_WIRE_LOOP_PRIVATE_H
#define COMMON_WIRE_LOOP_PRIVATE_H

#include "common/wire/loop.h"

/* A time for loop_timer_set: before any other timer and before the loop waits again; first set, first called. */
#define LOOP_SOON INT64_MIN

/* libwebsockets' own deadline for each step of a connection, in seconds of real time. It must be later than ours, which
 * go by the loop's clock; its default for the reply to a request with a body, 5, is too early. */
#define LOOP_SOCKET_SECONDS 120

struct lws_context;

/* True while `timer` is set. */
static inline int loop_timer_is_set(const struct loop_timer *timer)
{
	return timer->place != 0;
}

/* Returns the libwebsockets context for opening sockets, borrowed. */
struct lws_context *loop_context(struct loop *loop);

/* Returns the counters that the clock is given before each wait, borrowed, for the caller to count up. */
struct clock_traffic *loop_traffic(struct loop *loop);

/* Notes that a socket was active, so that the loop checks for work once more before it waits. */
void loop_touch(struct loop *loop);

/* Adds `change` to the number of activities other than sockets and timers (a name being looked up, a message waiting to
 * be written). While there are any, the clock is not told that the program is idle. */
void loop_busy(struct loop *loop, int change);

/* Returns the count for `held` of this loop's inboxes, borrowed; they update it. */
size_t *loop_held(struct loop *loop);

/* Returns where the transports keep one pointer, NULL at first. loop_free calls `release` with that pointer, after the
 * last socket is gone. */
void **loop_keepsake(struct loop *loop, void (*release)(void *kept));

#endif
