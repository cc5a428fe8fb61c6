/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "plugin/complete_line.h"

#define WORDS_MAX 12

static const struct {
	const char *words[WORDS_MAX];
	enum complete_want want;
	const char *before, *typed;
	size_t count; /* words that are no options */
	bool may_be_dashed;
	const char *controller, *model;
} cases[] = {
	{{NULL}, WANT_MODEL, "", "", 0, false, NULL, NULL},
	{{""}, WANT_MODEL, "", "", 0, false, NULL, NULL},
	{{"m"}, WANT_MODEL, "", "m", 0, false, NULL, NULL},
	{{"m", ""}, WANT_TARGET, "", "", 1, false, NULL, NULL},
	{{"m", "n", "t"}, WANT_TARGET, "", "t", 2, false, NULL, NULL},
	{{"", "t"}, WANT_TARGET, "", "t", 1, false, NULL, NULL},
	{{"-"}, WANT_OPTION, "", "-", 0, false, NULL, NULL},
	{{"--"}, WANT_OPTION, "", "--", 0, false, NULL, NULL},
	{{"--", "-"}, WANT_MODEL, "", "-", 0, true, NULL, NULL},
	{{"--", "--form"}, WANT_MODEL, "", "--form", 0, true, NULL, NULL},
	{{"--", "--", "-x"}, WANT_TARGET, "", "-x", 1, true, NULL, NULL},
	{{"-", ""}, WANT_TARGET, "", "", 1, false, NULL, NULL},
	{{"--form"}, WANT_OPTION, "", "--form", 0, false, NULL, NULL},
	{{"--format"}, WANT_OPTION, "", "--format", 0, false, NULL, NULL},
	{{"--format="}, WANT_FORMAT, "--format=", "", 0, true, NULL, NULL},
	{{"--format=a=b"}, WANT_FORMAT, "--format=", "a=b", 0, true, NULL, NULL},
	{{"--format", "j"}, WANT_FORMAT, "", "j", 0, true, NULL, NULL},
	{{"--format", "--dry-run"}, WANT_FORMAT, "", "--dry-run", 0, true, NULL, NULL},
	{{"--format", "--", "m"}, WANT_MODEL, "", "m", 0, false, NULL, NULL},
	{{"--dry-run", "m"}, WANT_MODEL, "", "m", 0, false, NULL, NULL},
	{{"--dry-run="}, WANT_BOOLEAN, "--dry-run=", "", 0, true, NULL, NULL},
	{{"--unknown", "m"}, WANT_MODEL, "", "m", 0, false, NULL, NULL},
	{{"--unknown="}, WANT_OPTION, "", "--unknown=", 0, false, NULL, NULL},
	{{"-c"}, WANT_OPTION, "", "-c", 0, false, NULL, NULL},
	{{"-c", ""}, WANT_JAAS, "", "", 0, true, NULL, NULL},
	{{"-cj"}, WANT_JAAS, "-c", "j", 0, true, NULL, NULL},
	{{"-vBcj"}, WANT_JAAS, "-vBc", "j", 0, true, NULL, NULL},
	{{"-vB"}, WANT_OPTION, "", "-vB", 0, false, NULL, NULL},
	{{"-vc", "j"}, WANT_JAAS, "", "j", 0, true, NULL, NULL},
	{{"-x", "m"}, WANT_MODEL, "", "m", 0, false, NULL, NULL},
	{{"-c", "jaas", "m"}, WANT_MODEL, "", "m", 0, false, "jaas", NULL},
	{{"-cone", "--controller=two", "m"}, WANT_MODEL, "", "m", 0, false, "two", NULL},
	{{"-c", "", "m"}, WANT_MODEL, "", "m", 0, false, NULL, NULL},
	{{"-m", "a", ""}, WANT_TARGET, "", "", 0, false, NULL, "a"},
	{{"-m", "a"}, WANT_MODEL, "", "a", 0, true, NULL, NULL},
	{{"m", "-o", "x"}, WANT_FILE, "", "x", 1, true, NULL, NULL},
	{{"m", "-ox"}, WANT_FILE, "-o", "x", 1, true, NULL, NULL},
	{{"--log-file", "x"}, WANT_FILE, "", "x", 0, true, NULL, NULL},
	{{"--timeout", "1"}, WANT_DURATION, "", "1", 0, true, NULL, NULL},
	{{"--logging-config", "x"}, WANT_NOTHING, "", "x", 0, true, NULL, NULL},
	{{"--resume", ""}, WANT_NOTHING, "", "", 0, false, NULL, NULL},
	{{"--forget", "m"}, WANT_NOTHING, "", "m", 0, false, NULL, NULL},
	{{"--resume", "-"}, WANT_OPTION, "", "-", 0, false, NULL, NULL},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(complete_line) struct complete_line line;
		char *words[WORDS_MAX + 1] = {NULL};

		for (size_t k = 0; k < WORDS_MAX && cases[i].words[k] != NULL; k++)
			words[k] = (char *)(uintptr_t)cases[i].words[k];
		complete_line_read(&line, words);
		scoped(string) char *found =
			string_format("case %zu: want %d, \"%s\" \"%s\", %zu words, %d, -c %s, -m %s", i,
				(int)line.want, line.before, line.typed, line.count, line.may_be_dashed,
				line.controller != NULL ? line.controller : "-", line.model != NULL ? line.model : "-");
		scoped(string) char *expected =
			string_format("case %zu: want %d, \"%s\" \"%s\", %zu words, %d, -c %s, -m %s", i,
				(int)cases[i].want, cases[i].before, cases[i].typed, cases[i].count,
				cases[i].may_be_dashed, cases[i].controller != NULL ? cases[i].controller : "-",
				cases[i].model != NULL ? cases[i].model : "-");
		assert_string_equal(found, expected);
	}
}

/* The option that is just being typed is not on the line yet. */
static void test_given(void **state)
{
	char *words[] = {"--dry-run", "-vo", "x", "--format=json", "--quiet", NULL};
	scoped(complete_line) struct complete_line line;
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	(void)state;
	assert_in_range(count, 1, COMPLETE_OPTIONS_MAX);
	complete_line_read(&line, words);
	for (size_t i = 0; i < count; i++) {
		const char *name = table[i].name;
		bool given = strcmp(name, "dry-run") == 0 || strcmp(name, "verbose") == 0 ||
			     strcmp(name, "output") == 0 || strcmp(name, "format") == 0;

		assert_int_equal(line.given[i], given);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_given)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
