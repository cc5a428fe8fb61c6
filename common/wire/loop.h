/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one event loop: sockets (through libwebsockets), timers and a few descriptors of the caller's, on a
 * handed-in clock.
 *
 * Everything that is called back is called from loop_run, never from inside the call that asked for it. Nothing
 * here may be used from another thread or from a signal handler.
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

/* A timer; the caller owns the storage, zeroed before its first use, and must keep it in place while it is set. */
struct loop_timer {
	int64_t at;                   /* of clock_now */
	void (*fired)(void *context); /* called once; the timer is no longer set then, and may be set again or freed */
	void *context;
	size_t place; /* position among the set timers plus one, 0 when not set; belongs to the loop */
};

/* Returns a loop on `clock` (borrowed, must outlive it), owned by the caller (loop_free), or NULL with ERROR_FAILED.
 * `log` is borrowed, may be NULL. */
struct loop *loop_new(struct clock *clock, const struct log *log, struct error **error);

/* Releases a loop. Everything that lives on it (transports, dials, rpcs) must have been released before. */
void loop_free(struct loop *loop);

/* Returns the time of the loop's clock, in nanoseconds. */
int64_t loop_now(const struct loop *loop);

/* Sets `timer` to call `fired(context)` at `at` (of loop_now; the past means: as soon as possible), also when it
 * was set already. Timers due at the same instant fire in the order in which they were set. */
void loop_timer_set(
	struct loop *loop, struct loop_timer *timer, int64_t at, void (*fired)(void *context), void *context);

/* Unsets `timer`; nothing when it is not set. */
void loop_timer_cancel(struct loop *loop, struct loop_timer *timer);

/* Calls `ready(context)` whenever `descriptor` (borrowed, stays open as long as the loop lives; a signalfd, say)
 * can be read. Returns 0, or -1 with ERROR_FAILED. */
int loop_watch(struct loop *loop, int descriptor, void (*ready)(void *context), void *context, struct error **error);

/* As loop_watch (a hang-up counts as readable, once), for a descriptor that is not watched for the loop's whole life. Returns the watcher, owned by the
 * caller (loop_unwatch), or NULL with ERROR_FAILED. */
struct loop_watcher *loop_watch_begin(
	struct loop *loop, int descriptor, void (*ready)(void *context), void *context, struct error **error);

/* Ends a watch; `ready` is not called any more, `descriptor` may be closed. NULL is allowed. */
void loop_unwatch(struct loop *loop, struct loop_watcher *watcher);

/* Runs until loop_stop. Returns 0, or -1 with ERROR_FAILED when the system refuses to wait. May be called again. */
int loop_run(struct loop *loop, struct error **error);

/* Makes loop_run return as soon as the present callback has returned. */
void loop_stop(struct loop *loop);

SCOPED_DEFINE(loop, struct loop *, loop_free)

#endif
