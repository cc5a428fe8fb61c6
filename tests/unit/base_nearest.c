/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/nearest.h"
#include "common/base/scoped.h"

static void near_names_are_offered_the_nearest_first(void **state)
{
	static const struct {
		const char *word;
		const char *names[6];
		const char *offered; /* NULL: none */
	} cases[] = {
		{"my-contoller", {"prod-a", "my-controller"}, "my-controller"},
		{"my-cotnroller", {"my-controller"}, "my-controller"},
		{"my-controlller", {"my-controller"}, "my-controller"},
		{"ny-controller", {"my-controller"}, "my-controller"},
		{"prod-x", {"prod-a", "prod-b", "prod-cc", "other"}, "prod-a, prod-b or prod-cc"},
		{"prod-x", {"prod-a", "prod-b", "prod-c", "prod-d"}, "prod-a, prod-b or prod-c"},
		{"prod-xy", {"prod-a", "prod-x"}, "prod-x or prod-a"},
		{"prod", {"prod-eu-west-1"}, "prod-eu-west-1"},
		{"pr", {"prod-eu-west-1"}, NULL},
		{"nope", {"my-controller", "prod-a"}, NULL},
		{"ab", {"ba", "abc", "cd"}, "ba or abc"},
		{"a", {"b", "ab"}, NULL},
		{"", {"b", "ab"}, NULL},
		{"same", {"same", "some", "some"}, "some"},
		{"some", {"", "so\033me"}, "so?me"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct nearest nearest;

		nearest_init(&nearest, cases[i].word);
		for (size_t j = 0; j < array_length(cases[i].names) && cases[i].names[j] != NULL; j++)
			nearest_take(&nearest, cases[i].names[j]);
		scoped(string) char *text = nearest_text(&nearest);
		if (!string_same(text, cases[i].offered))
			fail_msg("%s: %s", cases[i].word, text != NULL ? text : "(none)");
	}
}

static void long_names_are_left_alone(void **state)
{
	(void)state;
	for (size_t over = 0; over < 2; over++) {
		scoped(string) char *word = memory_get(NEAREST_NAME_MAX + 2, 1);
		scoped(string) char *name = memory_get(NEAREST_NAME_MAX + 2, 1);
		struct nearest nearest;

		memset(word, 'x', NEAREST_NAME_MAX + over);
		memset(name, 'x', NEAREST_NAME_MAX - 1);
		nearest_init(&nearest, word);
		nearest_take(&nearest, name);
		assert_int_equal(nearest.count, over == 0 ? 1 : 0);
		nearest_init(&nearest, name);
		nearest_take(&nearest, word);
		assert_int_equal(nearest.count, over == 0 ? 1 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_names_are_offered_the_nearest_first),
		cmocka_unit_test(long_names_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
