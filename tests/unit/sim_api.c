/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated JAAS as its peers see it: request shapes of juju, of the official plugin and of ours. */
#include "tests/sim/api_log.h"
#include "tests/unit/sim_peer.h"

static void logs_in(void **state)
{
	(void)state;
	struct world *world = make("{}");
	struct peer peer;
	peer_open(&peer, world, "/api");
	struct json_object *reply = ask(&peer, "Admin", 3, "Login", "{}");
	assert_string_equal(at(reply, "error-code"), "not supported");
	assert_string_equal(at(reply, "error"), "JIMM does not support login from old clients");
	reply = ask(&peer, "JIMM", 4, "ListControllers", "{}");
	assert_string_equal(at(reply, "error"), "no such request - method JIMM(4).ListControllers is not implemented");
	assert_string_equal(at(reply, "error-code"), "not implemented");
	assert_string_equal(at(reply, "response"), "{ }");
	assert_string_equal(at(ask(&peer, "Pinger", 1, "Ping", "{}"), "error"), "");
	reply = login(&peer, alice);
	assert_string_equal(at(reply, "response/controller-tag"), "controller-" JIMM_UUID);
	assert_string_equal(at(reply, "response/user-info/identity"), "user-alice@canonical.com");
	assert_string_equal(at(reply, "response/user-info/controller-access"), "administrator");
	assert_string_equal(at(reply, "response/facades/1/name"), "ModelManager");
	assert_string_equal(at(reply, "response/facades/1/versions"), "[ 9, 10 ]");
	assert_string_equal(at(reply, "response/servers"), "");
	assert_string_equal(at(reply, "response/server-version"), "3.6.12");
	peer_close(&peer);
	world_free(world);
}

static void refuses_tokens(void **state)
{
	static const struct {
		const char *era, *token, *code;
	} cases[] = {
		{"E0", "", "session token invalid"},
		{"E0", "!!!", "session token invalid"},
		{"E0", "Zm9yZWlnbg==", "session token invalid"},
		{"E0", "b2xk", "session token invalid"},
		{"E3", "", "session token invalid"},
		{"E3", "!!!", "fatal login error"},
		{"E3", "Zm9yZWlnbg==", "fatal login error"},
		{"E3", "b2xk", "session token invalid"},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		char script[160], params[96];
		snprintf(script, sizeof(script),
			"{\"era\":\"%s\",\"users\":[{\"name\":\"alice@canonical.com\",\"token\":\"b2xk\",\"expires\":0}"
			"]}",
			cases[i].era);
		snprintf(params, sizeof(params), "{\"session-token\":\"%s\"}", cases[i].token);
		struct world *world = make(script);
		struct peer peer;
		peer_open(&peer, world, "/api");
		assert_string_equal(
			at(ask(&peer, "Admin", 4, "LoginWithSessionToken", params), "error-code"), cases[i].code);
		peer_close(&peer);
		world_free(world);
	}
}

static void device_login(void **state)
{
	(void)state;
	struct world *world = make("{\"device\":{\"after\":\"120s\"}}");
	struct peer peer;
	peer_open(&peer, world, "/api");
	struct json_object *reply = ask(&peer, "Admin", 4, "LoginDevice", "{}");
	assert_string_equal(at(reply, "response/user-code"), "WDJB-MJHT");
	int64_t token = tell(&peer, "Admin", 4, "GetDeviceSessionToken", "\"params\":{}");
	int64_t ping = tell(&peer, "Pinger", 1, "Ping", "\"params\":{}");
	await(&peer, ping);
	assert_null(reply_of(&peer, token));
	char params[128];
	snprintf(params, sizeof(params), "{\"session-token\":\"%s\"}",
		at(await(&peer, token), "response/session-token"));
	reply = ask(&peer, "Admin", 4, "LoginWithSessionToken", params);
	assert_string_equal(at(reply, "response/user-info/identity"), "user-alice@canonical.com");
	peer_close(&peer);
	world_free(world);
}

static void cuts_the_idle(void **state)
{
	static const struct {
		const char *script;
		int alive, dead;
	} cases[] = {{"{\"era\":\"E0\"}", 89, 91}, {"{\"era\":\"E3\"}", 179, 181}};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = make(cases[i].script);
		struct peer peer;
		open_as(&peer, world, "/api", alice);
		advance(world, 60);
		ask(&peer, "Pinger", 1, "Ping", "{}");
		advance(world, cases[i].alive - 1);
		ask(&peer, "Controller", 11, "AllModels", "{}");
		assert_int_equal(peer.closed, 0);
		advance(world, 3);
		assert_int_equal(peer.closed, 1000);
		peer_close(&peer);
		world_free(world);
	}
}

static void refuses_upgrades(void **state)
{
	(void)state;
	struct world *world = make("{}");
	assert_int_equal(api_refusal_status(world, "/api"), 0);
	assert_int_equal(api_refusal_status(world, "/model/" UUID "/api"), 0);
	assert_int_equal(api_refusal_status(world, "/model/nonsense/api"), 400);
	assert_int_equal(api_refusal_status(world, "/elsewhere"), 404);
	assert_null(api_open(world, "/elsewhere", NULL, &callbacks, NULL));
	world_free(world);
}

static void survives_garbage(void **state)
{
	static const char *const texts[] = {"", "x", "[]", "{\"request-id\":1", "\"\"", "{\"request-id\":1}}"};
	(void)state;
	for (size_t i = 0; i < array_length(texts); i++) {
		struct world *world = make("{}");
		struct peer peer;
		peer_open(&peer, world, "/api");
		api_receive(peer.conversation, texts[i], strlen(texts[i]));
		assert_true(peer.closed == 1000 || i == 5);
		peer_close(&peer);
		world_free(world);
	}
	struct world *world = make("{}");
	struct peer peer;
	peer_open(&peer, world, "/api");
	static const char *const ignored[] = {"{}", "{\"request-id\":0,\"type\":\"Pinger\",\"request\":\"Ping\"}",
		"{\"request-id\":7,\"response\":{}}"};
	for (size_t i = 0; i < array_length(ignored); i++)
		api_receive(peer.conversation, ignored[i], strlen(ignored[i]));
	advance(world, 10);
	assert_int_equal(peer.closed, 0);
	assert_int_equal(json_object_array_length(peer.replies), 0);
	peer_close(&peer);
	world_free(world);
}

/* What juju and the official plugin send. */
static void answers_juju(void **state)
{
	(void)state;
	struct world *world = make("{}");
	struct peer peer;
	open_as(&peer, world, "/api", alice);
	struct json_object *reply = ask(&peer, "ModelManager", 10, "ListModelSummaries",
		"{\"user-tag\":\"user-alice@canonical.com\",\"all\":true}");
	assert_string_equal(at(reply, "response/results/0/result/name"), "my-model");
	assert_string_equal(at(reply, "response/results/0/result/controller-uuid"), JIMM_UUID);
	assert_string_equal(at(reply, "response/results/0/result/status/status"), "available");
	reply = ask(&peer, "ModelManager", 10, "ModelInfo", ENTITY);
	assert_string_equal(at(reply, "response/results/0/result/uuid"), UUID);
	assert_string_equal(at(reply, "response/results/0/result/owner-tag"), "user-alice@canonical.com");
	reply = ask(&peer, "ModelManager", 10, "ListModels", "{\"tag\":\"user-alice@canonical.com\"}");
	assert_string_equal(at(reply, "response/user-models/0/model/uuid"), UUID);
	reply = ask(&peer, "Controller", 12, "AllModels", "{}");
	assert_string_equal(at(reply, "response/user-models/0/model/name"), "my-model");
	reply = ask(&peer, "JIMM", 4, "ListControllers", "{}");
	assert_string_equal(at(reply, "response/controllers/0/name"), "my-controller");
	assert_string_equal(at(reply, "response/controllers/1/uuid"), SOURCE_UUID);
	assert_string_equal(at(reply, "response/controllers/1/status/status"), "available");
	reply = ask(&peer, "JIMM", 4, "ModelControllerInfo", "{\"model\":\"alice@canonical.com/my-model\"}");
	assert_string_equal(at(reply, "response/controller-name"), "prod-a");
	assert_string_equal(at(reply, "response/controller-uuid"), SOURCE_UUID);
	reply = ask(&peer, "JIMM", 4, "ModelControllerInfo", "{\"model\":\"my-model\"}");
	assert_string_equal(at(reply, "error-code"), "bad request");
	reply = ask(&peer, "JIMM", 4, "ListModels", "{}");
	assert_string_equal(at(reply, "response/models/0/controller-name"), "prod-a");
	reply = ask(&peer, "JIMM", 4, "ListMigrationTargets", "{\"model-tag\":\"" TAG "\"}");
	assert_string_equal(at(reply, "response/controllers/0/name"), "my-controller");
	assert_string_equal(at(reply, "response/controllers/1"), "");
	reply = ask(&peer, "Controller", 12, "GetControllerAccess",
		"{\"entities\":[{\"tag\":\"user-alice@canonical.com\"}]}");
	assert_string_equal(at(reply, "response/results/0/result/access"), "superuser");
	reply = ask(&peer, "JIMM", 4, "FullModelStatus", "{\"ModelTag\":\"" TAG "\",\"Patterns\":null}");
	assert_string_equal(at(reply, "response/model/name"), "my-model");
	reply = ask(&peer, "Controller", 12, "ConfigSet", "{}");
	assert_string_equal(at(reply, "error-code"), "not implemented");
	reply = ask(&peer, "ModelManager", 8, "ListModels", "{}");
	assert_string_equal(
		at(reply, "error"), "no such request - method ModelManager(8).ListModels is not implemented");
	peer_close(&peer);
	world_free(world);
}

/* The rest of what "juju show-controller" and "juju migrate" ask JIMM. */
static void describes_itself(void **state)
{
	static const struct {
		const char *script, *config, *claims;
	} cases[] = {
		{"{\"era\":\"E0\"}", "not implemented", ""},
		{"{\"era\":\"E3\"}", "", "3.6.12"},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = make(cases[i].script);
		struct peer peer;
		open_as(&peer, world, "/api", alice);
		struct json_object *reply = ask(&peer, "Controller", 11, "ControllerVersion", "{}");
		assert_string_equal(at(reply, "response/version"), "3.6.12");
		reply = ask(&peer, "Controller", 11, "IdentityProviderURL", "{}");
		assert_string_equal(at(reply, "response"), "{ \"result\": \"\" }");
		reply = ask(&peer, "Controller", 11, "MongoVersion", "{}");
		assert_string_equal(at(reply, "error-code"), "not supported");
		reply = ask(&peer, "ModelConfig", 3, "ModelGet", "{}");
		assert_string_equal(at(reply, "error-code"), cases[i].config);
		assert_string_equal(at(reply, "response/config/agent-version/value"), cases[i].claims);
		peer_close(&peer);
		world_free(world);
	}
}

/* jaas migrate-internal sends several specs at a time. */
static void migrates_several(void **state)
{
	(void)state;
	struct world *world =
		make("{\"models\":[{},{\"name\":\"other\",\"migrations\":[{\"refuse\":\"target prechecks failed: "
		     "model is dying\"}]}]}");
	struct peer peer;
	open_as(&peer, world, "/api", alice);
	struct json_object *reply = ask(&peer, "JIMM", 4, "MigrateModel",
		"{\"specs\":[{\"model-tag\":\"alice@canonical.com/my-model\",\"target-controller\":\"my-controller\"},"
		"{\"model-tag\":\"alice@canonical.com/other\",\"target-controller\":\"my-controller\"},"
		"{\"model-tag\":\"" TAG "\",\"target-controller\":\"my-controller\"}]}");
	assert_string_equal(at(reply, "response/results/0/model-tag"), TAG);
	assert_string_equal(at(reply, "response/results/0/migration-id"), UUID ":0");
	assert_string_equal(at(reply, "response/results/0/error"), "");
	assert_string_equal(at(reply, "response/results/1/error/message"), "target prechecks failed: model is dying");
	assert_string_equal(at(reply, "response/results/2/error/message"), "invalid model target");
	assert_string_equal(at(reply, "response/results/2/model-tag"), "");
	peer_close(&peer);
	world_free(world);
}

static void masks_for_each_connection(void **state)
{
	(void)state;
	struct world *world = make("{}");
	struct peer one, other;
	open_as(&one, world, "/api", alice);
	open_as(&other, world, "/api", alice);
	ask(&one, "JIMM", 4, "DisableControllerUUIDMasking", "{}");
	const char *path = "response/results/0/result/controller-uuid";
	assert_string_equal(at(ask(&one, "ModelManager", 9, "ListModelSummaries", "{}"), path), SOURCE_UUID);
	assert_string_equal(at(ask(&other, "ModelManager", 9, "ListModelSummaries", "{}"), path), JIMM_UUID);
	assert_string_equal(at(ask(&one, "ModelManager", 9, "ModelInfo", ENTITY), path), SOURCE_UUID);
	assert_string_equal(at(ask(&other, "ModelManager", 9, "ModelInfo", ENTITY), path), JIMM_UUID);
	peer_close(&one);
	peer_close(&other);
	world_free(world);
}

static void stops_watching(void **state)
{
	(void)state;
	struct world *world = make("{}");
	struct peer model;
	open_as(&model, world, "/model/" UUID "/api", alice);
	ask(&model, "Client", 6, "WatchAll", "{}");
	const char *more = "\"id\":\"1\",\"params\":{}";
	/* Go does not mind the case of keys, and there are clients that rely on it. */
	struct json_object *first = await(&model, tell(&model, "AllWatcher", 3, "Next", "\"Id\":\"1\",\"params\":{}"));
	assert_string_equal(at(first, "response/deltas/0/0"), "application");
	struct json_object *deltas = json_object_object_get(json_object_object_get(first, "response"), "deltas");
	struct json_object *last = json_object_array_get_idx(deltas, json_object_array_length(deltas) - 1);
	assert_string_equal(at(last, "2/config/name"), "my-model");
	int64_t waiting = tell(&model, "AllWatcher", 3, "Next", more);
	advance(world, 30);
	assert_null(reply_of(&model, waiting));
	await(&model, tell(&model, "AllWatcher", 3, "Stop", more));
	assert_string_equal(at(await(&model, waiting), "error-code"), "stopped");
	assert_string_equal(at(await(&model, tell(&model, "AllWatcher", 3, "Next", more)), "error-code"), "not found");
	peer_close(&model);
	world_free(world);
}

static void model_endpoint(void **state)
{
	(void)state;
	struct world *world = make("{\"users\":[{\"admin\":true},{\"name\":\"stranger@canonical.com\"}]}");
	struct peer model;
	peer_open(&model, world, "/model/" UUID "/api");
	struct json_object *reply = ask(&model, "Client", 8, "FullStatus", "{}");
	assert_string_equal(at(reply, "error"), "unknown version (8) of interface \"Client\"");
	reply = ask(&model, "Client", 0, "FullStatus", "{}");
	assert_string_equal(at(reply, "error"), "unknown object type \"Client\"");
	reply = login(&model, "stranger@canonical.com");
	assert_string_equal(at(reply, "error"), "permission denied");
	assert_string_equal(at(reply, "error-code"), "unauthorized access");
	reply = login(&model, alice);
	assert_string_equal(at(reply, "response/controller-tag"), "controller-" SOURCE_UUID);
	assert_string_equal(at(reply, "response/model-tag"), TAG);
	assert_string_equal(at(reply, "response/servers"), "");
	reply = ask(&model, "Client", 8, "FullStatus", "{\"patterns\":null}");
	assert_string_equal(at(reply, "response/model/model-status/status"), "available");
	assert_string_equal(at(reply, "response/machines/1/agent-status/status"), "started");
	reply = ask(&model, "Client", 9, "FullStatus", "{}");
	assert_string_equal(at(reply, "error"), "unknown version (9) of interface \"Client\"");
	reply = ask(&model, "Client", 8, "Nothing", "{}");
	assert_string_equal(at(reply, "error"), "no such request - method Client(8).Nothing is not implemented");
	reply = ask(&model, "Action", 7, "Run", "{}");
	assert_string_equal(at(reply, "error"), "unknown version (7) of interface \"Action\"");
	reply = ask(&model, "Storage", 6, "ListVolumes", "{\"filters\":[{},{}]}");
	assert_string_equal(at(reply, "response"), "{ \"results\": [ { }, { } ] }");
	assert_string_equal(at(ask(&model, "Storage", 6, "ListFilesystems", "{}"), "response"), "{ }");
	reply = ask(&model, "ModelConfig", 3, "ModelGet", "{}");
	assert_string_equal(at(reply, "response/config/agent-version/value"), "3.6.12");
	assert_string_equal(at(reply, "response/config/name/value"), "my-model");
	assert_string_equal(at(ask(&model, "Pinger", 1, "Ping", "{}"), "error"), "");
	peer_close(&model);
	peer_open(&model, world, "/model/5f0c9a52-0d0e-4e55-8f0b-00000000dead/api");
	reply = login(&model, alice);
	assert_string_equal(at(reply, "error"), "failed to find model: model not found");
	assert_string_equal(at(reply, "error-code"), "not found");
	assert_string_equal(at(reply, "response"), "");
	assert_int_equal(model.closed, 1000);
	peer_close(&model);
	world_free(world);
}

/* Admin calls on a model endpoint hold up what comes behind them; on /api nothing does. */
/* HTTP Basic with any user name and a session token, of whoever may read the model. */
static void shows_the_log(void **state)
{
	static const struct {
		const char *pair, *code;
	} cases[] = {
		{"any:token-alice@canonical.com", ""},
		{":token-bob@canonical.com", ""},
		{"any:token-carol@canonical.com", "unauthorized access"},
		{"any:nonsense", "unauthorized access"},
		{"any", "unauthorized access"},
	};
	(void)state;
	struct world *world =
		make("{\"users\":[{},{\"name\":\"bob@canonical.com\"},{\"name\":\"carol@canonical.com\"}],"
		     "\"models\":[{\"users\":{\"bob@canonical.com\":\"reader\"}}]}");
	const struct world_model *model = api_log_of(world, "/model/" UUID "/log");
	for (size_t i = 0; i < array_length(cases); i++) {
		const char *password = strchr(cases[i].pair, ':');
		struct peer peer = {.world = world, .replies = json_object_new_array()};
		scoped(string) char *token = world_token_encode(password ? password + 1 : "");
		scoped(string) char *pair = string_format("%.*s%s%s", (int)strcspn(cases[i].pair, ":"), cases[i].pair,
			password ? ":" : "", password ? token : "");
		scoped(string) char *encoded = world_token_encode(pair);
		scoped(string) char *authorization = string_format("Basic %s", encoded);
		api_log_send(world, model, authorization, &callbacks, &peer);
		assert_int_equal(peer.closed, 1000);
		assert_string_equal(at(peer.replies, "0/error/code"), cases[i].code);
		json_object_put(peer.replies);
	}
	world_free(world);
}

static void admin_calls_in_order(void **state)
{
	(void)state;
	struct world *world = make("{\"latency\":{\"LoginDevice\":\"5s\"}}");
	struct peer model, jimm;
	peer_open(&model, world, "/model/" UUID "/api");
	int64_t device = tell(&model, "Admin", 4, "LoginDevice", "\"params\":{}");
	int64_t old = tell(&model, "Admin", 3, "Login", "\"params\":{}");
	advance(world, 4);
	assert_null(reply_of(&model, old));
	await(&model, old);
	assert_non_null(reply_of(&model, device));
	peer_close(&model);
	peer_open(&jimm, world, "/api");
	device = tell(&jimm, "Admin", 4, "LoginDevice", "\"params\":{}");
	await(&jimm, tell(&jimm, "Pinger", 1, "Ping", "\"params\":{}"));
	assert_null(reply_of(&jimm, device));
	peer_close(&jimm);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_in),
		cmocka_unit_test(refuses_tokens),
		cmocka_unit_test(device_login),
		cmocka_unit_test(cuts_the_idle),
		cmocka_unit_test(refuses_upgrades),
		cmocka_unit_test(survives_garbage),
		cmocka_unit_test(answers_juju),
		cmocka_unit_test(describes_itself),
		cmocka_unit_test(migrates_several),
		cmocka_unit_test(masks_for_each_connection),
		cmocka_unit_test(stops_watching),
		cmocka_unit_test(model_endpoint),
		cmocka_unit_test(shows_the_log),
		cmocka_unit_test(admin_calls_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
