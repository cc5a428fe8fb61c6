/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plugin/json_text.h"

static void values_are_escaped_as_juju_does(void **state)
{
	static const struct {
		const char *value;
		const char *written;
	} cases[] = {
		{"", "\"\""},
		{"owner/name", "\"owner/name\""},
		{"a\"b\\c", "\"a\\\"b\\\\c\""},
		{"<a> & b", "\"\\u003ca\\u003e \\u0026 b\""},
		{"a\nb\rc\td", "\"a\\nb\\rc\\td\""},
		{"\x01\b\f\033", "\"\\u0001\\u0008\\u000c\\u001b\""},
		{"\x7F", "\"\x7F\""},
		{"\xE2\x80\xA8\xE2\x80\xA9", "\"\\u2028\\u2029\""},
		{"caf\xC3\xA9 \xF0\x9F\x98\x80", "\"caf\xC3\xA9 \xF0\x9F\x98\x80\""},
		{"a\xFF"
		 "b\xC3",
			"\"a\\ufffdb\\ufffd\""},
		{"\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(text) struct text text;

		text_init(&text, 1024);
		json_text_add(&text, cases[i].value);
		assert_string_equal(text.data, cases[i].written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_escaped_as_juju_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
