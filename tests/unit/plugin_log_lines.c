/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/instant.h"
#include "plugin/log_lines.h"

#define SINCE (1000 * INSTANT_SECOND)

static void take(struct log_lines *lines, char *entity, char *severity, char *module, char *message, int64_t time)
{
	struct log_record record = {entity, severity, module, message, time};

	log_lines_take(lines, &record, SINCE);
}

static void only_trouble_of_agents_since_the_start_is_taken(void **state)
{
	static const struct {
		char *entity, *severity;
		int64_t time;
		size_t taken;
	} cases[] = {
		{"machine-0", "WARNING", SINCE, 1},
		{"unit-a-0", "ERROR", SINCE + 1, 1},
		{"application-a", "CRITICAL", SINCE, 1},
		{"machine-0", "INFO", SINCE, 0},
		{"machine-0", "", SINCE, 0},
		{"machine-0", "ERROR", SINCE - 1, 0},
		{"machine-0", "ERROR", INSTANT_NONE, 0},
		{"controller-0", "ERROR", SINCE, 0},
		{"", "ERROR", SINCE, 0},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct log_lines lines = {.count = 0};

		take(&lines, cases[i].entity, cases[i].severity, "juju.x", "text", cases[i].time);
		assert_int_equal(lines.count, cases[i].taken);
		log_lines_release(&lines);
	}
}

static void fill(struct log_lines *lines, char *module, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		scoped(string) char *message = string_format("%zu", i);
		take(lines, "machine-0", "ERROR", module, message, SINCE);
	}
}

static void what_is_about_the_migration_stays(void **state)
{
	struct log_lines lines = {.count = 0};

	(void)state;
	take(&lines, "machine-0", "ERROR", "juju.worker.migrationminion", "cause", SINCE);
	fill(&lines, "juju.other", (size_t)3 * LOG_LINES_MAX);
	assert_int_equal(lines.count, LOG_LINES_MAX);
	assert_string_equal(lines.list[0].message, "cause");
	assert_int_equal(lines.left_out, 2 * LOG_LINES_MAX + 1);
	fill(&lines, "juju.worker.migrationminion", (size_t)2 * LOG_LINES_MAX);
	for (size_t i = 0; i < LOG_LINES_MAX; i++)
		assert_string_equal(lines.list[i].module, "juju.worker.migrationminion");
	take(&lines, "machine-0", "ERROR", "juju.other", "late", SINCE);
	assert_string_equal(lines.list[LOG_LINES_MAX - 1].module, "juju.worker.migrationminion");
	log_lines_release(&lines);
}

static void of_a_controller_only_its_work_at_this_model_is_taken(void **state)
{
	static const struct {
		char *severity, *module;
		int64_t time;
		size_t taken;
	} cases[] = {
		{"INFO", LOG_LINES_MASTER ".5f0c9a", SINCE, 1},
		{"ERROR", LOG_LINES_MASTER, SINCE, 1},
		{"ERROR", LOG_LINES_MASTER ".xyz", SINCE, 1},
		{"DEBUG", LOG_LINES_MASTER ".5f0c9a", SINCE, 0},
		{"ERROR", LOG_LINES_MASTER ".5f0c9b", SINCE, 0},
		{"ERROR", LOG_LINES_MASTER ".5f0c9a", SINCE - 1, 0},
		{"ERROR", LOG_LINES_MASTER ".5f0c9a", INSTANT_NONE, 0},
		{"ERROR", "juju.worker.migrationminion", SINCE, 0},
		{"ERROR", "juju.apiserver", SINCE, 0},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct log_lines lines = {.count = 0};
		struct log_record record = {"machine-0", cases[i].severity, cases[i].module, "text", cases[i].time};

		log_lines_take_master(&lines, &record, SINCE, "5f0c9a52-0d0e-4e55-8f0b-000000000001");
		assert_int_equal(lines.count, cases[i].taken);
		log_lines_release(&lines);
	}
}

static void a_message_has_a_ceiling(void **state)
{
	struct log_lines lines = {.count = 0};
	scoped(string) char *message = memory_get(2 * LOG_LINES_MESSAGE_MAX + 1, 1);

	(void)state;
	memset(message, 'x', (size_t)2 * LOG_LINES_MESSAGE_MAX);
	take(&lines, "machine-0", "ERROR", "juju.x", message, SINCE);
	assert_int_equal(strlen(lines.list[0].message), LOG_LINES_MESSAGE_MAX);
	log_lines_release(&lines);
}

static void nothing_is_written_of_nothing(void **state)
{
	const struct log_lines lines = {.count = 0};
	scoped(text) struct text text;

	(void)state;
	text_init(&text, 100);
	log_lines_text(&lines, "log:", &text);
	log_lines_json(&lines, "log", &text);
	log_lines_yaml(&lines, "log", &text);
	assert_int_equal(text.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_trouble_of_agents_since_the_start_is_taken),
		cmocka_unit_test(what_is_about_the_migration_stays),
		cmocka_unit_test(of_a_controller_only_its_work_at_this_model_is_taken),
		cmocka_unit_test(a_message_has_a_ceiling),
		cmocka_unit_test(nothing_is_written_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
