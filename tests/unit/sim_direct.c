/* SPDX-License-Identifier: Apache-2.0 */
/* Controllers at their own door: who gets in, with which words, and what a connection of each kind may call. */
#include "tests/unit/sim_peer.h"

#define WORLD(version, more)                                                                                      \
	"{\"controllers\":[{\"name\":\"prod-a\",\"agent-version\":\"" version "\",\"direct\":true,\"accounts\":[" \
	"{\"name\":\"admin\",\"password\":\"admin-secret\",\"access\":\"superuser\"},"                            \
	"{\"name\":\"bob\",\"password\":\"bob-secret\"},{\"name\":\"none\",\"password\":\"p\",\"access\":\"\"},"  \
	"{\"name\":\"carol@example.com\"}]" more "},{\"name\":\"my-controller\",\"agent-version\":\"" version     \
	"\",\"direct\":true}]}"

static struct json_object *enter(
	struct peer *peer, const char *tag, const char *password, const char *macaroons, const char *client_version)
{
	char params[7000];
	snprintf(params, sizeof(params),
		"{\"auth-tag\":\"%s\",\"credentials\":\"%s\",\"nonce\":\"\",\"macaroons\":%s,\"bakery-version\":3,"
		"\"cli-args\":\"juju jaas-migrate\",\"user-data\":\"\",\"client-version\":\"%s\"}",
		tag, password, macaroons, client_version);
	return ask(peer, "Admin", 3, "Login", params);
}

static void lets_in_with_a_password(void **state)
{
	static const struct {
		const char *tag, *password, *error, *code;
	} cases[] = {
		{"user-admin", "admin-secret", "", ""},
		{"user-bob", "bob-secret", "", ""},
		{"user-bob@local", "bob-secret", "", ""},
		{"user-bob", "bob-secre", "invalid entity name or password", "unauthorized access"},
		{"user-nobody", "bob-secret", "invalid entity name or password", "unauthorized access"},
		{"user-carol@example.com", "x", "invalid entity name or password", "unauthorized access"},
		{"machine-0", "bob-secret", "invalid entity name or password", "unauthorized access"},
		{"user-none", "p", "permission denied", "unauthorized access"},
	};
	(void)state;
	struct world *world = make(WORLD("3.6.14", ",\"public-dns-name\":\"prod.example.com\""));
	for (size_t i = 0; i < array_length(cases); i++) {
		struct peer peer;
		peer_open_direct(&peer, world, "prod-a", "/api");
		struct json_object *reply = enter(&peer, cases[i].tag, cases[i].password, "null", "3.6.14");
		assert_string_equal(at(reply, "error"), cases[i].error);
		assert_string_equal(at(reply, "error-code"), cases[i].code);
		assert_string_equal(
			at(reply, "response/controller-tag"), *cases[i].error ? "" : "controller-" SOURCE_UUID);
		if (i == 1) {
			assert_string_equal(at(reply, "response/user-info/identity"), "user-bob");
			assert_string_equal(at(reply, "response/user-info/controller-access"), "login");
			assert_string_equal(at(reply, "response/user-info/model-access"), "");
			assert_string_equal(at(reply, "response/public-dns-name"), "prod.example.com");
			assert_string_equal(at(reply, "response/server-version"), "3.6.14");
			assert_string_equal(at(reply, "response/model-tag"), "");
			assert_string_equal(at(reply, "response/servers/0/0/scope"), "local-cloud");
			assert_string_equal(at(reply, "response/servers/0/1/scope"), "local-machine");
		}
		peer_close(&peer);
	}
	world_free(world);
}

static void knows_nothing_before_the_login(void **state)
{
	(void)state;
	struct world *world = make(WORLD("3.6.14", ""));
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/api");
	struct json_object *reply = ask(&peer, "Pinger", 1, "Ping", "{}");
	assert_string_equal(at(reply, "error-code"), "not implemented");
	assert_string_equal(at(reply, "error"), "unknown version (1) of interface \"Pinger\"");
	assert_string_equal(at(ask(&peer, "ModelManager", 10, "ListModels", "{}"), "error-code"), "not implemented");
	reply = ask(&peer, "Admin", 4, "LoginWithSessionToken", "{\"session-token\":\"x\"}");
	assert_string_equal(at(reply, "error"), "this version of Juju does not support login from old clients");
	assert_string_equal(at(reply, "error-code"), "not supported");
	assert_string_equal(at(ask(&peer, "Admin", 3, "RedirectInfo", "{}"), "error"), "not redirected");
	assert_string_equal(at(enter(&peer, "user-bob", "bob-secret", "null", "3.6.14"), "error"), "");
	assert_string_equal(at(enter(&peer, "user-bob", "bob-secret", "null", "3.6.14"), "error"), "already logged in");
	peer_close(&peer);
	world_free(world);
}

static void refuses_nobody_by_version(void **state)
{
	static const struct {
		const char *script, *error, *code;
	} cases[] = {
		{WORLD("2.9.49", ""), "no credentials provided", "no credentials provided"},
		{WORLD("3.2.2", ""), "no credentials provided", "no credentials provided"},
		{WORLD("3.2.3", ""), "failed to authenticate request: unauthorized", "unauthorized access"},
		{WORLD("4.0.14", ""), "failed to authenticate request: unauthorized", "unauthorized access"},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = make(cases[i].script);
		struct peer peer;
		peer_open_direct(&peer, world, "prod-a", "/api");
		struct json_object *reply = enter(&peer, "", "", "null", "4.0.14");
		assert_string_equal(at(reply, "error"), cases[i].error);
		assert_string_equal(at(reply, "error-code"), cases[i].code);
		peer_close(&peer);
		world_free(world);
	}
}

static void lists_facades_of_its_release(void **state)
{
	static const struct {
		const char *script, *managers, *controllers, *clients;
		int manager;
	} cases[] = {
		{WORLD("2.9.49", ""), "[ 2, 3, 4, 5, 6, 7, 8, 9 ]", "[ 3, 4, 5, 6, 7, 8, 9, 10, 11 ]",
			"[ 1, 2, 3, 4, 5 ]", 9},
		{WORLD("3.1.8", ""), "[ 9 ]", "[ 11 ]", "[ 6 ]", 9},
		{WORLD("3.4.3", ""), "[ 9 ]", "[ 11 ]", "[ 6, 7 ]", 9},
		{WORLD("3.6.14", ""), "[ 9, 10 ]", "[ 11, 12 ]", "[ 6, 7, 8 ]", 10},
		{WORLD("4.0.14", ""), "[ 10, 11 ]", "[ 12, 13, 14 ]", "[ 8 ]", 11},
		{WORLD("4.1.0", ""), "[ 10, 11 ]", "[ 12, 13, 14 ]", "[ 8 ]", 11},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = make(cases[i].script);
		const char *version = world->controllers[0].agent_version;
		struct peer peer;
		peer_open_direct(&peer, world, "prod-a", "/api");
		struct json_object *reply = enter(&peer, "user-admin", "admin-secret", "null", version);
		assert_string_equal(at(reply, "response/facades/1/versions"), cases[i].controllers);
		assert_string_equal(at(reply, "response/facades/3/versions"), cases[i].managers);
		reply = ask(&peer, "Client", 6, "FullStatus", "{}");
		assert_string_equal(
			at(reply, "error"), "facade \"Client\" not supported for controller API connection");
		assert_string_equal(at(reply, "error-code"), "not supported");
		reply = ask(&peer, "ModelManager", cases[i].manager, "ListModels", "{\"tag\":\"user-admin\"}");
		assert_string_equal(at(reply, cases[i].manager == 11 ? "response/user-models/0/model/qualifier"
								     : "response/user-models/0/model/owner-tag"),
			cases[i].manager == 11 ? alice : "user-alice@canonical.com");
		peer_close(&peer);
		peer_open_direct(&peer, world, "prod-a", "/model/" UUID "/api");
		reply = enter(&peer, "user-admin", "admin-secret", "null", version);
		bool watches = strcmp(at(reply, "response/facades/0/name"), "AllWatcher") == 0;
		assert_int_equal(watches, *version != '4');
		assert_string_equal(at(reply, watches ? "response/facades/1/versions" : "response/facades/0/versions"),
			cases[i].clients);
		assert_string_equal(at(reply, "response/model-tag"), TAG);
		assert_string_equal(at(reply, "response/user-info/model-access"), "admin");
		reply = ask(&peer, "ModelManager", cases[i].manager, "ListModels", "{}");
		assert_string_equal(at(reply, "error-code"), "not supported");
		peer_close(&peer);
		world_free(world);
	}
}

static void minds_the_clients_major_up_to_3_4(void **state)
{
	static const struct {
		const char *script, *client;
		bool fits;
	} cases[] = {
		{WORLD("2.9.49", ""), "2.9.31", true},
		{WORLD("2.9.49", ""), "3.6.14", false},
		{WORLD("3.4.3", ""), "3.1.0", true},
		{WORLD("3.4.3", ""), "", false},
		{WORLD("3.5.0", ""), "4.0.14", true},
		{WORLD("3.6.14", ""), "", true},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = make(cases[i].script);
		struct peer peer;
		peer_open_direct(&peer, world, "prod-a", "/api");
		assert_string_equal(
			at(enter(&peer, "user-admin", "admin-secret", "null", cases[i].client), "error"), "");
		struct json_object *reply = ask(&peer, "ModelManager", 9, "ListModels", "{\"tag\":\"user-admin\"}");
		assert_string_equal(at(reply, "error-code"), cases[i].fits ? "" : "incompatible client");
		assert_string_equal(at(reply, "error-info/server-version"),
			cases[i].fits ? "" : world->controllers[0].agent_version);
		assert_string_equal(at(ask(&peer, "Pinger", 1, "Ping", "{}"), "error"), "");
		peer_close(&peer);
		world_free(world);
	}
}

static void says_what_it_knows_of_models(void **state)
{
	(void)state;
	struct world *world = make(WORLD("3.6.14", ""));
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/model/5f0c9a52-0d0e-4e55-8f0b-00000000dead/api");
	struct json_object *reply = enter(&peer, "user-admin", "admin-secret", "null", "3.6.14");
	assert_string_equal(at(reply, "error"), "unknown model: \"5f0c9a52-0d0e-4e55-8f0b-00000000dead\"");
	assert_string_equal(at(reply, "error-code"), "model not found");
	assert_string_equal(at(ask(&peer, "Pinger", 1, "Ping", "{}"), "error-code"), "model not found");
	peer_close(&peer);
	peer_open_direct(&peer, world, "prod-a", "/model/" UUID "/api");
	assert_string_equal(at(enter(&peer, "user-bob", "bob-secret", "null", "3.6.14"), "error"), "permission denied");
	peer_close(&peer);
	peer_open_direct(&peer, world, "my-controller", "/model/" UUID "/api");
	reply = enter(&peer, "user-admin", "admin-password", "null", "3.6.14");
	assert_string_equal(at(reply, "error-code"), "model not found");
	peer_close(&peer);
	peer_open_direct(&peer, world, "prod-a", "/api");
	enter(&peer, "user-bob", "bob-secret", "null", "3.6.14");
	reply = ask(&peer, "ModelManager", 10, "ListModels", "{\"tag\":\"user-bob\"}");
	assert_string_equal(at(reply, "response"), "{ \"user-models\": null }");
	reply = ask(&peer, "ModelManager", 10, "ListModels", "{\"tag\":\"user-admin\"}");
	assert_string_equal(at(reply, "error"), "permission denied");
	reply = ask(&peer, "Controller", 12, "AllModels", "{}");
	assert_string_equal(at(reply, "error-code"), "unauthorized access");
	reply = ask(&peer, "ModelManager", 10, "ModelInfo", ENTITY);
	assert_string_equal(at(reply, "response/results/0/error/code"), "unauthorized access");
	reply = ask(&peer, "UserManager", 3, "UserInfo", "{\"entities\":[],\"include-disabled\":false}");
	assert_string_equal(at(reply, "response/results/0/result/username"), "bob");
	assert_string_equal(at(reply, "response/results/1"), "");
	peer_close(&peer);
	world_free(world);
}

/* What "juju show-controller" asks beside the models. */
static void describes_itself(void **state)
{
	static const struct {
		const char *script, *user, *mongo, *mongo_code, *config;
	} cases[] = {
		{WORLD("3.6.14", ""), "admin", "4.4.24", "", "3.6.14"},
		{WORLD("3.6.14", ""), "bob", "", "unauthorized access", ""},
		{WORLD("4.0.14", ""), "admin", "", "not supported", "4.0.14"},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = make(cases[i].script);
		struct peer peer;
		scoped(string) char *tag = string_format("user-%s", cases[i].user);
		scoped(string) char *password = string_format("%s-secret", cases[i].user);
		peer_open_direct(&peer, world, "prod-a", "/api");
		enter(&peer, tag, password, "null", "4.0.14");
		struct json_object *reply = ask(&peer, "Controller", 12, "MongoVersion", "{}");
		assert_string_equal(at(reply, "response/result"), cases[i].mongo);
		assert_string_equal(at(reply, "error-code"), cases[i].mongo_code);
		reply = ask(&peer, "ModelConfig", 3, "ModelGet", "{}");
		assert_string_equal(at(reply, "response/config/agent-version/value"), cases[i].config);
		assert_string_equal(at(reply, "error-code"), *cases[i].config ? "" : "unauthorized access");
		reply = ask(&peer, "Cloud", 7, "Clouds", "{}");
		assert_string_equal(at(reply, "response/clouds/cloud-maas/regions/0/name"), "default");
		peer_close(&peer);
		world_free(world);
	}
}

static void blocks_while_it_is_upgraded(void **state)
{
	(void)state;
	struct world *world = make(WORLD("3.6.14", ",\"upgrading\":true"));
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/model/" UUID "/api");
	assert_string_equal(at(enter(&peer, "", "", "null", "3.6.14"), "error"),
		"anonymous login blocked because upgrade is in progress");
	assert_string_equal(at(enter(&peer, "user-admin", "x", "null", "3.6.14"), "error"),
		"login failed - maintenance in progress");
	assert_string_equal(at(enter(&peer, "user-admin", "admin-secret", "null", "3.6.14"), "error"), "");
	assert_string_equal(at(ask(&peer, "Client", 8, "FullStatus", "{}"), "error"), "");
	assert_string_equal(at(ask(&peer, "Client", 8, "WatchAll", "{}"), "error-code"), "upgrade in progress");
	peer_close(&peer);
	/* JIMM's own login to it carries no name. */
	peer_open(&peer, world, "/model/" UUID "/api");
	assert_string_equal(at(login(&peer, alice), "error"), "anonymous login blocked because upgrade is in progress");
	peer_close(&peer);
	world_free(world);
}

static void drops_unnumbered_requests_from_4_0_on(void **state)
{
	static const char *const scripts[] = {WORLD("3.6.14", ""), WORLD("4.0.14", "")};
	static const char unnumbered[] = "{\"request-id\":0,\"type\":\"Admin\",\"version\":3,\"request\":\"Login\"}";
	(void)state;
	for (size_t i = 0; i < array_length(scripts); i++) {
		struct world *world = make(scripts[i]);
		struct peer peer;
		peer_open_direct(&peer, world, "prod-a", "/api");
		api_receive(peer.conversation, unnumbered, strlen(unnumbered));
		assert_int_equal(peer.closed, i ? 1000 : 0);
		peer_close(&peer);
		world_free(world);
	}
}

static void is_not_cut_for_being_idle(void **state)
{
	(void)state;
	struct world *world = make(WORLD("3.6.14", ""));
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/api");
	enter(&peer, "user-bob", "bob-secret", "null", "3.6.14");
	advance(world, 7200);
	assert_int_equal(peer.closed, 0);
	assert_string_equal(at(ask(&peer, "Pinger", 1, "Ping", "{}"), "error"), "");
	peer_close(&peer);
	world_free(world);
}

static void refuses_upgrades(void **state)
{
	(void)state;
	struct world *world = make(WORLD("3.6.14", ""));
	const struct world_controller *controller = world_controller_find(world, "prod-a");
	assert_int_equal(api_direct_refusal_status(controller, "/api"), 0);
	assert_int_equal(api_direct_refusal_status(controller, "/model/x/api"), 400);
	assert_int_equal(api_direct_refusal_status(controller, "/nothing"), 404);
	world_free(world);
	world = make(WORLD("3.6.14", ",\"health\":\"stopping\""));
	assert_int_equal(api_direct_refusal_status(world_controller_find(world, "prod-a"), "/api"), 503);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_in_with_a_password),
		cmocka_unit_test(knows_nothing_before_the_login),
		cmocka_unit_test(refuses_nobody_by_version),
		cmocka_unit_test(lists_facades_of_its_release),
		cmocka_unit_test(minds_the_clients_major_up_to_3_4),
		cmocka_unit_test(says_what_it_knows_of_models),
		cmocka_unit_test(describes_itself),
		cmocka_unit_test(blocks_while_it_is_upgraded),
		cmocka_unit_test(drops_unnumbered_requests_from_4_0_on),
		cmocka_unit_test(is_not_cut_for_being_idle),
		cmocka_unit_test(refuses_upgrades),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
