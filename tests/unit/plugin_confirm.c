/* SPDX-License-Identifier: Apache-2.0 */
/* What is said before a controller is emptied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "plugin/confirm.h"

static void one_is_no_plural_and_what_is_hidden_is_said(void **state)
{
	struct hosted_model model = {.name = "blog", .owner = "", .uuid = "m1"};
	struct hosted hosted = {.controller = "prod-a", .list = &model, .count = 1, .partly = true};
	scoped(string) char *text = confirm_text(&hosted, "b\033[2J");

	(void)state;
	assert_string_equal(text,
		"prod-a hosts 1 model that would go to b?[2J:\n  blog\nModels on prod-a that you may not "
		"see stay there.");
}

static void long_lists_are_cut(void **state)
{
	struct hosted_model models[CONFIRM_LISTED_MAX + 2];
	struct hosted hosted = {.controller = "prod-a", .list = models, .count = CONFIRM_LISTED_MAX + 2};
	size_t lines = 0;

	(void)state;
	for (size_t i = 0; i < hosted.count; i++)
		models[i] = (struct hosted_model){.name = "m", .owner = "alice@canonical.com", .uuid = "u"};
	scoped(string) char *text = confirm_text(&hosted, "b");
	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, CONFIRM_LISTED_MAX + 1);
	assert_non_null(strstr(text, "\n  and 2 more (--dry-run shows all of them)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_no_plural_and_what_is_hidden_is_said),
		cmocka_unit_test(long_lists_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
