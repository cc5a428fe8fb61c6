/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "common/migration/steps.h"

static int by_uuid(const void *one, const void *other)
{
	const struct migration *const *first = one, *const *second = other;
	int order = strcmp((*first)->uuid, (*second)->uuid);

	if (order != 0)
		return order;
	/* Both are of one array: the earlier word comes first. */
	return *first < *second ? -1 : 1;
}

void queue_begin(struct engine *engine)
{
	scoped(memory) struct migration **sorted = memory_get(engine->count, sizeof(*sorted));
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
	queue_admit(engine, true);
}

void queue_admit(struct engine *engine, bool fresh)
{
	while (engine->queued_from < engine->count && engine->flying < engine->parallel) {
		struct migration *migration = &engine->migrations[engine->queued_from];

		if (migration->stage == STAGE_SURVEY)
			return;
		engine->queued_from++;
		if (migration->stage != STAGE_QUEUED)
			continue;
		migration->state.flying = true;
		engine->flying++;
		locate_begin(engine, migration, fresh);
	}
}

void queue_land(struct engine *engine, struct migration *migration)
{
	engine->flying -= migration->state.flying;
	migration->state.flying = false;
}

void queue_leave(struct engine *engine, struct migration *migration)
{
	bool known = engine->count > 1 && engine->port.recall != NULL &&
		     engine->port.recall(
			     engine->port.context, (size_t)(migration - engine->migrations), migration->uuid) != NULL;

	/* Of one that an earlier run has begun to move more is to be said than that this run has not. */
	if (engine->count == 1 || known)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LEFT_BEFORE);
	else
		step_end(engine, migration, RESULT_FAILED, CAUSE_NOT_STARTED);
}
