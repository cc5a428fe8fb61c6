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

/* A login as a controller of juju 3.6 answers it, and one that it answers with a demand. */
static void test_whole(void **state)
{
	static const char let_in[] =
		"{\"servers\":[[{\"value\":\"10.1.2.3\",\"type\":\"ipv4\",\"scope\":\"local-cloud\",\"port\":17070},{"
		"\"value\":"
		"\"fe80::1\",\"type\":\"ipv6\",\"scope\":\"link-local\",\"port\":17071}],null,[]],\"controller-tag\":"
		"\"controller-"
		"0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11\",\"model-tag\":\"model-5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001\","
		"\"user-info\":{\"display-name\":\"bob\",\"identity\":\"user-bob\",\"controller-access\":\"login\","
		"\"model-access\":\"read\"},\"facades\":null,\"server-version\":\"3.6.14\",\"public-dns-name\":\"c."
		"example.com\"}";
	static const char demand[] = "{\"bakery-discharge-required\":{\"m\":{}},\"discharge-required\":{\"i\":\"x\"},"
				     "\"discharge-required-error\":\"macaroon has expired\"}";
	struct json_object *json = json_tokener_parse(let_in);
	struct login_result result = {0};

	(void)state;
	assert_int_equal(login_result_decode(&result, json, "Admin.Login", NULL), 0);
	assert_string_equal(result.controller_uuid, "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11");
	assert_string_equal(result.model_uuid, "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001");
	assert_string_equal(result.identity, "bob");
	assert_string_equal(result.controller_access, "login");
	assert_string_equal(result.model_access, "read");
	assert_string_equal(result.server_version, "3.6.14");
	assert_string_equal(result.public_dns_name, "c.example.com");
	assert_int_equal(result.machine_count, 3);
	assert_int_equal(result.machines[0].count, 2);
	assert_string_equal(result.machines[0].addresses[0].host, "10.1.2.3");
	assert_string_equal(result.machines[0].addresses[1].scope, "link-local");
	assert_int_equal(result.machines[0].addresses[1].port, 17071);
	assert_null(result.demand);
	login_result_release(&result);
	json_object_put(json);
	json = json_tokener_parse(demand);
	assert_int_equal(login_result_decode(&result, json, "Admin.Login", NULL), 0);
	assert_string_equal(secret_reveal(result.demand), "{\"m\":{}}");
	assert_string_equal(result.demanded, "macaroon has expired");
	login_result_release(&result);
	json_object_put(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
