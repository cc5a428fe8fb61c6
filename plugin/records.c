/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/records.h"

#include "common/base/scoped.h"
#include "plugin/words.h"

static struct report_plan *plan_of(const struct migration *migration)
{
	struct report_plan *plan = memory_get(1, sizeof(*plan));

	plan->located_by = string_copy(migration->located_by);
	plan->model_version = string_copy(migration->agent_version);
	plan->from_version = string_copy(migration->source_version);
	plan->to_version = string_copy(migration->target_version);
	plan->cloud = string_copy(migration->cloud);
	plan->region = string_copy(migration->region);
	plan->check_count = migration->check_count;
	plan->checks = memory_get(migration->check_count, sizeof(*plan->checks));
	for (size_t i = 0; i < migration->check_count; i++)
		plan->checks[i] = (struct report_check){migration->checks[i].check, migration->checks[i].result,
			string_copy(migration->checks[i].detail)};
	return plan;
}

static enum report_left left_of(const struct migration *migration)
{
	switch (migration->cause) {
	case CAUSE_LEFT:
	case CAUSE_LEFT_ASKED:
	case CAUSE_ACCEPTED:
		return LEFT_GOES_ON;
	case CAUSE_LEFT_BEFORE:
	case CAUSE_NOT_STARTED:
	case CAUSE_PAUSED:
		return LEFT_UNSTARTED;
	default:
		return LEFT_NOT;
	}
}

static void add(struct run *run, struct report *report, size_t index)
{
	const struct migration *migration = engine_migration(run->engine, index);
	const struct words_about about = {run->jaas.controller->name, run->options->controller};
	scoped(words) struct words words;
	struct report_record *record = report_add(report);

	record->model = words_model(migration);
	record->model_uuid = string_copy(migration->uuid);
	record->from = string_copy(string_given(migration->source_name) ? migration->source_name : NULL);
	record->to = string_copy(migration->target_name);
	record->migration_id = string_copy(migration->migration_id);
	words_outcome(migration, &about, &words);
	record->message = steal(words.message);
	record->state = steal(words.state);
	record->reason = steal(words.reason);
	record->reason_part = string_copy(words.part);
	record->remedy =
		words.file_named && run->journal.directory != NULL
			? string_format("%s: %s/%s.json", words.remedy, run->journal.directory, migration->uuid)
			: steal(words.remedy);
	evidence_take(&run->evidence, migration, &record->log, &record->source_log);
	record->agents_away = migration->result == RESULT_MIGRATED ? migration->agents_away : 0;
	record->result = migration->result;
	record->left = left_of(migration);
	/* A user to whom JIMM tells neither the host's name nor the target's UUID cannot tell host and target apart before a move has
	 * begun. */
	bool told_apart = migration->target_uuid != NULL || string_given(migration->source_name) ||
			  migration->migration_id != NULL || migration->attached;

	if (migration->recorded || migration->state.row == ROW_TARGET)
		record->jimm_updated = ANSWER_YES;
	else if (migration->state.sent != 0 && migration->state.row == ROW_SOURCE && told_apart)
		record->jimm_updated = ANSWER_NO;
	record->started = run->subjects[index].started;
	record->ended = run->subjects[index].ended;
	if (run->options->dry_run && migration->uuid != NULL)
		record->plan = plan_of(migration);
}

/* Where JIMM points now is newer than its lists. */
static void note_move(struct run *run, const struct migration *migration)
{
	bool there = migration->result == RESULT_MIGRATED || migration->result == RESULT_ALREADY_THERE;

	if (there && run->catalogue.user != NULL)
		catalogue_moved(&run->catalogue, migration->uuid, migration->target_uuid, migration->target_name,
			clock_wall(run->surroundings->clock));
}

void records_add(struct run *run, struct report *report, size_t index)
{
	/* An earlier word of this run names the same model. */
	if (engine_migration(run->engine, index)->cause == CAUSE_DUPLICATE)
		return;
	add(run, report, index);
	note_move(run, engine_migration(run->engine, index));
}
