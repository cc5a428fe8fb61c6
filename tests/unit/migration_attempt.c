/* SPDX-License-Identifier: Apache-2.0 */
/* Juju's own status texts, as juju 3.6 writes them, and what they say of an attempt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/scoped.h"
#include "common/migration/attempt.h"

static void texts_are_classified(void **state)
{
	static const struct {
		const char *text;
		enum attempt_class running, ended;
	} cases[] = {
		{"starting", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"performing source prechecks", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"performing target prechecks", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"quiescing, waiting for agents to report back", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"quiescing, timed out waiting for agents to report", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"exporting model", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"importing model into target controller", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"uploading model binaries into target controller", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"target reports model activation in progress, continuing to validation", ATTEMPT_RUNNING,
			ATTEMPT_ABORTED},
		{"processing relations", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"validating, all agents reported success", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"checking machines in migrated model", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"activating model in target controller", ATTEMPT_EDGE, ATTEMPT_ABORTED},
		{"activating model in target controller, almost", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"successful, waiting for agents to report back: 3 succeeded, 2 still to report", ATTEMPT_COMMITTED,
			ATTEMPT_COMMITTED},
		{"successful, some agents reported failure", ATTEMPT_COMMITTED, ATTEMPT_COMMITTED},
		{"transferring ownership of cloud resources to target controller", ATTEMPT_COMMITTED,
			ATTEMPT_COMMITTED},
		{"successful, transferring logs to target controller (0 sent)", ATTEMPT_LATE, ATTEMPT_EARLIER_DONE},
		{"successful, transferred logs to target controller (12 sent)", ATTEMPT_LATE, ATTEMPT_EARLIER_DONE},
		{"successful, removing model from source controller", ATTEMPT_LATE, ATTEMPT_EARLIER_DONE},
		{"removing exported model failed: no space left", ATTEMPT_LATE, ATTEMPT_REAPFAILED},
		{"aborted, removing model from target controller: quiescing, some agents reported failure",
			ATTEMPT_ABORTING, ATTEMPT_ABORTED},
		{"aborted", ATTEMPT_ABORTING, ATTEMPT_ABORTED},
		{"the model is being migrated", ATTEMPT_NONE, ATTEMPT_NONE},
		{"words of a juju to come", ATTEMPT_RUNNING, ATTEMPT_ABORTED},
		{"", ATTEMPT_NONE, ATTEMPT_NONE},
		{NULL, ATTEMPT_NONE, ATTEMPT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		assert_int_equal(attempt_classify(cases[i].text, false), cases[i].running);
		assert_int_equal(attempt_classify(cases[i].text, true), cases[i].ended);
	}
}

static void statuses_carry_no_end(void **state)
{
	static const struct {
		const char *word, *info;
		enum attempt_class seen;
	} cases[] = {
		{"busy", "migrating: exporting model", ATTEMPT_RUNNING},
		{"busy", "migrating: aborted, removing model from target controller: x", ATTEMPT_ABORTING},
		{"available", "migrating: aborted, removing model from target controller: x", ATTEMPT_ABORTED},
		{"busy", "migrating: successful, removing model from source controller", ATTEMPT_LATE},
		{"available", "migrating: successful, transferred logs to target controller (1 sent)", ATTEMPT_LATE},
		{"busy", "migrating: removing exported model failed: x", ATTEMPT_LATE},
		{"available", "migrating: removing exported model failed: x", ATTEMPT_REAPFAILED},
		{"available", "", ATTEMPT_NONE},
		{"available", NULL, ATTEMPT_NONE},
		{"busy", "exporting model", ATTEMPT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		assert_int_equal(attempt_classify_status(cases[i].word, cases[i].info), cases[i].seen);
}

static void only_some_reasons_are_safe(void **state)
{
	static const struct {
		const char *reason;
		bool safe;
	} cases[] = {
		{"source prechecks failed: model is dying", true},
		{"target prechecks failed: machine 0 not running (down)", true},
		{"failed to connect to target controller during prechecks: EOF", true},
		{"failed to obtain model info during prechecks: EOF", true},
		{"unexpected target controller UUID (got a, expected b)", true},
		{"quiescing, timed out waiting for agents to report", true},
		{"model data transfer failed, model export failed: EOF", true},
		{"processing relations failed, EOF", true},
		{"validating, some agents reported failure", false},
		{"machine sanity check failed, 1 error found", false},
		{"model activation failed, EOF", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *text =
			string_format("aborted, removing model from target controller: %s", cases[i].reason);

		assert_string_equal(attempt_reason(text), cases[i].reason);
		assert_int_equal(attempt_reason_safe(attempt_reason(text)), cases[i].safe);
	}
	assert_string_equal(attempt_reason("exporting model"), "");
	assert_string_equal(attempt_reason("aborted"), "");
	assert_string_equal(attempt_reason(NULL), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_classified),
		cmocka_unit_test(statuses_carry_no_end),
		cmocka_unit_test(only_some_reasons_are_safe),
	};

	return cmocka_run_group_tests_name("migration_attempt", tests, NULL, NULL);
}
