/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* A doubtful sight is looked at again after this time; one that would be an alarm over a running attempt later. */
#define CONFIRM_AFTER (10 * INSTANT_SECOND)
#define CONFIRM_RUNNING_AFTER (15 * INSTANT_SECOND)
/* For how long an attempt on a source that shows none is waited for after its last sign. */
#define BLIND_PATIENCE (60 * INSTANT_MINUTE)
/* How often it is logged in to anew. Out of step with the statuses: a new socket fails what is pending on the old one. */
#define BLIND_LOGIN_PACE (27500 * INSTANT_MILLISECOND)
/* For how long the copy of such an attempt has to have gone from the target to be taken for given up. */
#define COPY_GONE_AFTER (30 * INSTANT_SECOND)
/* How old a status of the source may be to count as fresh. */
#define RESULT_FRESH (30 * INSTANT_SECOND)
/* The agents have 15 minutes by default to come over. */
#define STALL_AFTER (20 * INSTANT_MINUTE)
/* How often the row is asked for while nothing but it is missing. */
#define PROBE_PACE (10 * INSTANT_SECOND)

/* Known versions are JIMM's memory of them, up to ten minutes old: 4.0 may have become 4.1, 3.x cannot have. */
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
	/* JIMM's row that has moved is news by itself. */
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
		/* An attempt that shows within the window after a lost answer is that answer's. */
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
	/* Whoever turns it back does so for some time. */
	if (migration->recorded)
		migration->state.record_at = engine->now + PROBE_PACE;
	migration->recorded = false;
	migration->state.recording = true;
	step_tell(engine, migration, NEWS_RECORDING);
	engine->port.record(engine->port.context, (size_t)(migration - engine->migrations), migration->uuid,
		migration->target_name);
}

/* Ask both sides again, a little later; `confirmed` is set when the sight has not changed until then. */
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

/* Gone, and nothing proves that it arrived: give the departure sign and JIMM's row their time. */
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

/* Nothing at all can be learned of the model any more: rights are gone, or it is. */
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

/* What is seen is nothing that a move comes to, for an hour: others have taken the model on, and their attempts hide this one. */
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

/* Nothing fails after the commitment, things only stall, and that is worth a word. */
static void stall(struct engine *engine, struct migration *migration)
{
	if (!migration->state.had_committed || migration->state.stalled ||
		engine->now - migration->state.text_changed <= STALL_AFTER)
		return;
	migration->state.stalled = true;
	step_tell(engine, migration, NEWS_STALLED);
}

/* A state that alarms is told once, and believed when it has lasted; but an attempt that runs shows its own end. That nothing was heard for a
 * while in between is no end of it. */
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

/* The source shows nothing, but the target does: a copy that was there and has gone again was given up. */
static void blind(struct engine *engine, struct migration *migration)
{
	enum target_sight target = migration->state.target;

	if (step_over(migration) || !migration->state.imported || target != TARGET_NONE ||
		migration->state.target_asked - migration->state.target_since < COPY_GONE_AFTER)
		return;
	migration->verdict = VERDICT_UNDECIDED;
	step_end(engine, migration, RESULT_UNDECIDED, CAUSE_COPY_GONE);
}

/* An abort that may have left both sides active: where the lists can still show the target's, they get the time to. And an
 * attempt that is never shown is given up an hour after its last sign. */
static void hesitate(struct engine *engine, struct migration *migration, struct verdict_result *result)
{
	if (result->row == 25 && migration->state.carried &&
		engine->now - migration->state.sight_since <= VERDICT_PATIENCE) {
		migration->verdict = VERDICT_FAILING;
		result->acts = ACT_POLL;
	}
	if (result->row != 37) {
		/* That nothing was heard is no sign. */
		if (result->row != 2)
			migration->state.last_sign = engine->now;
		return;
	}
	if (migration->state.next_login == INSTANT_NEVER && !step_looking(engine, migration, LOOK_LOGIN))
		migration->state.next_login = engine->now + BLIND_LOGIN_PACE;
	/* A copy that appears, or becomes active, is one too. */
	if (migration->state.target_since > migration->state.last_sign)
		migration->state.last_sign = migration->state.target_since;
	if (engine->now - migration->state.last_sign > BLIND_PATIENCE) {
		migration->verdict = VERDICT_UNDECIDED;
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_VERDICT);
	}
	blind(engine, migration);
}

/* JIMM was told of an attempt that somebody else has started, and took it; whether its target was this one shows within a
 * few looks, or never where the lists tell nothing. */
static void target_unproved(struct engine *engine, struct migration *migration)
{
	int64_t patience = migration->row == 12 ? VERDICT_PATIENCE : BLIND_PATIENCE;

	/* Row 7 ends when the target has activated its copy; one that has lost it never does. */
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
