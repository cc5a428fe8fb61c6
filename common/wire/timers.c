/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/timers.h"

#include <stdlib.h>

#include "common/base/scoped.h"

struct timers_entry {
	int64_t at;
	uint64_t sequence;
	struct loop_timer *timer;
};

static int before(const struct timers_entry *one, const struct timers_entry *other)
{
	if (one->at != other->at)
		return one->at < other->at;
	return one->sequence < other->sequence;
}

static void put(struct timers *timers, size_t place, struct timers_entry entry)
{
	timers->entries[place] = entry;
	entry.timer->place = place + 1;
}

static void sift_up(struct timers *timers, size_t place, struct timers_entry entry)
{
	while (place > 0) {
		size_t parent = (place - 1) / 2;

		if (!before(&entry, &timers->entries[parent]))
			break;
		put(timers, place, timers->entries[parent]);
		place = parent;
	}
	put(timers, place, entry);
}

static void sift_down(struct timers *timers, size_t place, struct timers_entry entry)
{
	for (size_t child = 2 * place + 1; child < timers->count; child = 2 * place + 1) {
		if (child + 1 < timers->count && before(&timers->entries[child + 1], &timers->entries[child]))
			child++;
		if (!before(&timers->entries[child], &entry))
			break;
		put(timers, place, timers->entries[child]);
		place = child;
	}
	put(timers, place, entry);
}

void timers_set(struct timers *timers, struct loop_timer *timer)
{
	timers_remove(timers, timer);
	timers->entries = memory_room(timers->entries, timers->count, &timers->capacity, sizeof(*timers->entries));
	struct timers_entry entry = {.at = timer->at, .sequence = ++timers->sequence, .timer = timer};
	timers->count++;
	sift_up(timers, timers->count - 1, entry);
}

void timers_remove(struct timers *timers, struct loop_timer *timer)
{
	if (timer->place == 0)
		return;
	size_t place = timer->place - 1;
	timer->place = 0;
	struct timers_entry last = timers->entries[--timers->count];
	if (last.timer == timer)
		return;
	if (place > 0 && before(&last, &timers->entries[(place - 1) / 2]))
		sift_up(timers, place, last);
	else
		sift_down(timers, place, last);
}

int64_t timers_next(const struct timers *timers)
{
	return timers->count > 0 ? timers->entries[0].at : INSTANT_NEVER;
}

struct loop_timer *timers_due(struct timers *timers, int64_t now)
{
	if (timers->count == 0 || timers->entries[0].at > now)
		return NULL;
	struct loop_timer *timer = timers->entries[0].timer;
	timers_remove(timers, timer);
	return timer;
}

void timers_release(struct timers *timers)
{
	for (size_t i = 0; i < timers->count; i++)
		timers->entries[i].timer->place = 0;
	free(timers->entries);
	*timers = (struct timers){0};
}
