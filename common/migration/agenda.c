/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/migration/steps.h"

void agenda_init(struct engine *engine)
{
	engine->agenda.heap = memory_get(engine->count, sizeof(struct migration *));
	engine->agenda.marked = memory_get(engine->count, sizeof(struct migration *));
}

void agenda_release(struct engine *engine)
{
	free(engine->agenda.heap);
	free(engine->agenda.marked);
}

static void place(struct agenda *agenda, size_t at, struct migration *migration)
{
	agenda->heap[at] = migration;
	migration->state.place = at;
}

static void sift_up(struct agenda *agenda, size_t at, struct migration *migration)
{
	while (at > 0 && agenda->heap[(at - 1) / 2]->state.due > migration->state.due) {
		place(agenda, at, agenda->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	place(agenda, at, migration);
}

static void sift_down(struct agenda *agenda, size_t at, struct migration *migration)
{
	for (size_t child = 2 * at + 1; child < agenda->length; child = 2 * at + 1) {
		if (child + 1 < agenda->length && agenda->heap[child + 1]->state.due < agenda->heap[child]->state.due)
			child++;
		if (agenda->heap[child]->state.due >= migration->state.due)
			break;
		place(agenda, at, agenda->heap[child]);
		at = child;
	}
	place(agenda, at, migration);
}

void agenda_add(struct engine *engine, struct migration *migration)
{
	migration->state.due = INSTANT_NEVER;
	sift_up(&engine->agenda, engine->agenda.length++, migration);
}

void agenda_set(struct engine *engine, struct migration *migration, int64_t due)
{
	bool sooner = due < migration->state.due;

	migration->state.due = due;
	if (sooner)
		sift_up(&engine->agenda, migration->state.place, migration);
	else
		sift_down(&engine->agenda, migration->state.place, migration);
}

void agenda_remove(struct engine *engine, struct migration *migration)
{
	struct agenda *agenda = &engine->agenda;
	size_t at = migration->state.place;
	struct migration *last = agenda->heap[--agenda->length];

	if (last == migration)
		return;
	place(agenda, at, last);
	sift_up(agenda, at, last);
	sift_down(agenda, last->state.place, last);
}

void agenda_mark(struct engine *engine, struct migration *migration)
{
	if (migration->state.marked)
		return;
	migration->state.marked = true;
	engine->agenda.marked[engine->agenda.marked_length++] = migration;
}

void agenda_mark_all(struct engine *engine)
{
	for (size_t i = 0; i < engine->agenda.length; i++)
		agenda_mark(engine, engine->agenda.heap[i]);
}

/* Does not change the heap: due ones are at its top, and every parent of a due one is due. */
static void mark_due(struct engine *engine, size_t at)
{
	const struct agenda *agenda = &engine->agenda;

	if (at >= agenda->length || agenda->heap[at]->state.due > engine->now)
		return;
	agenda_mark(engine, agenda->heap[at]);
	mark_due(engine, 2 * at + 1);
	mark_due(engine, 2 * at + 2);
}

int64_t agenda_work(struct engine *engine)
{
	struct agenda *agenda = &engine->agenda;

	mark_due(engine, 0);
	for (size_t i = 0; i < agenda->marked_length; i++) {
		struct migration *migration = agenda->marked[i];

		migration->state.marked = false;
		if (!migration->state.flying)
			continue;
		int64_t due = watch_step(engine, migration);
		if (migration->stage >= STAGE_START)
			step_remember(engine, migration);
		if (migration->state.flying)
			agenda_set(engine, migration, due);
	}
	agenda->marked_length = 0;
	return agenda->length > 0 ? agenda->heap[0]->state.due : INSTANT_NEVER;
}
