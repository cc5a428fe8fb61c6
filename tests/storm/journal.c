/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/migration/journal.h"
#include "tests/storm/storm.h"

/* For how long what is not urgent may wait, as the program's own journal has it. */
#define PATIENCE INSTANT_SECOND

static const struct migration_memory *recall(void *context, size_t model, const char *uuid)
{
	struct storm *storm = context;
	struct storm_entry *entry = &storm->models[model].entry;

	journal_settle(storm, model);
	if (uuid != NULL && !string_same(uuid, storm->models[model].truth->uuid))
		storm_fail(storm, WRONG_PORT, "the journal is asked for another model");
	return entry->there ? &entry->memory : NULL;
}

static void forget_entry(struct storm_entry *entry)
{
	for (size_t i = 0; i < array_length(entry->texts); i++)
		free(entry->texts[i]);
	*entry = (struct storm_entry){0};
}

static unsigned int signs_of(const struct migration *migration)
{
	unsigned int seen = 0;

	seen |= migration->state.had_edge ? JOURNAL_EDGE : 0;
	seen |= migration->state.had_committed ? JOURNAL_COMMITTED : 0;
	seen |= migration->state.had_late ? JOURNAL_LATE : 0;
	seen |= migration->state.had_redirect ? JOURNAL_REDIRECT : 0;
	seen |= migration->state.had_departed ? JOURNAL_DEPARTED : 0;
	seen |= migration->state.had_reapfailed ? JOURNAL_REAPFAILED : 0;
	seen |= migration->state.had_aborted ? JOURNAL_ABORTED : 0;
	seen |= migration->state.given_up ? JOURNAL_GIVEN_UP : 0;
	return seen;
}

static void fill(struct storm *storm, size_t model, struct storm_entry *entry)
{
	const struct migration *migration = engine_migration(storm->process.engine, model);

	forget_entry(entry);
	entry->there = true;
	entry->texts[0] = string_copy(migration->target_uuid);
	entry->texts[1] = string_copy(migration->target_name);
	entry->texts[2] = string_copy(migration->source_uuid);
	entry->texts[3] = string_copy(migration->migration_id);
	entry->memory = (struct migration_memory){
		.target_uuid = entry->texts[0],
		.target_name = entry->texts[1],
		.source_uuid = entry->texts[2],
		.model_uuid = storm->models[model].truth->uuid,
		.migration_id = entry->texts[3],
		.sent = migration->state.sent,
		.start0 = migration->state.start0,
		.start = migration->state.start,
		.reached = migration->state.login_was_source,
		.seen = signs_of(migration),
	};
}

void journal_settle(struct storm *storm, size_t model)
{
	struct storm_model *subject = &storm->models[model];

	if (!subject->news.there)
		return;
	forget_entry(&subject->entry);
	subject->entry = subject->news;
	subject->news = (struct storm_entry){0};
	storm_trace(storm, "* %s: journal written", subject->truth->name);
}

/* Before MigrateModel is sent it is written at once. */
static void remember(void *context, size_t model)
{
	struct storm *storm = context;
	struct storm_model *subject = &storm->models[model];

	if (subject->news.there && storm_now(storm) >= subject->news_due)
		journal_settle(storm, model);
	if (!subject->news.there)
		subject->news_due = storm_now(storm) + PATIENCE;
	fill(storm, model, &subject->news);
	if (engine_migration(storm->process.engine, model)->stage <= STAGE_START)
		journal_settle(storm, model);
}

void journal_killed(struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.moved; i++) {
		struct storm_model *subject = &storm->models[i];

		if (subject->news.there && storm_now(storm) >= subject->news_due)
			journal_settle(storm, i);
		else if (subject->news.there)
			storm_trace(storm, "* %s: not yet written to the journal", subject->truth->name);
		forget_entry(&subject->news);
	}
}

/* Any number of them gets written in the time that a run which is stopped takes for it. */
void journal_left(struct storm *storm)
{
	size_t written = storm->scene.moved > 1 ? chance_below(&storm->chance, storm->scene.moved + 1) : 0;

	for (size_t i = 0; i < storm->scene.moved; i++) {
		if (i < written)
			journal_settle(storm, i);
		forget_entry(&storm->models[i].news);
	}
}

static void forget(void *context, size_t model)
{
	struct storm *storm = context;

	forget_entry(&storm->models[model].news);
	forget_entry(&storm->models[model].entry);
	storm_trace(storm, "* %s: journal removed", storm->models[model].truth->name);
}

void journal_port(struct storm *storm, struct migration_port *port)
{
	if (storm->scene.forgetful)
		return;
	port->recall = recall;
	port->remember = remember;
	port->forget = forget;
}

void journal_release_all(struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.moved; i++) {
		forget_entry(&storm->models[i].news);
		forget_entry(&storm->models[i].entry);
	}
}
