/* SPDX-License-Identifier: Apache-2.0 */
/* What is typed for a model, and which model of a list it means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/store/resolve.h"

#define UUID "9c2a5c10-76f6-4c0d-8b1f-7a4d2c5be002"
#define OWN "11111111-aaaa-4aaa-8aaa-000000000001"
#define ADMINS "22222222-aaaa-4aaa-8aaa-000000000002"
#define OPERATORS "33333333-aaaa-4aaa-8aaa-000000000003"
#define SIMILAR "9c2a5c10-76f6-4c0d-8b1f-ffffffffffff"

static void test_parse(void **state)
{
	static const struct {
		const char *text;
		const char *controller;
		const char *owner;
		const char *name;
		int prefix;
		int whole;
	} cases[] = {
		{"foo", "", "", "foo", 0, 0},
		{"jaas:foo", "jaas", "", "foo", 0, 0},
		{":foo", "", "", "foo", 0, 0},
		{"alice@canonical.com/foo", "", "alice@canonical.com", "foo", 0, 0},
		{"jaas:alice@canonical.com/foo", "jaas", "alice@canonical.com", "foo", 0, 0},
		{"my jaas/x:foo", "my jaas/x", "", "foo", 0, 0},
		{"admin/foo", "", "admin", "foo", 0, 0},
		{"admin@local/foo", "", "admin", "foo", 0, 0},
		{"a.b+c-d/0-foo-", "", "a.b+c-d", "0-foo-", 0, 0},
		{"9c2a5", "", "", "9c2a5", 0, 0},
		{"9c2a5c", "", "", "9c2a5c", 1, 0},
		{"decade", "", "", "decade", 1, 0},
		{"decades", "", "", "decades", 0, 0},
		{"9c2a5c10-76f6-", "", "", "9c2a5c10-76f6-", 1, 0},
		{"9c2a5c1076f6", "", "", "9c2a5c1076f6", 0, 0},
		{UUID, "", "", UUID, 1, 1},
		{"jaas:" UUID, "jaas", "", UUID, 1, 1},
		{UUID "0", "", "", UUID "0", 0, 0},
		{"admin/" UUID, "", "admin", UUID, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(model_word) struct model_word word;
		scoped(error) struct error *error = NULL;
		assert_int_equal(model_word_parse(cases[i].text, &word, &error), 0);
		assert_string_equal(word.text, cases[i].text);
		assert_string_equal(word.controller, cases[i].controller);
		assert_string_equal(word.owner, cases[i].owner);
		assert_string_equal(word.name, cases[i].name);
		assert_int_equal(word.prefix, cases[i].prefix);
		assert_int_equal(word.whole, cases[i].whole);
	}
}

static void test_parse_refused(void **state)
{
	static const char none[] = "no model name in it; give <name>, <owner>/<name> or a UUID";
	static const char letters[] =
		"a model name has lower-case letters, digits and \"-\" only, and does not begin with \"-\"";
	static const char user[] = "what stands before the \"/\" is no user name";
	static const struct {
		const char *text;
		const char *cause;
		const char *shown; /* NULL: as typed */
	} cases[] = {
		{"", none, NULL},
		{"jaas:", none, NULL},
		{"admin/", none, NULL},
		{"admin/a/b", "more than one \"/\" in it; give <owner>/<name>", NULL},
		{"Foo", letters, NULL},
		{"-foo", letters, NULL},
		{"foo_bar", letters, NULL},
		{"a:b:c", letters, NULL},
		{"f\xc3\xb6o", letters, NULL},
		{"9C2A5C10-76F6-4C0D-8B1F-7A4D2C5BE002", letters, NULL},
		{"a\nb\x1b[31m", letters, "a b?[31m"},
		{"/foo", user, NULL},
		{"x/foo", user, NULL},
		{"-x/foo", user, NULL},
		{"admin@/foo", user, NULL},
		{"admin@x/foo", user, NULL},
		{"admin@a.b@c.d/foo", user, NULL},
		{"ad min/foo", user, NULL},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct model_word word;
		scoped(error) struct error *error = NULL;
		scoped(string) char *message = string_format("cannot take \"%s\" for a model: %s",
			cases[i].shown != NULL ? cases[i].shown : cases[i].text, cases[i].cause);
		assert_int_equal(model_word_parse(cases[i].text, &word, &error), -1);
		assert_int_equal(error->kind, ERROR_USAGE);
		assert_string_equal(error->message, message);
		assert_null(word.text);
	}
}

static void test_too_long(void **state)
{
	char text[MODEL_WORD_MAX + 2];
	struct model_word word;
	scoped(error) struct error *error = NULL;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[MODEL_WORD_MAX + 1] = '\0';
	assert_int_equal(model_word_parse(text, &word, &error), -1);
	assert_non_null(strstr(error->message, "...\" for a model: too long"));
	text[MODEL_WORD_MAX] = '\0';
	assert_int_equal(model_word_parse(text, &word, NULL), 0);
	model_word_release(&word);
}

static void test_rules(void **state)
{
	(void)state;
	assert_true(model_word_uuid(UUID));
	assert_false(model_word_uuid(""));
	assert_false(model_word_uuid(UUID "0"));
	assert_false(model_word_uuid("9c2a5c10-76f6-4c0d-8b1f-7a4d2c5be00g"));
	assert_false(model_word_uuid("9c2a5c10076f604c0d08b1f07a4d2c5be002"));
	assert_true(model_word_user("alice@canonical.com"));
	assert_true(model_word_user("Ab"));
	assert_false(model_word_user(""));
	assert_false(model_word_user("@canonical.com"));
	assert_false(model_word_user("ab."));
	assert_false(model_word_user("ab@canonical.com."));
}

static const struct resolve_model models[] = {
	{"admin", "foo", ADMINS},
	{"alice@canonical.com", "foo", OWN},
	{"operators@canonical.com", "foo", OPERATORS},
	{"operators@canonical.com", "bar", UUID},
	{"admin", "baz", SIMILAR},
	{"admin", "both", "44444444-aaaa-4aaa-8aaa-000000000004"},
	{"operators@canonical.com", "both", "55555555-aaaa-4aaa-8aaa-000000000005"},
	{"admin", "decade", "66666666-aaaa-4aaa-8aaa-000000000006"},
	{"admin", "other", "decade77-aaaa-4aaa-8aaa-000000000007"},
	{"operators@canonical.com", "bar", UUID},
	{"admin", OWN, "88888888-aaaa-4aaa-8aaa-000000000008"},
	{"admin", "ghost", ""},
};

static void test_resolve(void **state)
{
	static const struct {
		const char *text;
		const char *user;
		int index; /* -1: refused with this message */
		const char *message;
	} cases[] = {
		{"admin/foo", "alice@canonical.com", 0, NULL},
		{"alice@canonical.com/foo", "", 1, NULL},
		{"foo", "alice@canonical.com", 1, NULL},
		{"foo", "operators@canonical.com", 2, NULL},
		{"jaas:bar", "alice@canonical.com", 3, NULL},
		{"baz", "", 4, NULL},
		{UUID, "", 3, NULL},
		{"9c2a5c10-76f6-4c0d-8b1f-7", "", 3, NULL},
		{"222222", "alice@canonical.com", 0, NULL},
		/* Names before UUIDs. */
		{"decade", "alice@canonical.com", 7, NULL},
		{"decade77", "alice@canonical.com", 8, NULL},
		{OWN, "alice@canonical.com", 10, NULL},
		{"ghost", "alice@canonical.com", 11, NULL},
		{"both", "alice@canonical.com", -1,
			"model jaas:both is ambiguous: admin/both (44444444-aaaa-4aaa-8aaa-000000000004), "
			"operators@canonical.com/both (55555555-aaaa-4aaa-8aaa-000000000005); give the owner or the "
			"UUID"},
		{"9c2a5c", "alice@canonical.com", -1,
			"model jaas:9c2a5c is ambiguous: operators@canonical.com/bar (" UUID "), admin/baz (" SIMILAR
			"), operators@canonical.com/bar (" UUID "); give more of the UUID"},
		{"nothing", "alice@canonical.com", -1,
			"model jaas:alice@canonical.com/nothing not found; \"juju models -c jaas\" lists what you can "
			"see"},
		{"nothing", "", -1, "model jaas:nothing not found; \"juju models -c jaas\" lists what you can see"},
		{"admin/bar", "alice@canonical.com", -1, "model jaas:admin/bar not found; did you mean admin/baz?"},
		/* The user's own model of that name is another one. */
		{"admin/fooo", "alice@canonical.com", -1, "model jaas:admin/fooo not found; did you mean admin/foo?"},
		{"admin/fooo", "admin", -1, "model jaas:admin/fooo not found; did you mean admin/foo?"},
		{"aaaaaa", "alice@canonical.com", -1,
			"model jaas:aaaaaa not found; \"juju models -c jaas\" lists what you can see"},
		/* Too short for a UUID. */
		{"22222", "alice@canonical.com", -1,
			"model jaas:alice@canonical.com/22222 not found; \"juju models -c jaas\" lists what you can "
			"see"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(model_word) struct model_word word;
		scoped(error) struct error *error = NULL;
		size_t index = 99;
		assert_int_equal(model_word_parse(cases[i].text, &word, NULL), 0);
		int status = resolve_model(&word, "jaas", cases[i].user, models, array_length(models), &index, &error);
		assert_int_equal(status, cases[i].index >= 0 ? 0 : -1);
		if (status == 0) {
			assert_null(error);
			assert_int_equal(index, cases[i].index);
			continue;
		}
		assert_int_equal(error->kind, ERROR_FAILED);
		assert_string_equal(error->message, cases[i].message);
	}
}

static void test_resolve_nothing(void **state)
{
	scoped(model_word) struct model_word word;
	scoped(error) struct error *error = NULL;
	size_t index = 99;

	(void)state;
	assert_int_equal(model_word_parse("foo", &word, NULL), 0);
	assert_int_equal(resolve_model(&word, "ja\nas", NULL, NULL, 0, &index, &error), -1);
	assert_string_equal(
		error->message, "model ja as:foo not found; \"juju models -c 'ja as'\" lists what you can see");
}

/* Thousands of matches do not make an endless message. */
static void test_many_matches(void **state)
{
	enum { MANY = 5000 };
	struct resolve_model *many = memory_get(MANY, sizeof(*many));
	char(*uuids)[40] = memory_get(MANY, sizeof(*uuids));
	scoped(model_word) struct model_word word;
	scoped(error) struct error *error = NULL;
	size_t index = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		snprintf(uuids[i], sizeof(uuids[i]), "%08zx-0000-4000-8000-000000000000", i);
		many[i] = (struct resolve_model){"admin", "foo", uuids[i]};
	}
	assert_int_equal(model_word_parse("foo", &word, NULL), 0);
	assert_int_equal(resolve_model(&word, "jaas", "", many, MANY, &index, &error), -1);
	assert_true(strlen(error->message) < 70000);
	assert_non_null(strstr(error->message, " and more; give the owner or the UUID"));
	free(many);
	free(uuids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refused),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_resolve_nothing),
		cmocka_unit_test(test_many_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
