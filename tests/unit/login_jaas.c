/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/login/session_token.h"
#include "tests/unit/support/login_scene.h"

/* A step of a talk: what is sent, and how that is answered. */
struct step {
	const char *sent;
	const char *code;   /* of a refusal, or NULL */
	const char *answer; /* or the refusal's words */
};

struct talk {
	const char *client;     /* secret of the environment's client, or NULL */
	const char *remembered; /* secret of the remembered one, or NULL */
	const char *token;
	const char *model;
	int present;
	struct step steps[5];
	const char *told;
	const char *said;
	const char *kept; /* the token afterwards, or NULL */
};

#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"
#define CLIENT "Admin(4).LoginWithClientCredentials {\"client-id\":\"ci\",\"client-secret\":\"s3cret\"}"
#define REMEMBERED "Admin(4).LoginWithClientCredentials {\"client-id\":\"desk\",\"client-secret\":\"kept\"}"
#define TOKEN "Admin(4).LoginWithSessionToken {\"session-token\":\"old\"}"
#define NEW "Admin(4).LoginWithSessionToken {\"session-token\":\"new\"}"
#define DEVICE "Admin(4).LoginDevice {}"
#define WAIT "Admin(4).GetDeviceSessionToken {}"
#define WHERE "{\"verification-uri\":\"https://login.example.com/device\",\"user-code\":\"WDJB-MJHT\"}"
#define SHOWN "https://login.example.com/device WDJB-MJHT\n"
#define CAME "{\"session-token\":\"new\"}"
#define IN(user) "{\"user-info\":{\"identity\":\"user-" user "\"},\"facades\":[{\"name\":\"JIMM\",\"versions\":[4]}]}"
#define IN_MODEL "{\"model-tag\":\"model-" MODEL "\",\"user-info\":{\"identity\":\"user-alice@canonical.com\"}}"
#define ALICE "alice@canonical.com       0 0"
#define EXPIRED "session token invalid", "JIMM session token expired"
#define WRONG "unauthorized access", "invalid client credentials"
#define OUTDATED                                                                                                      \
	"10[-] cannot log in to \"jaas\": the session token is no longer valid (JIMM session token expired), log in " \
	"again with: juju login -c jaas"
#define REFUSED                                                                                       \
	"10[-] cannot log in to \"jaas\": it refuses the client id and secret in JUJU_CLIENT_ID and " \
	"JUJU_CLIENT_SECRET"
#define UNFINISHED(why)                                                             \
	"10[-] cannot log in to \"jaas\": the device login was not completed (" why \
	"); try again, or type: juju login -c jaas"

static const struct talk talks[] = {
	/* Client credentials come first, and their refusal is not the end unless it says so. */
	{.client = "s3cret",
		.token = "old",
		.steps = {{CLIENT, NULL, IN("alice@canonical.com")}},
		.told = ALICE,
		.kept = "old"},
	{.client = "s3cret",
		.token = "old",
		.steps = {{CLIENT, WRONG}, {TOKEN, NULL, IN("alice@canonical.com")}},
		.told = ALICE,
		.kept = "old"},
	{.client = "s3cret",
		.token = "old",
		.steps = {{CLIENT, "fatal login error", "no"}},
		.told = REFUSED " (no)",
		.kept = "old"},
	{.client = "s3cret",
		.token = "old",
		.steps = {{CLIENT, "", "broken"}, {TOKEN, EXPIRED}},
		.told = OUTDATED,
		.kept = "old"},
	{.client = "s3cret", .steps = {{CLIENT, WRONG}}, .told = REFUSED " (invalid client credentials)"},
	{.client = "s3cret",
		.steps = {{CLIENT, "not implemented", "no such request"}},
		.told = "10[-] cannot use \"jaas\": it knows no client credentials (no such request)"},
	{.client = "s3cret",
		.token = "old",
		.steps = {{CLIENT, NULL, IN("ci@serviceaccount")}},
		.told = "10[-] cannot use \"jaas\": JUJU_CLIENT_ID logs in user ci@serviceaccount, the store says "
			"alice@canonical.com; unset it to be that user",
		.kept = "old"},
	/* What is remembered comes after what juju tries by itself, and before a person is asked. */
	{.remembered = "kept",
		.token = "old",
		.present = 1,
		.steps = {{TOKEN, EXPIRED}, {REMEMBERED, NULL, IN("alice@canonical.com")}},
		.told = ALICE,
		.kept = "old"},
	{.remembered = "kept",
		.steps = {{REMEMBERED, WRONG}},
		.told = "10[-] cannot log in to \"jaas\": it refuses the client id and secret that are remembered "
			"(invalid client "
			"credentials)"},
	{.remembered = "kept",
		.present = 1,
		.steps = {{REMEMBERED, WRONG}, {DEVICE, NULL, WHERE}, {WAIT, NULL, CAME},
			{NEW, NULL, IN("alice@canonical.com")}},
		.told = ALICE,
		.said = SHOWN,
		.kept = "new"},
	/* A person is asked where the token is no longer valid, or where there is none, and never otherwise. */
	{.token = "old",
		.present = 1,
		.steps = {{TOKEN, EXPIRED}, {DEVICE, NULL, WHERE}, {WAIT, NULL, CAME},
			{NEW, NULL, IN("alice@canonical.com")}},
		.told = ALICE,
		.said = SHOWN,
		.kept = "new"},
	{.present = 1,
		.steps = {{DEVICE, NULL, WHERE}, {WAIT, NULL, CAME}, {NEW, NULL, IN("alice@canonical.com")}},
		.told = ALICE,
		.said = SHOWN,
		.kept = "new"},
	{.token = "old", .steps = {{TOKEN, EXPIRED}}, .told = OUTDATED, .kept = "old"},
	{.token = "old", .present = 1, .model = MODEL, .steps = {{TOKEN, EXPIRED}}, .told = OUTDATED, .kept = "old"},
	{.token = "old",
		.present = 1,
		.steps = {{TOKEN, "unauthorized access", "no"}},
		.told = "9[unauthorized access] cannot log in to \"jaas\": no",
		.kept = "old"},
	{.token = "old",
		.present = 1,
		.steps = {{TOKEN, "fatal login error", "bad signature"}},
		.told = "10[-] cannot log in to \"jaas\": session token damaged or foreign (bad signature), type: juju "
			"logout -c jaas && juju login -c jaas",
		.kept = "old"},
	/* The device login can end in many ways; the token is kept only if it has led in, and as the right user. */
	{.present = 1,
		.steps = {{DEVICE, "fatal login error", "no identity provider"}},
		.told = UNFINISHED("no identity provider")},
	{.present = 1,
		.steps = {{DEVICE, "not supported", "old"}},
		.told = "10[-] cannot use \"jaas\": it is not a JAAS, it knows no device login (old)"},
	{.present = 1,
		.steps = {{DEVICE, NULL, "{}"}},
		.told = "8[-] cannot make sense of the answer to Admin.LoginDevice: \"verification-uri\" is missing"},
	{.present = 1,
		.steps = {{DEVICE, NULL, WHERE}, {WAIT, "unauthorized access", "access denied"}},
		.said = SHOWN,
		.told = UNFINISHED("access denied")},
	{.present = 1,
		.steps = {{DEVICE, NULL, WHERE}, {WAIT, "", "expired_token"}},
		.said = SHOWN,
		.told = UNFINISHED("expired_token")},
	{.present = 1,
		.steps = {{DEVICE, NULL, WHERE}, {WAIT, NULL, "{}"}},
		.said = SHOWN,
		.told = "8[-] cannot make sense of the answer to Admin.GetDeviceSessionToken: \"session-token\" is "
			"missing"},
	{.present = 1,
		.steps = {{DEVICE, NULL, WHERE}, {WAIT, NULL, CAME}, {NEW, EXPIRED}},
		.said = SHOWN,
		.told = UNFINISHED("JIMM session token expired")},
	{.token = "old",
		.present = 1,
		.steps = {{TOKEN, EXPIRED}, {DEVICE, NULL, WHERE}, {WAIT, NULL, CAME},
			{NEW, NULL, IN("bob@canonical.com")}},
		.said = SHOWN,
		.kept = "old",
		.told = "10[-] cannot use \"jaas\": its login is for user bob@canonical.com, the store says "
			"alice@canonical.com, log "
			"in again with: juju login -c jaas"},
	/* On a model path the words of a refusal are left alone. */
	{.client = "s3cret",
		.model = MODEL,
		.steps = {{CLIENT, "unauthorized access", "invalid entity name or password"}},
		.told = "9[unauthorized access] invalid entity name or password"},
	{.client = "s3cret",
		.model = MODEL,
		.steps = {{CLIENT, NULL, IN_MODEL}},
		.told = "alice@canonical.com  " MODEL "     0 0"},
};

static void prepare(struct login_scene *scene, const struct talk *talk, struct login_account *account)
{
	login_scene_init(scene);
	scene->person.present = talk->present != 0;
	scene->keys = (struct login_keys){
		.client = {string_copy("ci"), talk->client != NULL ? login_scene_secret(talk->client) : NULL},
		.remembered_client = {string_copy("desk"),
			talk->remembered != NULL ? login_scene_secret(talk->remembered) : NULL},
		.token = talk->token != NULL ? login_scene_secret(talk->token) : NULL,
	};
	*account =
		(struct login_account){.controller = "jaas", .user = "alice@canonical.com", .model_uuid = talk->model};
}

static void test_talks(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(talks); i++) {
		const struct talk *talk = &talks[i];
		struct login_scene scene;
		struct login_account account;
		size_t count = 0;

		prepare(&scene, talk, &account);
		login_scene_begin(&scene, &account);
		for (; count < array_length(talk->steps) && talk->steps[count].sent != NULL; count++) {
			const struct step *step = &talk->steps[count];

			assert_int_equal(scene.rpc->count, count + 1);
			assert_string_equal(scene.rpc->requests[count].text, step->sent);
			if (step->code != NULL)
				fake_refuse(scene.rpc, count, step->code, step->answer, NULL);
			else
				fake_answer(scene.rpc, count, step->answer);
		}
		assert_int_equal(scene.rpc->count, count);
		assert_int_equal(scene.outcome.calls, 1);
		assert_string_equal(scene.outcome.text, talk->told);
		assert_string_equal(
			scene.said.data != NULL ? scene.said.data : "", talk->said != NULL ? talk->said : "");
		assert_string_equal(scene.keys.token != NULL ? secret_reveal(scene.keys.token) : "",
			talk->kept != NULL ? talk->kept : "");
		assert_int_equal(scene.keys.token_is_new, talk->kept != NULL && strcmp(talk->kept, "new") == 0);
		login_scene_release(&scene);
	}
}

/* Ten minutes, as long as juju waits for a person; after that nobody is asked again. */
static void test_nobody(void **state)
{
	static const struct talk nobody = {.present = 1};
	struct login_scene scene;
	struct login_account account;

	(void)state;
	prepare(&scene, &nobody, &account);
	login_scene_begin(&scene, &account);
	fake_answer(scene.rpc, 0, WHERE);
	assert_int_equal(scene.rpc->requests[1].timeout, 600 * INSTANT_SECOND);
	fake_fail(scene.rpc, 1, ERROR_TIMEOUT, "no answer");
	assert_string_equal(scene.outcome.text,
		"10[-] cannot log in to \"jaas\": nobody has completed the device login within 10 "
		"minutes; try again, or log in with: juju login -c jaas");
	login_scene_begin(&scene, &account);
	assert_int_equal(scene.rpc->count, 2);
	assert_string_equal(scene.outcome.text,
		"10[-] cannot log in to \"jaas\": no session token is stored, log in first with: juju login -c jaas");
	login_scene_release(&scene);
}

/* What has led in on /api is used on the models, and nothing else: another way's refusal would hide the controller's words. */
static void test_models_follow(void **state)
{
	static const struct talk both = {.client = "s3cret", .token = "old", .model = MODEL};
	struct login_scene scene;
	struct login_account account;

	(void)state;
	prepare(&scene, &both, &account);
	scene.keys.way = &session_token_way;
	login_scene_begin(&scene, &account);
	assert_string_equal(scene.rpc->requests[0].text, TOKEN);
	fake_refuse(scene.rpc, 0, "redirection required", "redirection to alternative server required", NULL);
	assert_string_equal(scene.outcome.text, "9[redirection required] redirection to alternative server required");
	login_scene_release(&scene);
}

/* After a device login it is its token that opens the models. */
static void test_device_opens_models(void **state)
{
	static const struct talk alone = {.present = 1};
	struct login_scene scene;
	struct login_account account;

	(void)state;
	prepare(&scene, &alone, &account);
	login_scene_begin(&scene, &account);
	fake_answer(scene.rpc, 0, WHERE);
	fake_answer(scene.rpc, 1, CAME);
	fake_answer(scene.rpc, 2, IN("alice@canonical.com"));
	account.model_uuid = MODEL;
	login_scene_begin(&scene, &account);
	assert_int_equal(scene.rpc->count, 4);
	assert_string_equal(scene.rpc->requests[3].text, NEW);
	login_scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talks),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_models_follow),
		cmocka_unit_test(test_device_opens_models),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
