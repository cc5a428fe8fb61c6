/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/complete_offer.h"

#define NOW (1000 * INSTANT_MINUTE)
#define UUID(last) "5f0c9a52-0d0e-4e55-8f0b-00000000000" last
#define HOST_A "1c9f0000-0000-4000-8000-00000000000a"
#define HOST_B "1c9f0000-0000-4000-8000-00000000000b"
#define WORDS_MAX 6

static const struct catalogue_model models[] = {
	{.uuid = UUID("1"), .owner = "me@lab", .name = "own", .host_uuid = HOST_A, .host = "a", .host_at = NOW},
	{.uuid = UUID("2"), .owner = "me@labs", .name = "own", .host_uuid = HOST_B, .host = "b", .host_at = NOW},
	{.uuid = UUID("3"),
		.owner = "bob@lab",
		.name = "web",
		.host_uuid = HOST_B,
		.host = "b",
		.host_at = NOW,
		.cloud = "maas",
		.region = "default"},
	{.uuid = UUID("4"), .owner = "bob@lab", .name = "twice", .host = "c", .host_at = NOW},
	{.uuid = UUID("5"), .owner = "ann@lab", .name = "twice"},
	{.uuid = UUID("6"),
		.owner = "bob@lab",
		.name = "stale",
		.host_uuid = HOST_A,
		.host = "a",
		.host_at = NOW - OFFER_HOST_AGE_MAX - 1},
	{.uuid = UUID("7"), .owner = "b", .name = "one-letter-owner"},
	{.uuid = UUID("8"), .owner = "bob@lab", .name = "Upper"},
	{.uuid = UUID("9"), .host = "a", .host_at = NOW},
};

static const struct catalogue_controller controllers[] = {
	{.name = "a", .uuid = HOST_A, .cloud = "maas", .region = "default", .version = "3.6.12", .status = "available"},
	{.name = "also-a", .uuid = HOST_A},
	{.name = "b", .uuid = HOST_B, .cloud = "lxd", .status = "unavailable"},
	{.name = "c"},
	{.name = "-d"},
	{.name = "e\x1b[2J"},
};

static void fill(struct catalogue *catalogue)
{
	catalogue_init(catalogue);
	for (size_t i = 0; i < array_length(models); i++)
		catalogue_add_model(catalogue, &models[i]);
	catalogue_settle(catalogue);
	for (size_t i = 0; i < array_length(controllers); i++)
		catalogue_add_controller(catalogue, &controllers[i]);
}

/* Returns what is offered for words that end with NULL, owned by the caller. `store` may be NULL. */
static char *offered(const char *const *given, const char *jaas, const struct store *store)
{
	scoped(catalogue) struct catalogue catalogue;
	scoped(complete_line) struct complete_line line;
	char *words[WORDS_MAX + 1] = {NULL};
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	for (size_t i = 0; i < WORDS_MAX && given[i] != NULL; i++)
		words[i] = (char *)(uintptr_t)given[i];
	fill(&catalogue);
	complete_line_read(&line, words);
	struct complete_known known = {
		.store = store, .jaas = jaas, .user = "me@lab", .catalogue = &catalogue, .now = NOW};
	scoped(candidates) struct candidates candidates = {
		.before = line.before, .typed = line.typed, .may_be_dashed = line.may_be_dashed};
	complete_offer(&line, &known, &candidates);
	candidates_print(&candidates, out);
	fclose(out);
	return text;
}

static const struct {
	const char *words[WORDS_MAX];
	const char *expected;
} cases[] = {
	/* A name is one's own model's, or the only one's. */
	{{"ow"}, "own\ton a\n"},
	{{"tw"}, ""},
	{{"one"}, ""},
	{{"Up"}, ""},
	{{"w"}, "web\tbob@lab, maas/default, on b\n"},
	{{""}, "ann@lab/\t1 model\nbob@lab/\t3 models\nme@labs/\t1 model\nown\ton a\nstale\tbob@lab, on "
	       "a\nweb\tbob@lab, maas/default, on b\n"},
	{{"me"}, "me@lab/\t1 model\nme@labs/\t1 model\n"},
	{{"bob@lab/tw"}, "bob@lab/twice\ton c\n"},
	{{"/"}, ""},
	{{UUID("3")}, UUID("3") "\tbob@lab/web, maas/default, on b\n"},
	{{UUID("9")}, ""},
	{{"5f0"}, ""},
	{{"jaas:ow"}, "jaas:own\ton a\n"},
	{{"jaas:bob@lab/w"}, "jaas:bob@lab/web\tmaas/default, on b\n"},
	{{"jaa:ow"}, ""},
	{{"jaas2:ow"}, ""},
	{{":ow"}, ""},
	/* Targets: not where the model is, under any name. */
	{{"own", ""}, "b\tlxd, unavailable\nc\n"},
	{{"jaas:own", ""}, "b\tlxd, unavailable\nc\n"},
	{{"bob@lab/web", ""}, "a\tmaas/default, 3.6.12\nalso-a\nc\n"},
	{{"bob@lab/twice", ""}, "a\tmaas/default, 3.6.12\nalso-a\nb\tlxd, unavailable\n"},
	{{"stale", ""}, "a\tmaas/default, 3.6.12\nalso-a\nb\tlxd, unavailable\nc\n"},
	{{"twice", ""}, "a\tmaas/default, 3.6.12\nalso-a\nb\tlxd, unavailable\nc\n"},
	{{"own", "web", ""}, "a\tmaas/default, 3.6.12\nalso-a\nb\tlxd, unavailable\nc\n"},
	{{"own", UUID("1"), "al"}, ""},
	{{"own", "--", "-"}, "-d\n"},
	{{"own", "b", ""}, ""},
	{{"own", "1c9f"}, HOST_B "\tb\n"},
	{{"web", "1c9f"}, HOST_A "\ta\n"},
	{{"own", "st"}, "stale\tbob@lab, on a\n"},
	{{"own", "ow"}, ""},
	{{"-m", "own", "b"}, "b\tlxd, unavailable\nbob@lab/\t3 models\n"},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *text = offered(cases[i].words, "jaas", NULL);

		scoped(string) char *found = string_format("case %zu: %s", i, text);
		scoped(string) char *expected = string_format("case %zu: %s", i, cases[i].expected);
		assert_string_equal(found, expected);
	}
}

/* Without a JAAS that could be chosen those that there are can be named. */
static void test_jaas(void **state)
{
	struct store_controller list[] = {
		{.name = "one", .oidc_login = 1},
		{.name = "two", .oidc_login = 1},
		{.name = "co:lon", .oidc_login = 1},
		{.name = "..", .oidc_login = 1},
		{.name = "plain"},
	};
	struct store_account accounts[] = {{.controller = "one", .user = "me@lab", .type = ""}};
	const struct store store = {.controllers = {.items = list, .count = array_length(list)},
		.accounts = {.items = accounts, .count = 1}};
	const char *const nothing[] = {"", NULL};
	const char *const option[] = {"-c", "", NULL};
	const char *const begun[] = {"tw", NULL};
	scoped(string) char *words = offered(nothing, NULL, &store);
	scoped(string) char *values = offered(option, NULL, &store);
	scoped(string) char *chosen = offered(nothing, "one", &store);
	scoped(string) char *more = offered(begun, "one", &store);

	(void)state;
	assert_non_null(strstr(words, "one:\tJAAS, me@lab\n"));
	assert_non_null(strstr(words, "two:\tJAAS, not logged in\n"));
	assert_null(strstr(words, "lon"));
	assert_string_equal(values, "co:lon\tJAAS, not logged in\none\tJAAS, me@lab\ntwo\tJAAS, not logged in\n");
	assert_null(strstr(chosen, "one:"));
	assert_string_equal(more, "two:\tJAAS, not logged in\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_jaas)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
