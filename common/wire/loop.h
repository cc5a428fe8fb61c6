/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event loop: sockets (through libwebsockets), timers and a few descriptors of the caller's, with the time from a
 * given clock.
 *
 * All callbacks are made from loop_run, never from inside the call that asked for them. Nothing here may be used from
 * another thread or from a signal handler.
 */
#ifndef COMMON_WIRE_LOOP_H
#define COMMON_WIRE_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"

struct loop;
struct loop_watcher;

/* A timer. The caller owns the storage, zeroes it before the first use, and must not move it while it is set. */
struct loop_timer {
	int64_t at;                   /* due, as of clock_now */
	void (*fired)(void *context); /* called once; the timer is no longer set then, and may be set again or freed */
	void *context;
	size_t place; /* position among the set timers plus one, 0 when not set; belongs to the loop */
};

/* Returns a loop on `clock` (borrowed, must outlive it), owned by the caller (loop_free), or NULL with ERROR_FAILED.
 * `log` is borrowed, may be NULL. */
struct loop *loop_new(struct clock *clock, const struct log *log, struct error **error);

/* Frees a loop. Everything that uses it (transports, dials, rpcs) must have been freed before. */
void loop_free(struct loop *loop);

/* Returns the time of the loop's clock, in nanoseconds. */
int64_t loop_now(const struct loop *loop);

/* Sets `timer` to call `fired(context)` at `at` (as of loop_now; a past time means as soon as possible), replacing what
 * was set before. Timers due at the same instant fire in the order in which they were set. */
void loop_timer_set(
	struct loop *loop, struct loop_timer *timer, int64_t at, void (*fired)(void *context), void *context);

/* Unsets `timer`; does nothing when it is not set. */
void loop_timer_cancel(struct loop *loop, struct loop_timer *timer);

/* Calls `ready(context)` whenever `descriptor` is readable (a signalfd, say; borrowed, must stay open as long as the
 * loop lives). Returns 0, or -1 with ERROR_FAILED. */
int loop_watch(struct loop *loop, int descriptor, void (*ready)(void *context), void *context, struct error **error);

/* As loop_watch, but until loop_unwatch; a hang-up counts as readable, once. Returns the watcher, owned by the caller
 * (loop_unwatch), or NULL with ERROR_FAILED. */
struct loop_watcher *loop_watch_begin(
	struct loop *loop, int descriptor, void (*ready)(void *context), void *context, struct error **error);

/* Ends a watch: `ready` is no longer called, and `descriptor` may be closed. NULL is allowed. */
void loop_unwatch(struct loop *loop, struct loop_watcher *watcher);

/* Runs until loop_stop. Returns 0, or -1 with ERROR_FAILED when waiting for the network fails. May be called again. */
int loop_run(struct loop *loop, struct error **error);

/* Makes loop_run return once the current callback has returned. */
void loop_stop(struct loop *loop);

SCOPED_DEFINE(loop, struct loop *, loop_free)

#endif
