/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/instant.h"
#include "plugin/duration.h"

static void durations_are_read_as_go_does(void **state)
{
	static const struct {
		const char *text;
		int64_t duration;
	} cases[] = {
		{"0", 0},
		{"+0", 0},
		{"-0", 0},
		{"5s", 5 * INSTANT_SECOND},
		{"90s", 90 * INSTANT_SECOND},
		{"1h30m", 90 * INSTANT_MINUTE},
		{"1.5h", 90 * INSTANT_MINUTE},
		{"-5s", -5 * INSTANT_SECOND},
		{"+5s", 5 * INSTANT_SECOND},
		{"5.s", 5 * INSTANT_SECOND},
		{".5s", 500 * INSTANT_MILLISECOND},
		{"10ms", 10 * INSTANT_MILLISECOND},
		{"7ns", 7},
		{"7us", 7000},
		{"7\xC2\xB5s", 7000},
		{"7\xCE\xBCs", 7000},
		{"3h2m1.5s20ms", 3 * 60 * INSTANT_MINUTE + 2 * INSTANT_MINUTE + 1520 * INSTANT_MILLISECOND},
		{"1m1m", 2 * INSTANT_MINUTE},
		{"0.3333333333333333333h", 20 * INSTANT_MINUTE},
		{"9223372036854775807ns", INT64_MAX},
		{"-9223372036854775808ns", INT64_MIN},
		{"0.100000000000000000000h", 6 * INSTANT_MINUTE},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		int64_t duration = 1;

		assert_int_equal(duration_parse(cases[i].text, &duration, NULL), 0);
		assert_int_equal(duration, cases[i].duration);
	}
}

static void wrong_durations_are_refused_in_the_words_of_go(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{"", "time: invalid duration \"\""},
		{"abc", "time: invalid duration \"abc\""},
		{"-", "time: invalid duration \"-\""},
		{".", "time: invalid duration \".\""},
		{".s", "time: invalid duration \".s\""},
		{"--5s", "time: invalid duration \"--5s\""},
		{" 5s", "time: invalid duration \" 5s\""},
		{"5", "time: missing unit in duration \"5\""},
		{"1h30", "time: missing unit in duration \"1h30\""},
		{"1.2.3s", "time: missing unit in duration \"1.2.3s\""},
		{"5x", "time: unknown unit \"x\" in duration \"5x\""},
		{"5S", "time: unknown unit \"S\" in duration \"5S\""},
		{"5 s", "time: unknown unit \" s\" in duration \"5 s\""},
		{"1d", "time: unknown unit \"d\" in duration \"1d\""},
		{"5\xC3\xA9", "time: unknown unit \"\\xc3\\xa9\" in duration \"5\\xc3\\xa9\""},
		{"\"\\\033", "time: invalid duration \"\\\"\\\\\\x1b\""},
		{"5\177", "time: unknown unit \"\\x7f\" in duration \"5\\x7f\""},
		{"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
		{"99999999999999999999s", "time: invalid duration \"99999999999999999999s\""},
		{"3000000h", "time: invalid duration \"3000000h\""},
		{"-9223372036854775808ns9223372036854775808ns",
			"time: invalid duration \"-9223372036854775808ns9223372036854775808ns\""},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;
		int64_t duration = 1;

		assert_int_equal(duration_parse(cases[i].text, &duration, &error), -1);
		assert_string_equal(error->message, cases[i].message);
		assert_int_equal(error->kind, ERROR_USAGE);
		assert_int_equal(duration, 1);
	}
}

static void durations_are_written_as_go_does(void **state)
{
	static const struct {
		int64_t duration;
		const char *text;
	} cases[] = {
		{0, "0s"},
		{1, "1ns"},
		{1100, "1.1\xC2\xB5s"},
		{20 * INSTANT_MILLISECOND, "20ms"},
		{2200 * INSTANT_MILLISECOND, "2.2s"},
		{90 * INSTANT_SECOND, "1m30s"},
		{10 * INSTANT_MINUTE, "10m0s"},
		{60 * INSTANT_MINUTE, "1h0m0s"},
		{-90 * INSTANT_MINUTE, "-1h30m0s"},
		{5 * INSTANT_MINUTE + 1, "5m0.000000001s"},
		{INT64_MAX, "2562047h47m16.854775807s"},
		{INT64_MIN, "-2562047h47m16.854775808s"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *text = duration_format(cases[i].duration);

		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_read_as_go_does),
		cmocka_unit_test(wrong_durations_are_refused_in_the_words_of_go),
		cmocka_unit_test(durations_are_written_as_go_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
