/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* A doubtful sight is looked at again after this time; after the second if it is about a running attempt (row 13). */
#define CONFIRM_AFTER (10 * INSTANT_SECOND)
#define CONFIRM_RUNNING_AFTER (15 * INSTANT_SECOND)
/* How long to wait after the last sign of an attempt that is out of sight. */
#define BLIND_PATIENCE (60 * INSTANT_MINUTE)
/* How often a source that shows no attempts gets a new login. Out of step with the statuses: a new socket fails pending ones. */
#define BLIND_LOGIN_PACE (27500 * INSTANT_MILLISECOND)
/* Such an attempt counts as given up when its copy has been gone from the target for this long. */
#define COPY_GONE_AFTER (30 * INSTANT_SECOND)
/* How old a status of the source may be to count as fresh. */
#define RESULT_FRESH (30 * INSTANT_SECOND)
/* Longer than the 15 minutes that the agents have by default to come over. */
#define STALL_AFTER (20 * INSTANT_MINUTE)
/* How often JIMM's row is asked for while only that is missing. */
#define PROBE_PACE (10 * INSTANT_SECOND)

/* A version may be from JIMM's memory, up to ten minutes old: 4.0 may have become 4.1 since, 3.x cannot have. */
static bool maybe_41(const char *version)
{
	return !migration_juju_3(version);
}

static bool known_41(const char *version)
{
	return maybe_41(version) && string_given(version) && !string_starts(version, "4.0") &&
	       !string_starts(version, "0.");
}

static struct verdict_facts facts_of(const struct engine *engine, const struct migration *migration)
{
	/* A row that has moved is news, whatever the newest look brought. */
	bool no_news =
		migration->state.no_news && (migration->state.row == ROW_SOURCE || migration->state.row == ROW_UNKNOWN);

	return (struct verdict_facts){
		.row = migration->state.row,
		.source = no_news ? SOURCE_NO_NEWS : migration->state.sight,
		.target = target_current(migration),
		.target_for = engine->now - migration->state.target_since,
		.unavailable_alone = migration->state.unavailable && migration->state.unavailable_alone,
		.target_maybe_41 = maybe_41(migration->target_version),
		.target_known_41 = known_41(migration->target_version),
		.confirmed = migration->state.confirmed,
		.reason_safe = attempt_reason_safe(attempt_reason(migration->text)),
		.row_after_end =
			migration->state.had_aborted && migration->state.row_asked >= migration->state.end_seen,
		.within_start_window = engine->now - migration->state.sent <= START_WINDOW,
		.result_fresh = migration->state.sight_asked > migration->state.sent + START_WINDOW &&
				engine->now - migration->state.sight_asked <= RESULT_FRESH,
		.gone_twice = migration->state.refused_logins > 1,
		.had_any = migration->state.had_any,
		.had_edge = migration->state.had_edge,
		.had_committed = migration->state.had_committed,
		.had_late = migration->state.had_late,
		.had_redirect = migration->state.had_redirect,
		.had_departed = migration->state.had_departed,
		.had_reapfailed = migration->state.had_reapfailed,
		.had_aborted = migration->state.had_aborted,
		/* After a lost answer, an attempt that appears within the start window is ours. */
		.own = migration->state.ours &&
		       (!migration->state.lost || migration->state.had_any || migration->state.had_redirect),
		.attempt_known = migration->state.ours || migration->attached,
		.may_record = engine->administrator,
	};
}

static void record(struct engine *engine, struct migration *migration)
{
	bool told = migration->recorded && migration->state.row != ROW_SOURCE;

	if (told || migration->state.recording || engine->now < migration->state.record_at)
		return;
	/* The row was turned back after it was recorded; that may go on, so the next try waits. */
	if (migration->recorded)
		migration->state.record_at = engine->now + PROBE_PACE;
	migration->recorded = false;
	migration->state.recording = true;
	step_tell(engine, migration, NEWS_RECORDING);
	engine->port.record(engine->port.context, (size_t)(migration - engine->migrations), migration->uuid,
		migration->target_name);
}

/* Asks both sides again a little later; sets `confirmed` if the sight has not changed by then. */
static void confirm(struct engine *engine, struct migration *migration)
{
	if (migration->state.confirm_at == 0) {
		migration->state.confirm_at =
			engine->now + (migration->row == 13 ? CONFIRM_RUNNING_AFTER : CONFIRM_AFTER);
		migration->state.next_summary = migration->state.confirm_at;
		migration->state.next_target = migration->state.confirm_at;
		if (migration->state.sight >= SOURCE_REDIRECT)
			migration->state.next_login = migration->state.confirm_at;
	} else if (migration->state.sight_asked >= migration->state.confirm_at &&
		   migration->state.target_asked >= migration->state.confirm_at) {
		migration->state.confirmed = true;
	}
}

static enum migration_result result_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_MIGRATED:
		return RESULT_MIGRATED;
	case VERDICT_ALREADY_RECORDED:
		return RESULT_ALREADY_THERE;
	case VERDICT_FAILED:
	case VERDICT_FAILED_LEFTOVER:
	case VERDICT_FAILED_UNASKED:
		return RESULT_FAILED;
	case VERDICT_CONTRADICTION:
	case VERDICT_SPLIT:
	case VERDICT_FORGOTTEN:
		return RESULT_CONTRADICTION;
	default:
		return RESULT_UNDECIDED;
	}
}

/* The model is gone and nothing proves that it arrived: gives the departure sign and JIMM's row VERDICT_PATIENCE to appear. */
static void seek_sign(struct engine *engine, struct migration *migration)
{
	if (migration->state.gone_since != 0 && engine->now - migration->state.gone_since > VERDICT_PATIENCE) {
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_SIGN_MISSING);
		return;
	}
	source_ask(engine, migration);
	if (migration->state.next_login == INSTANT_NEVER && !step_looking(engine, migration, LOOK_LOGIN))
		migration->state.next_login = engine->now;
}

/* Where neither a call nor the lists tell the row to this caller, a login does. */
static void ask_row(struct engine *engine, struct migration *migration)
{
	bool by_login = step_row_by_login(engine, migration);
	int64_t *next = by_login ? &migration->state.next_login : &migration->state.next_row;

	if (*next != INSTANT_NEVER || step_looking(engine, migration, by_login ? LOOK_LOGIN : LOOK_ROW))
		return;
	*next = engine->now > migration->state.probe_at ? engine->now : migration->state.probe_at;
	migration->state.probe_at = *next + PROBE_PACE;
}

/* Moved, but only an administrator may tell JIMM; a new JIMM finds out by itself within a minute or two, or never, and an
 * old one never does. */
static void wait_for_jimm(struct engine *engine, struct migration *migration)
{
	if (migration->state.wait_jimm_since == 0)
		migration->state.wait_jimm_since = engine->now;
	if (migration->old_jimm || engine->now - migration->state.wait_jimm_since > VERDICT_PATIENCE)
		step_end(engine, migration, RESULT_NOT_RECORDED, CAUSE_VERDICT);
	else
		ask_row(engine, migration);
}

static void act(struct engine *engine, struct migration *migration, const struct verdict_result *result)
{
	if (result->acts & ACT_STOP) {
		step_end(engine, migration, result_of(result->verdict), CAUSE_VERDICT);
		return;
	}
	if (result->acts & ACT_ALARM)
		step_tell(engine, migration, NEWS_ALARM);
	if (result->verdict == VERDICT_DEPARTED)
		migration->state.had_departed = true;
	if (result->acts & ACT_ASK_AGAIN)
		confirm(engine, migration);
	if ((result->acts & ACT_ASK_ROW) && engine->now - migration->state.end_seen > VERDICT_PATIENCE) {
		migration_detail(migration, migration->trouble);
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OUT_OF_SIGHT);
		return;
	}
	if (result->acts & ACT_ASK_ROW)
		ask_row(engine, migration);
	if (result->acts & ACT_RECORD)
		record(engine, migration);
	if (result->acts & ACT_SIGN)
		seek_sign(engine, migration);
	if (result->acts & ACT_WAIT_JIMM)
		wait_for_jimm(engine, migration);
	if (result->acts & ACT_RESTART)
		resume_restart(engine, migration);
	if (result->acts & ACT_VERIFY)
		verify_begin(engine, migration);
}

/* Ends it if nothing was learned about the model for BLIND_PATIENCE: our rights are gone, or the model is. */
static void lose_sight(struct engine *engine, struct migration *migration)
{
	if (migration->state.learned == 0)
		migration->state.learned = engine->now;
	if (engine->now - migration->state.learned <= BLIND_PATIENCE)
		return;
	migration->verdict = VERDICT_UNDECIDED;
	migration_detail(migration, migration->trouble);
	step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OUT_OF_SIGHT);
}

/* Ends it if for an hour nothing seen is part of a move: others have moved the model on, and their attempts hide this one. */
static void find_nothing(struct engine *engine, struct migration *migration, int row)
{
	if (row != 39 && row != 2)
		migration->state.nothing_since = 0;
	else if (migration->state.nothing_since == 0)
		migration->state.nothing_since = engine->now;
	else if (!step_over(migration) && engine->now - migration->state.nothing_since > BLIND_PATIENCE) {
		migration->verdict = VERDICT_UNDECIDED;
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OUT_OF_SIGHT);
	}
}

/* After the commitment nothing can fail, only stall: tells that once for each text. */
static void stall(struct engine *engine, struct migration *migration)
{
	/* Taken up from the journal, it is watched only from now on. */
	if (migration->state.text_changed == 0)
		migration->state.text_changed = engine->now;
	if (!migration->state.had_committed || migration->state.stalled ||
		engine->now - migration->state.text_changed <= STALL_AFTER)
		return;
	migration->state.stalled = true;
	step_tell(engine, migration, NEWS_STALLED);
}

/* An alarm is told once, and ends the migration when it has lasted for VERDICT_PATIENCE, unless the attempt still runs: then its own end
 * will show. Hearing nothing for a while (row 2) does not interrupt an alarm. */
static void believe(struct engine *engine, struct migration *migration, struct verdict_result *result)
{
	if (!(result->acts & ACT_ALARM) && result->row != 2)
		migration->state.alarm_row = 0;
	if (!(result->acts & ACT_ALARM) || (result->acts & ACT_STOP))
		return;
	if (result->row != migration->state.alarm_row) {
		migration->state.alarm_row = result->row;
		migration->state.alarm_since = engine->now;
		return;
	}
	result->acts &= ~(unsigned int)ACT_ALARM;
	bool goes_on = result->row == 13 || (result->row == 8 && migration->state.sight >= SOURCE_RUNNING &&
						    migration->state.sight <= SOURCE_ABORTING);
	if (!goes_on && engine->now - migration->state.alarm_since > VERDICT_PATIENCE)
		result->acts |= ACT_STOP;
}

/* Ends the watch of an attempt that the source does not show. Where the target itself has nothing of the model (one that failed to clean
 * up after a move looks alike), it has been aborted, and a later run may start anew. */
static void give_up(struct engine *engine, struct migration *migration, enum migration_cause cause)
{
	migration->state.given_up = migration->state.ours && migration->state.target == TARGET_NONE &&
				    engine->now - migration->state.target_asked <= VERDICT_PATIENCE;
	step_remember(engine, migration);
	migration->verdict = VERDICT_UNDECIDED;
	step_end(engine, migration, RESULT_UNDECIDED, cause);
}

/* The source shows no attempts, but the target shows its copy: one that appeared and has gone again was aborted. */
static void blind(struct engine *engine, struct migration *migration)
{
	enum target_sight target = migration->state.target;

	if (step_over(migration) || !migration->state.imported || target != TARGET_NONE ||
		migration->state.target_asked - migration->state.target_since < COPY_GONE_AFTER)
		return;
	give_up(engine, migration, CAUSE_COPY_GONE);
}

/* Row 25, an abort that may have left both sides active: where the lists can still show the target's side, they get the time to.
 * Row 37, an attempt that the source never shows: it is given up an hour after its last sign. */
static void hesitate(struct engine *engine, struct migration *migration, struct verdict_result *result)
{
	if (result->row == 25 && migration->state.carried &&
		engine->now - migration->state.sight_since <= VERDICT_PATIENCE) {
		migration->verdict = VERDICT_FAILING;
		result->acts = ACT_POLL;
	}
	if (result->row != 37) {
		/* Hearing nothing (row 2) is no sign. */
		if (result->row != 2)
			migration->state.last_sign = engine->now;
		return;
	}
	if (migration->state.next_login == INSTANT_NEVER && !step_looking(engine, migration, LOOK_LOGIN))
		migration->state.next_login = engine->now + BLIND_LOGIN_PACE;
	/* Any change of what the target shows is a sign too. */
	if (migration->state.target_since > migration->state.last_sign)
		migration->state.last_sign = migration->state.target_since;
	blind(engine, migration);
	if (!step_over(migration) && engine->now - migration->state.last_sign > BLIND_PATIENCE)
		give_up(engine, migration, CAUSE_VERDICT);
}

/* JIMM has recorded an attempt that somebody else started. A few looks show whether its target was this one; where the lists tell
 * nothing, that never shows. */
static void target_unproved(struct engine *engine, struct migration *migration)
{
	int64_t patience = migration->row == 12 ? VERDICT_PATIENCE : BLIND_PATIENCE;

	/* Row 7 lasts until the target has activated its copy; a target that has lost it never does. */
	if (migration->row != 12 && migration->row != 9 && migration->row != 7)
		migration->state.unproved_since = engine->now;
	else if (engine->now - migration->state.unproved_since > patience)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_TARGET_UNPROVED);
}

void decide_leaving(struct engine *engine, struct migration *migration)
{
	struct verdict_facts facts = facts_of(engine, migration);

	facts.leaving = true;
	struct verdict_result result = verdict_decide(&facts);
	migration->row = result.row;
	migration->verdict = result.verdict;
}

void decide(struct engine *engine, struct migration *migration)
{
	if (target_awaited(engine, migration))
		return;
	struct verdict_facts facts = facts_of(engine, migration);
	struct verdict_result result = verdict_decide(&facts);

	migration->row = result.row;
	if (result.verdict != VERDICT_LAST)
		migration->verdict = result.verdict;
	stall(engine, migration);
	lose_sight(engine, migration);
	find_nothing(engine, migration, result.row);
	believe(engine, migration, &result);
	hesitate(engine, migration, &result);
	if (step_over(migration))
		return;
	act(engine, migration, &result);
	target_unproved(engine, migration);
}
