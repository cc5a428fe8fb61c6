/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plugin/yaml_text.h"

static const struct {
	const char *value;
	const char *written;
} values_are_cases[] = {
	/* plain */
	{"my-model", "my-model"},
	{"alice@canonical.com/my-model", "alice@canonical.com/my-model"},
	{"ctrl:owner/model", "ctrl:owner/model"},
	{"3.6.28", "3.6.28"},
	{"5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11", "5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11"},
	{"5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11:2", "5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11:2"},
	{"12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012"},
	{"JAAS points at it, verified", "JAAS points at it, verified"},
	{"it's \"so\" [here]", "it's \"so\" [here]"},
	{"a#b", "a#b"},
	{"-x", "-x"},
	{"?x", "?x"},
	{":x", ":x"},
	{".", "."},
	{"+", "+"},
	{"_1", "_1"},
	{"0x", "0x"},
	{"0b2", "0b2"},
	{"0b+", "0b+"},
	{"+_", "+_"},
	{"+_a", "+_a"},
	{"1e", "1e"},
	{"1.2.3", "1.2.3"},
	{"1:60", "1:60"},
	{"12:34x", "12:34x"},
	{"2026-01-31x", "2026-01-31x"},
	{"2026-001-31", "2026-001-31"},
	{"2026-01", "2026-01"},
	{"nope", "nope"},
	{"truely", "truely"},
	{"caf\xC3\xA9 \xE2\x82\xAC", "caf\xC3\xA9 \xE2\x82\xAC"},
	/* single quotes */
	{"[a", "'[a'"},
	{"]a", "']a'"},
	{"{a", "'{a'"},
	{"}a", "'}a'"},
	{"*a", "'*a'"},
	{"&a", "'&a'"},
	{"!a", "'!a'"},
	{"%a", "'%a'"},
	{"@a", "'@a'"},
	{"`a", "'`a'"},
	{",a", "',a'"},
	{"|a", "'|a'"},
	{">a", "'>a'"},
	{"#a", "'#a'"},
	{"'a'", "'''a'''"},
	{"\"a\"", "'\"a\"'"},
	{"- a", "'- a'"},
	{"-", "'-'"},
	{"? a", "'? a'"},
	{"---", "'---'"},
	{"...", "'...'"},
	{"a: b", "'a: b'"},
	{"a:", "'a:'"},
	{"a #b", "'a #b'"},
	{" a", "' a'"},
	{"a ", "'a '"},
	{"cannot: it's", "'cannot: it''s'"},
	/* double quotes: taken for something else */
	{"", "\"\""},
	{"~", "\"~\""},
	{"y", "\"y\""},
	{"N", "\"N\""},
	{"yes", "\"yes\""},
	{"No", "\"No\""},
	{"ON", "\"ON\""},
	{"off", "\"off\""},
	{"True", "\"True\""},
	{"false", "\"false\""},
	{"NULL", "\"NULL\""},
	{"<<", "\"<<\""},
	{"=", "\"=\""},
	{"7", "\"7\""},
	{"-7", "\"-7\""},
	{"+7", "\"+7\""},
	{"007", "\"007\""},
	{"1_000", "\"1_000\""},
	{"0x1F", "\"0x1F\""},
	{"-0b1_0", "\"-0b1_0\""},
	{"0o17", "\"0o17\""},
	{"+_1", "\"+_1\""},
	{"-_.5", "\"-_.5\""},
	{"._5", "\"._5\""},
	{"0_x1F", "\"0_x1F\""},
	{"0b-1", "\"0b-1\""},
	{"0o+7", "\"0o+7\""},
	{"1.5", "\"1.5\""},
	{".5", "\".5\""},
	{"1.", "\"1.\""},
	{"1e3", "\"1e3\""},
	{"1E-3", "\"1E-3\""},
	{".inf", "\".inf\""},
	{"-.Inf", "\"-.Inf\""},
	{".NaN", "\".NaN\""},
	{"12:34", "\"12:34\""},
	{"1:20:30.5", "\"1:20:30.5\""},
	{"2026-01-31", "\"2026-01-31\""},
	{"2026-1-2 15:04:05", "\"2026-1-2 15:04:05\""},
	{"2026-01-31T15:04:05Z", "\"2026-01-31T15:04:05Z\""},
	/* double quotes: cannot be shown */
	{"a\tb", "\"a\\tb\""},
	{"a\rb", "\"a\\rb\""},
	{"\033[2J", "\"\\e[2J\""},
	{"a\\\"\x01", "\"a\\\\\\\"\\x01\""},
	{"a\x7F", "\"a\\x7F\""},
	{"a\xC2\x85", "\"a\\N\""},
	{"a\xC2\x9B", "\"a\\x9B\""},
	{"a\xE2\x80\xA8\xE2\x80\xA9", "\"a\\L\\P\""},
	{"a\xEF\xBB\xBF", "\"a\\uFEFF\""},
	{"a\xF0\x9F\x98\x80", "\"a\\U0001F600\""},
	{"a\xFF"
	 "b",
		"\"a\\uFFFDb\""},
	/* several lines */
	{"a\nb", "|-\n    a\n    b"},
	{"a\nb\n", "|\n    a\n    b"},
	{"a\n\n  b: c #d", "|-\n    a\n\n      b: c #d"},
	{"a\n- b\n---", "|-\n    a\n    - b\n    ---"},
	{" a\nb", "\" a\\nb\""},
	{"\n", "\"\\n\""},
	{"\na", "\"\\na\""},
	{"a\n\n", "\"a\\n\\n\""},
	{"a \nb", "\"a \\nb\""},
	{"a\nb ", "\"a\\nb \""},
	{"a\n\tb", "\"a\\n\\tb\""},
};

static void values_are_quoted_where_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(values_are_cases); i++) {
		scoped(text) struct text text;

		text_init(&text, 1024);
		yaml_text_add(&text, values_are_cases[i].value, 4);
		assert_string_equal(text.data, values_are_cases[i].written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_quoted_where_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
