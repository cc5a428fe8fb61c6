/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "tests/unit/support/login_scene.h"

#define JIMM "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
#define HOST "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"
#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"
#define SENT "Admin(4).LoginWithSessionToken {\"session-token\":\"the-token\"}"

static const struct login_account api = {.controller = "jaas", .controller_uuid = JIMM, .user = "alice@canonical.com"};
static const struct login_account model = {
	.controller = "jaas", .controller_uuid = JIMM, .model_uuid = MODEL, .user = "alice@canonical.com"};

/* Begins a login with the token "the-token". */
static void begin(const struct login_account *from, struct login_scene *scene)
{
	login_scene_init(scene);
	scene->keys.token = login_scene_secret("the-token");
	login_scene_begin(scene, from);
	assert_int_equal(scene->rpc->count, 1);
	assert_string_equal(scene->rpc->requests[0].text, SENT);
	assert_int_equal(scene->rpc->requests[0].timeout, 30 * INSTANT_SECOND);
}

static void ended(struct login_scene *scene, const char *how)
{
	assert_int_equal(scene->outcome.calls, 1);
	assert_string_equal(scene->outcome.text, how);
	login_scene_release(scene);
}

static const struct login_account anyone = {.controller = "jaas"};
static const struct login_account local = {.controller = "jaas", .model_uuid = MODEL, .user = "admin"};

static const struct {
	const struct login_account *account;
	const char *answer;
	const char *told;
} answers_cases[] = {
	{&api,
		"{\"public-dns-name\":\"jimm.example.com\",\"controller-tag\":\"controller-" JIMM
		"\",\"user-info\":{\"display-name\":\"alice\",\"identity\":\"user-alice@canonical.com\","
		"\"last-connection\":null,\"controller-access\":\"administrator\",\"model-access\":\"\"},"
		"\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]},{\"name\":\"ModelManager\",\"versions\":[9,"
		"10]}],"
		"\"server-version\":\"3.6.12\"}",
		"alice@canonical.com " JIMM "  3.6.12 administrator  jimm.example.com 1 10"},
	{&anyone,
		"{\"user-info\":{\"identity\":\"user-bob\",\"controller-access\":\"\"},"
		"\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]}]}",
		"bob       0 0"},
	{&model,
		"{\"controller-tag\":\"controller-" HOST "\",\"model-tag\":\"model-" MODEL
		"\",\"user-info\":{\"identity\":\"user-alice@canonical.com\",\"controller-access\":"
		"\"superuser\","
		"\"model-access\":\"admin\"},\"facades\":null,\"server-version\":\"3.6.14\"}",
		"alice@canonical.com " HOST " " MODEL " 3.6.14 superuser admin  1 0"},
	{&local, "{\"model-tag\":\"model-" MODEL "\",\"user-info\":{\"identity\":\"user-admin@local\"}}",
		"admin  " MODEL "     0 0"},
	{&api,
		"{\"controller-tag\":\"controller-" JIMM
		"\",\"facades\":[{\"name\":\"ModelManager\",\"versions\":[9]}]}",
		"10[-] cannot use \"jaas\": it is not a JAAS, it does not serve facade JIMM 4"},
	{&api, "{\"controller-tag\":\"controller-" JIMM "\",\"facades\":[{\"name\":\"JIMM\",\"versions\":[5]}]}",
		"10[-] cannot use \"jaas\": it is not a JAAS, it does not serve facade JIMM 4"},
	{&api, NULL, "10[-] cannot use \"jaas\": it is not a JAAS, it does not serve facade JIMM 4"},
	{&api, "{\"discharge-required\":{}}", "10[-] cannot use \"jaas\": it is not a JAAS, it asks for macaroons"},
	{&model, "{\"bakery-discharge-required\":{}}",
		"10[-] cannot use \"jaas\": it is not a JAAS, it asks for macaroons"},
	{&api, "{\"controller-tag\":\"controller-" HOST "\",\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]}]}",
		"10[-] cannot use \"jaas\": another controller answers there (UUID " HOST ", the store says " JIMM ")"},
	{&api, "{\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]}]}",
		"10[-] cannot use \"jaas\": another controller answers there (UUID not told, the "
		"store says " JIMM ")"},
	{&api,
		"{\"controller-tag\":\"controller-" JIMM "\",\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]}],"
		"\"user-info\":{\"identity\":\"user-bob\"}}",
		"10[-] cannot use \"jaas\": its login is for user bob, the store says alice@canonical.com, log "
		"in again "
		"with: juju login -c jaas"},
	{&model, "{\"model-tag\":\"model-" HOST "\"}",
		"10[-] cannot use \"jaas\": it answers for another model (UUID " HOST " instead of " MODEL ")"},
	{&model, "{\"model-tag\":\"model-" MODEL "\",\"user-info\":null}",
		"10[-] cannot use \"jaas\": its login is for user not told, the store says "
		"alice@canonical.com, log in "
		"again with: juju login -c jaas"},
	{&api, "{\"controller-tag\":\"controller\"}",
		"8[-] cannot make sense of the answer to Admin.LoginWithSessionToken: \"controller-tag\" is no "
		"tag of "
		"the right kind"},
	{&api, "{\"user-info\":\"alice\"}",
		"8[-] cannot make sense of the answer to Admin.LoginWithSessionToken: \"user-info\" is no "
		"object"},
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(answers_cases); i++) {
		struct login_scene scene;

		begin(answers_cases[i].account, &scene);
		fake_answer(scene.rpc, 0, answers_cases[i].answer);
		ended(&scene, answers_cases[i].told);
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const struct login_account *account;
		const char *code;
		const char *message;
		const char *told;
	} cases[] = {
		{&api, "session token invalid", "JIMM session token expired",
			"10[-] cannot log in to \"jaas\": the session token is no longer valid (JIMM session token "
			"expired), log "
			"in again with: juju login -c jaas"},
		{&model, "session token invalid", "JIMM session token expired",
			"10[-] cannot log in to \"jaas\": the session token is no longer valid (JIMM session token "
			"expired), log "
			"in again with: juju login -c jaas"},
		{&api, "fatal login error", "failed to decode token: x",
			"10[-] cannot log in to \"jaas\": session token damaged or foreign (failed to decode token: "
			"x), type: juju logout -c jaas && juju login -c jaas"},
		{&api, "not supported", "this version of Juju does not support login from old clients",
			"10[-] cannot use \"jaas\": it is not a JAAS, it knows no session tokens (this version of Juju "
			"does not "
			"support login from old clients)"},
		{&api, "not implemented", "no such request - method Admin(4).LoginWithSessionToken is not implemented",
			"10[-] cannot use \"jaas\": it is not a JAAS, it knows no session tokens (no such request - "
			"method "
			"Admin(4).LoginWithSessionToken is not implemented)"},
		{&api, "unauthorized access", "no", "9[unauthorized access] cannot log in to \"jaas\": no"},
		{&api, "", "no", "9[] cannot log in to \"jaas\": no"},
		/* On a model path the words of the hosting controller tell where the model is. */
		{&model, "not supported", "your Juju client is not compatible with model x",
			"9[not supported] your Juju client is not compatible with model x"},
		{&model, "unauthorized access", "invalid entity name or password",
			"9[unauthorized access] invalid entity name or password"},
		{&model, "model migrating", "model is finishing migration, please retry later",
			"9[model migrating] model is finishing migration, please retry later"},
		{&model, "redirection required", "redirection to alternative server required",
			"9[redirection required] redirection to alternative server required -> 10.9.0.2:17070|" HOST
			"|new"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct login_scene scene;

		begin(cases[i].account, &scene);
		fake_refuse(scene.rpc, 0, cases[i].code, cases[i].message,
			"{\"servers\":[[{\"value\":\"10.9.0.2\",\"type\":\"ipv4\",\"port\":17070}]],\"ca-cert\":\"-----"
			"BEGIN\","
			"\"controller-tag\":\"controller-" HOST "\",\"controller-alias\":\"new\"}");
		ended(&scene, cases[i].told);
	}
}

static void test_lost(void **state)
{
	struct login_scene scene;

	(void)state;
	begin(&api, &scene);
	fake_fail(scene.rpc, 0, ERROR_NETWORK, "cannot reach jaas");
	ended(&scene, "5[-] cannot reach jaas");
}

/* Freeing the rpc and then the login forgets it; memory checkers see a leak. */
static void test_forgotten(void **state)
{
	struct login_scene scene;

	(void)state;
	begin(&api, &scene);
	login_scene_release(&scene);
	assert_int_equal(scene.outcome.calls, 0);
}

static void test_nothing_stored(void **state)
{
	static const char *const nothing =
		"cannot log in to \"jaas\": no session token is stored, log in first with: juju login -c jaas";

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct login_scene scene;
		struct login_account account = api;
		scoped(error) struct error *error = NULL;
		scoped(string) char *told = string_format("10[-] %s", nothing);

		login_scene_init(&scene);
		scene.keys.token = i == 0 ? NULL : login_scene_secret("");
		account.keys = &scene.keys;
		assert_int_equal(login_check(&account, &error), -1);
		assert_int_equal(error->kind, ERROR_LOGIN);
		assert_string_equal(error->message, nothing);
		login_scene_begin(&scene, &api);
		assert_int_equal(scene.rpc->count, 0);
		ended(&scene, told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_nothing_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
