/* SPDX-License-Identifier: Apache-2.0 */
/* The simulated JAAS by its typed calls: clock, scripts, phases and texts, faults, the log of truth. */
#include "tests/unit/sim_scene.h"

#define NEIGHBOUR "\"models\":[{},{\"name\":\"neighbour\",\"controller\":\"my-controller\"}]"

struct mark {
	char *text;
	char letter;
};

static void write_mark(void *context)
{
	struct mark *mark = context;
	size_t length = strlen(mark->text);
	mark->text[length] = mark->letter;
}

static void queue_in_order(void **state)
{
	static const int instants[] = {50, 10, 30, 10, 20, 40, 10};
	char text[16] = "";
	struct mark marks[array_length(instants)];
	struct world_event *events[array_length(instants)];
	struct world_queue queue = {0};
	(void)state;
	for (size_t i = 0; i < array_length(instants); i++) {
		marks[i] = (struct mark){text, (char)('a' + i)};
		events[i] = world_queue_add(&queue, instants[i], write_mark, &marks[i]);
	}
	world_queue_cancel(&queue, &events[2]);
	assert_null(events[2]);
	world_queue_move(&queue, events[5], 5);
	while (world_queue_next(&queue) != INT64_MAX)
		world_queue_run(&queue);
	assert_string_equal(text, "fbdgea");
	world_queue_release(&queue);
}

static void clock_stands_still(void **state)
{
	struct scene scene;
	(void)state;
	scene_open(&scene, "{\"start\":\"2026-01-01T00:00:00Z\"}");
	assert_true(world_now(scene.world) == instant_parse("2026-01-01T00:00:00Z"));
	assert_true(world_next(scene.world) == instant_parse("2026-01-01T00:00:30Z"));
	world_advance(scene.world, world_now(scene.world) - 1);
	assert_true(world_now(scene.world) == instant_parse("2026-01-01T00:00:00Z"));
	pass(&scene, 10.5);
	assert_true(world_now(scene.world) == instant_parse("2026-01-01T00:00:10.5Z"));
	scene_close(&scene);
}

static void refuses_scripts(void **state)
{
	static const char *const scripts[] = {"[]", "{\"era\":\"E9\"}", "{\"capabilities\":{\"flying\":true}}",
		"{\"capabilities\":{\"lock\":1}}", "{\"controllers\":[]}", "{\"controllers\":[{}]}",
		"{\"controllers\":[{\"name\":\"a\",\"reach\":\"sideways\"}]}",
		"{\"models\":[{\"controller\":\"nowhere\"}]}",
		"{\"models\":[{\"users\":{\"alice@canonical.com\":\"king\"}}]}",
		"{\"migration\":{\"steps\":{\"dance\":1}}}", "{\"migration\":{\"steps\":{\"export\":\"soon\"}}}",
		"{\"migration\":{\"abort\":{\"phase\":\"SUCCESS\"}}}",
		"{\"migration\":{\"abort\":{\"phase\":\"IMPORT\",\"copy\":\"active\"}}}", "{\"start\":\"today\"}",
		"{\"events\":[{\"do\":\"dance\"}]}", "{\"events\":[{\"do\":\"record\"}]}", "{\"era\":3}",
		"{\"users\":[{\"name\":7}]}"};
	(void)state;
	for (size_t i = 0; i < array_length(scripts); i++) {
		struct json_object *script = json_tokener_parse(scripts[i]);
		scoped(error) struct error *error = NULL;
		if (world_new(script, &error))
			fail_msg("taken: %s", scripts[i]);
		assert_true(string_given(error->message));
		json_object_put(script);
	}
}

static void moves(void **state)
{
	struct scene scene;
	(void)state;
	scene_open(&scene, "{\"era\":\"E3\"}");
	start(&scene);
	assert_string_equal(scene.model->mode, "migrating-internally");
	assert_string_equal(newest(&scene)->text, "starting");
	until(&scene, WORLD_IMPORT);
	assert_int_equal(there(&scene, scene.target), WORLD_ABSENT);
	until(&scene, WORLD_PROCESSRELATIONS);
	assert_int_equal(there(&scene, scene.target), WORLD_IMPORTING);
	until(&scene, WORLD_SUCCESS);
	assert_int_equal(there(&scene, scene.target), WORLD_ACTIVE);
	assert_int_equal(there(&scene, scene.source), WORLD_ACTIVE);
	until(&scene, WORLD_DONE);
	assert_int_equal(there(&scene, scene.source), WORLD_ABSENT);
	assert_true(newest(&scene)->end > newest(&scene)->start);
	assert_ptr_equal(scene.model->recorded, scene.source);
	/* JIMM's own user is on the list: the poller completes. */
	pass(&scene, 130);
	assert_ptr_equal(scene.model->recorded, scene.target);
	assert_string_equal(scene.model->mode, "");
	assert_int_equal(logged(&scene, WORLD_SAW_DELETION), 0);
	assert_int_equal(logged(&scene, WORLD_SAW_MOVE), 1);
	scene_close(&scene);
}

static const struct {
	const char *abort, *last, *reason;
	enum world_presence copy;
} abort_cases[] = {
	{"\"phase\":\"QUIESCE\",\"reason\":\"source prechecks failed: model is dying\"", "performing source prechecks",
		"source prechecks failed: model is dying", WORLD_ABSENT},
	{"\"phase\":\"QUIESCE\",\"reason\":\"target prechecks failed: model is dying\"", "performing target prechecks",
		"target prechecks failed: model is dying", WORLD_ABSENT},
	{"\"phase\":\"QUIESCE\"", "quiescing, some agents reported failure", "quiescing, some agents reported failure",
		WORLD_ABSENT},
	{"\"phase\":\"IMPORT\",\"reason\":\"model data transfer failed, model export failed: no\"", "exporting model",
		"model data transfer failed, model export failed: no", WORLD_ABSENT},
	{"\"phase\":\"IMPORT\",\"copy\":\"left\",\"reason\":\"model data transfer failed, failed to migrate "
	 "binaries: no\"",
		"uploading model binaries into target controller",
		"model data transfer failed, failed to migrate binaries: no", WORLD_IMPORTING},
	{"\"phase\":\"PROCESSRELATIONS\",\"reason\":\"processing relations failed, no\"", "processing relations",
		"processing relations failed, no", WORLD_ABSENT},
	{"\"phase\":\"VALIDATION\",\"reason\":\"validating, timed out waiting for agents to report\"",
		"validating, timed out waiting for agents to report",
		"validating, timed out waiting for agents to report", WORLD_ABSENT},
	{"\"phase\":\"VALIDATION\",\"reason\":\"machine sanity check failed, 2 errors found\"",
		"checking machines in migrated model", "machine sanity check failed, 2 errors found", WORLD_ABSENT},
	{"\"phase\":\"VALIDATION\",\"copy\":\"active\",\"reason\":\"model activation failed, connection is "
	 "shut down\"",
		"activating model in target controller", "model activation failed, connection is shut down",
		WORLD_ACTIVE},
};

/* Every abort: text, end, what stays where. */
static void aborts(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(abort_cases); i++) {
		struct scene scene;
		struct answer answer;
		scoped(string) char *script =
			string_format("{" LATE ",\"migration\":{\"abort\":{%s}}}", abort_cases[i].abort);
		scoped(string) char *text =
			string_format("aborted, removing model from target controller: %s", abort_cases[i].reason);
		scene_open(&scene, script);
		start(&scene);
		const char *last = "";
		while (newest(&scene)->phase != WORLD_ABORT) {
			last = newest(&scene)->text;
			world_advance(scene.world, world_next(scene.world));
		}
		assert_string_equal(last, abort_cases[i].last);
		assert_string_equal(newest(&scene)->text, text);
		assert_true(newest(&scene)->end == INSTANT_NONE);
		assert_string_equal(world_at(scene.model, scene.source)->status, "busy");
		until(&scene, WORLD_ABORTDONE);
		assert_string_equal(newest(&scene)->text, text);
		assert_true(newest(&scene)->end == world_now(scene.world));
		assert_string_equal(world_at(scene.model, scene.source)->status, "available");
		assert_int_equal(there(&scene, scene.source), WORLD_ACTIVE);
		assert_int_equal(there(&scene, scene.target), abort_cases[i].copy);
		/* The lock stays until somebody looks. */
		assert_string_equal(scene.model->mode, "migrating-internally");
		info(&scene, &answer);
		assert_string_equal(answer.view.migration, text);
		assert_true(answer.view.end != INSTANT_NONE);
		assert_string_equal(scene.model->mode, "");
		assert_ptr_equal(scene.model->recorded, scene.source);
		scene_close(&scene);
	}
}

static void reap_fails(void **state)
{
	struct scene scene;
	(void)state;
	scene_open(&scene, "{\"migration\":{\"reap-failed\":\"state changing too quickly\"}}");
	start(&scene);
	until(&scene, WORLD_REAPFAILED);
	assert_string_equal(newest(&scene)->text, "removing exported model failed: state changing too quickly");
	assert_true(newest(&scene)->end != INSTANT_NONE);
	assert_int_equal(there(&scene, scene.source), WORLD_ACTIVE);
	assert_int_equal(there(&scene, scene.target), WORLD_ACTIVE);
	pass(&scene, 130);
	/* Taken for a failure: the lock goes, the row stays. */
	assert_string_equal(scene.model->mode, "");
	assert_ptr_equal(scene.model->recorded, scene.source);
	scene_close(&scene);
}

static void controller_restarts(void **state)
{
	static const struct {
		enum world_phase at, then;
		const char *text;
	} cases[] = {
		{WORLD_QUIESCE, WORLD_QUIESCE, "starting"},
		{WORLD_PROCESSRELATIONS, WORLD_PROCESSRELATIONS, "processing relations"},
		{WORLD_SUCCESS, WORLD_SUCCESS, "successful, waiting for agents to report back"},
		{WORLD_LOGTRANSFER, WORLD_LOGTRANSFER, "successful, transferring logs to target controller (0 sent)"},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		scene_open(&scene, "{" LATE "}");
		start(&scene);
		until(&scene, cases[i].at);
		world_reach(scene.world, scene.source, WORLD_DOWN);
		pass(&scene, 600);
		assert_int_equal(newest(&scene)->phase, cases[i].at);
		world_reach(scene.world, scene.source, WORLD_UP);
		assert_int_equal(newest(&scene)->phase, cases[i].then);
		assert_string_equal(newest(&scene)->text, cases[i].text);
		until(&scene, WORLD_DONE);
		scene_close(&scene);
	}
}

/* A restart in IMPORT meets its own half import; one between Activate and SUCCESS splits the model. */
static void restarts_that_abort(void **state)
{
	static const struct {
		const char *text, *reason;
		enum world_presence copy;
	} cases[] = {
		{"importing model",
			"model data transfer failed, failed to import model into target controller: model " UUID
			" already exists",
			WORLD_ABSENT},
		{"activating", "model activation failed, migration mode for the model is not importing", WORLD_ACTIVE},
	};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		scene_open(&scene, "{" LATE "}");
		start(&scene);
		while (!string_starts(newest(&scene)->text, cases[i].text) ||
			(i == 1 && there(&scene, scene.target) != WORLD_ACTIVE))
			world_advance(scene.world, world_next(scene.world));
		world_reach(scene.world, scene.source, WORLD_DOWN);
		world_reach(scene.world, scene.source, WORLD_UP);
		until(&scene, WORLD_ABORTDONE);
		assert_string_equal(newest(&scene)->text + strlen("aborted, removing model from target controller: "),
			cases[i].reason);
		assert_int_equal(there(&scene, scene.target), cases[i].copy);
		scene_close(&scene);
	}
}

static void target_goes_down(void **state)
{
	struct scene scene;
	(void)state;
	scene_open(&scene, "{" LATE "}");
	start(&scene);
	until(&scene, WORLD_IMPORT);
	world_reach(scene.world, scene.target, WORLD_DOWN);
	until(&scene, WORLD_ABORTDONE);
	assert_true(strstr(newest(&scene)->text, "failed to connect to target controller") != NULL);
	scene_close(&scene);
	/* After SUCCESS nothing fails, it only stalls. */
	scene_open(&scene, "{" LATE "}");
	start(&scene);
	until(&scene, WORLD_SUCCESS);
	world_reach(scene.world, scene.target, WORLD_DOWN);
	pass(&scene, 1000);
	assert_int_equal(newest(&scene)->phase, WORLD_SUCCESS);
	world_reach(scene.world, scene.target, WORLD_UP);
	until(&scene, WORLD_DONE);
	scene_close(&scene);
}

static void count_cut(void *context, int code)
{
	assert_int_equal(code, 1000);
	++*(int *)context;
}

static void jimm_restarts(void **state)
{
	struct scene scene;
	struct answer answer = {0};
	int cuts = 0;
	(void)state;
	scene_open(&scene, "{}");
	struct world_session *other = world_session_open(scene.world, NULL, NULL, count_cut, &cuts);
	world_migrate_model(scene.session, UUID, "my-controller", (struct world_reply){keep, &answer});
	pass(&scene, 1);
	world_jimm_restart(scene.world, 5 * INSTANT_SECOND);
	pass(&scene, 1);
	assert_int_equal(cuts, 1);
	assert_true(scene.world->down);
	pass(&scene, 10);
	assert_false(scene.world->down);
	assert_int_equal(answer.count, 0);
	assert_string_equal(scene.model->mode, "migrating-internally");
	until(&scene, WORLD_QUIESCE);
	world_session_close(other);
	scene_close(&scene);
}

static void script_events(void **state)
{
	struct scene scene;
	(void)state;
	scene_open(&scene,
		"{\"era\":\"E0\",\"events\":[{\"at\":\"10s\",\"do\":\"migrate\",\"controller\":\"my-controller\"},"
		"{\"at\":\"20s\",\"do\":\"reach\",\"controller\":\"prod-a\",\"reach\":\"down\"},"
		"{\"at\":\"25s\",\"do\":\"reach\",\"controller\":\"prod-a\",\"reach\":\"up\"},"
		"{\"at\":\"30s\",\"do\":\"record\",\"controller\":\"my-controller\"},{\"at\":\"40s\",\"do\":\"forget\"}"
		","
		"{\"at\":\"50s\",\"do\":\"expire-tokens\"}]}");
	pass(&scene, 11);
	assert_int_equal(scene.model->attempt_count, 1);
	pass(&scene, 10);
	assert_int_equal(scene.source->reach, WORLD_DOWN);
	pass(&scene, 10);
	assert_ptr_equal(scene.model->recorded, scene.target);
	pass(&scene, 10);
	assert_null(scene.model->recorded);
	pass(&scene, 10);
	assert_true(scene.world->tokens[0].expires <= world_now(scene.world));
	scene_close(&scene);
}

static void sources_of_4_show_nothing(void **state)
{
	struct scene scene;
	struct answer answer;
	(void)state;
	scene_open(&scene, "{" LATE ",\"controllers\":[{\"name\":\"prod-a\",\"agent-version\":\"4.0.14\"},"
			   "{\"name\":\"my-controller\",\"agent-version\":\"4.1.0\"}]}");
	start(&scene);
	until(&scene, WORLD_VALIDATION);
	info(&scene, &answer);
	assert_null(answer.view.migration);
	assert_string_equal(answer.view.status, "available");
	assert_true(world_juju_lists(scene.model, scene.target));
	struct world_view view = {0};
	struct world_error error;
	assert_int_equal(world_juju_model_info(scene.world, scene.model, scene.target, "admin", &view, &error), 0);
	assert_string_equal(view.status, "busy");
	assert_string_equal(view.migration, "the model is being migrated");
	until(&scene, WORLD_DONE);
	info(&scene, &answer);
	assert_string_equal(answer.error.message, "internal server error");
	scene_close(&scene);
}

static void truth_is_told(void **state)
{
	struct scene scene;
	struct answer answer;
	(void)state;
	scene_open(&scene, "{" LATE "," NEIGHBOUR "}");
	world_counted(scene.world, "JIMM.MigrateModel");
	world_counted(scene.world, "JIMM.MigrateModel");
	start(&scene);
	until(&scene, WORLD_VALIDATION);
	update(&scene, "my-controller", &answer);
	struct json_object *report = world_report_json(scene.world);
	const char *text = json_object_to_json_string_ext(report, JSON_C_TO_STRING_PLAIN);
	static const char *const parts[] = {"\"JIMM.MigrateModel\":2",
		"\"caller\":\"alice@canonical.com\",\"phase\":\"VALIDATION\",\"early\":true}",
		"\"importing-on\":[\"my-controller\"],\"recorded\":\"my-controller\",\"mode\":\"\"",
		"\"moves\":[{\"at\":", "\"to\":\"my-controller\",\"by\":\"UpdateMigratedModel\"}", "\"deletions\":[]",
		"\"phase\":\"VALIDATION\",\"text\":\"validating, waiting for agents to report back\",\"ended\":false"};
	for (size_t i = 0; i < array_length(parts); i++)
		if (!strstr(text, parts[i]))
			fail_msg("%s is not in %s", parts[i], text);
	json_object_put(report);
	scene_close(&scene);
}

/* A move that nobody watches takes little: thousands of worlds a second must be possible. */
static void same_script_same_run(void **state)
{
	char texts[2][65536];
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene scene;
		scene_open(&scene, "{\"seed\":7," NEIGHBOUR "}");
		start(&scene);
		until(&scene, WORLD_DONE);
		pass(&scene, 200);
		struct json_object *report = world_report_json(scene.world);
		strncpy(texts[i], json_object_to_json_string(report), sizeof(texts[i]) - 1);
		texts[i][sizeof(texts[i]) - 1] = '\0';
		json_object_put(report);
		scene_close(&scene);
	}
	assert_string_equal(texts[0], texts[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queue_in_order),
		cmocka_unit_test(clock_stands_still),
		cmocka_unit_test(refuses_scripts),
		cmocka_unit_test(moves),
		cmocka_unit_test(aborts),
		cmocka_unit_test(reap_fails),
		cmocka_unit_test(controller_restarts),
		cmocka_unit_test(restarts_that_abort),
		cmocka_unit_test(target_goes_down),
		cmocka_unit_test(jimm_restarts),
		cmocka_unit_test(script_events),
		cmocka_unit_test(sources_of_4_show_nothing),
		cmocka_unit_test(truth_is_told),
		cmocka_unit_test(same_script_same_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
