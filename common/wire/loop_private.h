/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the loop offers to the rest of the wire layer only.
 *
 * libwebsockets calls back in the middle of its own work, where next to nothing may be freed. Therefore its
 * callbacks only write down what happened and set a timer at LOOP_SOON; the loop then calls the people concerned
 * from outside.
 */
#ifndef COMMON_WIRE_LOOP_PRIVATE_H
#define COMMON_WIRE_LOOP_PRIVATE_H

#include "common/wire/loop.h"

/* A time for loop_timer_set: before any other timer, and before the loop waits again; first set, first called. */
#define LOOP_SOON INT64_MIN

/* libwebsockets' own deadline for each step of a connection, in seconds of real time. It must lie behind ours, which go by the loop's clock; its
 * default would be 5 while it waits for the reply to a request with a body. */
#define LOOP_SOCKET_SECONDS 120

struct lws_context;

/* True while `timer` waits to fire. */
static inline int loop_timer_is_set(const struct loop_timer *timer)
{
	return timer->place != 0;
}

/* Returns the context on which sockets are opened, borrowed. */
struct lws_context *loop_context(struct loop *loop);

/* Returns the counters that the clock is told before the loop waits, borrowed, to be counted up. */
struct clock_traffic *loop_traffic(struct loop *loop);

/* Notes that a socket has done something, so the loop looks around once more before it waits. */
void loop_touch(struct loop *loop);

/* Adds `change` to the number of things that are going on outside of sockets and timers (a name being looked up, a
 * message that waits to be written). As long as there are any, the clock is not told that the program is idle. */
void loop_busy(struct loop *loop, int change);

/* Returns the count of bytes that inboxes of this loop hold, borrowed, to be counted by them. */
size_t *loop_held(struct loop *loop);

/* Returns a place for one pointer of the transports', NULL at first. When the loop is freed, `release` is called with
 * what stands there then, after the last socket is gone. */
void **loop_keepsake(struct loop *loop, void (*release)(void *kept));

#endif
