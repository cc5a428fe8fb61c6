/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* The longest pause between two looks after failures. */
#define BACK_OFF_MAX (30 * INSTANT_SECOND)
/* How long to wait for a new login when the session has expired. */
#define LOGIN_PATIENCE (10 * INSTANT_MINUTE)

void watch_begin(struct engine *engine, struct migration *migration)
{
	migration->stage = STAGE_WATCH;
	migration->state.next_summary = engine->now;
	migration->state.next_status = engine->now;
	migration->state.next_login = INSTANT_NEVER;
	migration->state.next_row = INSTANT_NEVER;
	migration->state.failed = 0;
	if (migration->state.benched) {
		migration->state.next_status = INSTANT_NEVER;
	} else if (migration->state.login_was_source) {
		migration->state.pushed = true;
		engine->port.watch(engine->port.context, (size_t)(migration - engine->migrations));
	}
}

static int64_t back_off(struct migration *migration)
{
	unsigned int doublings = migration->state.failed < 5 ? migration->state.failed : 5;
	int64_t pause = INSTANT_SECOND << doublings;

	migration->state.failed++;
	return pause < BACK_OFF_MAX ? pause : BACK_OFF_MAX;
}

/* If the session has expired, somebody may log in again: waits for that while the socket to the source tells something, and for
 * LOGIN_PATIENCE without. Returns whether the migration has ended. */
static bool login_lost(struct engine *engine, struct migration *migration, const struct error *error)
{
	if (error->kind != ERROR_LOGIN) {
		migration->state.login_lost_since = 0;
		return false;
	}
	if (migration->state.login_lost_since == 0)
		migration->state.login_lost_since = engine->now;
	if (migration->state.pushed || engine->now - migration->state.login_lost_since <= LOGIN_PATIENCE)
		return false;
	migration_detail(migration, error->message);
	step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LOGIN_LOST);
	return true;
}

/* A look has failed: it is repeated, with growing pauses. */
static void failed(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	int64_t again = engine->now + back_off(migration);

	migration->state.no_news = true;
	if (login_lost(engine, migration, answer->error))
		return;
	if (answer->what == LOOK_SUMMARIES || answer->what == LOOK_INFO)
		migration->state.next_summary = again;
	else if (answer->what == LOOK_LOGIN)
		migration->state.next_login = again;
	else if (answer->what == LOOK_ROW)
		migration->state.next_row = again;
	else if (answer->what == LOOK_STATUS) {
		/* The socket is of no use any more: a new login finds out why, and opens another. */
		migration->state.next_status = again;
		migration->state.next_login = again;
	}
	if (string_same(migration->trouble, answer->error->message))
		return;
	string_replace(&migration->trouble, answer->error->message);
	step_tell(engine, migration, NEWS_TROUBLE);
}

static void row_refused(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (error_says(answer->error, "model not found"))
		migration->state.row = ROW_FORGOTTEN;
	else if (answer->error->kind == ERROR_REMOTE)
		migration->state.row_unsupported = true;
	else
		failed(engine, migration, answer);
}

static void summaries_answered(
	struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	const struct model_summary *entry = sight_find(engine, migration);

	if (entry == NULL)
		return;
	if (!migration->state.masked && engine->administrator)
		sight_row(migration, entry->controller_uuid, NULL, answer->asked);
	sight_entry(engine, migration, entry->migration, migration->state.unavailable, answer->asked);
}

static void rows_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	const struct jimm_model *row = newest_row(engine, migration->uuid);

	if (row != NULL)
		sight_row(migration, row->controller_uuid, row->controller_name, answer->asked);
}

static void status_refused(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	enum source_sight sight = sight_refusal(answer->error);

	if (sight == SOURCE_NO_NEWS) {
		failed(engine, migration, answer);
		return;
	}
	/* A socket that was open before is refused when the model goes; only new logins make the departure sign. */
	sight_source(engine, migration, sight == SOURCE_DEPARTED ? SOURCE_GONE : sight, answer->asked);
	migration->state.next_login = engine->now;
	migration->state.next_status = INSTANT_NEVER;
}

static void refused(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->what == LOOK_ROW)
		row_refused(engine, migration, answer);
	else if (answer->what == LOOK_STATUS)
		status_refused(engine, migration, answer);
	else if (answer->what == LOOK_NEIGHBOUR)
		return;
	else if (answer->what == LOOK_LOGIN && sight_refusal(answer->error) != SOURCE_NO_NEWS)
		logins_answered(engine, migration, answer);
	else
		failed(engine, migration, answer);
}

void watch_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	/* What the target tells is no news about JIMM or the source. */
	if (answer->what == LOOK_TARGET)
		return;
	if (migration->state.refusal != NULL) {
		refusal_answered(engine, migration, answer);
		return;
	}
	/* Its connection was taken away (shed). */
	if (answer->what == LOOK_STATUS && answer->error != NULL && migration->state.benched)
		return;
	if (answer->what == LOOK_INFO && migration->state.completing) {
		logins_completed(engine, migration, answer);
		return;
	}
	if (answer->error != NULL) {
		refused(engine, migration, answer);
		return;
	}
	migration->state.failed = 0;
	migration->state.no_news = false;
	migration->state.login_lost_since = 0;
	string_replace(&migration->trouble, NULL);
	switch (answer->what) {
	case LOOK_SUMMARIES:
		summaries_answered(engine, migration, answer);
		break;
	case LOOK_INFO:
		sight_entry(engine, migration, answer->info->migration, false, answer->asked);
		break;
	case LOOK_STATUS:
		sight_status(engine, migration, answer->status->status, answer->status->status_info, answer->asked);
		break;
	case LOOK_LOGIN:
		logins_answered(engine, migration, answer);
		break;
	case LOOK_ROW:
		sight_row(migration, answer->row->controller_uuid, answer->row->controller_name, answer->asked);
		break;
	case LOOK_ROWS:
		rows_answered(engine, migration, answer);
		break;
	case LOOK_NEIGHBOUR:
		logins_neighbour(engine, migration, answer);
		break;
	default:
		break;
	}
}

void watch_pushed(struct engine *engine, struct migration *migration, const struct migration_push *push)
{
	int64_t idle = migration->state.idle_since;

	if (migration->stage < STAGE_WATCH || step_over(migration))
		return;
	/* Asked for before the attempt was in sight, it may be about an earlier one: ask for a status now instead. */
	if (!push->removed && migration->state.start != INSTANT_NONE && push->asked < migration->state.start_seen) {
		migration->state.next_status = engine->now;
		return;
	}
	if (push->removed) {
		migration->state.source_over = true;
		sight_source(engine, migration, SOURCE_GONE, engine->now);
		if (migration->stage == STAGE_WATCH)
			migration->state.next_login = engine->now;
	} else {
		sight_status(engine, migration, push->word, push->info, engine->now);
	}
	/* The text stops with the end of the attempt: the lists tell which end it was, if that is not known yet. */
	if (migration->stage != STAGE_WATCH && engine->agenda.length > 1)
		return;
	if (push->removed || (idle == 0 && migration->state.idle_since != 0))
		migration->state.next_summary = engine->now;
}

void watch_ended(struct engine *engine, struct migration *migration, const struct error *error)
{
	if (migration->state.benched)
		return;
	migration->state.pushed = false;
	if (migration->stage < STAGE_WATCH || step_over(migration))
		return;
	migration->state.next_status = engine->now;
	if (error != NULL)
		migration->state.next_summary = engine->now;
}

/* Only what has been seen to begin, and not to end, goes on. */
static void leave_watch(struct engine *engine, struct migration *migration)
{
	bool begun = migration->attached || migration->migration_id != NULL || migration->state.had_any ||
		     migration->state.had_committed || migration->state.had_redirect || migration->state.had_departed;

	decide_leaving(engine, migration);
	if (migration->state.refusal != NULL)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_REFUSED);
	else if (migration->state.lost && !migration->state.had_any)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LEFT_ASKED);
	else if (!begun)
		step_end(engine, migration, RESULT_UNDECIDED,
			migration->state.locked ? CAUSE_LOCKED : CAUSE_SIGN_MISSING);
	else if (migration->state.sight == SOURCE_ABORTED)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_VERDICT);
	else
		step_end(engine, migration, RESULT_RUNNING, CAUSE_LEFT);
}

void watch_leave(struct engine *engine, struct migration *migration)
{
	switch (migration->stage) {
	case STAGE_SURVEY:
	case STAGE_QUEUED:
	case STAGE_LOCATE:
		queue_leave(engine, migration);
		break;
	case STAGE_START:
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LEFT_ASKED);
		break;
	case STAGE_WATCH:
		leave_watch(engine, migration);
		break;
	case STAGE_VERIFY:
		step_end(engine, migration, RESULT_RUNNING, CAUSE_LEFT);
		break;
	case STAGE_SETTLE:
		migration->source_unfinished = true;
		step_end(engine, migration, RESULT_MIGRATED, CAUSE_VERDICT);
		break;
	case STAGE_SEARCH:
		search_leave(engine, migration);
		break;
	case STAGE_ENDED:
		break;
	}
}

int64_t watch_step(struct engine *engine, struct migration *migration)
{
	if (migration->stage == STAGE_LOCATE)
		return locate_step(engine, migration);
	if (migration->state.refusal != NULL)
		return refusal_step(engine, migration);
	if (migration->stage == STAGE_WATCH && !migration->state.freeing)
		decide(engine, migration);
	if (migration->stage == STAGE_VERIFY || migration->stage == STAGE_SETTLE)
		verify_step(engine, migration);
	return pace_step(engine, migration);
}
