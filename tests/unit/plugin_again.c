/* SPDX-License-Identifier: Apache-2.0 */
/* What to type to go on after a run of several models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "plugin/again.h"

#define UUID "5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11"

static void add(
	struct report *report, const char *model, const char *uuid, const char *to, enum migration_result result)
{
	struct report_record *record = report_add(report);

	record->model = string_copy(model);
	record->model_uuid = string_copy(uuid);
	record->to = string_copy(to);
	record->result = result;
}

static void only_what_was_not_moved_is_tried_again(void **state)
{
	const struct options options = {.parallel = OPTIONS_PARALLEL};
	scoped(report) struct report report;
	scoped(text) struct text text;

	(void)state;
	report_init(&report);
	text_init(&text, 4096);
	add(&report, "alice@canonical.com/m1", UUID, "prod-b", RESULT_MIGRATED);
	add(&report, "alice@canonical.com/m2", UUID, "prod-b", RESULT_FAILED);
	add(&report, "alice@canonical.com/m3", UUID, "prod-b", RESULT_CONTRADICTION);
	add(&report, "alice@canonical.com/m4", UUID, "prod-b", RESULT_UNDECIDED);
	add(&report, "m9", NULL, "prod-b", RESULT_FAILED);
	assert_int_equal(again_retry(&text, &report, &options, NULL), 1);
	assert_string_equal(text.data, "  juju jaas-migrate alice@canonical.com/m2 prod-b");
}

static void names_that_cannot_be_typed_become_uuids_and_targets_are_told_apart(void **state)
{
	const struct options options = {.parallel = 7, .no_wait = 1};
	scoped(report) struct report report;
	scoped(text) struct text text;

	(void)state;
	report_init(&report);
	text_init(&text, 4096);
	add(&report, "bare", UUID, "b", RESULT_FAILED);
	add(&report, "alice@canonical.com/m2", UUID, "c d", RESULT_FAILED);
	add(&report, "Alice Smith/m3", UUID, "b", RESULT_FAILED);
	assert_int_equal(again_retry(&text, &report, &options, "my jaas"), 3);
	assert_string_equal(text.data,
		"  juju jaas-migrate -c 'my jaas' --parallel 7 --no-wait " UUID " " UUID " b\n"
		"  juju jaas-migrate -c 'my jaas' --parallel 7 --no-wait alice@canonical.com/m2 'c d'");
}

static void what_is_too_long_is_only_counted(void **state)
{
	const struct options options = {.parallel = OPTIONS_PARALLEL};
	scoped(report) struct report report;
	scoped(text) struct text text;

	(void)state;
	report_init(&report);
	text_init(&text, 1 << 20);
	for (size_t i = 0; i < AGAIN_COMMAND_MAX / strlen(UUID); i++)
		add(&report, "bare", UUID, "b", RESULT_FAILED);
	assert_int_equal(again_retry(&text, &report, &options, NULL), AGAIN_COMMAND_MAX / strlen(UUID));
	assert_int_equal(text.length, 0);
	report_release(&report);
	assert_int_equal(again_retry(&text, &report, &options, NULL), 0);
	for (size_t i = 0; i <= AGAIN_COMMANDS_MAX; i++) {
		scoped(string) char *target = string_format("prod-%zu", i);

		add(&report, "bare", UUID, target, RESULT_FAILED);
	}
	assert_int_equal(again_retry(&text, &report, &options, NULL), AGAIN_COMMANDS_MAX + 1);
	assert_int_equal(text.length, 0);
}

static void what_goes_on_is_taken_up(void **state)
{
	scoped(string) char *plain = again_resume(NULL);
	scoped(string) char *named = again_resume("jaas");

	(void)state;
	assert_string_equal(plain, "juju jaas-migrate --resume");
	assert_string_equal(named, "juju jaas-migrate --resume -c jaas");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_not_moved_is_tried_again),
		cmocka_unit_test(names_that_cannot_be_typed_become_uuids_and_targets_are_told_apart),
		cmocka_unit_test(what_is_too_long_is_only_counted),
		cmocka_unit_test(what_goes_on_is_taken_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
