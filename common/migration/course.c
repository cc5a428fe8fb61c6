/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

static void name_source(const struct engine *engine, struct migration *migration)
{
	const struct jimm_controller *source = step_controller(engine, migration->source_uuid);

	if (migration->source_uuid == NULL && migration->state.login_uuid != NULL) {
		string_replace(&migration->source_uuid, migration->state.login_uuid);
		migration->located_by = "model login";
		source = step_controller(engine, migration->source_uuid);
	}
	if (source != NULL && !string_given(migration->source_name))
		string_replace(&migration->source_name, source->name);
	if (migration->source_name == NULL)
		string_replace(&migration->source_name, "");
}

static bool gone(const struct migration *migration)
{
	return migration->state.login_sight == SOURCE_REDIRECT || migration->state.login_sight == SOURCE_DEPARTED ||
	       migration->state.login_sight == SOURCE_GONE;
}

/* Takes up an earlier move that goes on, or whose end JIMM was not told; or ends. Returns whether it did. */
static bool taken_up(struct engine *engine, struct migration *migration)
{
	if (baseline_underway(migration))
		start_attach(engine, migration);
	else if (gone(migration))
		start_adopt(engine, migration);
	else if (baseline_missing(migration))
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_RUNNING_UNSEEN);
	else
		return false;
	return true;
}

/* True if the newest attempt was aborted when its target, whichever that was, may have been active; sets `detail`. */
static bool unsafe_abort(struct migration *migration)
{
	const char *reason = attempt_reason(migration->state.base_text);

	if (attempt_classify(migration->state.base_text, migration->state.base_ended) != ATTEMPT_ABORTED ||
		attempt_reason_safe(reason))
		return false;
	migration_detail(migration, reason);
	return true;
}

/* What the journal knows about the model decides before all else. Returns whether it did. */
static bool resumed(struct engine *engine, struct migration *migration)
{
	const struct migration_memory *memory = resume_recall(engine, migration);
	enum attempt_class base = attempt_classify(migration->state.base_text, migration->state.base_ended);

	if (memory == NULL)
		return false;
	if (memory->target_name != NULL)
		return resume(engine, migration, memory, base, gone(migration));
	if (baseline_underway(migration))
		return false;
	step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OTHER_RUN);
	return true;
}

/* Ends it if a copy on the target forbids a start; returns whether it did. If the source shows its attempts and has none, the copy is
 * left of an earlier one; if it is active, both sides are. */
static bool copied(struct engine *engine, struct migration *migration)
{
	bool there = migration->state.target == TARGET_ACTIVE || migration->state.target == TARGET_IMPORTING;

	if (!there)
		return false;
	if (!migration_juju_3(migration->source_version))
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_BLIND_COPY);
	else if (migration->state.target == TARGET_ACTIVE && migration->state.login_trouble != NULL) {
		/* The source cannot be asked whether it has let the model go, or failed to clean up. */
		migration_detail(migration, migration->state.login_trouble);
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OUT_OF_SIGHT);
	} else if (migration->state.target == TARGET_ACTIVE)
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_ACTIVE_TWICE);
	return step_over(migration);
}

static void proceed(struct engine *engine, struct migration *migration)
{
	if (resumed(engine, migration) || taken_up(engine, migration) || copied(engine, migration))
		return;
	preflight_check(engine, migration);
	if (migration_checks(migration, CHECK_PROBLEM) > 0 && pause_silent(engine, migration))
		return;
	if (migration_checks(migration, CHECK_PROBLEM) > 0) {
		step_end(engine, migration, RESULT_FAILED, CAUSE_CHECKS);
		return;
	}
	if (pause_holds(engine, migration))
		return;
	step_tell(engine, migration, NEWS_LOCATED);
	if (engine->dry_run && migration->target_uuid == NULL)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_CANNOT_KNOW);
	else if (engine->dry_run && unsafe_abort(migration))
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OLD_ABORT);
	else if (engine->dry_run)
		step_end(engine, migration, RESULT_PLANNED, CAUSE_WOULD_START);
	else
		start_send(engine, migration);
}

/* JIMM points at the target: is the model active there? A juju 3 target lists a model only once it is active, and a source
 * that has not let it go would list it with its attempt. An old JIMM's lists show neither. */
static bool runs_there(const struct migration *migration)
{
	return migration->state.login_was_source && !migration->state.status_migrating &&
	       !migration->state.unavailable && !migration->old_jimm && migration->state.base_text == NULL &&
	       migration_juju_3(migration->source_version);
}

static void already_there(struct engine *engine, struct migration *migration)
{
	const struct migration_memory *memory = resume_recall(engine, migration);
	bool active = runs_there(migration) || migration->state.target == TARGET_ACTIVE;
	bool silent = migration->state.login_trouble != NULL ||
		      (migration->state.unavailable && migration->state.unavailable_alone);

	/* The old source still shows a failed clean-up: the move itself succeeded. */
	migration->residue =
		attempt_classify(migration->state.base_text, migration->state.base_ended) == ATTEMPT_REAPFAILED;
	if (memory != NULL && memory->target_name != NULL && !silent &&
		(migration->residue || !baseline_underway(migration)) &&
		resume_recorded(engine, migration, memory, active))
		return;
	migration->recorded = true;
	migration->verified = active;
	migration_detail(migration, migration->state.login_trouble);
	if (migration->state.target == TARGET_NONE || migration->state.target == TARGET_IMPORTING)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_NOT_ACTIVE);
	else if (silent)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_TARGET_SILENT);
	else if ((baseline_underway(migration) && !migration->residue) || migration->state.status_running)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_ALREADY_THERE);
	else
		step_end(engine, migration, RESULT_ALREADY_THERE, CAUSE_ALREADY_THERE);
}

/* Nothing tells where the model is, as its login is refused as after a move: the journal knows where it was. */
static void source_of_journal(struct engine *engine, struct migration *migration)
{
	const struct migration_memory *memory = gone(migration) ? resume_recall(engine, migration) : NULL;

	if (memory == NULL || memory->source_uuid == NULL)
		return;
	string_replace(&migration->source_uuid, memory->source_uuid);
	migration->located_by = "the journal";
}

/* For a caller told neither rows nor the target's UUID: a model that answers elsewhere than on the journal's source is on the target. */
static void target_of_journal(struct engine *engine, struct migration *migration)
{
	bool unknown =
		migration->target_uuid == NULL && !migration->state.row_known && migration->state.login_uuid != NULL;
	const struct migration_memory *memory = unknown ? resume_recall(engine, migration) : NULL;

	if (memory == NULL || memory->source_uuid == NULL ||
		!string_same(memory->target_name, migration->target_name) ||
		string_same(memory->source_uuid, migration->state.login_uuid) ||
		(memory->target_uuid != NULL && !string_same(memory->target_uuid, migration->state.login_uuid)))
		return;
	string_replace(&migration->target_uuid, migration->state.login_uuid);
	string_replace(&migration->target_version, migration->source_version);
}

void course_choose(struct engine *engine, struct migration *migration)
{
	name_source(engine, migration);
	if (!string_given(migration->source_uuid))
		source_of_journal(engine, migration);
	target_of_journal(engine, migration);
	if (!string_given(migration->source_uuid)) {
		migration_detail(migration, migration->state.login_trouble);
		/* To a caller who is told no rows, a model that has left its controller looks like this. */
		step_end(engine, migration, gone(migration) ? RESULT_UNDECIDED : RESULT_FAILED, CAUSE_NOT_LOCATED);
		return;
	}
	if (migration->state.login_uuid != NULL && !string_same(migration->state.login_uuid, migration->source_uuid)) {
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_ROW_DISAGREES);
		return;
	}
	migration->state.login_was_source = migration->state.login_uuid != NULL;
	if (!locate_at_target(migration)) {
		proceed(engine, migration);
		return;
	}
	already_there(engine, migration);
}
