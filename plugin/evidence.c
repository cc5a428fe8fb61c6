/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/evidence.h"

#include <stdlib.h>

/* JIMM does not look at it. */
#define ANY_USER "juju-jaas-migrate"

/* Before an attempt was seen there is no telling which lines belong to it. */
static bool is_wanted(const struct migration *migration)
{
	return migration->stage == STAGE_ENDED && migration->cause == CAUSE_VERDICT && migration->state.had_aborted &&
	       migration->state.start != INSTANT_NONE && migration->uuid != NULL;
}

static void take(void *context, const struct log_record *record)
{
	struct evidence_item *item = context;

	log_lines_take(&item->lines, record, item->migration->state.start);
}

static void over(void *context, const struct error *error)
{
	struct evidence_item *item = context;
	struct evidence *evidence = item->evidence;

	if (error != NULL)
		log_info(evidence->log, "command", "no log of model %s: %s", item->migration->uuid, error->message);
	log_reader_free(steal(item->reader));
	if (--evidence->open == 0)
		evidence->done(evidence->context);
}

static void begin(struct evidence *evidence, const struct migration *migration, const struct session_place *place)
{
	struct evidence_item *item = &evidence->items[evidence->count++];
	const struct log_reader_plan plan = {
		.place = place,
		.model_uuid = migration->uuid,
		.user = ANY_USER,
		.password = place->account.keys->token,
		.level = "WARNING",
		.since = migration->state.start,
		.record = take,
		.over = over,
		.context = item,
	};

	*item = (struct evidence_item){.evidence = evidence, .migration = migration};
	item->reader = log_reader_new(&plan);
	evidence->open++;
}

bool evidence_begin(struct evidence *evidence, const struct engine *engine, size_t count,
	const struct session_place *place, void (*done)(void *context), void *context)
{
	if (evidence->done != NULL)
		return evidence->open > 0;
	*evidence = (struct evidence){.log = place->log, .done = done, .context = context};
	if (place->account.keys->token == NULL)
		return false;
	for (size_t i = 0; i < count && evidence->count < EVIDENCE_MODELS_MAX; i++) {
		const struct migration *migration = engine_migration(engine, i);

		if (is_wanted(migration))
			begin(evidence, migration, place);
	}
	return evidence->open > 0;
}

struct log_lines *evidence_take(struct evidence *evidence, const struct migration *migration)
{
	for (size_t i = 0; i < evidence->count; i++) {
		struct evidence_item *item = &evidence->items[i];

		if (item->migration != migration || item->lines.count == 0)
			continue;
		struct log_lines *lines = memory_get(1, sizeof(*lines));
		*lines = item->lines;
		item->lines = (struct log_lines){.count = 0};
		return lines;
	}
	return NULL;
}

void evidence_release(struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->count; i++) {
		log_reader_free(steal(evidence->items[i].reader));
		log_lines_release(&evidence->items[i].lines);
	}
	*evidence = (struct evidence){.count = 0};
}
