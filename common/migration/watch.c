/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/migration/steps.h"

/* The longest pause between two looks after failures. */
#define BACK_OFF_MAX (30 * INSTANT_SECOND)
/* Two refusals this far apart make the departure sign. */
#define SIGN_APART (5 * INSTANT_SECOND)
/* How often a caller who cannot tell JIMM looks whether it has found out. */
#define LOGIN_PACE (10 * INSTANT_SECOND)
/* How long to wait for a new login when the session has expired. */
#define LOGIN_PATIENCE (10 * INSTANT_MINUTE)
/* How long JIMM must say that the target does not have the model before that is believed. */
#define DENIED_APART (60 * INSTANT_SECOND)

void watch_start(struct engine *engine, struct migration *migration)
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

void watch_attach(struct engine *engine, struct migration *migration)
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

void watch_adopt(struct engine *engine, struct migration *migration)
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

void watch_started(struct engine *engine, struct migration *migration, const char *id, const struct error *error)
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

static void record_failed(struct engine *engine, struct migration *migration, const struct error *error)
{
	/* A juju 3 target without the model denies access to it, a juju 4 target does not find it. */
	bool denied =
		(error_has_code(error, "unauthorized access") && string_same(error->message, "permission denied")) ||
		error_has_code(error, "not found") || error_has_code(error, "redirection required");

	migration->state.records_failed++;
	migration->state.record_at = engine->now + (migration->state.records_failed > 4 ? 30 : 2) * INSTANT_SECOND;
	string_free(migration->trouble);
	migration->trouble = error->kind == ERROR_REMOTE
				     ? string_format("JIMM does not take %s for the model's place: %s",
					       migration->target_name, error->message)
				     : string_format("cannot tell JIMM that the model is on %s: %s",
					       migration->target_name, error->message);
	step_tell(engine, migration, NEWS_TROUBLE);
	if (error_has_code(error, "model not found")) {
		migration->state.row = ROW_FORGOTTEN;
	} else if (denied && migration->state.record_denied == 0) {
		migration->state.record_denied = engine->now;
		migration->state.record_at = engine->now + DENIED_APART;
	} else if (!denied) {
		migration->state.record_denied = 0;
	} else if (engine->now - migration->state.record_denied >= DENIED_APART) {
		migration->verdict = VERDICT_CONTRADICTION;
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_RECORD_REFUSED);
	}
}

void watch_recorded(struct engine *engine, struct migration *migration, const struct error *error)
{
	migration->state.recording = false;
	if (step_over(migration))
		return;
	if (migration->state.freeing) {
		resume_freed(engine, migration, error);
		return;
	}
	if (error != NULL) {
		record_failed(engine, migration, error);
		return;
	}
	migration->recorded = true;
	migration->state.row = ROW_TARGET;
	migration->state.row_asked = engine->now;
	string_replace(&migration->trouble, NULL);
	/* Told once more: whether the model answers there has to be seen again. */
	if (migration->stage > STAGE_WATCH && !migration->verified)
		migration->state.next_login = engine->now;
	step_tell(engine, migration, NEWS_RECORDED);
}

/* Refusals less than five seconds after the first one do not count. */
static void count_refusal(struct migration *migration, enum source_sight sight, int64_t asked)
{
	bool refusal = sight == SOURCE_DEPARTED || sight == SOURCE_GONE;

	if (refusal &&
		(migration->state.refused_logins == 0 || asked - migration->state.first_refused_login >= SIGN_APART))
		migration->state.refused_logins++;
	if (refusal && migration->state.refused_logins == 1)
		migration->state.first_refused_login = asked;
	if (sight == SOURCE_DEPARTED && migration->state.signs_since == 0)
		migration->state.signs_since = asked;
	else if (sight != SOURCE_DEPARTED)
		migration->state.signs_since = 0;
}

/* Two refusals of the right kind, far enough apart, and none of another kind between them. */
static bool departed(const struct migration *migration, int64_t asked)
{
	return migration->state.signs_since != 0 && asked - migration->state.signs_since >= SIGN_APART;
}

/* The code "model migrating" proves that JIMM's lock is set and that the source has let the model go. Asked for ModelInfo by somebody
 * on the model's own list of users, JIMM then finds out by itself where the model is, and cannot forget it. */
static void have_completed(struct engine *engine, struct migration *migration, const struct error *refusal)
{
	bool mine = engine->user != NULL && string_same(engine->user, migration->owner);
	/* While a start may still be pending, nothing is risked. */
	bool pending = migration->state.lost && engine->now - migration->state.sent <= START_WINDOW;

	if (engine->administrator || !mine || pending || !error_has_code(refusal, "model migrating") ||
		step_looking(engine, migration, LOOK_INFO))
		return;
	migration->state.completing = true;
	step_look(engine, migration, LOOK_INFO);
}

/* JIMM's answer may be the target's view, which says nothing about the attempt; a login tells where the model is. */
static void completion_answered(
	struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	migration->state.completing = false;
	if (answer->error == NULL)
		migration->state.next_login = engine->now;
}

/* A refused login: one of two that make the departure sign, or a sign that the model is gone for reasons unknown. */
static void login_refused(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	enum source_sight sight = sight_refusal(answer->error);

	/* Not the controller's words, but JIMM's own: it does not know the model any more. */
	if (error_says(answer->error, "failed to find model"))
		migration->state.row = ROW_FORGOTTEN;
	count_refusal(migration, sight, answer->asked);
	have_completed(engine, migration, answer->error);
	migration->state.next_login = engine->now + SIGN_APART;
	if (sight != SOURCE_DEPARTED) {
		sight_source(engine, migration, sight, answer->asked);
	} else if (!departed(migration, answer->asked)) {
		sight_source(engine, migration, SOURCE_GONE, answer->asked);
	} else if (migration->state.login_was_source || migration->state.had_redirect) {
		sight_source(engine, migration, SOURCE_DEPARTED, answer->asked);
		/* Only an administrator can tell JIMM; everybody else waits until it shows the model elsewhere. */
		migration->state.next_login = engine->administrator ? INSTANT_NEVER : engine->now + LOGIN_PACE;
	} else {
		sight_source(engine, migration, SOURCE_GONE, answer->asked);
		if (migration->neighbour_uuid != NULL)
			step_look(engine, migration, LOOK_NEIGHBOUR);
	}
}

/* This run has never reached the source. Instead, a login to another model there has just succeeded. */
static void neighbour_answered(
	struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->error == NULL && departed(migration, answer->asked) &&
		string_same(answer->login->controller_uuid, migration->source_uuid))
		sight_source(engine, migration, SOURCE_DEPARTED, answer->asked);
}

static void login_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->error != NULL) {
		login_refused(engine, migration, answer);
		return;
	}
	migration->state.refused_logins = 0;
	migration->state.signs_since = 0;
	/* Reached on another controller, it is still gone from the source. */
	if (string_same(answer->login->controller_uuid, migration->source_uuid))
		migration->state.gone_since = 0;
	migration->state.next_login = migration->state.sight == SOURCE_GONE ? engine->now + SIGN_APART : INSTANT_NEVER;
	sight_row(migration, answer->login->controller_uuid, NULL, answer->asked);
	if (migration->state.row == ROW_TARGET)
		string_replace(&migration->target_version, answer->login->server_version);
	if (!string_same(answer->login->controller_uuid, migration->source_uuid)) {
		/* Somewhere else, and perhaps only JIMM's row can tell whether that is the target. */
		migration->state.next_login = engine->now + LOGIN_PACE;
		if (migration->state.row == ROW_SOURCE && migration->state.next_row == INSTANT_NEVER)
			migration->state.next_row = engine->now;
		return;
	}
	migration->state.login_was_source = true;
	string_replace(&migration->source_version, answer->login->server_version);
	if (migration->state.pushed)
		return;
	migration->state.pushed = true;
	engine->port.watch(engine->port.context, (size_t)(migration - engine->migrations));
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
		login_answered(engine, migration, answer);
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
		completion_answered(engine, migration, answer);
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
		login_answered(engine, migration, answer);
		break;
	case LOOK_ROW:
		sight_row(migration, answer->row->controller_uuid, answer->row->controller_name, answer->asked);
		break;
	case LOOK_ROWS:
		rows_answered(engine, migration, answer);
		break;
	case LOOK_NEIGHBOUR:
		neighbour_answered(engine, migration, answer);
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
