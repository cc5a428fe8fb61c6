/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_event.h"

#include <stdlib.h>

#include "common/base/scoped.h"

static int earlier(const struct world_event *one, const struct world_event *other)
{
	return one->at != other->at ? one->at < other->at : one->order < other->order;
}

static void put(struct world_queue *queue, size_t index, struct world_event *event)
{
	queue->heap[index] = event;
	event->index = index;
}

static void rise(struct world_queue *queue, struct world_event *event)
{
	size_t index = event->index;
	while (index > 0 && earlier(event, queue->heap[(index - 1) / 2])) {
		put(queue, index, queue->heap[(index - 1) / 2]);
		index = (index - 1) / 2;
	}
	put(queue, index, event);
}

static void sink(struct world_queue *queue, struct world_event *event)
{
	size_t index = event->index;
	for (;;) {
		size_t child = 2 * index + 1;
		if (child >= queue->count)
			break;
		if (child + 1 < queue->count && earlier(queue->heap[child + 1], queue->heap[child]))
			child++;
		if (!earlier(queue->heap[child], event))
			break;
		put(queue, index, queue->heap[child]);
		index = child;
	}
	put(queue, index, event);
}

static void take_out(struct world_queue *queue, struct world_event *event)
{
	size_t index = event->index;
	struct world_event *last = queue->heap[--queue->count];
	if (last == event)
		return;
	put(queue, index, last);
	rise(queue, last);
	sink(queue, last);
}

struct world_event *world_queue_add(struct world_queue *queue, int64_t at, void (*run)(void *context), void *context)
{
	struct world_event *event = memory_get(1, sizeof(*event));
	event->at = at;
	event->order = queue->order++;
	event->run = run;
	event->context = context;
	queue->heap = memory_room(queue->heap, queue->count, &queue->capacity, sizeof(struct world_event *));
	put(queue, queue->count++, event);
	rise(queue, event);
	return event;
}

void world_queue_cancel(struct world_queue *queue, struct world_event **event)
{
	if (!*event)
		return;
	take_out(queue, *event);
	free(*event);
	*event = NULL;
}

void world_queue_move(struct world_queue *queue, struct world_event *event, int64_t at)
{
	event->at = at;
	event->order = queue->order++;
	rise(queue, event);
	sink(queue, event);
}

int64_t world_queue_next(const struct world_queue *queue)
{
	return queue->count ? queue->heap[0]->at : INT64_MAX;
}

void world_queue_run(struct world_queue *queue)
{
	struct world_event *event = queue->heap[0];
	void (*run)(void *) = event->run;
	void *context = event->context;
	take_out(queue, event);
	free(event);
	run(context);
}

void world_queue_release(struct world_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		free(queue->heap[i]);
	free(queue->heap);
	queue->heap = NULL;
	queue->count = queue->capacity = 0;
}
