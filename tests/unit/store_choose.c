/* SPDX-License-Identifier: Apache-2.0 */
/* Which JAAS is worked with, and what the store remembers of its models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/store/choose.h"

#define WORDS_MAX 3
#define VARIABLES_MAX 3

#define LAB "  lab: {uuid: u1}\n"
#define JAAS "  jaas: {uuid: u2, oidc-login: true}\n"
#define BY_TYPE "  typed: {uuid: u3}\n"
#define BY_TOKEN "  tokened: {uuid: u4}\n"
#define ODD "  'my jaas': {uuid: u5, oidc-login: true}\n"

static const char accounts_file[] = "controllers:\n"
				    "  lab: {user: admin, password: s3cr3t, type: userpass}\n"
				    "  typed: {user: alice@canonical.com, type: oauth2-device}\n"
				    "  tokened: {user: alice@canonical.com, access-token: ZXlK}\n"
				    "  gone: {user: alice@canonical.com, access-token: ZXlK}\n";

static const char models_file[] =
	"controllers:\n"
	"  typed:\n"
	"    models:\n"
	"      alice@canonical.com/foo: {uuid: 9c2a5c10-76f6-4c0d-8b1f-7a4d2c5be002, type: iaas}\n"
	"      admin/foo: {uuid: 9c2a5c10-0000-4c0d-8b1f-7a4d2c5be003, type: iaas}\n"
	"      admin/broken: {uuid: ../../etc, type: iaas}\n"
	"      admin/bar: {uuid: 0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11, type: caas}\n"
	"  jaas:\n"
	"    models:\n"
	"      alice@canonical.com/foo: {uuid: 77777777-76f6-4c0d-8b1f-7a4d2c5be002, type: iaas}\n";

static struct document *parsed(const char *file, const char *content)
{
	struct document *document = document_parse(file, content, strlen(content), NULL);

	assert_non_null(document);
	return document;
}

static struct store *store_of(const char *entries, const char *current)
{
	struct store *store = memory_get(1, sizeof(*store));
	scoped(string) char *content =
		string_format("controllers:\n%scurrent-controller: %s\n", entries, current != NULL ? current : "~");
	scoped(document) struct document *controllers = parsed("/d/controllers.yaml", content);
	scoped(document) struct document *accounts = parsed("/d/accounts.yaml", accounts_file);
	scoped(document) struct document *models = parsed("/d/models.yaml", models_file);

	assert_int_equal(store_controllers_parse(controllers, &store->controllers, NULL), 0);
	assert_int_equal(store_accounts_parse(accounts, &store->accounts, NULL), 0);
	assert_int_equal(store_models_parse(models, &store->models, NULL), 0);
	return store;
}

struct request_case {
	const char *entries; /* of controllers.yaml */
	const char *current;
	const char *option;
	const char *words[WORDS_MAX];
	const char *environment[VARIABLES_MAX];
	const char *chosen; /* NULL: refused */
	enum error_kind kind;
	const char *text; /* the notice, or the error's message */
};

static int choose(
	const struct request_case *from, const struct store *store, struct choose_result *result, struct error **error)
{
	struct model_word words[WORDS_MAX];
	struct choose_request request = {
		.option = from->option, .models = words, .environment = (char *const *)from->environment};

	while (request.model_count < WORDS_MAX && from->words[request.model_count] != NULL) {
		struct model_word *word = &words[request.model_count];
		assert_int_equal(model_word_parse(from->words[request.model_count++], word, NULL), 0);
	}
	int status = choose_jaas(store, &request, result, error);
	for (size_t i = 0; i < request.model_count; i++)
		model_word_release(&words[i]);
	return status;
}

static void check(const struct request_case *from)
{
	scoped(store) struct store *store = store_of(from->entries, from->current);
	scoped(error) struct error *error = NULL;
	scoped(choose_result) struct choose_result result;

	int status = choose(from, store, &result, &error);
	if (from->chosen == NULL) {
		assert_int_equal(status, -1);
		assert_int_equal(error->kind, from->kind);
		assert_string_equal(error->message, from->text);
		assert_null(result.controller);
		return;
	}
	if (status != 0)
		fail_msg("%s", error->message);
	assert_string_equal(result.controller->name, from->chosen);
	assert_ptr_equal(result.account, store_account(store, from->chosen));
	assert_true(string_same(result.notice, from->text));
}

static void test_chosen(void **state)
{
	static const struct request_case cases[] = {
		/* What was said, strongest first. */
		{LAB JAAS BY_TYPE, "lab", "jaas", {NULL}, {"JUJU_MODEL=lab:x", "JUJU_CONTROLLER=typed"}, "jaas", 0,
			NULL},
		{LAB JAAS BY_TYPE, "lab", "jaas", {"jaas:x", "y"}, {NULL}, "jaas", 0, NULL},
		{LAB JAAS BY_TYPE, "lab", NULL, {"y", "jaas:x", "jaas:z"}, {"JUJU_CONTROLLER=typed"}, "jaas", 0, NULL},
		{LAB JAAS BY_TYPE, "lab", "", {"x"}, {"JUJU_MODEL=jaas:x"}, "jaas", 0, NULL},
		{LAB JAAS BY_TYPE, "typed", NULL, {":x"}, {"JUJU_MODEL=jaas:"}, "jaas", 0, NULL},
		{LAB JAAS BY_TYPE, "typed", NULL, {"x"}, {"JUJU_MODEL=jaas:x", "JUJU_CONTROLLER=jaas"}, "jaas", 0,
			NULL},
		{LAB JAAS BY_TYPE, "typed", NULL, {"x"}, {"JUJU_MODEL=admin/x", "JUJU_CONTROLLER=jaas"}, "jaas", 0,
			NULL},
		{LAB JAAS BY_TYPE, "jaas", NULL, {"x"}, {"JUJU_MODEL=:x", "JUJU_CONTROLLER="}, "jaas", 0, NULL},
		{ODD JAAS, NULL, "my jaas", {NULL}, {NULL}, "my jaas", 0, NULL},
		/* Every sign of a JAAS. */
		{LAB BY_TYPE JAAS, "typed", NULL, {NULL}, {NULL}, "typed", 0, NULL},
		{LAB BY_TOKEN JAAS, "tokened", NULL, {NULL}, {NULL}, "tokened", 0, NULL},
		/* Nothing was said, and the current one is none. */
		{LAB JAAS, "lab", NULL, {NULL}, {NULL}, "jaas", 0,
			"Using jaas, the only JAAS controller; the current one, lab, is not a JAAS"},
		{LAB JAAS, NULL, NULL, {NULL}, {NULL}, "jaas", 0,
			"Using jaas, the only JAAS controller; none is current"},
		{BY_TOKEN, "gone", NULL, {NULL}, {NULL}, "tokened", 0,
			"Using tokened, the only JAAS controller; the current one, gone, is not a JAAS"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		check(&cases[i]);
}

static void test_refused(void **state)
{
	static const struct request_case cases[] = {
		{"", NULL, NULL, {NULL}, {NULL}, NULL, ERROR_STORE,
			"No controllers registered. Log in to a JAAS first: \"juju login <jaas address>\" "
			"(looked in /d/controllers.yaml)"},
		{"", NULL, "jaas", {NULL}, {NULL}, NULL, ERROR_STORE,
			"No controllers registered. Log in to a JAAS first: \"juju login <jaas address>\" "
			"(looked in /d/controllers.yaml)"},
		{LAB JAAS, "lab", "nope", {NULL}, {NULL}, NULL, ERROR_STORE,
			"controller nope not found (from -c); /d/controllers.yaml has lab, jaas"},
		{LAB JAAS, "lab", "gone", {NULL}, {NULL}, NULL, ERROR_STORE,
			"controller gone not found (from -c); /d/controllers.yaml has lab, jaas"},
		{LAB JAAS BY_TYPE, "jaas", NULL, {"lab:x"}, {NULL}, NULL, ERROR_STORE,
			"controller lab (from the model argument) is not a JAAS; leave it out there, and use -c jaas "
			"or -c typed"},
		{LAB JAAS, "jaas", NULL, {"x"}, {"JUJU_MODEL=lab:x"}, NULL, ERROR_STORE,
			"controller lab (from JUJU_MODEL) is not a JAAS; use -c jaas"},
		{LAB JAAS, "jaas", NULL, {"x"}, {"JUJU_CONTROLLER=lab"}, NULL, ERROR_STORE,
			"controller lab (from JUJU_CONTROLLER) is not a JAAS; use -c jaas"},
		{LAB, "lab", "lab", {NULL}, {NULL}, NULL, ERROR_STORE,
			"controller lab (from -c) is not a JAAS, nor is any other controller in /d/controllers.yaml; "
			"log in to one with \"juju login <jaas address>\""},
		{LAB, "lab", NULL, {NULL}, {NULL}, NULL, ERROR_STORE,
			"no JAAS controller in /d/controllers.yaml, only lab; "
			"log in to one with \"juju login <jaas address>\""},
		{LAB ODD JAAS, "lab", NULL, {NULL}, {NULL}, NULL, ERROR_STORE,
			"several JAAS controllers in /d/controllers.yaml, none of them current; use -c 'my jaas' or -c "
			"jaas"},
		{LAB JAAS BY_TYPE, "lab", "jaas", {"x", "typed:y"}, {NULL}, NULL, ERROR_USAGE,
			"-c jaas and model typed:y name different controllers; leave one of the two out"},
		{LAB JAAS BY_TYPE, "lab", NULL, {"jaas:x", "y", "typed:z"}, {NULL}, NULL, ERROR_USAGE,
			"models jaas:x and typed:z name different controllers; run this once for each"},
		{LAB JAAS BY_TYPE, "jaas", NULL, {"x"}, {"JUJU_MODEL=jaas:x", "JUJU_CONTROLLER=typed"}, NULL,
			ERROR_FAILED,
			"controller name from JUJU_MODEL (jaas) conflicts with value in JUJU_CONTROLLER (typed); "
			"unset one of them, or give -c"},
		{JAAS, NULL, "../x", {NULL}, {NULL}, NULL, ERROR_USAGE,
			"cannot use controller name \"../x\" (from -c): it cannot be part of a file name"},
		{JAAS, NULL, NULL, {"..:x"}, {NULL}, NULL, ERROR_USAGE,
			"cannot use controller name \"..\" (from the model argument): it cannot be part of a file "
			"name"},
		{JAAS, NULL, NULL, {NULL}, {"JUJU_CONTROLLER=."}, NULL, ERROR_USAGE,
			"cannot use controller name \".\" (from JUJU_CONTROLLER): it cannot be part of a file name"},
		{"  a/b: {oidc-login: true}\n", NULL, NULL, {NULL}, {NULL}, NULL, ERROR_USAGE,
			"cannot use controller name \"a/b\" (from /d/controllers.yaml): it cannot be part of a file "
			"name"},
		{"  '': {oidc-login: true}\n", NULL, NULL, {NULL}, {NULL}, NULL, ERROR_USAGE,
			"cannot use controller name \"\" (from /d/controllers.yaml): it cannot be part of a file name"},
		{JAAS, NULL, "a\nb\x1b", {NULL}, {NULL}, NULL, ERROR_STORE,
			"controller a b? not found (from -c); /d/controllers.yaml has jaas"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		check(&cases[i]);
}

/* However many controllers there are, the message has an end. */
static void test_many(void **state)
{
	scoped(text) struct text entries;
	scoped(error) struct error *error = NULL;
	struct request_case from = {.option = "nope"};
	struct choose_result result;

	(void)state;
	text_init(&entries, 1000000);
	for (int i = 0; i < 5000; i++)
		text_add_format(&entries, "  jaas-%d: {oidc-login: true}\n", i);
	scoped(store) struct store *store = store_of(entries.data, NULL);
	assert_int_equal(choose(&from, store, &result, &error), -1);
	assert_true(strlen(error->message) < 9000);
	assert_string_equal(error->message + strlen(error->message) - 4, " ...");
}

static void test_remembered(void **state)
{
	static const struct {
		const char *controller;
		const char *text;
		const char *uuid; /* NULL: refused with this message */
		const char *message;
	} cases[] = {
		{"typed", "foo", "9c2a5c10-76f6-4c0d-8b1f-7a4d2c5be002", NULL},
		{"typed", "admin/foo", "9c2a5c10-0000-4c0d-8b1f-7a4d2c5be003", NULL},
		{"typed", "bar", "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11", NULL},
		{"typed", "0f3b1f", "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11", NULL},
		{"jaas", "foo", "77777777-76f6-4c0d-8b1f-7a4d2c5be002", NULL},
		{"typed", "9c2a5c10", NULL,
			"model typed:9c2a5c10 is ambiguous: "
			"alice@canonical.com/foo (9c2a5c10-76f6-4c0d-8b1f-7a4d2c5be002), "
			"admin/foo (9c2a5c10-0000-4c0d-8b1f-7a4d2c5be003); give more of the UUID"},
		{"typed", "admin/broken", NULL,
			"model typed:admin/broken not found; \"juju models -c typed\" lists what you can see"},
		{"tokened", "foo", NULL,
			"model tokened:alice@canonical.com/foo not found; \"juju models -c tokened\" lists what you "
			"can see"},
	};

	(void)state;
	scoped(store) struct store *store = store_of(LAB JAAS BY_TYPE BY_TOKEN, NULL);
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(model_word) struct model_word word;
		scoped(error) struct error *error = NULL;
		assert_int_equal(model_word_parse(cases[i].text, &word, NULL), 0);
		const struct store_model *model = choose_remembered(store, cases[i].controller, &word, &error);
		if (cases[i].uuid == NULL) {
			assert_null(model);
			assert_int_equal(error->kind, ERROR_FAILED);
			assert_string_equal(error->message, cases[i].message);
			continue;
		}
		assert_non_null(model);
		assert_string_equal(model->uuid, cases[i].uuid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chosen),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
