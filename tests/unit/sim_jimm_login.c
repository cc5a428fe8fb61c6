/* SPDX-License-Identifier: Apache-2.0 */
/* Every way into JIMM, as JIMM of both ages answers it, on /api and on a model's path. */
#include "tests/unit/sim_peer.h"

#define DAMAGED "!!!"
#define FOREIGN "Zm9yZWlnbg=="
#define OLD "b2xk"
#define NAMELESS "bmFtZWxlc3M="

static const char *const paths[] = {"/api", "/model/" UUID "/api"};
static const char *const eras[] = {"2024", "2026"};

static struct world *world_of(const char *era, const char *more)
{
	scoped(string) char *script = string_format(
		"{\"era\":\"%s\",\"users\":[{\"name\":\"alice@canonical.com\",\"admin\":true},"
		"{\"name\":\"bob@canonical.com\",\"token\":\"" OLD "\",\"expires\":0},"
		"{\"name\":\"nameless\",\"token\":\"" NAMELESS "\"}],"
		"\"service-accounts\":[{\"client-id\":\"ci-bot\",\"client-secret\":\"s\",\"admin\":true}]%s}",
		era, more);
	return make(script);
}

/* One call on a connection of its own; its code, or "fine". */
static const char *code_of(
	struct world *world, const char *path, const char *method, const char *params, char code[100])
{
	struct peer peer;
	peer_open(&peer, world, path);
	struct json_object *reply = ask(&peer, "Admin", 4, method, params);
	snprintf(code, 100, "%s", *at(reply, "error") ? at(reply, "error-code") : "fine");
	peer_close(&peer);
	return code;
}

static void answers_by_age_and_path(void **state)
{
	static const struct {
		const char *method, *params;
		const char *codes[2][2]; /* by age, then path */
	} cases[] = {
		{"LoginWithSessionToken", "{\"session-token\":\"\"}",
			{{"session token invalid", "session token invalid"},
				{"session token invalid", "session token invalid"}}},
		{"LoginWithSessionToken", "{\"session-token\":\"" OLD "\"}",
			{{"session token invalid", "session token invalid"},
				{"session token invalid", "session token invalid"}}},
		{"LoginWithSessionToken", "{\"session-token\":\"" NAMELESS "\"}",
			{{"session token invalid", "session token invalid"},
				{"session token invalid", "session token invalid"}}},
		{"LoginWithSessionToken", "{\"session-token\":\"" DAMAGED "\"}",
			{{"session token invalid", "session token invalid"},
				{"fatal login error", "fatal login error"}}},
		{"LoginWithSessionToken", "{\"session-token\":\"" FOREIGN "\"}",
			{{"session token invalid", "session token invalid"},
				{"fatal login error", "fatal login error"}}},
		{"LoginWithClientCredentials", "{\"client-id\":\"ci-bot\",\"client-secret\":\"s\"}",
			{{"fine", "fine"}, {"fine", "fine"}}},
		{"LoginWithClientCredentials", "{\"client-id\":\"ci-bot\",\"client-secret\":\"t\"}",
			{{"unauthorized access", "unauthorized access"}, {"unauthorized access", "fatal login error"}}},
		{"GetDeviceSessionToken", "{}",
			{{"unauthorized access", ""}, {"unauthorized access", "unauthorized access"}}},
		{"LoginDevice", "{}", {{"unauthorized access", ""}, {"fatal login error", "fatal login error"}}},
		{"Login", "{}", {{"not supported", "not supported"}, {"not supported", "not supported"}}},
	};
	(void)state;
	char code[100];
	for (size_t i = 0; i < array_length(cases); i++)
		for (size_t era = 0; era < 2; era++)
			for (size_t path = 0; path < 2; path++) {
				struct world *world = world_of(eras[era], ",\"device\":{\"unavailable\":true}");
				assert_string_equal(code_of(world, paths[path], cases[i].method, cases[i].params, code),
					cases[i].codes[era][path]);
				world_free(world);
			}
}

static void names_who_came_in(void **state)
{
	(void)state;
	struct world *world = world_of("2026", "");
	struct peer peer;
	peer_open(&peer, world, "/api");
	struct json_object *reply = ask(
		&peer, "Admin", 4, "LoginWithClientCredentials", "{\"client-id\":\"ci-bot\",\"client-secret\":\"s\"}");
	assert_string_equal(at(reply, "response/user-info/identity"), "user-ci-bot@serviceaccount");
	assert_string_equal(at(reply, "response/user-info/controller-access"), "administrator");
	peer_close(&peer);
	world_free(world);
}

/* How the wait for a person ends: error of GetDeviceSessionToken, and after how many seconds. */
static void waits_for_a_person(void **state)
{
	static const struct {
		const char *device, *error;
		int seconds;
	} cases[] = {
		{"{\"after\":\"200s\"}", "", 200},
		{"{\"after\":\"200s\",\"fails\":true}", "failed to retrieve the session token: access denied", 200},
		{"{\"after\":\"1h\"}", "failed to retrieve the session token: oauth2: \"expired_token\"", 900},
		{"{\"after\":\"1h\",\"code-life\":\"5m\"}",
			"failed to retrieve the session token: oauth2: \"expired_token\"", 300},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		for (size_t era = 0; era < 2; era++) {
			scoped(string) char *more = string_format(",\"device\":%s", cases[i].device);
			struct world *world = world_of(eras[era], more);
			struct peer peer;
			peer_open(&peer, world, "/api");
			ask(&peer, "Admin", 4, "LoginDevice", "{}");
			int64_t wait = tell(&peer, "Admin", 4, "GetDeviceSessionToken", "\"params\":{}");
			int64_t begun = world_now(world);
			for (int passed = 0; !reply_of(&peer, wait) && passed < 4000; passed += 30) {
				tell(&peer, "Pinger", 1, "Ping", "\"params\":{}");
				advance(world, 30);
			}
			assert_string_equal(at(reply_of(&peer, wait), "error"), cases[i].error);
			assert_string_equal(
				at(reply_of(&peer, wait), "error-code"), *cases[i].error ? "unauthorized access" : "");
			int64_t took = (world_now(world) - begun) / INSTANT_SECOND;
			assert_in_range(took, cases[i].seconds, cases[i].seconds + 30);
			peer_close(&peer);
			world_free(world);
		}
}

/* The code belongs to its connection, which only pings keep. */
static void loses_the_code_with_the_connection(void **state)
{
	static const int idle[] = {90, 180};
	(void)state;
	for (size_t era = 0; era < 2; era++) {
		struct world *world = world_of(eras[era], ",\"device\":{\"after\":\"10m\"}");
		struct peer peer;
		char code[100];
		peer_open(&peer, world, "/api");
		ask(&peer, "Admin", 4, "LoginDevice", "{}");
		tell(&peer, "Admin", 4, "GetDeviceSessionToken", "\"params\":{}");
		advance(world, idle[era] - 1);
		assert_int_equal(peer.closed, 0);
		advance(world, 2);
		assert_int_equal(peer.closed, 1000);
		peer_close(&peer);
		assert_string_equal(code_of(world, "/api", "GetDeviceSessionToken", "{}", code), "unauthorized access");
		world_free(world);
	}
}

static void ends_a_token_after_its_life(void **state)
{
	(void)state;
	struct world *world = world_of("2026", ",\"device\":{\"after\":\"10s\"}");
	struct peer peer;
	char params[200], code[100];
	peer_open(&peer, world, "/api");
	ask(&peer, "Admin", 4, "LoginDevice", "{}");
	struct json_object *reply = ask(&peer, "Admin", 4, "GetDeviceSessionToken", "{}");
	snprintf(params, sizeof(params), "{\"session-token\":\"%s\"}", at(reply, "response/session-token"));
	peer_close(&peer);
	advance(world, 6 * 3600 - 60);
	assert_string_equal(code_of(world, "/api", "LoginWithSessionToken", params, code), "fine");
	advance(world, 120);
	assert_string_equal(code_of(world, "/api", "LoginWithSessionToken", params, code), "session token invalid");
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_by_age_and_path),
		cmocka_unit_test(names_who_came_in),
		cmocka_unit_test(waits_for_a_person),
		cmocka_unit_test(loses_the_code_with_the_connection),
		cmocka_unit_test(ends_a_token_after_its_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
