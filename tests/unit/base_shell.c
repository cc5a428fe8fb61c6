/* SPDX-License-Identifier: Apache-2.0 */
/* Words for shells, and the last filter before a person. That shells agree is for tests with real ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/shell.h"
#include "common/base/text.h"

static const struct {
	const char *text, *word;
} words[] = {
	{"my-controller", "my-controller"},
	{"jaas:alice@canonical.com/my-model", "jaas:alice@canonical.com/my-model"},
	{"5f0c9a52-0d0e-4e55-8f0b-000000000001:0", "5f0c9a52-0d0e-4e55-8f0b-000000000001:0"},
	{"ubuntu/0", "ubuntu/0"},
	{"_a.b-c:d@e+f,g=h%i/", "_a.b-c:d@e+f,g=h%i/"},
	{"-rf", "-rf"},
	{"", "''"},
	{NULL, "''"},
	{"=ls", "'=ls'"},
	{"%self", "'%self'"},
	{"@x", "'@x'"},
	{"~", "'~'"},
	{"a~", "'a~'"},
	{"two words", "'two words'"},
	{"$(reboot)", "'$(reboot)'"},
	{"`reboot`", "'`reboot`'"},
	{"it's", "'it'\\''s'"},
	{"'", "''\\'''"},
	{"back\\", "'back'\\\\''"},
	{"a\nb", "'a b'"},
	{"a\033[31mb", "'a?[31mb'"},
	{"\xc3\xbc", "'\xc3\xbc'"},
	{"\xff", "'?'"},
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(words); i++) {
		scoped(string) char *word = shell_word(words[i].text);

		assert_string_equal(word, words[i].word);
	}
}

/* A word of nothing but quotes is four times as long as what it stands for, and is whole. */
static void test_longest(void **state)
{
	scoped(string) char *text = memory_get(2 * TEXT_SHOWN_MAX, 1);

	(void)state;
	memset(text, '\'', (size_t)2 * TEXT_SHOWN_MAX - 1);
	scoped(string) char *word = shell_word(text);
	assert_int_equal(word[0], '\'');
	assert_string_equal(word + strlen(word) - 7, "\\''...'");
	assert_int_equal(strlen(word), 2 + (TEXT_SHOWN_MAX - 3) * 4 + 3);
}

static void test_dashes(void **state)
{
	(void)state;
	assert_string_equal(shell_dashes("a", "b"), "");
	assert_string_equal(shell_dashes("-a", "b"), "-- ");
	assert_string_equal(shell_dashes("a", "--b"), "-- ");
	assert_string_equal(shell_dashes("-a", NULL), "-- ");
	assert_string_equal(shell_dashes("a", NULL), "");
}

#define MARK "\xcc\x81"

static const struct {
	const char *text, *shown;
} marks[] = {
	{"e" MARK "a", "e" MARK "a"},
	{"e" MARK MARK MARK MARK, "e" MARK MARK MARK MARK},
	{"e" MARK MARK MARK MARK MARK MARK "a" MARK, "e" MARK MARK MARK MARK "a" MARK},
	{MARK "a", "a"},
	{MARK MARK, ""},
	/* A base between them that is not shown does not count. */
	{"e" MARK MARK MARK MARK "\xe2\x80\x8b" MARK, "e" MARK MARK MARK MARK},
};

static void test_marks(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(marks); i++) {
		scoped(string) char *shown = text_printable(marks[i].text);

		print_message("row %zu\n", i);
		assert_string_equal(shown, marks[i].shown);
	}
}

static const struct {
	const char *text, *shown;
} lines[] = {
	{"", ""},
	{"one", "one"},
	{"one\ntwo\n", "one\ntwo\n"},
	{"\n\n  three", "\n\n  three"},
	{"a\rb\tc\n\033[2J", "a b c\n?[2J"},
	{"a\xe2\x80\xa8z\nb\xe2\x80\xaez", "az\nbz"},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(lines); i++) {
		scoped(string) char *shown = text_printable_lines(lines[i].text, strlen(lines[i].text) + 1);

		assert_string_equal(shown, lines[i].shown);
	}
	scoped(string) char *cut = text_printable_lines("one\ntwo\nthree", 10);
	assert_true(strlen(cut) <= 10 && strncmp(cut, "one\ntwo", 7) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_dashes),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
