/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foreign text made fit to be shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"

static const struct row {
	const char *foreign;
	size_t most;
	const char *shown;
} rows[] = {
	{"", 10, ""},
	{"plain", 10, "plain"},
	{"exactly 10", 10, "exactly 10"},
	{"one too many", 11, "one too ..."},
	{"one too many", 3, "..."},
	{"one too many", 2, ".."},
	{"abc", 3, "abc"},
	{"abcd", 4, "abcd"},
	{"abcde", 4, "a..."},
	{"a\nb\tc\rd", 20, "a b c d"},
	{"\x1b[31mred\x7f", 20, "?[31mred?"},
	{"bad \xff\xc0\x80 end", 20, "bad ??? end"},
	{"half \xe2\x82", 20, "half ??"},
	{"gr\xc3\xbc\xc3\x9f \xe2\x82\xac", 20, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac"},
	{"turned \xe2\x80\xaeround\xe2\x80\xac", 20, "turned round"},
	/* Never cut inside a character. */
	{"\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 7, "\xc3\xbc\xc3\xbc..."},
	{"\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 6, "\xc3\xbc..."},
	{"\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 8, "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"},
	{"plain, then \xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 18, "plain, then \xe2\x82\xac..."},
	{"plain, then \xe2\x82\xac and more", 15, "plain, then ..."},
	{"12345\n789 12", 12, "12345 789 12"},
	{"12345\n789 123", 12, "12345 789..."},
};

static void test_printable(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(rows); i++) {
		scoped(string) char *shown =
			text_printable_length(rows[i].foreign, strlen(rows[i].foreign), rows[i].most);

		print_message("  %zu: \"%s\"\n", i, shown);
		assert_string_equal(shown, rows[i].shown);
	}
}

/* All lengths and all ceilings, against the rule itself: whole if it fits, else the longest beginning that leaves room for dots. */
static void test_every_cut_of_plain_text(void **state)
{
	const char *text = "the quick brown fox";

	(void)state;
	for (size_t length = 0; length <= strlen(text); length++)
		for (size_t most = 3; most <= strlen(text) + 1; most++) {
			scoped(string) char *shown = text_printable_length(text, length, most);
			scoped(string) char *whole = string_copy_length(text, length < most - 3 ? length : most - 3);
			scoped(string) char *cut = string_format("%s...", whole);
			scoped(string) char *all = string_copy_length(text, length);

			assert_string_equal(shown, length <= most ? all : cut);
		}
}

static void test_length_with_nul_inside(void **state)
{
	scoped(string) char *shown = text_printable_length("a\0b", 3, 10);

	(void)state;
	assert_string_equal(shown, "a?b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_every_cut_of_plain_text),
		cmocka_unit_test(test_length_with_nul_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
