/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated JAAS as its peers see it while a model moves. */
#include "tests/unit/sim_peer.h"

/* Lets time pass until the newest attempt shows this text. */
static void until_text(struct world *world, const char *text)
{
	for (int i = 0; i < 100000; i++) {
		const struct world_attempt *attempt = world_newest(&world->models[0]);
		if (attempt && string_starts(attempt->text, text))
			return;
		assert_true(world_next(world) != INT64_MAX);
		world_advance(world, world_next(world));
	}
	fail_msg("never: %s", text);
}

static void until_phase(struct world *world, enum world_phase phase)
{
	for (int i = 0; i < 100000; i++) {
		const struct world_attempt *attempt = world_newest(&world->models[0]);
		if (attempt && attempt->phase == phase)
			return;
		world_advance(world, world_next(world));
	}
	fail_msg("never: %s", world_phase_name(phase));
}

/* The model's own controller after the source has finished. */
static void after_the_move(void **state)
{
	static const struct {
		const char *script;
		bool early; /* the socket was open before MigrateModel */
		const char *code, *message, *info;
	} cases[] = {
		{"\"era\":\"E3\"", false, "model migrating", "model is finishing migration, please retry later", ""},
		{"\"era\":\"E3\"", true, "unauthorized access", "invalid entity name or password", ""},
		{"\"era\":\"E3\",\"capabilities\":{\"model-migrating\":false}", false, "unauthorized access",
			"invalid entity name or password", ""},
		{"\"era\":\"E1\"", false, "unauthorized access", "invalid entity name or password", ""},
		{"\"era\":\"E3\",\"controllers\":[{\"name\":\"prod-a\",\"agent-version\":\"4.0.13\"},"
		 "{\"name\":\"my-controller\",\"agent-version\":\"4.1.0\"}]",
			false, "redirection required", "redirection to alternative server required",
			"controller-" TARGET_UUID},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		char script[400];
		snprintf(script, sizeof(script), "{%s,\"jimm\":{\"idle\":\"1h\"},\"poller\":{\"first\":\"30m\"}}",
			cases[i].script);
		struct world *world = make(script);
		struct peer jimm, model;
		open_as(&jimm, world, "/api", alice);
		if (cases[i].early)
			peer_open(&model, world, "/model/" UUID "/api");
		tell(&jimm, "JIMM", 4, "MigrateModel", "\"params\":" MIGRATE);
		until_phase(world, WORLD_DONE);
		if (!cases[i].early)
			peer_open(&model, world, "/model/" UUID "/api");
		struct json_object *reply = login(&model, alice);
		assert_string_equal(at(reply, "error-code"), cases[i].code);
		assert_string_equal(at(reply, "error"), cases[i].message);
		assert_string_equal(at(reply, "error-info/controller-tag"), cases[i].info);
		peer_close(&model);
		assert_string_equal(at(ask(&jimm, "JIMM", 4, "UpdateMigratedModel", UPDATE), "error"), "");
		open_as(&model, world, "/model/" UUID "/api", alice);
		reply = login(&model, alice);
		assert_string_equal(at(reply, "response/controller-tag"), "controller-" TARGET_UUID);
		peer_close(&model);
		peer_close(&jimm);
		world_free(world);
	}
}

/* ModelInfo of an owner in each moment of a move. */
static void info_by_moment(void **state)
{
	static const struct {
		const char *era, *moment, *message, *code, *controller;
	} cases[] = {
		{"E0", "running", "", "", SOURCE_UUID},
		{"E0", "vanish", "unauthorized", "unauthorized access", ""},
		{"E0", "cached", "permission denied", "unauthorized access", ""},
		{"E0", "done", "redirection to alternative server required", "redirection required", ""},
		{"E3", "running", "", "", SOURCE_UUID},
		{"E3", "vanish", "internal server error", "", ""},
		{"E3", "cached", "internal server error", "", ""},
		{"E3", "done", "", "", TARGET_UUID},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		char script[200];
		snprintf(script, sizeof(script),
			"{\"era\":\"%s\",\"poller\":{\"first\":\"30m\"},\"migration\":{\"steps\":{\"vanish\":60,"
			"\"cached\":60}}}",
			cases[i].era);
		struct world *world = make(script);
		struct peer jimm;
		open_as(&jimm, world, "/api", alice);
		ask(&jimm, "JIMM", 4, "DisableControllerUUIDMasking", "{}");
		bool tag = !strcmp(cases[i].era, "E0");
		tell(&jimm, "JIMM", 4, "MigrateModel",
			tag ? "\"params\":{\"specs\":[" UPDATE "]}" : "\"params\":" MIGRATE);
		if (!strcmp(cases[i].moment, "running"))
			until_phase(world, WORLD_IMPORT);
		else
			until_phase(world, WORLD_REAP);
		if (!strcmp(cases[i].moment, "vanish"))
			advance(world, 10);
		if (!strcmp(cases[i].moment, "cached"))
			until_phase(world, WORLD_DONE);
		if (!strcmp(cases[i].moment, "done")) {
			until_phase(world, WORLD_DONE);
			advance(world, 61);
		}
		peer_close(&jimm);
		open_as(&jimm, world, "/api", alice);
		ask(&jimm, "JIMM", 4, "DisableControllerUUIDMasking", "{}");
		struct json_object *reply = ask(&jimm, "ModelManager", 9, "ModelInfo", ENTITY);
		assert_string_equal(at(reply, "response/results/0/error/message"), cases[i].message);
		assert_string_equal(at(reply, "response/results/0/error/code"), cases[i].code);
		assert_string_equal(at(reply, "response/results/0/result/controller-uuid"), cases[i].controller);
		assert_string_equal(at(reply, "response/results/0/error/info"), "");
		const char *text = at(reply, "response/results/0/result/migration/status");
		assert_string_equal(text, strcmp(cases[i].moment, "running") ? "" : "exporting model");
		peer_close(&jimm);
		world_free(world);
	}
}

/* While source and target both list the model the merged answers alternate, if the target is asked at all. */
static void summaries_alternate(void **state)
{
	(void)state;
	struct world *world = make("{\"models\":[{},{\"name\":\"neighbour\",\"controller\":\"my-controller\"}],"
				   "\"poller\":{\"first\":\"30m\"}}");
	struct peer jimm;
	open_as(&jimm, world, "/api", alice);
	tell(&jimm, "JIMM", 4, "MigrateModel", "\"params\":" MIGRATE);
	const char *path = "response/results/0/result/migration/status";
	until_text(world, "uploading");
	for (int i = 0; i < 4; i++)
		assert_true(string_starts(
			at(ask(&jimm, "ModelManager", 9, "ListModelSummaries", "{}"), path), "uploading"));
	until_text(world, "successful, waiting");
	int shown = 0;
	for (int i = 0; i < 4; i++)
		shown += *at(ask(&jimm, "ModelManager", 9, "ListModelSummaries", "{}"), path) != '\0';
	assert_int_equal(shown, 2);
	until_phase(world, WORLD_DONE);
	peer_close(&jimm);
	open_as(&jimm, world, "/api", alice);
	struct json_object *reply = ask(&jimm, "ModelManager", 9, "ListModelSummaries", "{}");
	assert_string_equal(at(reply, "response/results/0/result/status/status"), "available");
	assert_string_equal(at(reply, path), "");
	peer_close(&jimm);
	world_free(world);
}

/* A source that alone holds the caller's models: nobody lists it at the end. */
static void summaries_unavailable(void **state)
{
	(void)state;
	struct world *world = make("{\"jimm\":{\"idle\":\"1h\"},\"poller\":{\"first\":\"30m\"}}");
	struct peer jimm;
	open_as(&jimm, world, "/api", alice);
	tell(&jimm, "JIMM", 4, "MigrateModel", "\"params\":" MIGRATE);
	until_text(world, "successful, removing");
	struct json_object *reply = ask(&jimm, "ModelManager", 9, "ListModelSummaries", "{}");
	assert_string_equal(at(reply, "response/results/0/result/migration/status"),
		"successful, removing model from source controller");
	assert_string_equal(at(reply, "response/results/0/result/status/info"),
		"migrating: successful, transferred logs to target controller (1280 sent)");
	until_phase(world, WORLD_DONE);
	peer_close(&jimm);
	open_as(&jimm, world, "/api", alice);
	reply = ask(&jimm, "ModelManager", 9, "ListModelSummaries", "{}");
	assert_string_equal(at(reply, "response/results/0/result/status/status"), "unavailable");
	assert_string_equal(at(ask(&jimm, "JIMM", 4, "ModelControllerInfo", "{\"model\":\"" UUID "\"}"),
				    "response/controller-name"),
		"prod-a");
	reply = ask(&jimm, "JIMM", 4, "FullModelStatus", "{\"ModelTag\":\"" TAG "\",\"Patterns\":null}");
	assert_string_equal(at(reply, "error"), "invalid entity name or password (unauthorized access)");
	assert_string_equal(at(reply, "error-code"), "connection failed");
	peer_close(&jimm);
	world_free(world);
}

static void old_jimm(void **state)
{
	(void)state;
	struct world *world =
		make("{\"era\":\"2024\",\"users\":[{\"admin\":true},{\"name\":\"reader@canonical.com\"}]}");
	struct peer jimm;
	open_as(&jimm, world, "/api", alice);
	static const char *const missing[] = {"ModelControllerInfo", "ListModels", "ListMigrationTargets"};
	for (size_t i = 0; i < array_length(missing); i++)
		assert_string_equal(at(ask(&jimm, "JIMM", 4, missing[i], "{}"), "error-code"), "not implemented");
	struct json_object *reply = ask(&jimm, "JIMM", 4, "MigrateModel", MIGRATE);
	assert_string_equal(at(reply, "response/results/0/error/message"), "\"" UUID "\" is not a valid tag");
	reply = ask(&jimm, "JIMM", 4, "MigrateModel",
		"{\"specs\":[{\"model-tag\":\"" TAG "\",\"target-controller\":\"my-controller\"}]}");
	assert_string_equal(at(reply, "response/results/0/model-tag"), TAG);
	until_text(world, "exporting");
	reply = ask(&jimm, "ModelManager", 9, "ListModelSummaries", "{}");
	assert_string_equal(at(reply, "response/results/0/result/migration"), "");
	assert_string_equal(
		at(ask(&jimm, "ModelManager", 9, "ModelInfo", ENTITY), "response/results/0/result/migration/status"),
		"exporting model");
	peer_close(&jimm);
	open_as(&jimm, world, "/api", "reader@canonical.com");
	reply = ask(&jimm, "JIMM", 4, "ListControllers", "{}");
	assert_string_equal(at(reply, "response/controllers/0/name"), "jaas");
	assert_string_equal(at(reply, "response/controllers/0/uuid"), JIMM_UUID);
	reply = ask(&jimm, "Controller", 11, "AllModels", "{}");
	struct json_object *list = NULL, *response = NULL;
	json_object_object_get_ex(reply, "response", &response);
	assert_true(json_object_object_get_ex(response, "user-models", &list));
	assert_null(list);
	assert_string_equal(at(ask(&jimm, "JIMM", 4, "DisableControllerUUIDMasking", "{}"), "error"), "unauthorized");
	peer_close(&jimm);
	world_free(world);
}

static void watches_every_text(void **state)
{
	static const char *const texts[] = {"starting", "performing source prechecks", "performing target prechecks",
		"quiescing, waiting for agents to report back",
		"quiescing, waiting for agents to report back: 2 succeeded, 1 still to report",
		"quiescing, all agents reported success", "performing source prechecks", "performing target prechecks",
		"exporting model", "importing model into target controller",
		"uploading model binaries into target controller", "processing relations",
		"validating, waiting for agents to report back",
		"validating, waiting for agents to report back: 2 succeeded, 1 still to report",
		"validating, all agents reported success", "checking machines in migrated model",
		"activating model in target controller", "successful, waiting for agents to report back",
		"successful, waiting for agents to report back: 2 succeeded, 1 still to report",
		"successful, all agents reported success",
		"transferring ownership of cloud resources to target controller",
		"successful, transferring logs to target controller (0 sent)",
		"successful, transferring logs to target controller (640 sent)",
		"successful, transferred logs to target controller (1280 sent)"};
	(void)state;
	struct world *world = make("{}");
	struct peer jimm, model;
	open_as(&jimm, world, "/api", alice);
	open_as(&model, world, "/model/" UUID "/api", alice);
	struct json_object *reply = ask(&model, "Client", 8, "WatchAll", "{}");
	assert_string_equal(at(reply, "response/watcher-id"), "1");
	const char *next = "\"id\":\"1\",\"params\":{}";
	reply = await(&model, tell(&model, "AllWatcher", 3, "Next", next));
	assert_string_equal(at(reply, "response/deltas/0/0"), "application");
	assert_string_equal(at(reply, "response/deltas/4/0"), "model");
	assert_string_equal(at(reply, "response/deltas/4/2/status/current"), "available");
	tell(&jimm, "JIMM", 4, "MigrateModel", "\"params\":" MIGRATE);
	for (size_t i = 0; i < array_length(texts); i++) {
		reply = await(&model, tell(&model, "AllWatcher", 3, "Next", next));
		char text[128];
		snprintf(text, sizeof(text), "migrating: %s", texts[i]);
		assert_string_equal(at(reply, "response/deltas/0/1"), "change");
		assert_string_equal(at(reply, "response/deltas/0/2/status/message"), text);
		assert_string_equal(at(reply, "response/deltas/0/2/status/current"), "busy");
	}
	reply = await(&model, tell(&model, "AllWatcher", 3, "Next", next));
	assert_string_equal(at(reply, "response/deltas/0/0"), "model");
	assert_string_equal(at(reply, "response/deltas/0/1"), "remove");
	assert_string_equal(at(reply, "response/deltas/0/2/model-uuid"), UUID);
	reply = await(&model, tell(&model, "AllWatcher", 3, "Next", next));
	assert_string_equal(at(reply, "error-code"), "stopped");
	assert_string_equal(
		at(ask(&model, "Client", 8, "FullStatus", "{\"patterns\":null}"), "error-code"), "not found");
	peer_close(&jimm);
	peer_close(&model);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_the_move),
		cmocka_unit_test(info_by_moment),
		cmocka_unit_test(summaries_alternate),
		cmocka_unit_test(summaries_unavailable),
		cmocka_unit_test(old_jimm),
		cmocka_unit_test(watches_every_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
