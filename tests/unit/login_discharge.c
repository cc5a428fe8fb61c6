/* SPDX-License-Identifier: Apache-2.0 */
/* A local user's macaroon is discharged with a password: what is said to the doors and to the person, and how it can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "tests/unit/support/fake_http.h"
#include "tests/unit/support/login_scene.h"

#define UUID "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11"
#define S00 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define S20 "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
#define BOUND "8Fio3qyZgMZvshx01lwYylE9Df2qYmQx88umW25xXJk"
#define LOGIN(macaroons)                                                                                         \
	"Admin(3).Login {\"auth-tag\":\"user-bob\",\"credentials\":\"\",\"nonce\":\"\",\"macaroons\":" macaroons \
	",\"bakery-version\":3,\"cli-args\":\"juju jaas-migrate\",\"user-data\":\"\"}"
#define PRIMARY(where)                                             \
	"{\"c\":[{\"i64\":\"AwA\",\"v64\":\"Zk3b\",\"l\":\"" where \
	"\"}],\"l\":\"juju\",\"i64\":\"AwoQ\",\"s64\":\"" S00 "\"}"
#define DEMAND_OF(primary)                                                         \
	"{\"discharge-required\":{},\"bakery-discharge-required\":{\"m\":" primary \
	",\"v\":3,\"cdata\":{\"AwA\":\"A1x9\"}}}"
#define HERE "https://10.1.2.3:17070/auth"
#define DEMAND DEMAND_OF(PRIMARY(HERE))
#define DISCHARGE                                                                                                     \
	"{\"Macaroon\":{\"m\":{\"c\":[{\"i\":\"declared username bob\"}],\"i64\":\"AwA\",\"s64\":\"" S20 "\"},\"v\":" \
	"3}}"
#define SET "[" PRIMARY(HERE) ",{\"c\":[{\"i\":\"declared username bob\"}],\"i64\":\"AwA\",\"s64\":\"" BOUND "\"}]"
#define OLD "[{\"i\":\"old\",\"s64\":\"" S00 "\"}]"
#define POSTED(path, type, body) \
	"10.1.2.3:17070 10.1.2.3 /auth/" path " application/" type " Bakery-Protocol-Version: 3 " body
#define ASK POSTED("discharge", "x-www-form-urlencoded", "id64=AwA&caveat64=A1x9")
#define PROOF POSTED("discharge", "x-www-form-urlencoded", "id64=AwA&caveat64=A1x9&token=9f2c&token-kind=juju_userpass")
#define PASSWORD(word) POSTED("form", "json", "{\"form\":{\"user\":\"bob\",\"password\":\"" word "\"}}")
#define ASKS_AT(url)                                                                                             \
	"{\"Code\":\"interaction required\",\"Info\":{\"InteractionMethods\":{\"juju_userpass\":{\"url\":\"" url \
	"\"}}}}"
#define TOKEN "{\"token\":{\"kind\":\"juju_userpass\",\"value\":\"OWYyYw==\"}}"
#define WRONG "{\"Message\":\"invalid entity name or password\"}"
#define IN "{\"controller-tag\":\"controller-" UUID "\",\"user-info\":{\"identity\":\"user-bob\"}}"
#define FAILED(why) "10[-] cannot log in to \"lab\": " why
#define AGAIN ", log in again with: juju login -c lab"
#define ASKED "bob on lab?\n"

/* What happens next: a post is seen and answered, a person types, or the controller answers a login. */
struct step {
	enum { POST, TYPE, ANSWER, BREAK } kind;
	const char *seen;
	unsigned int status;
	const char *answer;
};

struct talk {
	const char *demand;
	const char *remembered;
	struct step steps[12];
	const char *told, *said;
	size_t kept; /* new sets in the keys */
	const char *typed;
};

static const struct talk talks[] = {
	/* As it goes usually; with the new set all others are sent, too. */
	{DEMAND, NULL,
		{{POST, ASK, 401, ASKS_AT("/auth/form")}, {TYPE, NULL, 0, "s3cret"},
			{POST, PASSWORD("s3cret"), 200, TOKEN}, {POST, PROOF, 200, DISCHARGE},
			{ANSWER, LOGIN("[" OLD "," SET "]"), 0, IN}},
		"bob " UUID "      0 0", ASKED, 1, "s3cret"},
	/* The door may be told in other ways, and no proof may be needed. */
	{DEMAND, NULL,
		{{POST, ASK, 401, ASKS_AT("form")}, {TYPE, NULL, 0, "s3cret"}, {POST, PASSWORD("s3cret"), 200, TOKEN},
			{POST, PROOF, 200, DISCHARGE}, {ANSWER, LOGIN("[" OLD "," SET "]"), 0, IN}},
		"bob " UUID "      0 0", ASKED, 1, "s3cret"},
	{DEMAND, NULL,
		{{POST, ASK, 401, ASKS_AT("https://10.1.2.3:17070/auth/form")}, {TYPE, NULL, 0, "s3cret"},
			{POST, PASSWORD("s3cret"), 200, TOKEN}, {POST, PROOF, 200, DISCHARGE},
			{ANSWER, LOGIN("[" OLD "," SET "]"), 0, IN}},
		"bob " UUID "      0 0", ASKED, 1, "s3cret"},
	{DEMAND, NULL, {{POST, ASK, 200, DISCHARGE}, {ANSWER, LOGIN("[" OLD "," SET "]"), 0, IN}},
		"bob " UUID "      0 0", "", 1, ""},
	/* Three passwords, and no more. */
	{DEMAND, NULL,
		{{POST, ASK, 401, ASKS_AT("/auth/form")}, {TYPE, NULL, 0, "one"}, {POST, PASSWORD("one"), 500, WRONG},
			{TYPE, NULL, 0, "two"}, {POST, PASSWORD("two"), 500, WRONG}, {TYPE, NULL, 0, "three"},
			{POST, PASSWORD("three"), 200, TOKEN}, {POST, PROOF, 200, DISCHARGE},
			{ANSWER, LOGIN("[" OLD "," SET "]"), 0, IN}},
		"bob " UUID "      0 0", ASKED "bob on lab again?\nbob on lab again?\n", 1, "three"},
	{DEMAND, NULL,
		{{POST, ASK, 401, ASKS_AT("/auth/form")}, {TYPE, NULL, 0, "one"}, {POST, PASSWORD("one"), 500, WRONG},
			{TYPE, NULL, 0, "two"}, {POST, PASSWORD("two"), 500, WRONG}, {TYPE, NULL, 0, "three"},
			{POST, PASSWORD("three"), 500, WRONG}},
		FAILED("invalid entity name or password, 3 times" AGAIN),
		ASKED "bob on lab again?\nbob on lab again?\n", 0, ""},
	{DEMAND, NULL, {{POST, ASK, 401, ASKS_AT("/auth/form")}, {TYPE, NULL, 0, NULL}}, FAILED("nothing was typed"),
		ASKED, 0, ""},
	{DEMAND, NULL, {{POST, ASK, 401, ASKS_AT("/auth/form")}, {TYPE, NULL, 0, ""}}, FAILED("no password was given"),
		ASKED, 0, ""},
	/* A remembered password comes first, and is not one of the three. */
	{DEMAND, "kept",
		{{POST, ASK, 401, ASKS_AT("/auth/form")}, {POST, PASSWORD("kept"), 200, TOKEN},
			{POST, PROOF, 200, DISCHARGE}, {ANSWER, LOGIN("[" OLD "," SET "]"), 0, IN}},
		"bob " UUID "      0 0", "", 1, ""},
	{DEMAND, "kept",
		{{POST, ASK, 401, ASKS_AT("/auth/form")}, {POST, PASSWORD("kept"), 500, WRONG},
			{TYPE, NULL, 0, "s3cret"}, {POST, PASSWORD("s3cret"), 200, TOKEN},
			{POST, PROOF, 200, DISCHARGE}, {ANSWER, LOGIN("[" OLD "," SET "]"), 0, IN}},
		"bob " UUID "      0 0", ASKED, 1, "s3cret"},
	/* No password goes anywhere but to the place that was dialled. */
	{DEMAND_OF(PRIMARY("https://10.1.2.4:17070/auth")), NULL, {{0}},
		FAILED("it asks for a proof from https://10.1.2.4:17070/auth, which only juju itself can get" AGAIN),
		"", 0, ""},
	{DEMAND_OF(PRIMARY("https://10.1.2.3/auth")), NULL, {{0}},
		FAILED("it asks for a proof from https://10.1.2.3/auth, which only juju itself can get" AGAIN), "", 0,
		""},
	{DEMAND_OF(PRIMARY("http://10.1.2.3:17070/auth")), NULL, {{0}},
		FAILED("it asks for a proof from http://10.1.2.3:17070/auth, which only juju itself can get" AGAIN), "",
		0, ""},
	/* Nor does the peer get to write into the head of the request. */
	{DEMAND, NULL, {{POST, ASK, 401, ASKS_AT("/auth/form HTTP/1.1\\r\\nX: y")}},
		FAILED("it asks for a proof that only juju itself can give" AGAIN), "", 0, ""},
	{DEMAND, NULL, {{POST, ASK, 401, ASKS_AT("form\\u00e9")}},
		FAILED("it asks for a proof that only juju itself can give" AGAIN), "", 0, ""},
	{DEMAND, NULL, {{POST, ASK, 401, ASKS_AT("https://elsewhere/auth/form")}},
		FAILED("it asks for a proof that only juju itself can give" AGAIN), "", 0, ""},
	{DEMAND, NULL, {{POST, ASK, 401, "{\"Code\":\"interaction required\"}"}},
		FAILED("it asks for a proof that only juju itself can give" AGAIN), "", 0, ""},
	/* Doors that do not do what they should. */
	{DEMAND, NULL, {{POST, ASK, 400, "{\"Message\":\"caveat not recognised\"}"}},
		FAILED("it does not discharge its own macaroon (caveat not recognised)"), "", 0, ""},
	{DEMAND, NULL, {{POST, ASK, 404, "<html>"}},
		"8[-] cannot log in to \"lab\": cannot make sense of the answer to /auth/discharge: HTTP status 404",
		"", 0, ""},
	{DEMAND, NULL, {{BREAK, ASK, 0, NULL}}, "5[-] cannot log in to \"lab\": the door is shut", "", 0, ""},
	{DEMAND, NULL,
		{{POST, ASK, 401, ASKS_AT("/auth/form")}, {TYPE, NULL, 0, "s3cret"},
			{BREAK, PASSWORD("s3cret"), 0, NULL}},
		"5[-] cannot log in to \"lab\": the door is shut", ASKED, 0, ""},
	{DEMAND, NULL,
		{{POST, ASK, 401, ASKS_AT("/auth/form")}, {TYPE, NULL, 0, "s3cret"},
			{POST, PASSWORD("s3cret"), 200, TOKEN}, {POST, PROOF, 401, ASKS_AT("/auth/form")}},
		FAILED("it does not accept its own proof of the password"), ASKED, 0, ""},
	/* Neither a second demand nor a refusal leads round again, and then nothing is kept. */
	{DEMAND, NULL, {{POST, ASK, 200, DISCHARGE}, {ANSWER, LOGIN("[" OLD "," SET "]"), 0, DEMAND}},
		FAILED("it does not accept what it has discharged itself (no reason given)"), "", 0, ""},
	{DEMAND, NULL,
		{{POST, ASK, 200, DISCHARGE}, {ANSWER, LOGIN("[" OLD "," SET "]"), 0,
						      "{\"controller-tag\":\"controller-" UUID
						      "\",\"user-info\":{\"identity\":\"user-eve\"}}"}},
		"10[-] cannot use \"lab\": its login is for user eve, the store says bob, log in again with: juju "
		"login -c lab",
		"", 0, ""},
};

static void take_step(struct login_scene *scene, const struct step *step)
{
	scoped(error) struct error *error = NULL;

	if (step->kind == TYPE) {
		assert_null(fake_http);
		login_scene_type(scene, step->answer);
	} else if (step->kind == ANSWER) {
		assert_int_equal(scene->rpc->count, 2);
		assert_string_equal(scene->rpc->requests[1].text, step->seen);
		fake_answer(scene->rpc, 1, step->answer);
	} else {
		assert_non_null(fake_http);
		assert_string_equal(fake_http->text, step->seen);
		if (step->kind == BREAK)
			error_set(&error, ERROR_NETWORK, "the door is shut");
		fake_http_answer(step->status, step->answer != NULL ? step->answer : "", error);
	}
}

static void begin(struct login_scene *scene, const struct talk *talk)
{
	static const struct login_account account = {
		.controller = "lab", .controller_uuid = UUID, .user = "bob", .peer = LOGIN_PLAIN};
	scoped(secret) struct secret *old = login_scene_secret(OLD);

	login_scene_init(scene);
	login_keys_add_macaroons(&scene->keys, old, false);
	scene->keys.remembered_password = talk->remembered != NULL ? login_scene_secret(talk->remembered) : NULL;
	login_scene_begin(scene, &account);
	assert_string_equal(scene->rpc->requests[0].text, LOGIN("[" OLD "]"));
	fake_answer(scene->rpc, 0, talk->demand);
}

static void test_talks(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(talks); i++) {
		const struct talk *talk = &talks[i];
		struct login_scene scene;

		begin(&scene, talk);
		for (size_t step = 0; step < array_length(talk->steps); step++)
			if (talk->steps[step].seen != NULL || talk->steps[step].kind == TYPE)
				take_step(&scene, &talk->steps[step]);
		assert_null(fake_http);
		assert_null(scene.told);
		assert_int_equal(scene.outcome.calls, 1);
		assert_string_equal(scene.outcome.text, talk->told);
		assert_string_equal(scene.said.data != NULL ? scene.said.data : "", talk->said);
		assert_int_equal(scene.keys.macaroon_count, 1 + talk->kept);
		if (talk->kept > 0) {
			assert_string_equal(secret_reveal(scene.keys.macaroons[1].set), SET);
			assert_true(scene.keys.macaroons[1].is_new);
		}
		assert_string_equal(
			scene.keys.typed_password != NULL ? secret_reveal(scene.keys.typed_password) : "", talk->typed);
		login_scene_release(&scene);
	}
}

/* Given up while a door is asked, or while a person is: nothing is left behind, and nobody is told any more. */
static void test_given_up(void **state)
{
	(void)state;
	for (int typed = 0; typed < 3; typed++) {
		struct login_scene scene;

		begin(&scene, &talks[0]);
		for (int step = 0; step < typed; step++)
			take_step(&scene, &talks[0].steps[step]);
		rpc_free(steal(scene.rpc));
		login_cancel(steal(scene.login));
		assert_null(fake_http);
		assert_null(scene.told);
		assert_int_equal(scene.outcome.calls, 0);
		login_scene_release(&scene);
	}
}

/* Where nobody can be asked, the line to type is named. */
static void test_nobody_to_ask(void **state)
{
	struct login_scene scene;
	struct talk talk = talks[0];

	(void)state;
	begin(&scene, &talk);
	scene.person.ask_password = NULL;
	take_step(&scene, &talk.steps[0]);
	assert_string_equal(scene.outcome.text, FAILED("its password for user bob is needed" AGAIN));
	login_scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talks),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_nobody_to_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
