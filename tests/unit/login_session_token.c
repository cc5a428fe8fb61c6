/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/login/login.h"
#include "tests/unit/support/fake_rpc.h"

#define JIMM "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
#define HOST "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"
#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"
#define SENT "Admin(4).LoginWithSessionToken {\"session-token\":\"the-token\"}"

static const struct login_account api = {.controller = "jaas", .controller_uuid = JIMM, .user = "alice@canonical.com"};
static const struct login_account model = {
	.controller = "jaas", .controller_uuid = JIMM, .model_uuid = MODEL, .user = "alice@canonical.com"};

static void show(void *context, struct login_result *answer, const struct call_result *result)
{
	if (answer == NULL)
		fake_told(context, fake_failure(result));
	else
		fake_told(context, string_format("%s %s %s %s %s %s %s %d %d", answer->identity,
					   answer->controller_uuid, answer->model_uuid, answer->server_version,
					   answer->controller_access, answer->model_access, answer->public_dns_name,
					   answer->administrator, facades_best(&answer->facades, "ModelManager")));
}

/* Begins a login with the token "the-token". */
static struct rpc *begin(const struct login_account *from, struct fake_outcome *outcome)
{
	scoped(secret) struct secret *token = secret_new("the-token", strlen("the-token"));
	struct login_account account = *from;
	struct rpc *rpc = fake_rpc();

	account.token = token;
	assert_int_equal(login_check(&account, NULL), 0);
	login_start(rpc, &account, NULL, show, outcome);
	assert_int_equal(rpc->count, 1);
	assert_string_equal(rpc->requests[0].text, SENT);
	assert_int_equal(rpc->requests[0].timeout, 30 * INSTANT_SECOND);
	return rpc;
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
		"10[-] cannot use \"jaas\": it is no JAAS, it does not serve facade JIMM 4"},
	{&api, "{\"controller-tag\":\"controller-" JIMM "\",\"facades\":[{\"name\":\"JIMM\",\"versions\":[5]}]}",
		"10[-] cannot use \"jaas\": it is no JAAS, it does not serve facade JIMM 4"},
	{&api, NULL, "10[-] cannot use \"jaas\": it is no JAAS, it does not serve facade JIMM 4"},
	{&api, "{\"discharge-required\":{}}", "10[-] cannot use \"jaas\": it is no JAAS, it asks for macaroons"},
	{&model, "{\"bakery-discharge-required\":{}}",
		"10[-] cannot use \"jaas\": it is no JAAS, it asks for macaroons"},
	{&api, "{\"controller-tag\":\"controller-" HOST "\",\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]}]}",
		"10[-] cannot use \"jaas\": another controller answers at its address (UUID " HOST
		", the store says " JIMM ")"},
	{&api, "{\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]}]}",
		"10[-] cannot use \"jaas\": another controller answers at its address (UUID not told, the "
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
		struct fake_outcome outcome = {0};
		scoped(rpc) struct rpc *rpc = begin(answers_cases[i].account, &outcome);

		fake_answer(rpc, 0, answers_cases[i].answer);
		assert_int_equal(outcome.calls, 1);
		assert_string_equal(outcome.text, answers_cases[i].told);
		free(outcome.text);
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
			"10[-] cannot log in to \"jaas\": the session token is damaged or not meant for it (failed to "
			"decode "
			"token: x), log in again with: juju logout -c jaas && juju login -c jaas"},
		{&api, "not supported", "this version of Juju does not support login from old clients",
			"10[-] cannot use \"jaas\": it is no JAAS, it knows no session tokens (this version of Juju "
			"does not "
			"support login from old clients)"},
		{&api, "not implemented", "no such request - method Admin(4).LoginWithSessionToken is not implemented",
			"10[-] cannot use \"jaas\": it is no JAAS, it knows no session tokens (no such request - "
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
		struct fake_outcome outcome = {0};
		scoped(rpc) struct rpc *rpc = begin(cases[i].account, &outcome);

		fake_refuse(rpc, 0, cases[i].code, cases[i].message,
			"{\"servers\":[[{\"value\":\"10.9.0.2\",\"type\":\"ipv4\",\"port\":17070}]],\"ca-cert\":\"-----"
			"BEGIN\","
			"\"controller-tag\":\"controller-" HOST "\",\"controller-alias\":\"new\"}");
		assert_int_equal(outcome.calls, 1);
		assert_string_equal(outcome.text, cases[i].told);
		free(outcome.text);
	}
}

static void test_lost(void **state)
{
	struct fake_outcome outcome = {0};
	scoped(rpc) struct rpc *rpc = begin(&api, &outcome);

	(void)state;
	fake_fail(rpc, 0, ERROR_NETWORK, "cannot reach jaas");
	assert_string_equal(outcome.text, "5[-] cannot reach jaas");
	free(outcome.text);
}

/* Freeing the rpc forgets the login; memory checkers see a leak. */
static void test_forgotten(void **state)
{
	struct fake_outcome outcome = {0};

	(void)state;
	rpc_free(begin(&api, &outcome));
	assert_int_equal(outcome.calls, 0);
}

static void test_nothing_stored(void **state)
{
	scoped(secret) struct secret *empty = secret_new("", 0);
	const struct secret *const tokens[] = {NULL, empty};

	(void)state;
	for (size_t i = 0; i < array_length(tokens); i++) {
		struct login_account account = api;
		struct fake_outcome outcome = {0};
		scoped(error) struct error *error = NULL;
		scoped(rpc) struct rpc *rpc = fake_rpc();

		account.token = tokens[i];
		assert_int_equal(login_check(&account, &error), -1);
		assert_int_equal(error->kind, ERROR_LOGIN);
		assert_string_equal(error->message,
			"cannot log in to \"jaas\": no session token is stored, log in first with: juju login -c jaas");
		login_start(rpc, &account, NULL, show, &outcome);
		assert_string_equal(rpc->requests[0].text, "Admin(4).LoginWithSessionToken {\"session-token\":\"\"}");
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
