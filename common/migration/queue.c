/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "common/migration/steps.h"

/* A model that gets its turn after the first ones needs a new list; turns are this far apart so that several share one: for each model
 * that may be in flight, and within these bounds. */
#define ADMIT_APART_EACH (20 * INSTANT_MILLISECOND)
#define ADMIT_APART_LEAST (250 * INSTANT_MILLISECOND)
#define ADMIT_APART_MOST (2 * INSTANT_SECOND)

static int by_uuid(const void *one, const void *other)
{
	const struct migration *const *first = one, *const *second = other;
	int order = strcmp((*first)->uuid, (*second)->uuid);

	if (order != 0)
		return order;
	/* Both are of one array: the earlier word comes first. */
	return *first < *second ? -1 : 1;
}

void queue_init(struct engine *engine)
{
	engine->queue = memory_get(engine->count, sizeof(*engine->queue));
}

static void push(struct engine *engine, const struct migration *migration)
{
	size_t last = (engine->queue_first + engine->queue_length++) % engine->count;

	engine->queue[last] = (size_t)(migration - engine->migrations);
}

static struct migration *pop(struct engine *engine)
{
	struct migration *first = &engine->migrations[engine->queue[engine->queue_first]];

	if (++engine->queue_first == engine->count)
		engine->queue_first = 0;
	engine->queue_length--;
	return first;
}

/* Ends every word but the first that names the same model. */
static void end_duplicates(struct engine *engine)
{
	scoped(memory) struct migration **sorted = memory_get(engine->count, sizeof(struct migration *));
	size_t count = 0;

	for (size_t i = 0; i < engine->count; i++)
		if (engine->migrations[i].stage == STAGE_QUEUED)
			sorted[count++] = &engine->migrations[i];
	qsort(sorted, count, sizeof(struct migration *), by_uuid);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (!string_same(sorted[i]->uuid, sorted[first]->uuid)) {
			first = i;
			continue;
		}
		migration_detail(sorted[i], sorted[first]->word);
		step_end(engine, sorted[i], RESULT_NONE, CAUSE_DUPLICATE);
	}
}

void queue_begin(struct engine *engine)
{
	end_duplicates(engine);
	for (size_t i = 0; i < engine->count; i++)
		if (engine->migrations[i].stage == STAGE_QUEUED)
			push(engine, &engine->migrations[i]);
	engine->several = engine->queue_length > 1;
	queue_admit(engine, true);
}

/* Returns when the next model may get its turn. */
static int64_t next_turn(const struct engine *engine)
{
	int64_t apart = engine->parallel < 100 ? (int64_t)engine->parallel * ADMIT_APART_EACH : ADMIT_APART_MOST;
	int64_t from = engine->pace.admitted;

	if (apart < ADMIT_APART_LEAST)
		apart = ADMIT_APART_LEAST;
	if (engine->agenda.length > 0 && engine->pace.listed > from)
		from = engine->pace.listed;
	return from + apart;
}

int64_t queue_admit(struct engine *engine, bool fresh)
{
	int64_t from = fresh ? engine->now : next_turn(engine);

	while (engine->queue_length > 0 && engine->agenda.length < pause_room(engine)) {
		if (from > engine->now && engine->pace.admitted != engine->now)
			return from;
		struct migration *migration = pop(engine);

		migration->state.flying = true;
		migration->state.turns++;
		agenda_add(engine, migration);
		pause_admitted(engine, migration);
		if (!fresh)
			engine->pace.admitted = engine->now;
		locate_begin(engine, migration, fresh);
	}
	return INSTANT_NEVER;
}

void queue_again(struct engine *engine, struct migration *migration)
{
	if (migration->state.sent != 0 && engine->port.forget != NULL && !migration->other_run)
		engine->port.forget(engine->port.context, (size_t)(migration - engine->migrations));
	queue_land(engine, migration);
	migration_renew(migration);
	migration->stage = STAGE_QUEUED;
	push(engine, migration);
}

void queue_land(struct engine *engine, struct migration *migration)
{
	if (!migration->state.flying)
		return;
	agenda_remove(engine, migration);
	migration->state.flying = false;
	sockets_end(engine, migration);
}

/* True if the journal has it: an earlier run has begun to move it, or another one is about to. "Not started" would say too little. */
static bool known(const struct engine *engine, const struct migration *migration)
{
	return engine->port.recall != NULL &&
	       engine->port.recall(engine->port.context, (size_t)(migration - engine->migrations), migration->uuid) !=
		       NULL;
}

static void end_unstarted(
	struct engine *engine, struct migration *migration, enum migration_cause cause, enum migration_cause if_known)
{
	bool undecided = known(engine, migration);

	step_end(engine, migration, undecided ? RESULT_UNDECIDED : RESULT_FAILED, undecided ? if_known : cause);
}

void queue_close(struct engine *engine, enum migration_cause cause, const char *detail)
{
	while (engine->queue_length > 0) {
		struct migration *migration = pop(engine);

		migration_detail(migration, detail);
		end_unstarted(engine, migration, cause, cause);
	}
}

void queue_leave(struct engine *engine, struct migration *migration)
{
	if (engine->count == 1)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LEFT_BEFORE);
	else
		end_unstarted(engine, migration, CAUSE_NOT_STARTED, CAUSE_LEFT_BEFORE);
}
