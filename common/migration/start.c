/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

void start_send(struct engine *engine, struct migration *migration)
{
	migration->stage = STAGE_START;
	migration->state.ours = true;
	migration->state.sent = engine->now;
	migration->state.row = ROW_SOURCE;
	/* Already told with NEWS_LOCATED. */
	migration_forget_checks(migration);
	/* Whatever becomes of us from here on, the next run has to know. */
	step_remember(engine, migration);
	engine->port.start(engine->port.context, (size_t)(migration - engine->migrations), migration->uuid,
		migration->target_name);
}

void start_attach(struct engine *engine, struct migration *migration)
{
	struct model_migration attempt = {
		.status = migration->state.base_text,
		.start = migration->state.start0,
		.end = migration->state.base_ended ? migration->state.start0 : INSTANT_NONE,
	};

	migration->attached = true;
	migration->state.sent = engine->now;
	migration->state.row = ROW_SOURCE;
	migration->state.start0 = INSTANT_NONE;
	step_tell(engine, migration, NEWS_STARTED);
	if (engine->dry_run || engine->no_wait) {
		step_end(engine, migration, RESULT_RUNNING, CAUSE_LEFT);
		return;
	}
	watch_begin(engine, migration);
	/* What only a list shows may come from a controller that the model has left. */
	if (sight_sure(migration, attempt_classify(attempt.status, migration->state.base_ended)))
		sight_adopt(engine, migration, attempt.start);
	sight_entry(engine, migration, &attempt, false, engine->now);
}

void start_adopt(struct engine *engine, struct migration *migration)
{
	migration->state.sent = engine->now;
	migration->state.row = ROW_SOURCE;
	if (engine->dry_run || engine->no_wait) {
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_SIGN_MISSING);
		return;
	}
	watch_begin(engine, migration);
	sight_source(engine, migration, migration->state.login_sight == SOURCE_REDIRECT ? SOURCE_REDIRECT : SOURCE_GONE,
		engine->now);
	migration->state.next_login = engine->now;
}

void start_answered(struct engine *engine, struct migration *migration, const char *id, const struct error *error)
{
	if (migration->stage != STAGE_START)
		return;
	if (error == NULL) {
		string_replace(&migration->migration_id, id);
		step_tell(engine, migration, NEWS_STARTED);
		if (!engine->no_wait) {
			watch_begin(engine, migration);
			return;
		}
		/* Nothing is remembered of what has ended. */
		step_remember(engine, migration);
		step_end(engine, migration, RESULT_RUNNING, CAUSE_ACCEPTED);
		return;
	}
	migration_detail(migration, error->message);
	/* Juju says this about an active copy; about one that is being imported it says something else. */
	if (error_says(error, "model with same UUID already exists")) {
		bool elsewhere = migration->target_uuid != NULL;

		step_end(engine, migration, elsewhere ? RESULT_CONTRADICTION : RESULT_UNDECIDED,
			elsewhere ? CAUSE_ACTIVE_TWICE : CAUSE_THERE_OR_TWICE);
		return;
	}
	if (error_has_code(error, MIGRATION_NOT_SENT)) {
		refusal_end(engine, migration, error);
		return;
	}
	if (error->kind == ERROR_REMOTE && refusal_lock_held(error) && !engine->no_wait && !migration->restarted) {
		refusal_watch_lock(engine, migration, error);
		return;
	}
	if (error->kind == ERROR_REMOTE && migration->state.login_was_source &&
		migration_juju_3(migration->source_version)) {
		refusal_look(engine, migration, error);
		return;
	}
	if (error->kind == ERROR_REMOTE) {
		refusal_end(engine, migration, error);
		return;
	}
	migration->state.lost = true;
	step_tell(engine, migration, NEWS_LOST);
	migration_detail(migration, NULL);
	watch_begin(engine, migration);
}
