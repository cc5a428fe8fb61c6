/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is due when: a queue of events in order of time; events of the same time run in the order in which they were made.
 */
#ifndef TESTS_SIM_WORLD_EVENT_H
#define TESTS_SIM_WORLD_EVENT_H

#include <stddef.h>
#include <stdint.h>

struct world_event {
	int64_t at;                 /* instant at which it is due */
	uint64_t order;             /* the one made earlier comes first */
	size_t index;               /* place in the heap */
	void (*run)(void *context); /* what happens */
	void *context;
};

struct world_queue {
	struct world_event **heap;
	size_t count;
	size_t capacity;
	uint64_t order;
};

/* Adds an event that calls `run(context)` at `at`. Returns it, owned by the queue: valid until it begins to run or is
 * cancelled. */
struct world_event *world_queue_add(struct world_queue *queue, int64_t at, void (*run)(void *context), void *context);

/* Takes `*event` out of the queue and sets it to NULL; nothing when it is NULL. */
void world_queue_cancel(struct world_queue *queue, struct world_event **event);

/* Makes an event of the queue due at `at`. */
void world_queue_move(struct world_queue *queue, struct world_event *event, int64_t at);

/* Returns the instant of the next event, INT64_MAX when there is none. */
int64_t world_queue_next(const struct world_queue *queue);

/* Runs the next event; the queue must not be empty. The event is released before its function is called. */
void world_queue_run(struct world_queue *queue);

/* Releases the queue with all its events. */
void world_queue_release(struct world_queue *queue);

#endif
