/* SPDX-License-Identifier: Apache-2.0 */
/* The decision table: every row fits where it should, says what it should, and gives way to the rows before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/scoped.h"
#include "common/migration/verdict.h"

#define SECONDS(n) ((n)*INSTANT_SECOND)
/* What is true of most cases: an attempt of our own, told to an administrator or not; a juju 3 target. */
#define GUEST .own = true, .attempt_known = true
#define USUAL GUEST, .may_record = true

struct expectation {
	struct verdict_facts facts;
	int row;
	enum verdict verdict;
	unsigned int acts;
};

static const struct expectation cases[] = {
	{{USUAL, .leaving = true, .source = SOURCE_RUNNING}, 1, VERDICT_UNDECIDED, ACT_STOP},
	{{USUAL, .leaving = true, .source = SOURCE_LATE, .had_committed = true}, 1, VERDICT_COMMITTED, ACT_STOP},
	{{USUAL, .source = SOURCE_NO_NEWS}, 2, VERDICT_LAST, ACT_BACK_OFF},
	{{USUAL, .row = ROW_FORGOTTEN, .source = SOURCE_RUNNING}, 3, VERDICT_FORGOTTEN, ACT_STOP | ACT_ALARM},
	{{USUAL, .row = ROW_ELSEWHERE}, 4, VERDICT_CONTRADICTION, ACT_STOP | ACT_ALARM},
	{{USUAL, .row = ROW_TARGET, .had_aborted = true, .target = TARGET_ACTIVE}, 5, VERDICT_SPLIT,
		ACT_STOP | ACT_ALARM},
	{{USUAL, .row = ROW_TARGET, .target = TARGET_ACTIVE}, 6, VERDICT_MIGRATED, ACT_VERIFY},
	{{USUAL, .row = ROW_TARGET, .target = TARGET_IMPORTING, .had_committed = true, .target_maybe_41 = true}, 7,
		VERDICT_COMMITTED, ACT_POLL},
	{{USUAL, .row = ROW_TARGET, .target = TARGET_IMPORTING, .target_for = SECONDS(60)}, 8, VERDICT_CONTRADICTION,
		ACT_ALARM | ACT_POLL},
	{{USUAL, .row = ROW_TARGET, .target = TARGET_NONE, .target_for = SECONDS(59)}, 39, VERDICT_LAST, ACT_POLL},
	{{USUAL, .row = ROW_TARGET, .unavailable_alone = true, .had_late = true}, 9, VERDICT_UNDECIDED, ACT_POLL},
	{{USUAL, .row = ROW_TARGET, .had_any = true, .had_committed = true}, 10, VERDICT_MIGRATED, ACT_VERIFY},
	{{USUAL, .row = ROW_TARGET, .had_any = true, .had_late = true, .target_maybe_41 = true}, 10, VERDICT_MIGRATED,
		ACT_VERIFY},
	{{USUAL, .row = ROW_TARGET, .had_any = true, .had_redirect = true}, 10, VERDICT_MIGRATED, ACT_VERIFY},
	{{USUAL, .row = ROW_TARGET, .had_any = true, .had_departed = true}, 10, VERDICT_MIGRATED, ACT_VERIFY},
	{{USUAL, .row = ROW_TARGET, .had_any = true, .had_reapfailed = true}, 10, VERDICT_MIGRATED, ACT_VERIFY},
	{{.row = ROW_TARGET}, 11, VERDICT_ALREADY_RECORDED, ACT_STOP},
	{{USUAL, .row = ROW_TARGET, .had_any = true}, 12, VERDICT_UNDECIDED, ACT_POLL},
	{{USUAL, .row = ROW_TARGET, .had_any = true, .had_committed = true, .target_maybe_41 = true}, 12,
		VERDICT_UNDECIDED, ACT_POLL},
	{{.row = ROW_TARGET, .attempt_known = true, .had_any = true, .had_late = true}, 12, VERDICT_COMMITTED,
		ACT_POLL},
	{{USUAL, .source = SOURCE_RUNNING, .target = TARGET_ACTIVE}, 13, VERDICT_RUNNING, ACT_ASK_AGAIN | ACT_POLL},
	{{USUAL, .source = SOURCE_RUNNING, .target = TARGET_ACTIVE, .confirmed = true}, 13, VERDICT_CONTRADICTION,
		ACT_ALARM | ACT_POLL},
	{{USUAL, .source = SOURCE_RUNNING}, 14, VERDICT_RUNNING, ACT_POLL},
	{{USUAL, .source = SOURCE_EDGE, .target = TARGET_ACTIVE}, 15, VERDICT_EDGE, ACT_POLL},
	{{USUAL, .source = SOURCE_COMMITTED, .target = TARGET_IMPORTING}, 16, VERDICT_LAST, ACT_ASK_AGAIN | ACT_POLL},
	{{USUAL, .source = SOURCE_COMMITTED, .target = TARGET_IMPORTING, .confirmed = true}, 16, VERDICT_CONTRADICTION,
		ACT_ALARM | ACT_POLL},
	{{USUAL, .source = SOURCE_COMMITTED, .target = TARGET_NONE, .target_for = SECONDS(15), .confirmed = true,
		 .target_maybe_41 = true},
		16, VERDICT_CONTRADICTION, ACT_ALARM | ACT_POLL},
	{{USUAL, .source = SOURCE_COMMITTED, .target = TARGET_NONE, .target_for = SECONDS(14)}, 39, VERDICT_LAST,
		ACT_POLL},
	{{USUAL, .source = SOURCE_COMMITTED, .target_maybe_41 = true}, 17, VERDICT_COMMITTED, ACT_POLL},
	{{USUAL, .source = SOURCE_COMMITTED}, 18, VERDICT_COMMITTED, ACT_POLL | ACT_RECORD},
	{{GUEST, .source = SOURCE_COMMITTED, .target = TARGET_ACTIVE}, 18, VERDICT_COMMITTED, ACT_POLL},
	{{USUAL, .source = SOURCE_LATE, .target = TARGET_NONE}, 19, VERDICT_LAST, ACT_ASK_AGAIN | ACT_POLL},
	{{USUAL, .source = SOURCE_LATE, .target = TARGET_NONE, .confirmed = true}, 19, VERDICT_CONTRADICTION,
		ACT_ALARM | ACT_POLL},
	{{USUAL, .source = SOURCE_LATE, .target_maybe_41 = true}, 20, VERDICT_COMMITTED, ACT_POLL | ACT_RECORD},
	{{USUAL, .source = SOURCE_ABORTING}, 21, VERDICT_FAILING, ACT_POLL},
	{{USUAL, .source = SOURCE_ABORTED, .target = TARGET_ACTIVE, .reason_safe = true}, 22, VERDICT_SPLIT,
		ACT_STOP | ACT_ALARM},
	{{USUAL, .source = SOURCE_ABORTED, .target = TARGET_IMPORTING, .row_after_end = true}, 23,
		VERDICT_FAILED_LEFTOVER, ACT_STOP},
	{{USUAL, .source = SOURCE_ABORTED, .target = TARGET_NONE, .row_after_end = true}, 24, VERDICT_FAILED, ACT_STOP},
	{{USUAL, .source = SOURCE_ABORTED, .target = TARGET_NONE}, 24, VERDICT_FAILING, ACT_ASK_ROW | ACT_POLL},
	{{USUAL, .source = SOURCE_ABORTED}, 25, VERDICT_UNDECIDED, ACT_STOP | ACT_ALARM},
	{{USUAL, .source = SOURCE_ABORTED, .reason_safe = true, .had_edge = true}, 25, VERDICT_UNDECIDED,
		ACT_STOP | ACT_ALARM},
	{{USUAL, .source = SOURCE_ABORTED, .reason_safe = true}, 26, VERDICT_FAILING, ACT_ASK_ROW | ACT_POLL},
	{{USUAL, .source = SOURCE_ABORTED, .reason_safe = true, .row_after_end = true}, 26, VERDICT_FAILED_UNASKED,
		ACT_STOP},
	{{USUAL, .source = SOURCE_ABORTED, .had_edge = true, .target_known_41 = true, .row_after_end = true}, 26,
		VERDICT_FAILED_UNASKED, ACT_STOP},
	{{USUAL, .source = SOURCE_REAPFAILED, .target = TARGET_NONE, .confirmed = true}, 27, VERDICT_CONTRADICTION,
		ACT_ALARM | ACT_POLL},
	{{USUAL, .source = SOURCE_REAPFAILED}, 28, VERDICT_COMMITTED, ACT_POLL | ACT_RECORD},
	{{GUEST, .source = SOURCE_REAPFAILED}, 28, VERDICT_COMMITTED, ACT_POLL | ACT_WAIT_JIMM},
	{{USUAL, .source = SOURCE_REDIRECT, .target = TARGET_NONE}, 29, VERDICT_LAST, ACT_ASK_AGAIN | ACT_POLL},
	{{USUAL, .source = SOURCE_DEPARTED, .target = TARGET_IMPORTING, .confirmed = true}, 29, VERDICT_CONTRADICTION,
		ACT_ALARM | ACT_POLL},
	{{USUAL, .source = SOURCE_REDIRECT}, 30, VERDICT_DEPARTED, ACT_POLL | ACT_RECORD},
	{{GUEST, .source = SOURCE_DEPARTED}, 30, VERDICT_DEPARTED, ACT_POLL | ACT_WAIT_JIMM},
	{{.row = ROW_SOURCE, .source = SOURCE_DEPARTED, .may_record = true}, 31, VERDICT_DEPARTED,
		ACT_POLL | ACT_RECORD},
	{{USUAL, .source = SOURCE_GONE, .target = TARGET_NONE, .had_committed = true, .confirmed = true}, 32,
		VERDICT_CONTRADICTION, ACT_ALARM | ACT_POLL},
	{{USUAL, .source = SOURCE_GONE, .had_committed = true}, 33, VERDICT_DEPARTED, ACT_POLL | ACT_RECORD},
	{{USUAL, .source = SOURCE_GONE, .target = TARGET_ACTIVE, .had_reapfailed = true}, 33, VERDICT_DEPARTED,
		ACT_POLL | ACT_RECORD},
	{{USUAL, .source = SOURCE_GONE, .gone_twice = true, .target = TARGET_ACTIVE}, 34, VERDICT_DEPARTED,
		ACT_POLL | ACT_RECORD},
	{{USUAL, .source = SOURCE_GONE, .target = TARGET_ACTIVE}, 35, VERDICT_UNDECIDED, ACT_POLL | ACT_SIGN},
	{{USUAL, .source = SOURCE_RESULT, .within_start_window = true}, 36, VERDICT_STARTING, ACT_POLL},
	{{USUAL, .source = SOURCE_BLIND, .within_start_window = true}, 36, VERDICT_STARTING, ACT_POLL},
	{{USUAL, .source = SOURCE_BLIND}, 37, VERDICT_RUNNING, ACT_POLL},
	{{USUAL, .source = SOURCE_RESULT, .result_fresh = true}, 38, VERDICT_NOT_STARTED, ACT_RESTART},
	{{USUAL, .source = SOURCE_RESULT, .result_fresh = true, .had_any = true}, 39, VERDICT_LAST, ACT_POLL},
	{{USUAL, .source = SOURCE_RESULT}, 39, VERDICT_LAST, ACT_POLL},
	{{USUAL, .source = SOURCE_NONE}, 39, VERDICT_LAST, ACT_POLL},
};

static void rows_fit(void **state)
{
	bool seen[40] = {false};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct verdict_result result = verdict_decide(&cases[i].facts);

		if (result.row != cases[i].row)
			print_error("case %zu\n", i);
		assert_int_equal(result.row, cases[i].row);
		assert_int_equal(result.verdict, cases[i].verdict);
		assert_int_equal(result.acts, cases[i].acts);
		seen[result.row] = true;
	}
	for (int row = 1; row <= 39; row++)
		if (!seen[row])
			fail_msg("no case for row %d", row);
}

static bool among(int row, const int *rows)
{
	for (; *rows != 0; rows++)
		if (*rows == row)
			return true;
	return false;
}

/* What must hold whatever is seen. */
static void check(const struct verdict_facts *facts)
{
	static const int may_fail[] = {23, 24, 26, 0}, may_migrate[] = {6, 10, 0};
	static const int may_record[] = {18, 20, 28, 30, 31, 33, 34, 0};
	struct verdict_result result = verdict_decide(facts);
	bool lacks = facts->target == TARGET_NONE || facts->target == TARGET_IMPORTING;

	if (result.verdict == VERDICT_FAILED || result.verdict == VERDICT_FAILED_LEFTOVER ||
		result.verdict == VERDICT_FAILED_UNASKED) {
		assert_true(among(result.row, may_fail));
		assert_true(facts->row_after_end && facts->row != ROW_TARGET);
		assert_int_not_equal(facts->target, TARGET_ACTIVE);
	}
	if (result.verdict == VERDICT_FAILED_UNASKED && !facts->target_known_41)
		assert_true(facts->reason_safe && !facts->had_edge);
	if (result.verdict == VERDICT_MIGRATED) {
		assert_true(among(result.row, may_migrate));
		assert_true(facts->row == ROW_TARGET && !lacks && !facts->had_aborted);
	}
	if (result.acts & ACT_RECORD) {
		assert_true(among(result.row, may_record));
		assert_true(facts->may_record && !lacks);
		assert_true(facts->source == SOURCE_COMMITTED || facts->source == SOURCE_LATE ||
			    facts->source == SOURCE_REAPFAILED || facts->source == SOURCE_REDIRECT ||
			    facts->source == SOURCE_DEPARTED || facts->source == SOURCE_GONE);
	}
	if (facts->leaving)
		assert_true(result.verdict == VERDICT_UNDECIDED || result.verdict == VERDICT_COMMITTED);
}

/* Every combination of the three sights with every combination of the yes-or-no facts. */
static void nothing_breaks_a_promise(void **state)
{
	(void)state;
	for (int row = ROW_UNKNOWN; row <= ROW_FORGOTTEN; row++)
		for (int source = SOURCE_NONE; source <= SOURCE_GONE; source++)
			for (int target = TARGET_UNKNOWN; target <= TARGET_ACTIVE; target++)
				for (unsigned int bits = 0; bits < 1U << 17; bits++) {
					const struct verdict_facts facts = {
						.row = (enum row_sight)row,
						.source = (enum source_sight)source,
						.target = (enum target_sight)target,
						.target_for = bits & 1 ? SECONDS(60) : 0,
						.unavailable_alone = bits >> 1 & 1,
						.target_maybe_41 = bits >> 2 & 1,
						.target_known_41 = bits >> 3 & 1,
						.confirmed = bits >> 4 & 1,
						.reason_safe = bits >> 5 & 1,
						.row_after_end = bits >> 6 & 1,
						.within_start_window = bits >> 7 & 1,
						.result_fresh = bits >> 8 & 1,
						.gone_twice = bits >> 9 & 1,
						.had_any = bits >> 10 & 1,
						.had_edge = bits >> 10 & 1,
						.had_committed = bits >> 11 & 1,
						.had_late = bits >> 12 & 1,
						.had_redirect = bits >> 13 & 1,
						.had_departed = bits >> 13 & 1,
						.had_reapfailed = bits >> 12 & 1,
						.had_aborted = bits >> 14 & 1,
						.own = bits >> 15 & 1,
						.attempt_known = bits >> 15 & 1,
						.may_record = bits >> 16 & 1,
					};
					check(&facts);
				}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_fit),
		cmocka_unit_test(nothing_breaks_a_promise),
	};

	return cmocka_run_group_tests_name("migration_verdict", tests, NULL, NULL);
}
