/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/juju/log_record.h"

static void the_first_message_says_if_there_is_a_log(void **state)
{
	static const struct {
		const char *text;
		enum error_kind kind; /* 0: there is */
	} cases[] = {
		{"{}", 0},
		{"{}\n", 0},
		{"{\"error\":null}", 0},
		{"{\"error\":{\"message\":\"permission denied\",\"code\":\"unauthorized access\"}}", ERROR_REMOTE},
		{"{\"error\":7}", ERROR_PROTOCOL},
		{"[]", ERROR_PROTOCOL},
		{"", ERROR_PROTOCOL},
		{"{", ERROR_PROTOCOL},
		{"null", ERROR_PROTOCOL},
		{"{\"error\":{\"message\":\"no\\u0000\",\"code\":\"unauthorized access\"}}", ERROR_PROTOCOL},
		{"{\"error\":{\"message\":\"no\",\"code\":7}}", ERROR_PROTOCOL},
		{"{\"a\":[[[[[[[[[[]]]]]]]]]]}", ERROR_PROTOCOL},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;

		assert_int_equal(
			log_record_begin(cases[i].text, strlen(cases[i].text), &error), cases[i].kind == 0 ? 0 : -1);
		assert_int_equal(error != NULL ? error->kind : 0, cases[i].kind);
	}
}

static void a_record_is_read(void **state)
{
	static const char text[] =
		"{\"tag\":\"unit-a-0\",\"ts\":\"2026-07-01T10:00:04.5Z\",\"sev\":\"ERROR\",\"mod\":\"juju.x\",\"loc\":"
		"\"a.go:1\",\"msg\":\"one\\ntwo\\u001b\",\"lab\":{\"a\":\"b\"}}\n";
	scoped(log_record) struct log_record record;

	(void)state;
	assert_int_equal(log_record_read(text, strlen(text), &record, NULL), 0);
	assert_string_equal(record.entity, "unit-a-0");
	assert_string_equal(record.severity, "ERROR");
	assert_string_equal(record.module, "juju.x");
	assert_string_equal(record.message, "one two?");
	assert_int_equal(record.time, instant_parse("2026-07-01T10:00:04.5Z"));
}

static void what_is_no_record_is_refused(void **state)
{
	static const char *const cases[] = {"", "{", "[]", "7", "{\"tag\":7}", "{\"msg\":[]}"};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(log_record) struct log_record record;
		scoped(error) struct error *error = NULL;

		assert_int_equal(log_record_read(cases[i], strlen(cases[i]), &record, &error), -1);
		assert_int_equal(error->kind, ERROR_PROTOCOL);
	}
}

static void a_record_has_a_ceiling(void **state)
{
	(void)state;
	for (size_t over = 0; over < 2; over++) {
		size_t length = LOG_RECORD_BYTES_MAX + over;
		scoped(string) char *message = memory_get(length, 1);
		scoped(log_record) struct log_record record;

		memset(message, 'x', length - strlen("{'msg':''}"));
		scoped(string) char *text = string_format("{\"msg\":\"%s\"}", message);
		assert_int_equal(strlen(text), length);
		assert_int_equal(log_record_read(text, length, &record, NULL), over == 0 ? 0 : -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_message_says_if_there_is_a_log),
		cmocka_unit_test(a_record_is_read),
		cmocka_unit_test(what_is_no_record_is_refused),
		cmocka_unit_test(a_record_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
