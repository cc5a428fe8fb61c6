/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* How long to wait for a source that shows no progress, once the model is safe on its target: by default the agents have 15
 * minutes to come over. */
#define SETTLE_PATIENCE (20 * INSTANT_MINUTE)
/* When to look at the row again: a pass of JIMM's poller works on rows read at its start and may write an old one back. */
#define SECOND_LOOK (70 * INSTANT_SECOND)
/* A source that is idle for this long with the model still there will not remove it any more. */
#define RESIDUE_AFTER (60 * INSTANT_SECOND)
/* How long to wait for a source that only the lists can show. */
#define LISTS_PATIENCE (60 * INSTANT_SECOND)
#define RETRY_PAUSE (2 * INSTANT_SECOND)

void verify_begin(struct engine *engine, struct migration *migration)
{
	bool recorded_before = migration->recorded;

	migration->stage = STAGE_VERIFY;
	sockets_moved(engine, migration);
	migration->recorded = true;
	migration->state.verify_since = engine->now;
	migration->state.next_row = engine->now;
	migration->state.next_login = engine->now;
	if (!recorded_before)
		step_tell(engine, migration, NEWS_RECORDED);
}

/* JIMM was told, and yet its row names the source (again): tells it once more, if the source surely cannot go back. If not, somebody
 * else told JIMM, too early perhaps: back to STAGE_WATCH, where the table decides. */
static void row_flipped(struct engine *engine, struct migration *migration)
{
	migration->recorded = false;
	migration->verified = false;
	if (!migration->state.had_committed && !migration->state.had_redirect && !migration->state.had_departed) {
		migration->stage = STAGE_WATCH;
		migration->state.next_status = engine->now;
		return;
	}
	if (migration->state.recording || !engine->administrator || engine->now < migration->state.record_at)
		return;
	migration->state.recording = true;
	migration->state.record_at = engine->now + RETRY_PAUSE;
	engine->port.record(engine->port.context, (size_t)(migration - engine->migrations), migration->uuid,
		migration->target_name);
}

static void row_answered(
	struct engine *engine, struct migration *migration, const char *uuid, const char *name, int64_t asked)
{
	sight_row(migration, uuid, name, asked);
	/* Once the row is checked, only the second look asks for it again. */
	if (migration->state.row == ROW_TARGET)
		migration->state.next_row =
			migration->state.second_look > engine->now ? migration->state.second_look : INSTANT_NEVER;
	if (migration->state.row == ROW_SOURCE)
		row_flipped(engine, migration);
	else if (migration->state.row == ROW_ELSEWHERE)
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_VERDICT);
}

static void login_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	migration->state.next_login = INSTANT_NEVER;
	if (string_same(answer->login->controller_uuid, migration->source_uuid)) {
		migration->state.next_login = engine->now + RETRY_PAUSE;
		return;
	}
	if (migration->target_uuid == NULL)
		string_replace(&migration->target_uuid, answer->login->controller_uuid);
	if (!string_same(answer->login->controller_uuid, migration->target_uuid)) {
		migration_detail(migration, answer->login->controller_uuid);
		migration->state.row = ROW_ELSEWHERE;
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_VERDICT);
		return;
	}
	string_replace(&migration->target_version, answer->login->server_version);
	/* If nothing else tells this caller JIMM's row, where JIMM's proxy leads does. */
	if (step_row_by_login(engine, migration))
		sight_row(migration, answer->login->controller_uuid, NULL, answer->asked);
	if (migration->verified)
		return;
	migration->verified = true;
	step_tell(engine, migration, NEWS_VERIFIED);
	step_look(engine, migration, LOOK_ARRIVED);
}

/* A source that refuses has let the model go; one that cannot be reached may still be cleaning up. */
static void status_refused(struct engine *engine, struct migration *migration, const struct error *error)
{
	if (sight_refusal(error) != SOURCE_NO_NEWS) {
		migration->state.source_over = true;
		return;
	}
	migration->state.socket_lost = true;
	migration->state.next_status = INSTANT_NEVER;
	migration->state.next_summary = engine->now;
}

static void refused(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->what == LOOK_STATUS) {
		status_refused(engine, migration, answer->error);
		return;
	}
	string_replace(&migration->trouble, answer->error->message);
	if (answer->what == LOOK_ARRIVED)
		migration->state.arrived = true;
	else if (answer->what == LOOK_LOGIN && error_says(answer->error, "failed to find model")) {
		migration->verdict = VERDICT_FORGOTTEN;
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_VERDICT);
	} else if (answer->what == LOOK_LOGIN)
		migration->state.next_login = engine->now + RETRY_PAUSE;
	else if (answer->what == LOOK_ROW && error_says(answer->error, "model not found")) {
		migration->verdict = VERDICT_FORGOTTEN;
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_VERDICT);
	} else if (answer->what == LOOK_ROW) {
		migration->state.row_unsupported = answer->error->kind == ERROR_REMOTE;
		migration->state.next_row = engine->now + (answer->error->kind == ERROR_REMOTE ? 0 : RETRY_PAUSE);
	}
}

static void rows_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	const struct jimm_model *row = newest_row(engine, migration->uuid);

	if (row != NULL)
		row_answered(engine, migration, row->controller_uuid, row->controller_name, answer->asked);
}

static void summaries_answered(
	struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	const struct model_summary *entry = sight_find(engine, migration);

	if (entry == NULL) {
		/* Where only the lists tell the row, a login tells whether JIMM still knows the model. */
		if (migration->state.row_unsupported && !engine->rows_supported &&
			migration->state.next_login == INSTANT_NEVER && !step_looking(engine, migration, LOOK_LOGIN))
			migration->state.next_login = engine->now;
		return;
	}
	if (!migration->state.masked && engine->administrator)
		row_answered(engine, migration, entry->controller_uuid, NULL, answer->asked);
	sight_entry(engine, migration, entry->migration, migration->state.unavailable, answer->asked);
}

void verify_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->what == LOOK_TARGET)
		return;
	if (answer->error != NULL) {
		refused(engine, migration, answer);
		return;
	}
	switch (answer->what) {
	case LOOK_ROW:
		row_answered(
			engine, migration, answer->row->controller_uuid, answer->row->controller_name, answer->asked);
		break;
	case LOOK_ROWS:
		rows_answered(engine, migration, answer);
		break;
	case LOOK_SUMMARIES:
		summaries_answered(engine, migration, answer);
		break;
	case LOOK_LOGIN:
		login_answered(engine, migration, answer);
		break;
	case LOOK_STATUS:
		sight_status(engine, migration, answer->status->status, answer->status->status_info, answer->asked);
		break;
	case LOOK_ARRIVED:
		migration->state.arrived = true;
		migration->agents_away = answer->status->away_count;
		migration->agents = answer->status->machines + answer->status->units;
		string_free(migration->agents_named);
		migration->agents_named = client_status_away(answer->status);
		break;
	default:
		break;
	}
}

/* True if the row, asked for at `since` or later, names the target. */
static bool row_checked(const struct migration *migration, int64_t since)
{
	return migration->state.row == ROW_TARGET && migration->state.row_asked >= since;
}

static bool source_ended(const struct engine *engine, struct migration *migration)
{
	if (migration->state.idle_since != 0 && engine->now - migration->state.idle_since > RESIDUE_AFTER &&
		!migration->state.source_over)
		migration->residue = true;
	migration->residue |= migration->state.had_reapfailed;
	return migration->state.source_over || migration->residue || migration->state.had_redirect ||
	       migration->state.had_departed;
}

static void settle(struct engine *engine, struct migration *migration)
{
	bool ended = source_ended(engine, migration);
	bool doubtful = migration->residue || migration->state.had_departed;
	int64_t quiet_since = migration->state.text_changed > migration->state.settle_since
				      ? migration->state.text_changed
				      : migration->state.settle_since;

	/* JIMM leads to the target now: a lost socket to the source cannot be opened again, and then only the lists can show the source,
	 * for a while. */
	if (!ended && engine->now - quiet_since <= (migration->state.socket_lost ? LISTS_PATIENCE : SETTLE_PATIENCE))
		return;
	/* A last look at the row: the newest fact when the model is called moved. */
	if (ended && migration->state.second_look == 0) {
		migration->state.second_look = engine->now + (doubtful ? SECOND_LOOK : 0);
		migration->state.next_row = migration->state.second_look;
		if (step_row_by_login(engine, migration))
			migration->state.next_login = migration->state.second_look;
	}
	if (migration->state.second_look != 0 && !row_checked(migration, migration->state.second_look) &&
		engine->now - migration->state.second_look <= VERDICT_PATIENCE)
		return;
	migration->source_unfinished = !ended;
	step_end(engine, migration, RESULT_MIGRATED, CAUSE_VERDICT);
}

void verify_step(struct engine *engine, struct migration *migration)
{
	bool checked = row_checked(migration, migration->state.verify_since);

	if (migration->stage == STAGE_VERIFY && checked && migration->verified && migration->state.arrived) {
		migration->stage = STAGE_SETTLE;
		migration->state.settle_since = engine->now;
	}
	if (migration->stage == STAGE_SETTLE) {
		settle(engine, migration);
		return;
	}
	if (migration->state.row == ROW_SOURCE && !migration->state.recording)
		row_flipped(engine, migration);
	if (engine->now - migration->state.verify_since <= VERDICT_PATIENCE)
		return;
	/* JIMM said that it points there; that no login has reached the model there yet does not change the move. */
	step_end(engine, migration, checked ? RESULT_MIGRATED : RESULT_UNDECIDED,
		checked ? CAUSE_VERDICT : CAUSE_TARGET_UNPROVED);
}
