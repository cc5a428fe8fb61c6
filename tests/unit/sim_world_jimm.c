/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated JAAS by its typed calls: JIMM's refusals, rows, locks, poller and deletions. */
#include "tests/unit/sim_scene.h"

static const struct {
	const char *script, *value, *target, *message, *code;
	bool known;
} refusals[] = {
	{"{}", UUID, "nowhere", "controller not found", "not found", false},
	{"{}", UUID, "", "failed to get controller with name \"\": controller UUID or name must be provided",
		"bad request", false},
	{"{}", TAG, "my-controller", "invalid model target", "", false},
	{"{}", "/my-model", "my-controller", "invalid user name", "", false},
	{"{}", "alice@canonical.com/My Model", "my-controller", "invalid model name", "", false},
	{"{}", "alice@canonical.com/other", "my-controller", "model not found", "not found", false},
	{"{\"users\":[{}],\"models\":[{\"owner\":\"other@canonical.com\"}]}", UUID, "my-controller", "unauthorized",
		"unauthorized access", false},
	{"{\"era\":\"E1\",\"users\":[{}],\"models\":[{\"owner\":\"other@canonical.com\"}]}", UUID, "my-controller",
		"unauthorized access", "unauthorized access", false},
	{"{\"models\":[{\"mode\":\"exporting\"}]}", UUID, "my-controller",
		"failed to update the model's migration mode: model is already in migration mode \"exporting\"", "",
		true},
	{"{}", UUID, "prod-a", "target prechecks failed: model with same UUID already exists (" UUID ")", "", true},
	{"{\"models\":[{\"copies\":{\"my-controller\":\"importing\"}}]}", UUID, "my-controller",
		"target prechecks failed: model named \"my-model\" already exists", "", true},
	{"{\"models\":[{\"life\":\"dying\"}]}", UUID, "my-controller", "source prechecks failed: model is dying", "",
		true},
	{"{\"controllers\":[{\"name\":\"prod-a\",\"reach\":\"down\"},{\"name\":\"my-controller\"}]}", UUID,
		"my-controller",
		"failed to dial the controller: basic dial failed: dial tcp 10.0.0.1:17070: connect: "
		"connection "
		"refused",
		"", true},
	{"{\"controllers\":[{\"name\":\"prod-a\"},{\"name\":\"my-controller\",\"credentials\":false}]}", UUID,
		"my-controller", "missing target controller credentials", "", false},
	{"{\"migration\":{\"refuse\":\"target prechecks failed: upgrade in "
	 "progress\",\"refuse-code\":\"upgrade in "
	 "progress\"}}",
		UUID, "my-controller", "target prechecks failed: upgrade in progress", "upgrade in progress", true},
	{"{\"era\":\"E2\",\"migration\":{\"refuse\":\"target prechecks failed: upgrade in "
	 "progress\",\"refuse-code\":\"upgrade in progress\"}}",
		UUID, "my-controller", "target prechecks failed: upgrade in progress", "", true},
	{"{\"era\":\"E0\"}", UUID, "my-controller", "\"" UUID "\" is not a valid tag", "", false},
	{"{\"era\":\"E0\"}", "alice@canonical.com/my-model", "my-controller",
		"\"alice@canonical.com/my-model\" is not a valid tag", "", false},
	{"{\"era\":\"E0\"}", TAG, "", "target prechecks failed: model with same UUID already exists (" UUID ")", "",
		true},
};

static void refuses_to_migrate(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(refusals); i++) {
		struct scene scene;
		struct answer answer;
		scene_open(&scene, refusals[i].script);
		scoped(string) char *mode = string_copy(scene.model->mode);
		migrate(&scene, refusals[i].value, refusals[i].target, &answer);
		assert_string_equal(answer.error.message, refusals[i].message);
		assert_string_equal(answer.error.code, refusals[i].code);
		assert_int_equal(answer.model, refusals[i].known);
		assert_null(world_newest(scene.model));
		assert_string_equal(scene.model->mode, mode);
		assert_int_equal(logged(&scene, WORLD_SAW_MIGRATE), 1);
		scene_close(&scene);
	}
}

static void second_start(void **state)
{
	static const struct {
		const char *era, *message;
	} cases[] = {
		{"E1", "failed to create migration: already in progress"},
		{"E3", "failed to update the model's migration mode: model is already in migration mode "
		       "\"migrating-internally\""},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer;
		scoped(string) char *script = string_format("{\"era\":\"%s\"," LATE "}", cases[i].era);
		scene_open(&scene, script);
		start(&scene);
		migrate(&scene, UUID, "my-controller", &answer);
		assert_string_equal(answer.error.message, cases[i].message);
		assert_int_equal(scene.model->attempt_count, 1);
		scene_close(&scene);
	}
}

/* Both forms of the value, in the eras that take them. */
static void accepts_values(void **state)
{
	static const struct {
		const char *era, *value;
	} cases[] = {{"E0", TAG}, {"E1", UUID}, {"E1", "alice@canonical.com/my-model"}, {"E2", UUID}, {"E3", UUID},
		{"E3", "alice@canonical.com/my-model"}};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer;
		scoped(string) char *script = string_format("{\"era\":\"%s\"," LATE "}", cases[i].era);
		scene_open(&scene, script);
		migrate(&scene, cases[i].value, "my-controller", &answer);
		assert_string_equal(answer.error.message, "");
		assert_string_equal(answer.text, UUID ":0");
		assert_int_equal(scene.world->records[0].error == NULL, 1);
		assert_true(string_same(newest(&scene)->alias, scene.world->era.alias ? "my-controller" : NULL));
		scene_close(&scene);
	}
}

/* The peer goes before the answer: the source goes on, and the roll-back of a refusal is lost. */
static void peer_goes(void **state)
{
	static const struct {
		const char *script, *mode;
		size_t attempts;
	} cases[] = {
		{"{" LATE "}", "migrating-internally", 1},
		{"{" LATE ",\"migration\":{\"refuse\":\"target prechecks failed: no\"}}", "migrating-internally", 0},
		{"{\"era\":\"E1\",\"migration\":{\"refuse\":\"target prechecks failed: no\"}}", "", 0},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer = {0};
		scene_open(&scene, cases[i].script);
		world_migrate_model(scene.session, UUID, "my-controller", (struct world_reply){keep, &answer});
		pass(&scene, 1);
		world_session_close(scene.session);
		scene.session = NULL;
		pass(&scene, 10);
		assert_int_equal(answer.count, 0);
		assert_int_equal(scene.model->attempt_count, cases[i].attempts);
		assert_string_equal(scene.model->mode, cases[i].mode);
		scene_close(&scene);
	}
}

static void records_at_any_time(void **state)
{
	static const struct {
		enum world_phase phase;
		const char *message;
		bool early;
	} cases[] = {
		{WORLD_QUIESCE, "permission denied", true},
		{WORLD_PROCESSRELATIONS, "", true},
		{WORLD_VALIDATION, "", true},
		{WORLD_SUCCESS, "", false},
		{WORLD_LOGTRANSFER, "", false},
		{WORLD_DONE, "", false},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer;
		scene_open(&scene, "{" LATE "}");
		start(&scene);
		until(&scene, cases[i].phase);
		update(&scene, "my-controller", &answer);
		assert_string_equal(answer.error.message, cases[i].message);
		const struct world_record *record = &scene.world->records[1];
		assert_int_equal(record->what, WORLD_SAW_UPDATE);
		assert_int_equal(record->flag, cases[i].early);
		assert_string_equal(record->phase, world_phase_name(cases[i].phase));
		bool moved = !*cases[i].message;
		/* Too early, and JIMM points at a copy that may yet be dropped. */
		assert_ptr_equal(scene.model->recorded, moved ? scene.target : scene.source);
		assert_string_equal(scene.model->mode, moved ? "" : "migrating-internally");
		scene_close(&scene);
	}
}

static void record_is_refused(void **state)
{
	static const struct {
		const char *script, *tag, *target, *message, *code;
	} cases[] = {
		{"{\"users\":[{}]}", TAG, "my-controller", "unauthorized", "unauthorized access"},
		{"{}", UUID, "my-controller", "\"" UUID "\" is not a valid model tag", "bad request"},
		{"{}", "model-00000000-0000-4000-8000-000000000000", "my-controller", "model not found",
			"model not found"},
		{"{}", TAG, "nowhere", "controller not found", "not found"},
		{"{}", TAG, "my-controller", "permission denied", "unauthorized access"},
		{"{\"controllers\":[{\"name\":\"prod-a\"},{\"name\":\"my-controller\",\"reach\":\"refuses\"}]}", TAG,
			"my-controller", "invalid entity name or password (unauthorized access)", "connection failed"},
		{"{\"era\":\"E0\",\"controllers\":[{\"name\":\"prod-a\"},{\"name\":\"my-controller\",\"reach\":"
		 "\"refuses\"}]}",
			TAG, "my-controller", "authentication failed", "connection failed"},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer = {0};
		scene_open(&scene, cases[i].script);
		world_update_migrated_model(
			scene.session, cases[i].tag, cases[i].target, (struct world_reply){keep, &answer});
		await(&scene, &answer, 1);
		assert_string_equal(answer.error.message, cases[i].message);
		assert_string_equal(answer.error.code, cases[i].code);
		assert_ptr_equal(scene.model->recorded, scene.source);
		scene_close(&scene);
	}
}

/* UpdateMigratedModel with the host itself is the only cure of a stuck lock. */
static void clears_a_lock(void **state)
{
	struct scene scene;
	struct answer answer;
	(void)state;
	scene_open(&scene, "{\"models\":[{\"mode\":\"migrating-internally\"}]}");
	pass(&scene, 300);
	assert_string_equal(scene.model->mode, "migrating-internally");
	update(&scene, "prod-a", &answer);
	assert_string_equal(answer.error.message, "");
	assert_string_equal(scene.model->mode, "");
	assert_false(scene.world->records[0].flag);
	scene_close(&scene);
}

/* A look between MigrateModel and its answer, after an older failure, drops the lock; the end is a deleted model. */
static void lock_lost_and_deleted(void **state)
{
	struct scene scene;
	struct answer started = {0}, answer;
	(void)state;
	scene_open(&scene, "{\"models\":[{\"past\":{\"outcome\":\"aborted\"},\"juju-users\":[]}],"
			   "\"poller\":{\"first\":\"50m\"}}");
	world_migrate_model(scene.session, UUID, "my-controller", (struct world_reply){keep, &started});
	assert_string_equal(scene.model->mode, "migrating-internally");
	info(&scene, &answer);
	assert_string_equal(scene.model->mode, "");
	until(&scene, WORLD_QUIESCE);
	until(&scene, WORLD_DONE);
	info(&scene, &answer);
	assert_string_equal(answer.error.message, "permission denied");
	assert_null(scene.model->recorded);
	assert_int_equal(logged(&scene, WORLD_SAW_DELETION), 1);
	info(&scene, &answer);
	assert_string_equal(answer.error.message, "unauthorized");
	assert_string_equal(answer.error.code, "unauthorized access");
	scene_close(&scene);
}

/* Who is asked decides what the poller and ModelInfo make of DONE. */
static void completion_needs_a_listed_user(void **state)
{
	static const struct {
		const char *script;
		bool poller, owner;
	} cases[] = {
		{"{\"era\":\"E3\"}", true, true},
		{"{\"era\":\"E3\",\"models\":[{\"juju-users\":[\"alice@canonical.com\"]}]}", false, true},
		{"{\"era\":\"E3\",\"models\":[{\"juju-users\":[]}]}", false, false},
		{"{\"era\":\"E2\"}", true, true},
		{"{\"era\":\"E2\",\"capabilities\":{\"start-gap-panics\":false},\"models\":[{\"juju-users\":[\"admin\"]"
		 "}]}",
			true, true},
		{"{\"era\":\"E1\"}", false, false},
		{"{\"era\":\"E0\"}", false, false},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer;
		scene_open(&scene, cases[i].script);
		start(&scene);
		until(&scene, WORLD_DONE);
		pass(&scene, 130);
		assert_ptr_equal(scene.model->recorded, cases[i].poller ? scene.target : scene.source);
		scene_close(&scene);
		scoped(string) char *late =
			string_format("%.*s," LATE "}", (int)strlen(cases[i].script) - 1, cases[i].script);
		scene_open(&scene, late);
		start(&scene);
		until(&scene, WORLD_DONE);
		pass(&scene, 10);
		info(&scene, &answer);
		assert_ptr_equal(scene.model->recorded, cases[i].owner ? scene.target : scene.source);
		if (cases[i].owner)
			assert_null(answer.view.migration);
		else
			assert_true(*answer.error.message != '\0');
		scene_close(&scene);
	}
}

/* Without a lock the poller of its time deletes what moved; a recorded move is safe. */
static void poller_deletes(void **state)
{
	static const struct {
		const char *era;
		bool record, deleted;
	} cases[] = {{"E1d", false, true}, {"E1d", true, false}, {"E1", false, false}, {"E0", false, false}};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer;
		scoped(string) char *script = string_format(
			"{\"era\":\"%s\",\"models\":[{\"juju-users\":[\"alice@canonical.com\"]}]}", cases[i].era);
		scene_open(&scene, script);
		start(&scene);
		until(&scene, WORLD_LOGTRANSFER);
		if (cases[i].record)
			update(&scene, "my-controller", &answer);
		until(&scene, WORLD_DONE);
		pass(&scene, 130);
		assert_int_equal(scene.model->recorded == NULL, cases[i].deleted);
		assert_int_equal(logged(&scene, WORLD_SAW_DELETION), cases[i].deleted);
		assert_int_equal(there(&scene, scene.target), WORLD_ACTIVE);
		scene_close(&scene);
	}
}

static void only_the_dying_are_deleted_later(void **state)
{
	static const struct {
		const char *life;
		bool deleted;
	} cases[] = {{"alive", false}, {"dying", true}};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		scoped(string) char *script =
			string_format("{\"era\":\"E3+\",\"models\":[{\"life\":\"%s\",\"recorded\":\"my-controller\"}]}",
				cases[i].life);
		scene_open(&scene, script);
		pass(&scene, 40);
		assert_int_equal(scene.model->recorded == NULL, cases[i].deleted);
		scene_close(&scene);
	}
}

/* ModelStatus deletes on `not found` whatever the lock says. */
static void status_deletes(void **state)
{
	struct scene scene;
	struct answer answer = {0};
	(void)state;
	scene_open(&scene, "{" LATE ",\"models\":[{\"juju-users\":[]}]}");
	start(&scene);
	until(&scene, WORLD_DONE);
	world_model_status(scene.session, TAG, (struct world_reply){keep, &answer});
	await(&scene, &answer, 1);
	assert_string_equal(answer.error.code, "not found");
	assert_null(scene.model->recorded);
	assert_true(scene.world->records[1].flag);
	scene_close(&scene);
}

/* A pass goes by the rows it read: one that is slow forgets a model that was recorded meanwhile. */
static void slow_pass(void **state)
{
	struct scene scene;
	(void)state;
	scene_open(&scene, "{\"models\":[{}],\"poller\":{\"first\":\"1s\",\"each\":\"40s\"}}");
	pass(&scene, 2);
	world_at(scene.model, scene.source)->presence = WORLD_ABSENT;
	world_at(scene.model, scene.target)->presence = WORLD_ACTIVE;
	world_row_move(scene.world, scene.model, scene.target, "test");
	pass(&scene, 60);
	assert_null(scene.model->recorded);
	scene_close(&scene);
}

static void start_gap_panic(void **state)
{
	struct scene scene;
	struct answer started = {0}, answer;
	(void)state;
	scene_open(&scene, "{\"era\":\"E2\"," LATE "}");
	world_migrate_model(scene.session, UUID, "my-controller", (struct world_reply){keep, &started});
	info(&scene, &answer);
	assert_true(strstr(answer.error.message, "nil pointer") != NULL);
	scene_close(&scene);
}

/* A redirect that is accepted moves the row even when the target cannot be dialled. */
static void moves_before_it_dials(void **state)
{
	struct scene scene;
	struct answer answer;
	(void)state;
	scene_open(&scene, "{" LATE "}");
	start(&scene);
	until(&scene, WORLD_DONE);
	pass(&scene, 10);
	world_reach(scene.world, scene.target, WORLD_DOWN);
	info(&scene, &answer);
	assert_string_equal(
		answer.error.message, "basic dial failed: dial tcp 10.0.0.2:17070: connect: connection refused");
	assert_string_equal(answer.error.code, "");
	assert_ptr_equal(scene.model->recorded, scene.target);
	scene_close(&scene);
}

/* Recording the source is a cure before, and a mistake after the source has committed. */
static void source_is_wrong_later(void **state)
{
	static const struct {
		const char *migration;
		enum world_phase phase;
		bool early;
	} cases[] = {
		{"{}", WORLD_IMPORT, true},
		{"{}", WORLD_LOGTRANSFER, true},
		{"{\"reap-failed\":\"no\"}", WORLD_REAPFAILED, true},
		{"{\"abort\":{\"phase\":\"IMPORT\"}}", WORLD_ABORTDONE, false},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		struct answer answer;
		scoped(string) char *script = string_format("{" LATE ",\"migration\":%s}", cases[i].migration);
		scene_open(&scene, script);
		start(&scene);
		until(&scene, cases[i].phase);
		update(&scene, "prod-a", &answer);
		assert_int_equal(scene.world->records[1].flag, cases[i].early);
		scene_close(&scene);
	}
}

static void one_controller_two_names(void **state)
{
	struct scene scene;
	struct answer answer;
	(void)state;
	scene_open(&scene, "{\"controllers\":[{\"name\":\"prod-a\"},{\"name\":\"second\",\"same-as\":\"prod-a\"}]}");
	assert_string_equal(scene.source->uuid, scene.target->uuid);
	migrate(&scene, UUID, "second", &answer);
	assert_string_equal(
		answer.error.message, "target prechecks failed: model with same UUID already exists (" UUID ")");
	update(&scene, "second", &answer);
	assert_string_equal(answer.error.message, "");
	assert_ptr_equal(scene.model->recorded, scene.target);
	scene_close(&scene);
}

/* A model that left in earlier days and was never recorded: without a lock the redirect reaches its listed owner. */
static void departed_long_ago(void **state)
{
	struct scene scene;
	struct answer answer;
	(void)state;
	scene_open(&scene, "{\"models\":[{\"controller\":\"my-controller\",\"recorded\":\"prod-a\","
			   "\"past\":{\"outcome\":\"done\",\"from\":\"prod-a\",\"to\":\"my-controller\"}}]}");
	info(&scene, &answer);
	assert_string_equal(answer.error.code, "redirection required");
	assert_null(answer.error.moved);
	pass(&scene, 200);
	assert_ptr_equal(scene.model->recorded, scene.source);
	update(&scene, "my-controller", &answer);
	assert_string_equal(answer.error.message, "");
	assert_false(scene.world->records[1].flag);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_to_migrate),
		cmocka_unit_test(second_start),
		cmocka_unit_test(accepts_values),
		cmocka_unit_test(peer_goes),
		cmocka_unit_test(records_at_any_time),
		cmocka_unit_test(record_is_refused),
		cmocka_unit_test(clears_a_lock),
		cmocka_unit_test(lock_lost_and_deleted),
		cmocka_unit_test(completion_needs_a_listed_user),
		cmocka_unit_test(poller_deletes),
		cmocka_unit_test(only_the_dying_are_deleted_later),
		cmocka_unit_test(status_deletes),
		cmocka_unit_test(slow_pass),
		cmocka_unit_test(start_gap_panic),
		cmocka_unit_test(moves_before_it_dials),
		cmocka_unit_test(source_is_wrong_later),
		cmocka_unit_test(one_controller_two_names),
		cmocka_unit_test(departed_long_ago),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
