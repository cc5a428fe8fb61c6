/* SPDX-License-Identifier: Apache-2.0 */
/* Which models a controller hosts, by what JIMM lists to whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/migration/hosted.h"

#define JIMM "00000000-0000-4000-8000-00000000000a"
#define A "00000000-0000-4000-8000-0000000000a1"
#define B "00000000-0000-4000-8000-0000000000b1"

static struct jimm_controller controllers[] = {
	{.name = "prod-a", .uuid = A},
	{.name = "prod-a-too", .uuid = A},
	{.name = "prod-b", .uuid = B},
};
static struct jimm_controller pseudo[] = {{.name = "jaas", .uuid = JIMM}};
static struct controller_model models[] = {
	{.name = "shop", .uuid = "m1", .owner = "zoe@canonical.com"},
	{.name = "blog", .uuid = "m2", .owner = "alice@canonical.com"},
	{.name = "wiki", .uuid = "m3", .owner = "alice@canonical.com"},
};
static struct jimm_model rows[] = {
	{.name = "shop", .uuid = "m1", .controller_name = "prod-a", .controller_uuid = A},
	{.name = "wiki", .uuid = "m3", .controller_name = "prod-a-too", .controller_uuid = A},
	{.name = "blog", .uuid = "m2", .controller_name = "prod-a", .controller_uuid = A},
	{.name = "controller", .uuid = "m4", .controller_name = "prod-a", .controller_uuid = A},
	{.name = "new", .uuid = "m5", .controller_name = "prod-b", .controller_uuid = B},
	{.name = "", .uuid = "", .controller_name = "prod-a", .controller_uuid = A},
};
static struct model_summary summaries[] = {
	{.name = "shop", .uuid = "m1", .owner = "zoe@canonical.com", .controller_uuid = A},
	{.name = "blog", .uuid = "m2", .owner = "alice@canonical.com", .controller_uuid = A},
	{.name = "new", .uuid = "m5", .owner = "alice@canonical.com", .controller_uuid = B},
};
static struct model_summary masked[] = {
	{.name = "blog", .uuid = "m2", .owner = "alice@canonical.com", .controller_uuid = JIMM},
};

#define LIST(array)                                           \
	{                                                     \
		.list = (array), .count = array_length(array) \
	}
#define MODELS .models = LIST(models)
#define ROWS .rows_told = true, .rows = LIST(rows)

static const struct {
	struct lists lists;
	const char *asked;
	const char *found; /* "CONTROLLER: OWNER/NAME ...", or "!" and the error */
	size_t left_out;
} cases[] = {
	/* Rows, to an administrator: both names of one controller mean the same; the models stand in the order of owner and name. */
	{{.administrator = true, .controllers = LIST(controllers), MODELS, ROWS}, "prod-a",
		"prod-a: alice@canonical.com/blog alice@canonical.com/wiki zoe@canonical.com/shop", 1},
	{{.administrator = true, .controllers = LIST(controllers), MODELS, ROWS}, A,
		"prod-a: alice@canonical.com/blog alice@canonical.com/wiki zoe@canonical.com/shop", 1},
	/* A model that no list of owners has. */
	{{.administrator = true, .controllers = LIST(controllers), MODELS, ROWS}, "prod-b", "prod-b: /new", 0},
	{{.administrator = true, .controllers = LIST(controllers), MODELS, .rows_told = true}, "prod-b", "prod-b:", 0},
	{{.administrator = true, .controllers = LIST(controllers), MODELS, ROWS}, "prod-c",
		"!JIMM knows no controller \"prod-c\"; did you mean prod-a or prod-b?", 0},
	{{.administrator = true, .controllers = LIST(controllers), MODELS, ROWS}, "zzzzzzz",
		"!JIMM knows no controller \"zzzzzzz\"; it knows: prod-a, prod-a-too, prod-b", 0},
	/* No rows: an administrator has the summaries. */
	{{.administrator = true, .controllers = LIST(controllers), MODELS, .summaries = LIST(summaries)}, "prod-a",
		"prod-a: alice@canonical.com/blog zoe@canonical.com/shop", 0},
	{{.administrator = true, .controllers = LIST(controllers), MODELS, .summaries = LIST(masked)}, "prod-a",
		"!JIMM hides which controller hosts alice@canonical.com/blog; try again", 0},
	/* Controllers were refused to an administrator: the name is taken from the rows. */
	{{.administrator = true, MODELS, ROWS}, B, "prod-b: /new", 0},
	/* Nobody in particular. */
	{{.controllers = LIST(pseudo), MODELS, ROWS}, "prod-b", "prod-b: /new", 0},
	{{.controllers = LIST(pseudo), MODELS, ROWS}, B, "prod-b: /new", 0},
	{{.controllers = LIST(pseudo), MODELS, ROWS}, "prod-c",
		"!none of the models that you may see is on \"prod-c\"; whether JIMM has a controller of that name is "
		"told to its administrators only",
		0},
	{{.controllers = LIST(pseudo), MODELS, ROWS}, "jaas",
		"!none of the models that you may see is on \"jaas\"; whether JIMM has a controller of that name is "
		"told "
		"to its administrators only",
		0},
	{{.controllers = LIST(controllers), MODELS, .rows_told = true}, "prod-b", "prod-b:", 0},
	{{.controllers = LIST(pseudo), MODELS}, "prod-a",
		"!this JIMM tells only its administrators which controller hosts a model; name the models instead", 0},
};

static char *told(const struct hosted *hosted)
{
	struct text text = {.ceiling = 4096};

	text_add_format(&text, "%s:", hosted->controller);
	for (size_t i = 0; i < hosted->count; i++)
		text_add_format(&text, " %s/%s", hosted->list[i].owner, hosted->list[i].name);
	return text_take(&text);
}

static void what_a_controller_hosts(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(hosted) struct hosted hosted;
		scoped(error) struct error *error = NULL;
		int status = hosted_find(&cases[i].lists, JIMM, cases[i].asked, &hosted, &error);
		scoped(string) char *found = status == 0 ? told(&hosted) : string_format("!%s", error->message);

		assert_string_equal(found, cases[i].found);
		assert_int_equal(hosted.left_out, cases[i].left_out);
		if (status == 0)
			assert_int_equal(hosted.partly, !cases[i].lists.administrator);
	}
}

static void summaries_that_are_errors_are_not_passed_over(void **state)
{
	scoped(hosted) struct hosted hosted;
	scoped(error) struct error *refusal = NULL, *error = NULL;
	struct lists lists = {.administrator = true, .controllers = LIST(controllers), .summaries = LIST(summaries)};

	(void)state;
	error_set(&refusal, ERROR_REMOTE, "upstream is down");
	lists.summaries.refused = 2;
	lists.summaries.error = refusal;
	assert_int_equal(hosted_find(&lists, JIMM, "prod-a", &hosted, &error), -1);
	assert_string_equal(error->message, "JIMM does not tell where 2 of the models are: upstream is down");
}

static void only_an_administrator_can_say_that_there_is_no_such_controller(void **state)
{
	const struct lists all = {.administrator = true, .controllers = LIST(controllers)};
	const struct lists some = {.controllers = LIST(controllers)};

	(void)state;
	assert_int_equal(hosted_known(&all, JIMM, "prod-b", NULL), 0);
	assert_int_equal(hosted_known(&all, JIMM, B, NULL), 0);
	assert_int_equal(hosted_known(&all, JIMM, "prod-c", NULL), -1);
	assert_int_equal(hosted_known(&some, JIMM, "prod-c", NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_controller_hosts),
		cmocka_unit_test(summaries_that_are_errors_are_not_passed_over),
		cmocka_unit_test(only_an_administrator_can_say_that_there_is_no_such_controller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
