/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of simulated time (tests/clock/clock.h): it knows the programs that run on it, and whether they and
 * the server have nothing left to do.
 */
#ifndef TESTS_SIM_SERVER_CLOCK_H
#define TESTS_SIM_SERVER_CLOCK_H

#include "common/base/error.h"
#include "tests/clock/clock.h"

/* Most programs that run on one clock at the same time. */
#define SERVER_CLOCK_PROGRAMS 8

struct server_clock_program {
	int descriptor; /* 0 when the place is free */
	int told;       /* has a notice that names the last news */
	struct clock_news news;
	struct clock_notice notice;
};

struct server_clock {
	int listening; /* -1: real time */
	char *path;
	int64_t start; /* wall time of the world's start */
	int64_t grace; /* CLOCK_GRACE; more where everything is slow */
	struct server_clock_program programs[SERVER_CLOCK_PROGRAMS];
	struct clock_traffic written_off; /* what may be subtracted: see server_clock_settled */
	int64_t changed;                  /* real time at which anything was last seen to change */
	uint64_t last_sum;                /* what it was recognised by */
};

/* What the server has seen itself, since its start. */
struct server_clock_view {
	struct clock_traffic seen; /* from the server's side: `dialled` = accepted */
	uint64_t loose;            /* messages sent since time last moved on connections that have ended since */
	uint64_t fresh;            /* messages sent since time last moved on connections that are still open */
	int quiet;                 /* no connection is half-way through its opening, its end, or a write */
	uint64_t activity;         /* changes with everything that happens in the server */
};

/* Listens on `path` for programs; `start` is the wall time of CLOCK_START_MONOTONIC. A NULL path means real time.
 * Returns 0, or -1 with ERROR_FAILED. Released by server_clock_release in either case. */
int server_clock_init(struct server_clock *clock, const char *path, int64_t start, struct error **error);
void server_clock_release(struct server_clock *clock);

/* Accepts a program that has connected, and tells it the time. `view` as for server_clock_settled. */
void server_clock_accept(struct server_clock *clock, int64_t wall, const struct server_clock_view *view);

/* Reads what program `place` has sent, or learns that it has gone. */
void server_clock_read(struct server_clock *clock, int place, const struct server_clock_view *view);

/* Returns 0 if time may move; INSTANT_NEVER if only another event can allow that; else how long to wait for one, in
 * nanoseconds of real time. Call it when nothing can be read from any descriptor. */
int64_t server_clock_settled(struct server_clock *clock, const struct server_clock_view *view);

/* Returns the earliest timer of all programs as wall time, INSTANT_NEVER without one. */
int64_t server_clock_until(const struct server_clock *clock);

/* Tells every program that it is `wall` now. */
void server_clock_tell(struct server_clock *clock, int64_t wall);

/* Returns the real time, in nanoseconds since an arbitrary point. */
int64_t server_clock_real(void);

#endif
