/* SPDX-License-Identifier: Apache-2.0 */
/* A model that moves, asked of both controllers at their own doors at each stage: what is told to whom, by release. */
#include "tests/unit/sim_peer.h"

#include "tests/sim/world_migration.h"

#define ACCOUNTS                                                                                         \
	"\"direct\":true,\"accounts\":[{\"name\":\"root\",\"password\":\"p\",\"access\":\"superuser\"}," \
	"{\"name\":\"olga\",\"password\":\"p\"},{\"name\":\"eve\",\"password\":\"p\"}]"

struct asker {
	const char *user;
	int manager, controller, client;
};

static struct world *world_of(const char *source, const char *target, const char *more)
{
	scoped(string) char *script = string_format(
		"{\"controllers\":[{\"name\":\"prod-a\",\"agent-version\":\"%s\"," ACCOUNTS
		"},{\"name\":\"my-controller\",\"agent-version\":\"%s\"," ACCOUNTS
		"}],\"poller\":{\"first\":\"50m\"},\"models\":[{\"owner\":\"olga\",\"juju-users\":[\"olga\"]%s}]}",
		source, target, more);
	return make(script);
}

static void enter(struct peer *peer, struct world *world, const char *name, const char *user)
{
	char params[200];
	peer_open_direct(peer, world, name, "/api");
	snprintf(params, sizeof(params), "{\"auth-tag\":\"user-%s\",\"credentials\":\"p\"}", user);
	assert_string_equal(at(ask(peer, "Admin", 3, "Login", params), "error"), "");
}

static int newest(const char *version)
{
	return *version == '4' ? 11 : 10;
}

/* What ListModels shows to `user`. */
static bool lists(struct world *world, const char *name, const char *user)
{
	struct peer peer;
	char params[100];
	enter(&peer, world, name, user);
	snprintf(params, sizeof(params), "{\"tag\":\"user-%s\"}", user);
	struct json_object *reply = ask(
		&peer, "ModelManager", newest(world_controller_find(world, name)->agent_version), "ListModels", params);
	assert_string_equal(at(reply, "error"), "");
	bool there = !strcmp(at(reply, "response/user-models/0/model/uuid"), UUID);
	snprintf(params, sizeof(params), "{\"user-tag\":\"user-%s\",\"all\":true}", user);
	reply = ask(&peer, "ModelManager", newest(world_controller_find(world, name)->agent_version),
		"ListModelSummaries", params);
	assert_int_equal(there, !strcmp(at(reply, "response/results/0/result/uuid"), UUID));
	peer_close(&peer);
	return there;
}

static bool all_models(struct world *world, const char *name)
{
	struct peer peer;
	enter(&peer, world, name, "root");
	struct json_object *reply = ask(&peer, "Controller", 12, "AllModels", "{}");
	bool there = !strcmp(at(reply, "response/user-models/0/model/uuid"), UUID);
	peer_close(&peer);
	return there;
}

/* One entity's answer as words: "code" of its error, else status, "+migration" and "+end". */
static const char *info(struct world *world, const char *name, const char *user, char text[300])
{
	struct peer peer;
	enter(&peer, world, name, user);
	struct json_object *reply = ask(
		&peer, "ModelManager", newest(world_controller_find(world, name)->agent_version), "ModelInfo", ENTITY);
	struct json_object *result = json_object_object_get(reply, "response");
	const char *code = at(result, "results/0/error/code");
	if (*code)
		snprintf(text, 300, "%s%s%s", code, *at(result, "results/0/error/info/servers") ? " +info" : "",
			*at(result, "results/0/error/info/controller-tag") ? " +tag" : "");
	else
		snprintf(text, 300, "%s%s%s", at(result, "results/0/result/status/status"),
			*at(result, "results/0/result/migration/start") ? " +migration" : "",
			*at(result, "results/0/result/migration/end") ? " +end" : "");
	peer_close(&peer);
	return text;
}

/* A model login and FullStatus: "" when it works, else what was said. */
static const char *status(struct world *world, const char *name, const char *tag, char text[300])
{
	struct peer peer;
	char params[200];
	peer_open_direct(&peer, world, name, "/model/" UUID "/api");
	snprintf(params, sizeof(params), "{\"auth-tag\":\"%s\",\"credentials\":\"p\"}", tag);
	struct json_object *reply = ask(&peer, "Admin", 3, "Login", params);
	if (*at(reply, "error"))
		snprintf(text, 300, "login: %s (%s)%s%s", at(reply, "error"), at(reply, "error-code"),
			*at(reply, "error-info/servers") ? " +info" : "",
			*at(reply, "error-info/controller-tag") ? " +tag" : "");
	else
		snprintf(text, 300, "%s", at(ask(&peer, "Client", 8, "FullStatus", "{\"patterns\":null}"), "error"));
	peer_close(&peer);
	return text;
}

static void start(struct world *world)
{
	struct world_error error;
	assert_non_null(world_initiate(
		world, &world->models[0], &world->controllers[0], &world->controllers[1], "my-controller", &error));
}

static void until(struct world *world, enum world_phase phase)
{
	while (world_newest(&world->models[0])->phase != phase)
		world_advance(world, world_next(world));
}

static void target_importing(struct world *world)
{
	while (world_at(&world->models[0], &world->controllers[1])->presence != WORLD_IMPORTING)
		world_advance(world, world_next(world));
}

#define BAD "login: invalid entity name or password (unauthorized access)"
#define MOVED "login: redirection to alternative server required (redirection required) +info +tag"
#define UNKNOWN "login: unknown model: \"" UUID "\" (model not found)"
#define COMING "migration in progress, model is importing"

static void tells_of_a_3_6_source(void **state)
{
	(void)state;
	char text[300];
	struct world *world = world_of("3.6.14", "3.6.14", "");
	assert_string_equal(info(world, "prod-a", "olga", text), "available");
	assert_string_equal(info(world, "prod-a", "eve", text), "unauthorized access");
	assert_string_equal(status(world, "prod-a", "user-olga", text), "");
	start(world);
	until(world, WORLD_VALIDATION);
	assert_string_equal(info(world, "prod-a", "olga", text), "busy +migration");
	assert_string_equal(status(world, "prod-a", "user-olga", text), "");
	until(world, WORLD_DONE);
	/* For some seconds the controller still has the model in memory. */
	assert_string_equal(info(world, "prod-a", "olga", text), "unauthorized access");
	advance(world, 30);
	assert_string_equal(info(world, "prod-a", "olga", text), "redirection required +info");
	assert_string_equal(info(world, "prod-a", "root", text), "unauthorized access");
	assert_string_equal(status(world, "prod-a", "user-olga", text), MOVED);
	assert_string_equal(status(world, "prod-a", "user-root", text), BAD);
	assert_string_equal(status(world, "prod-a", "user-jujuanonymous", text), MOVED);
	assert_string_equal(status(world, "prod-a", "user-x@example.com", text), BAD);
	assert_string_equal(status(world, "prod-a", "", text), BAD);
	assert_false(lists(world, "prod-a", "olga"));
	assert_true(lists(world, "my-controller", "olga"));
	world_free(world);
}

static void tells_of_a_3_6_target(void **state)
{
	(void)state;
	char text[300];
	struct world *world = world_of("3.6.14", "3.6.14", "");
	assert_string_equal(status(world, "my-controller", "user-olga", text), UNKNOWN);
	start(world);
	target_importing(world);
	assert_string_equal(info(world, "my-controller", "olga", text), "available");
	assert_false(lists(world, "my-controller", "olga"));
	assert_false(lists(world, "my-controller", "root"));
	assert_true(all_models(world, "my-controller"));
	assert_string_equal(status(world, "my-controller", "user-olga", text), COMING);
	until(world, WORLD_SUCCESS);
	assert_true(lists(world, "my-controller", "olga"));
	assert_true(lists(world, "my-controller", "root"));
	assert_string_equal(status(world, "my-controller", "user-olga", text), "");
	world_free(world);
}

static void tells_of_4_x_controllers(void **state)
{
	(void)state;
	char text[300];
	struct world *world = world_of("4.1.0", "4.1.0", "");
	start(world);
	target_importing(world);
	assert_string_equal(info(world, "prod-a", "olga", text), "available");
	assert_string_equal(info(world, "my-controller", "olga", text), "not found");
	assert_true(lists(world, "my-controller", "olga"));
	assert_string_equal(status(world, "my-controller", "user-olga", text), COMING);
	until(world, WORLD_VALIDATION);
	assert_string_equal(info(world, "my-controller", "olga", text), "busy +migration");
	until(world, WORLD_DONE);
	assert_string_equal(info(world, "my-controller", "olga", text), "available");
	assert_string_equal(info(world, "prod-a", "olga", text), "not found");
	assert_string_equal(info(world, "prod-a", "root", text), "not found");
	assert_string_equal(status(world, "prod-a", "user-olga", text), MOVED);
	assert_string_equal(status(world, "prod-a", "user-root", text), BAD);
	assert_string_equal(status(world, "prod-a", "user-x@example.com", text), MOVED);
	assert_string_equal(status(world, "my-controller", "user-olga", text), "");
	world_free(world);
}

static const char *model_status(struct world *world, const char *facade, int version, const char *user, char text[300])
{
	struct peer peer;
	enter(&peer, world, "prod-a", user);
	struct json_object *reply = ask(&peer, facade, version, "ModelStatus", ENTITY);
	const char *code = at(reply, "response/results/0/error/code");
	bool tag = *at(reply, "response/results/0/error/info/controller-tag");
	snprintf(text, 300, "%s%s", code, tag ? " +tag" : "");
	peer_close(&peer);
	return text;
}

static void answers_model_status_of_what_is_gone(void **state)
{
	static const struct {
		const char *version, *facade;
		int number;
		const char *user, *answer;
	} cases[] = {
		{"3.6.14", "ModelManager", 10, "olga", "redirection required"},
		{"3.6.14", "ModelManager", 10, "root", "not found"},
		{"3.6.14", "Controller", 12, "olga", "not found"},
		{"4.1.0", "ModelManager", 11, "olga", "redirection required +tag"},
	};
	(void)state;
	char text[300];
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = world_of(cases[i].version, cases[i].version, "");
		start(world);
		until(world, WORLD_DONE);
		assert_string_equal(
			model_status(world, cases[i].facade, cases[i].number, cases[i].user, text), cases[i].answer);
		world_free(world);
	}
}

static void keeps_the_residue_of_a_failed_reap(void **state)
{
	(void)state;
	char text[300];
	struct world *world = world_of("3.6.14", "3.6.14", ",\"migrations\":[{\"reap-failed\":\"no space\"}]");
	start(world);
	until(world, WORLD_REAPFAILED);
	assert_string_equal(info(world, "prod-a", "olga", text), "available +migration +end");
	assert_string_equal(status(world, "prod-a", "user-olga", text), "");
	assert_true(lists(world, "prod-a", "olga"));
	assert_true(lists(world, "my-controller", "olga"));
	world_free(world);
}

/* What a login may do is settled when it is made. */
static void limits_whoever_logs_in_while_it_moves(void **state)
{
	(void)state;
	struct world *world = world_of("3.6.14", "3.6.14", "");
	struct peer before, during;
	static const char params[] = "{\"auth-tag\":\"user-olga\",\"credentials\":\"p\"}";
	peer_open_direct(&before, world, "prod-a", "/model/" UUID "/api");
	ask(&before, "Admin", 3, "Login", params);
	start(world);
	peer_open_direct(&during, world, "prod-a", "/model/" UUID "/api");
	assert_string_equal(at(ask(&during, "Admin", 3, "Login", params), "error"), "");
	assert_string_equal(at(ask(&during, "Client", 8, "FullStatus", "{}"), "error"), "");
	assert_string_equal(at(ask(&during, "Pinger", 1, "Ping", "{}"), "error"), "");
	struct json_object *reply = ask(&during, "Storage", 6, "ListStorageDetails", "{\"filters\":[{}]}");
	assert_string_equal(at(reply, "response"), "{ \"results\": [ { } ] }");
	reply = ask(&during, "ModelConfig", 3, "ModelGet", "{}");
	assert_string_equal(at(reply, "error"), "model migration in progress");
	reply = ask(&during, "Client", 8, "WatchAll", "{}");
	assert_string_equal(at(reply, "error"), "model migration in progress");
	assert_string_equal(at(reply, "error-code"), "");
	assert_string_equal(at(ask(&before, "Client", 8, "WatchAll", "{}"), "response/watcher-id"), "1");
	int64_t next = tell(&before, "AllWatcher", 3, "Next", "\"id\":\"1\",\"params\":{}");
	assert_string_equal(at(await(&before, next), "response/deltas/0/0"), "application");
	peer_close(&before);
	peer_close(&during);
	world_free(world);
}

#define SPEC(controller, password, more)                                                                           \
	"{\"specs\":[{\"model-tag\":\"" TAG "\",\"target-info\":{\"controller-tag\":\"controller-" controller      \
	"\",\"controller-alias\":\"my-controller\",\"addrs\":[\"127.0.0.1:17070\"],\"ca-cert\":\"\",\"auth-tag\":" \
	"\"user-root\",\"password\":\"" password "\"}}]" more "}"

/* In the order in which "juju migrate" asks: the model's users, the target's, then the start. */
static void takes_what_juju_migrate_asks(void **state)
{
	static const struct {
		const char *version, *user, *spec, *outer, *error, *id;
	} cases[] = {
		{"3.6.14", "eve", SPEC(TARGET_UUID, "p", ""), "permission denied", "", ""},
		{"3.6.14", "root", SPEC(SOURCE_UUID, "p", ""), "",
			"target prechecks failed: model with same UUID already exists (" UUID ")", ""},
		{"3.6.14", "root", SPEC(JIMM_UUID, "p", ""), "",
			"connect to target controller: unable to connect to API", ""},
		{"3.6.14", "root", SPEC(TARGET_UUID, "q", ""), "",
			"connect to target controller: invalid entity name or password (unauthorized access)", ""},
		{"3.6.14", "root", SPEC(TARGET_UUID, "p", ",\"dry-run\":true"), "", "", ""},
		{"3.6.13", "root", SPEC(TARGET_UUID, "p", ",\"dry-run\":true"), "", "", UUID ":0"},
		{"3.6.14", "root", SPEC(TARGET_UUID, "p", ""), "", "", UUID ":0"},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct world *world = world_of(cases[i].version, cases[i].version, "");
		struct peer source, target;
		enter(&source, world, "prod-a", cases[i].user);
		enter(&target, world, "my-controller", "root");
		struct json_object *reply = ask(&source, "ModelManager", 10, "ModelInfo", ENTITY);
		if (!*cases[i].outer)
			assert_string_equal(at(reply, "response/results/0/result/users/0/user"), "olga");
		reply = ask(&target, "UserManager", 3, "UserInfo", "{\"entities\":[],\"include-disabled\":true}");
		assert_string_equal(at(reply, "response/results/1/result/username"), "olga");
		reply = ask(&source, "Controller", 12, "InitiateMigration", cases[i].spec);
		assert_string_equal(at(reply, "error"), cases[i].outer);
		assert_string_equal(at(reply, "response/results/0/error/message"), cases[i].error);
		assert_string_equal(at(reply, "response/results/0/migration-id"), cases[i].id);
		assert_string_equal(at(reply, "response/results/0/model-tag"), *cases[i].outer ? "" : TAG);
		assert_int_equal(world_newest(&world->models[0]) != NULL, *cases[i].id != '\0');
		if (*cases[i].id) {
			until(world, WORLD_DONE);
			assert_string_equal(world_newest(&world->models[0])->alias, "my-controller");
			assert_true(lists(world, "my-controller", "olga"));
		}
		peer_close(&source);
		peer_close(&target);
		world_free(world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_of_a_3_6_source),
		cmocka_unit_test(tells_of_a_3_6_target),
		cmocka_unit_test(tells_of_4_x_controllers),
		cmocka_unit_test(answers_model_status_of_what_is_gone),
		cmocka_unit_test(keeps_the_residue_of_a_failed_reap),
		cmocka_unit_test(limits_whoever_logs_in_while_it_moves),
		cmocka_unit_test(takes_what_juju_migrate_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
