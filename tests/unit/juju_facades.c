/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/login_result.h"

static struct json_object *facades_json(const char *text)
{
	scoped(string) char *whole = string_format("{\"facades\":%s}", text);
	struct json_object *object = json_tokener_parse(whole);

	assert_non_null(object);
	return object;
}

static void test_best(void **state)
{
	static const struct {
		const char *facades;
		const char *name;
		int best;
		int jimm;
	} cases[] = {
		/* JIMM of 2024, of 2026, and its line for juju 4. */
		{"[{\"name\":\"JIMM\",\"versions\":[4]},{\"name\":\"ModelManager\",\"versions\":[9]}]", "ModelManager",
			9, 1},
		{"[{\"name\":\"ModelManager\",\"versions\":[10,9]},{\"name\":\"JIMM\",\"versions\":[4]}]",
			"ModelManager", 10, 1},
		{"[{\"name\":\"Controller\",\"versions\":[11,12]},{\"name\":\"JIMM\",\"versions\":[3,4]}]",
			"Controller", 12, 1},
		{"[{\"name\":\"Controller\",\"versions\":[14]}]", "Controller", 14, 0},
		{"[{\"name\":\"JIMM\",\"versions\":[4]}]", "JIMM", 4, 1},
		/* Controllers: 2.9, 3.6, 4.0. */
		{"[{\"name\":\"ModelManager\",\"versions\":[2,3,4,5,6,7,8,9]}]", "ModelManager", 9, 0},
		{"[{\"name\":\"Controller\",\"versions\":[12,13,14]}]", "Controller", 14, 0},
		{"[{\"name\":\"Controller\",\"versions\":[13]}]", "Controller", 0, 0},
		{"[{\"name\":\"Client\",\"versions\":[1,2,3,4,5]}]", "Client", 5, 0},
		{"[{\"name\":\"Client\",\"versions\":[6,7,8,9]}]", "Client", 8, 0},
		{"[{\"name\":\"AllWatcher\",\"versions\":[3]}]", "AllWatcher", 3, 0},
		/* Nothing in common, nothing at all, a facade that we do not use, a wrong JIMM. */
		{"[{\"name\":\"ModelManager\",\"versions\":[12]}]", "ModelManager", 0, 0},
		{"[]", "ModelManager", 0, 0},
		{"null", "ModelManager", 0, 0},
		{"[{\"name\":\"Pinger\",\"versions\":null}]", "Pinger", 0, 0},
		{"[{\"name\":\"Cloud\",\"versions\":[7]}]", "Cloud", 0, 0},
		{"[{\"name\":\"JIMM\",\"versions\":[3,5]}]", "JIMM", 0, 0},
		{"[null,{\"versions\":[4]}]", "JIMM", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct login_result result = {0};
		struct json_object *json = facades_json(cases[i].facades);

		assert_int_equal(login_result_decode(&result, json, "Admin.Login", NULL), 0);
		assert_int_equal(facades_best(&result.facades, cases[i].name), cases[i].best);
		assert_int_equal(facades_are_jimm(&result.facades), cases[i].jimm);
		login_result_release(&result);
		json_object_put(json);
	}
}

static void refused(const char *facades, const char *message)
{
	struct login_result result = {0};
	struct json_object *json = facades_json(facades);
	scoped(error) struct error *error = NULL;

	assert_int_equal(login_result_decode(&result, json, "Admin.Login", &error), -1);
	assert_int_equal(error->kind, ERROR_PROTOCOL);
	assert_string_equal(error->message, message);
	login_result_release(&result);
	json_object_put(json);
}

/* A list of `count` times `entry`, owned by the caller. */
static char *repeated(const char *entry, size_t count)
{
	char *text = memory_get(count + 1, strlen(entry) + 2);

	strcpy(text, "[");
	for (size_t i = 0, at = 1; i < count; i++)
		at += (size_t)sprintf(text + at, "%s%s", entry, i + 1 < count ? "," : "]");
	return text;
}

static void test_refused(void **state)
{
	scoped(string) char *many = repeated("{\"name\":\"X\",\"versions\":[]}", FACADES_MAX + 1);
	scoped(string) char *versions = repeated("1", FACADE_VERSIONS_MAX + 1);
	scoped(string) char *wide = string_format("[{\"name\":\"X\",\"versions\":%s}]", versions);

	(void)state;
	refused("7", "cannot make sense of the answer to Admin.Login: \"facades\" is no list");
	refused("[7]", "cannot make sense of the answer to Admin.Login: \"facades\" has an entry that is no object");
	refused("[{\"name\":7}]", "cannot make sense of the answer to Admin.Login: \"name\" is no text");
	refused("[{\"name\":\"X\",\"versions\":[\"4\"]}]",
		"cannot make sense of the answer to Admin.Login: \"versions\" has an entry that is no integer");
	refused(many, "cannot make sense of the answer to Admin.Login: \"facades\" has too many entries");
	refused(wide, "cannot make sense of the answer to Admin.Login: \"versions\" has too many entries");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
