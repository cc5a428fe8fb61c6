/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in to plain controllers, short of the doors over https. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/store/cookies.h"
#include "tests/unit/support/login_scene.h"

#define UUID "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11"
#define OTHER "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"
#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"
#define SENT(tag, credentials, macaroons, version)                                \
	"Admin(3).Login {\"auth-tag\":\"" tag "\",\"credentials\":\"" credentials \
	"\",\"nonce\":\"\",\"macaroons\":" macaroons                              \
	",\"bakery-version\":3,\"cli-args\":\"juju jaas-migrate\",\"user-data\":\"\"" version "}"
#define VERSION ",\"client-version\":\"3.6.14\""
#define IN(user) "{\"controller-tag\":\"controller-" UUID "\",\"user-info\":{\"identity\":\"user-" user "\"}}"
#define SET "[{\"i\":\"x\",\"s64\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}]"
#define FOREIGN                                                                                                    \
	"{\"bakery-discharge-required\":{\"m\":{\"c\":[{\"i\":\"y\",\"v64\":\"dg\",\"l\":\"https://"               \
	"identity.example.com/auth\"}],"                                                                           \
	"\"i\":\"x\",\"s64\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}},\"discharge-required-error\":\"no " \
	"macaroons\"}"
#define AGAIN ", log in again with: juju login -c lab"

struct row {
	const char *user, *version, *password, *set, *model;
	const char *sent; /* NULL: nothing is */
	const char *code, *answer;
	const char *told;
};

static const struct row rows[] = {
	/* The stored password, and no macaroons beside it. */
	{"admin", "3.6.14", "5e1f", SET, NULL, SENT("user-admin", "5e1f", "null", VERSION), NULL, IN("admin"),
		"admin " UUID "      0 0"},
	{"admin", "", "5e1f", NULL, NULL, SENT("user-admin", "5e1f", "null", ""), "unauthorized access",
		"invalid entity name or password",
		"10[-] cannot log in to \"lab\": invalid entity name or password" AGAIN},
	{"admin", "", "5e1f", NULL, NULL, SENT("user-admin", "5e1f", "null", ""), "",
		"login failed - maintenance in progress",
		"9[] cannot log in to \"lab\": login failed - maintenance in progress"},
	{"admin", "", "5e1f", NULL, NULL, SENT("user-admin", "5e1f", "null", ""), "not supported",
		"JIMM does not support login from old clients",
		"10[-] cannot log in to \"lab\": it is a JAAS, and the client store does not say so (JIMM does not "
		"support login "
		"from old clients)" AGAIN},
	{"admin", "", "5e1f", NULL, NULL, SENT("user-admin", "5e1f", "null", ""), NULL, FOREIGN,
		"10[-] cannot log in to \"lab\": it asks for macaroons in place of the stored password"},
	{"admin", "", "5e1f", NULL, NULL, SENT("user-admin", "5e1f", "null", ""), NULL, IN("bob"),
		"10[-] cannot use \"lab\": its login is for user bob, the store says admin, log in again with: juju "
		"login -c lab"},
	{"admin", "", "5e1f", NULL, NULL, SENT("user-admin", "5e1f", "null", ""), NULL,
		"{\"controller-tag\":\"controller-" OTHER "\",\"user-info\":{\"identity\":\"user-admin\"}}",
		"10[-] cannot use \"lab\": another controller answers there (UUID " OTHER ", the store says " UUID ")"},
	/* Macaroons of a local user, of an external one, and none. */
	{"bob", "3.6.14", NULL, SET, NULL, SENT("user-bob", "", "[" SET "]", VERSION), NULL, IN("bob"),
		"bob " UUID "      0 0"},
	{"alice@example.com", "", NULL, SET, NULL, SENT("", "", "[" SET "]", ""), NULL, IN("alice@example.com"),
		"alice@example.com " UUID "      0 0"},
	{"bob", "", NULL, NULL, NULL, SENT("user-bob", "", "null", ""), "no credentials provided",
		"no credentials provided", "10[-] cannot log in to \"lab\": no credentials provided" AGAIN},
	{"bob", "", NULL, NULL, NULL, SENT("user-bob", "", "null", ""), "login expired", "your login has expired",
		"10[-] cannot log in to \"lab\": your login has expired" AGAIN},
	{"bob", "", NULL, "no list", NULL, SENT("user-bob", "", "null", ""), "unauthorized access", "permission denied",
		"10[-] cannot log in to \"lab\": permission denied" AGAIN},
	/* A demand that only juju itself can meet. */
	{"alice@example.com", "", NULL, SET, NULL, SENT("", "", "[" SET "]", ""), NULL, FOREIGN,
		"10[-] cannot log in to \"lab\": the stored proof of who you are is no longer valid" AGAIN},
	{"bob", "", NULL, NULL, NULL, SENT("user-bob", "", "null", ""), NULL, FOREIGN,
		"10[-] cannot log in to \"lab\": it asks for a proof from https://identity.example.com/auth, which "
		"only juju itself "
		"can get" AGAIN},
	{"bob", "", NULL, NULL, NULL, SENT("user-bob", "", "null", ""), NULL, "{\"discharge-required\":{}}",
		"8[-] cannot log in to \"lab\": cannot make sense of a macaroon"},
	/* The words about a model are left alone. */
	{"admin", "", "5e1f", NULL, MODEL, SENT("user-admin", "5e1f", "null", ""), "unauthorized access",
		"invalid entity name or password", "9[unauthorized access] invalid entity name or password"},
	{"bob", "", NULL, SET, MODEL, SENT("user-bob", "", "[" SET "]", ""), "redirection required", "moved",
		"9[redirection required] moved"},
	/* Nobody is logged in: not even the environment helps, as in juju. */
	{NULL, "", NULL, SET, NULL, NULL, NULL, NULL,
		"10[-] cannot log in to \"lab\": nobody is logged in there, log in first with: juju login -c lab"},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(rows); i++) {
		const struct row *row = &rows[i];
		struct login_scene scene;
		const struct login_account account = {
			.controller = "lab",
			.controller_uuid = UUID,
			.model_uuid = row->model,
			.user = row->user,
			.agent_version = row->version,
			.peer = LOGIN_PLAIN,
		};
		scoped(secret) struct secret *set = login_scene_secret(row->set != NULL ? row->set : "");

		login_scene_init(&scene);
		scene.person.present = 1;
		scene.keys.client = (struct login_client){string_copy("ci"), login_scene_secret("s3cret")};
		scene.keys.password = row->password != NULL ? login_scene_secret(row->password) : NULL;
		if (row->set != NULL)
			login_keys_add_macaroons(&scene.keys, set, false);
		login_scene_begin(&scene, &account);
		assert_int_equal(scene.rpc->count, row->sent != NULL);
		if (row->sent != NULL)
			assert_string_equal(scene.rpc->requests[0].text, row->sent);
		if (row->code != NULL)
			fake_refuse(scene.rpc, 0, row->code, row->answer, NULL);
		else if (row->answer != NULL)
			fake_answer(scene.rpc, 0, row->answer);
		assert_int_equal(scene.outcome.calls, 1);
		assert_string_equal(scene.outcome.text, row->told);
		assert_null(scene.said.data);
		login_scene_release(&scene);
	}
}

/* What the cookie jar has for this controller, under whatever name it is filed, is sent, and nothing of other places. */
static void test_jar(void **state)
{
	static char *const nothing[] = {NULL};
	static const char *const hosts[] = {UUID, "lab.example.com"};
	static const char *const filed[] = {"lab.example.com", "identity.example.com"};
	char directory[] = "/tmp/login-jar.XXXXXX";
	scoped(clock) struct clock *clock = clock_new(nothing, NULL);
	scoped(secret) struct secret *set = login_scene_secret(SET);
	struct login_scene scene;

	(void)state;
	assert_non_null(mkdtemp(directory));
	for (size_t i = 0; i < array_length(filed); i++) {
		const struct cookie_set kept = {set, filed[i], INSTANT_NONE};

		assert_int_equal(cookies_save_try(directory, "lab", &kept, clock_wall(clock), NULL), STORE_DONE);
	}
	const struct login_jar jar = {directory, hosts, array_length(hosts), clock};
	const struct login_account account = {.controller = "lab", .user = "bob", .peer = LOGIN_PLAIN, .jar = &jar};
	login_scene_init(&scene);
	login_scene_begin(&scene, &account);
	assert_string_equal(scene.rpc->requests[0].text, SENT("user-bob", "", "[" SET "]", ""));
	fake_answer(scene.rpc, 0, IN("bob"));
	/* Another login does not read it again. */
	login_scene_begin(&scene, &account);
	assert_string_equal(scene.rpc->requests[1].text, SENT("user-bob", "", "[" SET "]", ""));
	login_scene_release(&scene);
	scoped(string) char *command = string_format("rm -rf %s", directory);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_jar)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
