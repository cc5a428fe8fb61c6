/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/verdict.h"

#include <stddef.h>

#include "common/base/scoped.h"

static bool moved(const struct verdict_facts *f)
{
	return f->row == ROW_TARGET;
}

/* The target has answered, and the model is not active there. */
static bool target_lacks(const struct verdict_facts *f)
{
	return f->target == TARGET_NONE || f->target == TARGET_IMPORTING;
}

/* Signs that the source has let the model go, or was about to. */
static bool had_end(const struct verdict_facts *f)
{
	return f->had_late || f->had_redirect || f->had_departed || f->had_reapfailed;
}

static bool departure(const struct verdict_facts *f)
{
	return f->source == SOURCE_REDIRECT || f->source == SOURCE_DEPARTED;
}

static bool row_1(const struct verdict_facts *f)
{
	return f->leaving;
}

static bool row_2(const struct verdict_facts *f)
{
	return f->source == SOURCE_NO_NEWS;
}

static bool row_3(const struct verdict_facts *f)
{
	return f->row == ROW_FORGOTTEN;
}

static bool row_4(const struct verdict_facts *f)
{
	return f->row == ROW_ELSEWHERE;
}

static bool row_5(const struct verdict_facts *f)
{
	return moved(f) && (f->had_aborted || f->source == SOURCE_ABORTED);
}

static bool row_6(const struct verdict_facts *f)
{
	return moved(f) && f->target == TARGET_ACTIVE;
}

static bool row_7(const struct verdict_facts *f)
{
	return moved(f) && target_lacks(f) && f->had_committed && f->target_maybe_41;
}

static bool row_8(const struct verdict_facts *f)
{
	return moved(f) && target_lacks(f) && f->target_for >= 60 * INSTANT_SECOND;
}

static bool row_9(const struct verdict_facts *f)
{
	return moved(f) && f->target == TARGET_UNKNOWN && f->unavailable_alone;
}

static bool row_10(const struct verdict_facts *f)
{
	return moved(f) && f->target == TARGET_UNKNOWN && f->own &&
	       (had_end(f) || (f->had_committed && !f->target_maybe_41));
}

static bool row_11(const struct verdict_facts *f)
{
	return moved(f) && f->target == TARGET_UNKNOWN && !f->had_any && !f->had_committed && !had_end(f) &&
	       !f->attempt_known;
}

static bool row_12(const struct verdict_facts *f)
{
	return moved(f) && f->target == TARGET_UNKNOWN;
}

static bool row_13(const struct verdict_facts *f)
{
	return f->source == SOURCE_RUNNING && f->target == TARGET_ACTIVE;
}

static bool row_14(const struct verdict_facts *f)
{
	return f->source == SOURCE_RUNNING;
}

static bool row_15(const struct verdict_facts *f)
{
	return f->source == SOURCE_EDGE;
}

static bool row_16(const struct verdict_facts *f)
{
	return f->source == SOURCE_COMMITTED && ((f->target == TARGET_NONE && f->target_for >= 15 * INSTANT_SECOND) ||
							(f->target == TARGET_IMPORTING && !f->target_maybe_41));
}

static bool row_17(const struct verdict_facts *f)
{
	return f->source == SOURCE_COMMITTED && f->target_maybe_41;
}

static bool row_18(const struct verdict_facts *f)
{
	return f->source == SOURCE_COMMITTED && !target_lacks(f);
}

static bool row_19(const struct verdict_facts *f)
{
	return f->source == SOURCE_LATE && target_lacks(f);
}

static bool row_20(const struct verdict_facts *f)
{
	return f->source == SOURCE_LATE;
}

static bool row_21(const struct verdict_facts *f)
{
	return f->source == SOURCE_ABORTING;
}

static bool row_22(const struct verdict_facts *f)
{
	return f->source == SOURCE_ABORTED && f->target == TARGET_ACTIVE;
}

static bool row_23(const struct verdict_facts *f)
{
	return f->source == SOURCE_ABORTED && f->target == TARGET_IMPORTING;
}

static bool row_24(const struct verdict_facts *f)
{
	return f->source == SOURCE_ABORTED && f->target == TARGET_NONE;
}

static bool row_25(const struct verdict_facts *f)
{
	return f->source == SOURCE_ABORTED && (!f->reason_safe || f->had_edge) && !f->target_known_41;
}

static bool row_26(const struct verdict_facts *f)
{
	return f->source == SOURCE_ABORTED;
}

static bool row_27(const struct verdict_facts *f)
{
	return f->source == SOURCE_REAPFAILED && target_lacks(f);
}

static bool row_28(const struct verdict_facts *f)
{
	return f->source == SOURCE_REAPFAILED;
}

static bool row_29(const struct verdict_facts *f)
{
	return departure(f) && target_lacks(f);
}

static bool row_30(const struct verdict_facts *f)
{
	return departure(f) && f->attempt_known;
}

static bool row_31(const struct verdict_facts *f)
{
	return departure(f);
}

static bool row_32(const struct verdict_facts *f)
{
	return f->source == SOURCE_GONE && target_lacks(f) && (f->had_committed || had_end(f));
}

static bool row_33(const struct verdict_facts *f)
{
	return f->source == SOURCE_GONE && (f->had_committed || had_end(f));
}

static bool row_34(const struct verdict_facts *f)
{
	return f->source == SOURCE_GONE && f->gone_twice && f->target == TARGET_ACTIVE;
}

static bool row_35(const struct verdict_facts *f)
{
	return f->source == SOURCE_GONE;
}

static bool row_36(const struct verdict_facts *f)
{
	return (f->source == SOURCE_RESULT || f->source == SOURCE_BLIND) && f->within_start_window;
}

static bool row_37(const struct verdict_facts *f)
{
	return f->source == SOURCE_BLIND;
}

static bool row_38(const struct verdict_facts *f)
{
	return f->source == SOURCE_RESULT && f->result_fresh && !f->had_any;
}

static bool row_39(const struct verdict_facts *f)
{
	(void)f;
	return true;
}

/* In rows that want confirmation, DOUBTFUL replaces ALARMING until a second look has confirmed the sight. */
#define DOUBTFUL (ACT_ASK_AGAIN | ACT_POLL)
#define ALARMING (ACT_ALARM | ACT_POLL)

/* One row: when it fits, what it says, and what to do if the caller may record; refine adapts it. */
static const struct row {
	bool (*fits)(const struct verdict_facts *);
	enum verdict verdict;
	unsigned int acts;
} rows[] = {
	{row_1, VERDICT_UNDECIDED, ACT_STOP},
	{row_2, VERDICT_LAST, ACT_BACK_OFF},
	{row_3, VERDICT_FORGOTTEN, ACT_STOP | ACT_ALARM},
	{row_4, VERDICT_CONTRADICTION, ACT_STOP | ACT_ALARM},
	{row_5, VERDICT_SPLIT, ACT_STOP | ACT_ALARM},
	{row_6, VERDICT_MIGRATED, ACT_VERIFY},
	{row_7, VERDICT_COMMITTED, ACT_POLL},
	{row_8, VERDICT_CONTRADICTION, ALARMING},
	{row_9, VERDICT_UNDECIDED, ACT_POLL},
	{row_10, VERDICT_MIGRATED, ACT_VERIFY},
	{row_11, VERDICT_ALREADY_RECORDED, ACT_STOP},
	{row_12, VERDICT_UNDECIDED, ACT_POLL},
	{row_13, VERDICT_CONTRADICTION, ALARMING},
	{row_14, VERDICT_RUNNING, ACT_POLL},
	{row_15, VERDICT_EDGE, ACT_POLL},
	{row_16, VERDICT_CONTRADICTION, ALARMING},
	{row_17, VERDICT_COMMITTED, ACT_POLL},
	{row_18, VERDICT_COMMITTED, ACT_POLL | ACT_RECORD},
	{row_19, VERDICT_CONTRADICTION, ALARMING},
	{row_20, VERDICT_COMMITTED, ACT_POLL | ACT_RECORD},
	{row_21, VERDICT_FAILING, ACT_POLL},
	{row_22, VERDICT_SPLIT, ACT_STOP | ACT_ALARM},
	{row_23, VERDICT_FAILED_LEFTOVER, ACT_STOP},
	{row_24, VERDICT_FAILED, ACT_STOP},
	{row_25, VERDICT_UNDECIDED, ACT_STOP | ACT_ALARM},
	{row_26, VERDICT_FAILED_UNASKED, ACT_STOP},
	{row_27, VERDICT_CONTRADICTION, ALARMING},
	{row_28, VERDICT_COMMITTED, ACT_POLL | ACT_RECORD},
	{row_29, VERDICT_CONTRADICTION, ALARMING},
	{row_30, VERDICT_DEPARTED, ACT_POLL | ACT_RECORD},
	{row_31, VERDICT_DEPARTED, ACT_POLL | ACT_RECORD},
	{row_32, VERDICT_CONTRADICTION, ALARMING},
	{row_33, VERDICT_DEPARTED, ACT_POLL | ACT_RECORD},
	{row_34, VERDICT_DEPARTED, ACT_POLL | ACT_RECORD},
	{row_35, VERDICT_UNDECIDED, ACT_POLL | ACT_SIGN},
	{row_36, VERDICT_STARTING, ACT_POLL},
	{row_37, VERDICT_RUNNING, ACT_POLL},
	{row_38, VERDICT_NOT_STARTED, ACT_RESTART},
	{row_39, VERDICT_LAST, ACT_POLL},
};

/* Rows 13, 16, 19, 27, 29 and 32 are about something that should not be, but may come from two answers of different age: both
 * sides are asked again before it is said. */
static bool wants_confirmation(int row)
{
	return row == 13 || row == 16 || row == 19 || row == 27 || row == 29 || row == 32;
}

/* An abort is not called a failure until JIMM's row has been seen, after its end, to be still on the source. */
static bool wants_row(int row)
{
	return row == 23 || row == 24 || row == 26;
}

static void refine(const struct verdict_facts *facts, struct verdict_result *result)
{
	if (wants_confirmation(result->row) && !facts->confirmed) {
		result->verdict = result->row == 13 ? VERDICT_RUNNING : VERDICT_LAST;
		result->acts = DOUBTFUL;
	}
	if (wants_row(result->row) && !facts->row_after_end) {
		result->verdict = VERDICT_FAILING;
		result->acts = ACT_ASK_ROW | ACT_POLL;
	}
	if (result->row == 1 && facts->had_committed)
		result->verdict = VERDICT_COMMITTED;
	if (result->row == 12 && (facts->had_late || facts->had_redirect))
		result->verdict = VERDICT_COMMITTED;
	if ((result->acts & ACT_RECORD) && !facts->may_record) {
		result->acts &= ~(unsigned int)ACT_RECORD;
		if (result->verdict == VERDICT_DEPARTED || result->row == 28)
			result->acts |= ACT_WAIT_JIMM;
	}
}

struct verdict_result verdict_decide(const struct verdict_facts *facts)
{
	struct verdict_result result = {0};

	for (size_t i = 0; i < array_length(rows); i++) {
		if (!rows[i].fits(facts))
			continue;
		result = (struct verdict_result){(int)i + 1, rows[i].verdict, rows[i].acts};
		break;
	}
	refine(facts, &result);
	return result;
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_LAST] = "no change",
		[VERDICT_STARTING] = "starting",
		[VERDICT_NOT_STARTED] = "not started",
		[VERDICT_RUNNING] = "running",
		[VERDICT_EDGE] = "activating",
		[VERDICT_FAILING] = "aborting",
		[VERDICT_COMMITTED] = "committed",
		[VERDICT_DEPARTED] = "departed",
		[VERDICT_MIGRATED] = "migrated",
		[VERDICT_ALREADY_RECORDED] = "already recorded",
		[VERDICT_FAILED] = "failed",
		[VERDICT_FAILED_LEFTOVER] = "failed, leftover on the target",
		[VERDICT_FAILED_UNASKED] = "failed, target not asked",
		[VERDICT_UNDECIDED] = "undecided",
		[VERDICT_CONTRADICTION] = "contradiction",
		[VERDICT_SPLIT] = "split",
		[VERDICT_FORGOTTEN] = "forgotten",
	};

	return names[verdict];
}
