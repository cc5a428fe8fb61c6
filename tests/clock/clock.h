/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program on simulated time and the simulated JAAS tell each other, so that time passes exactly when neither of
 * them has anything left to do.
 *
 * They speak over a SOCK_SEQPACKET socket, one struct a packet; CLOCK_VARIABLE names its path. The program connects and
 * waits for the first clock_news, so that the server knows of it before it dials. From then on
 *
 * - the program sends a clock_notice each time before it blocks: until when, what it has done on the wire so far, and
 *   the number of the last news it has taken in;
 * - the server sends clock_news when it has moved time, which it does only while
 *     1. every program's last notice names the last news that was sent to it (an older one is stale), and
 *     2. the counters of those notices, summed, agree with what the server has seen itself: every message sent by
 *        either side has been taken in by the other, every connection dialled has been accepted, and is open or ended
 *        on both sides (or one on which the server is silent on purpose), and
 *     3. nothing waits in any socket of the server.
 *   A program that has woken up since its notice must first have taken in something that it had not counted there, or
 *   does something that the server then counts: either breaks 2 until its next notice.
 *
 * Time then moves to the earliest of the programs' timers and the world's next event. When both are due at one instant,
 * the world goes first: what it sends reaches the program with a monotonic time one nanosecond short of the timer, the
 * timer gets its turn with the next news. So the order never depends on scheduling.
 *
 * Messages may be lost, and dials may go where the server does not see them. Where the counters can prove that a
 * difference is such a loss, it is written off at once; else after CLOCK_GRACE of real time without any change.
 */
#ifndef TESTS_CLOCK_CLOCK_H
#define TESTS_CLOCK_CLOCK_H

#include <stdint.h>

#include "common/base/clock.h"

/* Environment variable with the path of the server's clock socket. Without it the clock starts at CLOCK_START and
 * runs at the real pace. */
#define CLOCK_VARIABLE "SIM_CLOCK"

/* Nanoseconds since 1970 of 2026-07-01T10:00:00Z, at which a world begins unless its script says otherwise. */
#define CLOCK_START (INT64_C(1782900000) * INSTANT_SECOND)

/* The monotonic time at the world's start: not the same number, so that mistaking one for the other is seen. */
#define CLOCK_START_MONOTONIC (INT64_C(3600) * INSTANT_SECOND)

/* Real time without any change after which a difference that cannot be proved harmless is taken for a loss. */
#define CLOCK_GRACE INSTANT_SECOND

/* From the program: it is about to block. */
struct clock_notice {
	uint64_t seen; /* number of the last clock_news taken in */
	int64_t until; /* of the program's monotonic time; INSTANT_NEVER without a timer */
	struct clock_traffic traffic;
};

/* From the server: this is the time now. */
struct clock_news {
	uint64_t number;   /* 1 for the first one a program gets, then one more each time */
	int64_t monotonic; /* what clock_now returns, in nanoseconds */
	int64_t wall;      /* what clock_wall returns, in nanoseconds since 1970 */
};

#endif
