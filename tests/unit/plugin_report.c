/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/instant.h"
#include "plugin/report.h"

#define MODEL "alice@canonical.com/my-model"
#define MODEL_UUID "5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11"
/* 2026-01-31T12:00:00Z */
#define NOON (INT64_C(1769860800) * INSTANT_SECOND)

static struct report_record *add_record(struct report *report, const char *model, enum migration_result result)
{
	struct report_record *record = report_add(report);

	string_replace(&record->model, model);
	string_replace(&record->model_uuid, MODEL_UUID);
	string_replace(&record->from, "controller-a");
	string_replace(&record->to, "my-controller");
	record->result = result;
	return record;
}

static void fill_success(struct report *report)
{
	struct report_record *record = add_record(report, MODEL, RESULT_MIGRATED);

	string_replace(&record->migration_id, MODEL_UUID ":1");
	record->started = NOON;
	record->ended = NOON + 90500 * INSTANT_MILLISECOND;
	record->jimm_updated = ANSWER_YES;
}

static void fill_mixed(struct report *report)
{
	struct report_record *record = add_record(report, MODEL, RESULT_FAILED);

	string_replace(&record->message, "not moved: agents did not report\nmachine 0: lost");
	record->jimm_updated = ANSWER_NO;
	record = add_record(report, "b", RESULT_RUNNING);
	string_replace(&record->migration_id, MODEL_UUID ":2");
	string_replace(&record->from, NULL);
	string_replace(&record->model_uuid, "");
	record->started = NOON;
	report_add_error(report, "JAAS went away");
	report_add_error(report, "- <so>");
}

static void fill_hostile(struct report *report)
{
	struct report_record *record = add_record(report, "a\033[2J\xE2\x80\xAE", RESULT_RUNNING);

	string_replace(&record->model_uuid, "123");
	string_replace(&record->from, "yes");
	string_replace(&record->to, "a\nb\xFF");
	string_replace(&record->message, "\"],\"errors\":[<&>\n- model: x\r");
}

static void fill_error(struct report *report)
{
	report_add_error(report, "cannot find \"x\": it's gone");
}

static void add_check(struct report_plan *plan, const char *check, enum check_result result, const char *detail)
{
	plan->checks[plan->check_count++] = (struct report_check){check, result, string_copy(detail)};
}

static void fill_plan(struct report *report)
{
	struct report_record *record = add_record(report, MODEL, RESULT_PLANNED);
	struct report_plan *plan = record->plan = memory_get(1, sizeof(*plan));

	string_replace(&record->message, "would move");
	plan->located_by = string_copy("model login");
	plan->model_version = string_copy("3.6.12");
	plan->from_version = string_copy("3.6.14");
	plan->cloud = string_copy("maas");
	plan->region = string_copy("default");
	plan->checks = memory_get(4, sizeof(*plan->checks));
	add_check(plan, "target-status", CHECK_WARNING, "JIMM calls it \"tired\"");
	add_check(plan, "model-life", CHECK_OK, "alive");
	add_check(plan, "agents", CHECK_PROBLEM, "machine 0: down");
	add_check(plan, "target-copy", CHECK_NOT_MADE, "no\033answer");
}

static void fill_empty_plan(struct report *report)
{
	struct report_record *record = add_record(report, MODEL, RESULT_FAILED);

	record->plan = memory_get(1, sizeof(*record->plan));
}

static void fill_nothing(struct report *report)
{
	(void)report;
}

static const struct {
	void (*fill)(struct report *report);
	enum options_format format;
	const char *document;
} documents_are_written_so_cases[] = {
	{fill_success, FORMAT_TABULAR,
		"Model                         From          To             Result\n"
		"alice@canonical.com/my-model  controller-a  my-controller  migrated\n"},
	{fill_success, FORMAT_JSON,
		"{\"migrations\":[{\"model\":\"" MODEL "\",\"model-uuid\":\"" MODEL_UUID
		"\",\"from\":\"controller-a\",\"to\":\"my-controller\",\"migration-id\":\"" MODEL_UUID
		":1\",\"result\":\"migrated\",\"started\":\"2026-01-31T12:00:00Z\","
		"\"ended\":\"2026-01-31T12:01:30.5Z\",\"jimm-updated\":true}],\"errors\":[]}\n"},
	{fill_success, FORMAT_YAML,
		"migrations:\n"
		"- model: " MODEL "\n"
		"  model-uuid: " MODEL_UUID "\n"
		"  from: controller-a\n"
		"  to: my-controller\n"
		"  migration-id: " MODEL_UUID ":1\n"
		"  result: migrated\n"
		"  started: \"2026-01-31T12:00:00Z\"\n"
		"  ended: \"2026-01-31T12:01:30.5Z\"\n"
		"  jimm-updated: true\n"
		"errors: []\n"},
	{fill_mixed, FORMAT_TABULAR,
		"Model                         From          To             Result\n"
		"b                             -             my-controller  running\n"
		"alice@canonical.com/my-model  controller-a  my-controller  failed\n"
		"\n"
		"2 models: 1 running, 1 failed\n"
		"\n"
		"b: migration " MODEL_UUID ":2\n"},
	{fill_mixed, FORMAT_JSON,
		"{\"migrations\":[{\"model\":\"" MODEL "\",\"model-uuid\":\"" MODEL_UUID
		"\",\"from\":\"controller-a\",\"to\":\"my-controller\",\"result\":\"failed\","
		"\"message\":\"not moved: agents did not report\\nmachine 0: lost\",\"jimm-updated\":false},"
		"{\"model\":\"b\",\"to\":\"my-controller\",\"migration-id\":\"" MODEL_UUID
		":2\",\"result\":\"running\",\"started\":\"2026-01-31T12:00:00Z\"}],"
		"\"errors\":[\"JAAS went away\",\"- \\u003cso\\u003e\"]}\n"},
	{fill_mixed, FORMAT_YAML,
		"migrations:\n"
		"- model: " MODEL "\n"
		"  model-uuid: " MODEL_UUID "\n"
		"  from: controller-a\n"
		"  to: my-controller\n"
		"  result: failed\n"
		"  message: |-\n"
		"    not moved: agents did not report\n"
		"    machine 0: lost\n"
		"  jimm-updated: false\n"
		"- model: b\n"
		"  to: my-controller\n"
		"  migration-id: " MODEL_UUID ":2\n"
		"  result: running\n"
		"  started: \"2026-01-31T12:00:00Z\"\n"
		"errors:\n"
		"- JAAS went away\n"
		"- '- <so>'\n"},
	{fill_hostile, FORMAT_TABULAR,
		"Model  From  To    Result\n"
		"a?[2J  yes   a b?  running\n"
		"\n"
		"a?[2J: \"],\"errors\":[<&>\n"
		"a?[2J: - model: x \n"},
	{fill_hostile, FORMAT_JSON,
		"{\"migrations\":[{\"model\":\"a\\u001b[2J\xE2\x80\xAE\",\"model-uuid\":\"123\",\"from\":"
		"\"yes\","
		"\"to\":\"a\\nb\\ufffd\",\"result\":\"running\","
		"\"message\":\"\\\"],\\\"errors\\\":[\\u003c\\u0026\\u003e\\n- model: "
		"x\\r\"}],\"errors\":[]}\n"},
	{fill_hostile, FORMAT_YAML,
		"migrations:\n"
		"- model: \"a\\e[2J\xE2\x80\xAE\"\n"
		"  model-uuid: \"123\"\n"
		"  from: \"yes\"\n"
		"  to: \"a\\nb\\uFFFD\"\n"
		"  result: running\n"
		"  message: \"\\\"],\\\"errors\\\":[<&>\\n- model: x\\r\"\n"
		"errors: []\n"},
	{fill_plan, FORMAT_TABULAR,
		"Model                         From          To             Result\n"
		"alice@canonical.com/my-model  controller-a  my-controller  planned\n"
		"\n"
		"Model juju  From juju  To juju  Cloud/region  Located by\n"
		"3.6.12      3.6.14     -        maas/default  model login\n"
		"\n"
		"Check          Result    Detail\n"
		"target-status  warning   JIMM calls it \"tired\"\n"
		"model-life     ok        alive\n"
		"agents         problem   machine 0: down\n"
		"target-copy    not-made  no?answer\n"
		"\n" MODEL ": would move\n"},
	{fill_plan, FORMAT_JSON,
		"{\"migrations\":[{\"model\":\"" MODEL "\",\"model-uuid\":\"" MODEL_UUID
		"\",\"from\":\"controller-a\",\"to\":\"my-controller\",\"result\":\"planned\",\"message\":"
		"\"would move\",\"located-by\":\"model login\",\"model-version\":\"3.6.12\",\"from-version\":"
		"\"3.6.14\",\"cloud\":\"maas\",\"region\":\"default\",\"checks\":["
		"{\"check\":\"target-status\",\"result\":\"warning\",\"detail\":\"JIMM calls it \\\"tired\\\"\"},"
		"{\"check\":\"model-life\",\"result\":\"ok\",\"detail\":\"alive\"},"
		"{\"check\":\"agents\",\"result\":\"problem\",\"detail\":\"machine 0: down\"},"
		"{\"check\":\"target-copy\",\"result\":\"not-made\",\"detail\":\"no\\u001banswer\"}]}],"
		"\"errors\":[]}\n"},
	{fill_plan, FORMAT_YAML,
		"migrations:\n"
		"- model: " MODEL "\n"
		"  model-uuid: " MODEL_UUID "\n"
		"  from: controller-a\n"
		"  to: my-controller\n"
		"  result: planned\n"
		"  message: would move\n"
		"  located-by: model login\n"
		"  model-version: 3.6.12\n"
		"  from-version: 3.6.14\n"
		"  cloud: maas\n"
		"  region: default\n"
		"  checks:\n"
		"  - check: target-status\n"
		"    result: warning\n"
		"    detail: JIMM calls it \"tired\"\n"
		"  - check: model-life\n"
		"    result: ok\n"
		"    detail: alive\n"
		"  - check: agents\n"
		"    result: problem\n"
		"    detail: 'machine 0: down'\n"
		"  - check: target-copy\n"
		"    result: not-made\n"
		"    detail: \"no\\eanswer\"\n"
		"errors: []\n"},
	{fill_empty_plan, FORMAT_YAML,
		"migrations:\n"
		"- model: " MODEL "\n"
		"  model-uuid: " MODEL_UUID "\n"
		"  from: controller-a\n"
		"  to: my-controller\n"
		"  result: failed\n"
		"errors: []\n"},
	{fill_error, FORMAT_TABULAR, ""},
	{fill_error, FORMAT_JSON, "{\"migrations\":[],\"errors\":[\"cannot find \\\"x\\\": it's gone\"]}\n"},
	{fill_error, FORMAT_YAML, "migrations: []\nerrors:\n- 'cannot find \"x\": it''s gone'\n"},
	{fill_nothing, FORMAT_JSON, "{\"migrations\":[],\"errors\":[]}\n"},
	{fill_nothing, FORMAT_YAML, "migrations: []\nerrors: []\n"},
};

static void documents_are_written_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(documents_are_written_so_cases); i++) {
		scoped(report) struct report report;
		report_init(&report);
		scoped(text) struct text text;
		text_init(&text, 4096);

		documents_are_written_so_cases[i].fill(&report);
		assert_int_equal(report_write(&report, documents_are_written_so_cases[i].format, 0, &text), 0);
		assert_string_equal(text.data != NULL ? text.data : "", documents_are_written_so_cases[i].document);
	}
}

static void a_terminal_sees_colours(void **state)
{
	scoped(report) struct report report;
	report_init(&report);
	scoped(text) struct text text;
	text_init(&text, 4096);

	(void)state;
	fill_success(&report);
	fill_mixed(&report);
	string_replace(&report.records[1].message, NULL);
	string_replace(&report.records[2].migration_id, NULL);
	assert_int_equal(report_write(&report, FORMAT_TABULAR, 1, &text), 0);
	assert_string_equal(text.data,
		"\033[1;39mModel                         \033[0m\033[1;39mFrom          \033[0m"
		"\033[1;39mTo             \033[0m\033[1;39mResult\033[0m\n"
		"alice@canonical.com/my-model  controller-a  my-controller  \033[32mmigrated\033[0m\n"
		"b                             -             my-controller  \033[33mrunning\033[0m\n"
		"alice@canonical.com/my-model  controller-a  my-controller  \033[31mfailed\033[0m\n"
		"\n"
		"3 models: 1 migrated, 1 running, 1 failed\n");
}

static void what_does_not_fit_is_an_error(void **state)
{
	scoped(report) struct report report;
	report_init(&report);
	scoped(text) struct text text;
	text_init(&text, 100);

	(void)state;
	fill_success(&report);
	assert_int_equal(report_write(&report, FORMAT_JSON, 0, &text), -1);
}

static void what_was_never_tried_is_no_failure_for_a_person(void **state)
{
	scoped(report) struct report report;
	report_init(&report);
	scoped(text) struct text text;
	text_init(&text, 4096);

	(void)state;
	add_record(&report, "a", RESULT_FAILED)->left = LEFT_UNSTARTED;
	add_record(&report, "b", RESULT_CONTRADICTION);
	add_record(&report, "c", RESULT_ALREADY_THERE);
	string_replace(&report.records[2].message, "already there");
	add_record(&report, "d", RESULT_MIGRATED);
	string_replace(&report.records[3].message, "moved");
	string_replace(&report.records[3].state, "its agents are away");
	assert_int_equal(report_write(&report, FORMAT_TABULAR, 0, &text), 0);
	assert_string_equal(text.data, "Model  From          To             Result\n"
				       "d      controller-a  my-controller  migrated\n"
				       "c      controller-a  my-controller  already-there\n"
				       "b      controller-a  my-controller  contradiction\n"
				       "a      controller-a  my-controller  not started\n"
				       "\n"
				       "4 models: 1 migrated, 1 already-there, 1 contradiction, 1 not started\n"
				       "\n"
				       "d: moved\n"
				       "  state:  its agents are away\n");
}

static void results_have_words_and_statuses(void **state)
{
	static const struct {
		enum migration_result result;
		const char *word;
		int status;
	} cases[] = {
		{RESULT_MIGRATED, "migrated", 0},
		{RESULT_ALREADY_THERE, "already-there", 0},
		{RESULT_PLANNED, "planned", 0},
		{RESULT_FAILED, "failed", 1},
		{RESULT_UNDECIDED, "undecided", 3},
		{RESULT_RUNNING, "running", 3},
		{RESULT_NOT_RECORDED, "not-recorded", 4},
		{RESULT_CONTRADICTION, "contradiction", 5},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		assert_string_equal(report_result_word(cases[i].result), cases[i].word);
		assert_int_equal(report_result_status(cases[i].result), cases[i].status);
	}
}

static void the_exit_status_is_a_contract(void **state)
{
	static const struct {
		enum report_end end;
		int errors;
		size_t count;
		enum migration_result results[4];
		int status;
	} cases[] = {
		{END_PLAIN, 0, 0, {0}, 0},
		{END_PLAIN, 1, 0, {0}, 1},
		{END_PLAIN, 0, 1, {RESULT_MIGRATED}, 0},
		{END_PLAIN, 1, 1, {RESULT_MIGRATED}, 1},
		{END_PLAIN, 0, 2, {RESULT_MIGRATED, RESULT_FAILED}, 1},
		{END_PLAIN, 0, 2, {RESULT_UNDECIDED, RESULT_FAILED}, 3},
		{END_PLAIN, 0, 1, {RESULT_RUNNING}, 3},
		{END_PLAIN, 0, 3, {RESULT_NOT_RECORDED, RESULT_RUNNING, RESULT_FAILED}, 4},
		{END_PLAIN, 0, 4, {RESULT_FAILED, RESULT_CONTRADICTION, RESULT_NOT_RECORDED, RESULT_RUNNING}, 5},
		{END_PLAIN, 1, 1, {RESULT_CONTRADICTION}, 5},
		{END_PLAIN, 0, 2, {RESULT_PLANNED, RESULT_ALREADY_THERE}, 0},
		{END_NO_WAIT, 0, 2, {RESULT_RUNNING, RESULT_ALREADY_THERE}, 0},
		{END_NO_WAIT, 0, 2, {RESULT_RUNNING, RESULT_FAILED}, 1},
		{END_NO_WAIT, 0, 1, {RESULT_UNDECIDED}, 3},
		{END_INTERRUPTED, 0, 0, {0}, 130},
		{END_INTERRUPTED, 0, 1, {RESULT_RUNNING}, 130},
		{END_INTERRUPTED, 0, 1, {RESULT_UNDECIDED}, 130},
		{END_INTERRUPTED, 0, 2, {RESULT_RUNNING, RESULT_FAILED}, 130},
		{END_INTERRUPTED, 0, 1, {RESULT_FAILED}, 1},
		{END_INTERRUPTED, 0, 1, {RESULT_MIGRATED}, 0},
		{END_INTERRUPTED, 0, 2, {RESULT_RUNNING, RESULT_NOT_RECORDED}, 4},
		{END_INTERRUPTED, 0, 2, {RESULT_RUNNING, RESULT_CONTRADICTION}, 5},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(report) struct report report;
		report_init(&report);

		for (size_t r = 0; r < cases[i].count; r++)
			report_add(&report)->result = cases[i].results[r];
		if (cases[i].errors)
			report_add_error(&report, "x");
		if (report_status(&report, cases[i].end) != cases[i].status)
			fail_msg("case %zu: %d", i, report_status(&report, cases[i].end));
	}
}

static void the_document_goes_to_stdout(void **state)
{
	scoped(report) struct report report;
	report_init(&report);
	struct options options = {.format = FORMAT_JSON};
	char *written = NULL;
	size_t size = 0;
	struct surroundings surroundings = {.out = open_memstream(&written, &size)};

	(void)state;
	assert_int_equal(report_publish(&report, &options, &surroundings, NULL), 0);
	assert_string_equal(written, "{\"migrations\":[],\"errors\":[]}\n");
	fclose(surroundings.out);
	free(written);
}

static void a_full_disk_is_an_error(void **state)
{
	static char full[] = "/dev/full";
	static const struct {
		char *output;
		const char *message;
	} cases[] = {
		{NULL, "cannot write the result: No space left on device"},
		{full, "cannot write /dev/full: No space left on device"},
	};
	scoped(report) struct report report;
	report_init(&report);
	char *environment[] = {NULL};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;
		struct options options = {.format = FORMAT_JSON, .output = cases[i].output};
		struct surroundings surroundings = {.environment = environment, .out = fopen(full, "w")};

		assert_int_equal(report_publish(&report, &options, &surroundings, &error), -1);
		assert_string_equal(error->message, cases[i].message);
		assert_int_equal(error->kind, ERROR_FAILED);
		fclose(surroundings.out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_are_written_so),
		cmocka_unit_test(a_terminal_sees_colours),
		cmocka_unit_test(what_does_not_fit_is_an_error),
		cmocka_unit_test(what_was_never_tried_is_no_failure_for_a_person),
		cmocka_unit_test(results_have_words_and_statuses),
		cmocka_unit_test(the_exit_status_is_a_contract),
		cmocka_unit_test(the_document_goes_to_stdout),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
