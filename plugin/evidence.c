/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/evidence.h"

#include "common/store/model_word.h"

/* JIMM ignores the user name. */
#define ANY_USER "juju-jaas-migrate"

/* If no attempt was seen, nothing tells which lines belong to it. */
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

static void take_of_source(void *context, const struct log_record *record)
{
	struct evidence_item *item = context;

	log_lines_take_master(&item->source_lines, record, item->migration->state.start, item->migration->uuid);
}

static void close_one(struct evidence *evidence)
{
	if (--evidence->open == 0)
		evidence->plan.done(evidence->plan.context);
}

static const struct log *log_of(const struct evidence *evidence)
{
	return evidence->plan.place->log;
}

static void over(void *context, const struct error *error)
{
	struct evidence_item *item = context;

	if (error != NULL)
		log_info(log_of(item->evidence), "command", "no log of model %s: %s", item->migration->uuid,
			error->message);
	log_reader_free(steal(item->reader));
	close_one(item->evidence);
}

static void source_over(void *context, const struct error *error)
{
	struct evidence_item *item = context;

	if (error != NULL)
		log_info(log_of(item->evidence), "command", "no log of the controller that model %s is on: %s",
			item->migration->uuid, error->message);
	controller_log_free(steal(item->source_reader));
	close_one(item->evidence);
}

static void begin(struct evidence_item *item)
{
	const struct session_place *place = item->evidence->plan.place;
	const struct log_reader_plan plan = {
		.place = place,
		.model_uuid = item->migration->uuid,
		.user = ANY_USER,
		.password = place->account.keys->token,
		.level = "WARNING",
		.since = item->migration->state.start,
		.record = take,
		.over = over,
		.context = item,
	};

	if (place->account.keys->token == NULL)
		return;
	item->reader = log_reader_new(&plan);
	item->evidence->open++;
}

/* Returns the UUID of the controller's own model as juju remembers it, borrowed, or NULL. */
static const char *remembered(const struct store *store, const char *controller)
{
	const struct store_model_list *list = store_model_list(store, controller);

	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (string_same(list->items[i].owner, controller_log_owner) &&
			string_same(list->items[i].name, controller_log_model) && model_word_uuid(list->items[i].uuid))
			return list->items[i].uuid;
	return NULL;
}

/* Logs in to the source by the first of its entries in the store that has something to log in with. */
static void begin_source(struct evidence_item *item)
{
	const struct evidence_plan *plan = &item->evidence->plan;
	const struct remote_store *witnesses = &plan->witnesses;
	const struct session_place *place = NULL;

	for (size_t i = 0; string_given(item->migration->source_uuid) && i < witnesses->count && place == NULL; i++)
		if (string_same(witnesses->uuid(witnesses->context, i), item->migration->source_uuid))
			place = witnesses->place(witnesses->context, i, false);
	if (place == NULL)
		return;
	const struct controller_log_plan log = {
		.place = place,
		.model_uuid = remembered(plan->store, place->account.controller),
		.module = LOG_LINES_MASTER,
		.level = "INFO",
		.since = item->migration->state.start,
		.record = take_of_source,
		.over = source_over,
		.context = item,
	};

	item->source_reader = controller_log_new(&log);
	item->evidence->open++;
}

bool evidence_begin(struct evidence *evidence, const struct evidence_plan *plan)
{
	if (evidence->plan.done != NULL)
		return evidence->open > 0;
	*evidence = (struct evidence){.plan = *plan};
	for (size_t i = 0; i < plan->count && evidence->count < EVIDENCE_MODELS_MAX; i++) {
		const struct migration *migration = engine_migration(plan->engine, i);
		struct evidence_item *item = &evidence->items[evidence->count];

		if (!is_wanted(migration))
			continue;
		*item = (struct evidence_item){.evidence = evidence, .migration = migration};
		evidence->count++;
		begin(item);
		begin_source(item);
	}
	return evidence->open > 0;
}

void evidence_take(struct evidence *evidence, const struct migration *migration, struct log_lines *lines,
	struct log_lines *source_lines)
{
	for (size_t i = 0; i < evidence->count; i++) {
		struct evidence_item *item = &evidence->items[i];

		if (item->migration != migration)
			continue;
		*lines = item->lines;
		*source_lines = item->source_lines;
		item->lines = item->source_lines = (struct log_lines){.count = 0};
	}
}

void evidence_release(struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->count; i++) {
		struct evidence_item *item = &evidence->items[i];

		log_reader_free(steal(item->reader));
		controller_log_free(steal(item->source_reader));
		log_lines_release(&item->lines);
		log_lines_release(&item->source_lines);
	}
	*evidence = (struct evidence){.count = 0};
}
