/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is among several models, and what stops new ones: an engine whose port answers at once what is usual. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/migration/engine.h"

#define MODELS 5
#define BEGIN (1000 * INSTANT_SECOND)

static char source[] = "00000000-0000-4000-8000-00000000000a", target[] = "00000000-0000-4000-8000-00000000000b";
static const char *const uuids[MODELS] = {"00000000-0000-4000-8000-000000000001",
	"00000000-0000-4000-8000-000000000002", "00000000-0000-4000-8000-000000000003",
	"00000000-0000-4000-8000-000000000004", "00000000-0000-4000-8000-000000000005"};

struct fixture {
	struct engine *engine;
	const size_t *means; /* which model each word names */
	int64_t now, wake, asked_at[2 * MODELS * 32];
	size_t models[2 * MODELS * 32], ask_count;
	enum migration_look looks[2 * MODELS * 32];
	size_t starts[64], start_count, answered;
	int64_t started_at[64];
	size_t paused, continued, ended;
	char reason[128];
};

static int resolve(
	void *context, size_t word, const struct controller_models *models, size_t *index, struct error **error)
{
	const struct fixture *fixture = context;

	(void)models;
	(void)error;
	*index = fixture->means[word];
	return 0;
}

static void look(void *context, size_t model, enum migration_look what)
{
	struct fixture *fixture = context;

	assert_true(fixture->ask_count < sizeof(fixture->models) / sizeof(*fixture->models));
	fixture->models[fixture->ask_count] = model;
	fixture->asked_at[fixture->ask_count] = fixture->now;
	fixture->looks[fixture->ask_count++] = what;
}

static void watch(void *context, size_t model)
{
	(void)context;
	(void)model;
}

static void start(void *context, size_t model, const char *uuid, const char *to)
{
	struct fixture *fixture = context;

	(void)uuid;
	(void)to;
	assert_true(fixture->start_count < 64);
	fixture->started_at[fixture->start_count] = fixture->now;
	fixture->starts[fixture->start_count++] = model;
}

static void record(void *context, size_t model, const char *uuid, const char *controller)
{
	(void)context;
	(void)model;
	(void)uuid;
	(void)controller;
}

static void wake_at(void *context, int64_t at)
{
	struct fixture *fixture = context;

	fixture->wake = at;
}

static void told(void *context, const struct migration *migration, enum migration_news news)
{
	struct fixture *fixture = context;

	fixture->paused += news == NEWS_PAUSED;
	fixture->continued += news == NEWS_CONTINUED;
	fixture->ended += news == NEWS_ENDED;
	if (news == NEWS_PAUSED)
		memcpy(fixture->reason, migration->trouble, strlen(migration->trouble) + 1);
}

static void finished(void *context)
{
	(void)context;
}

static struct jimm_controllers controllers(void)
{
	struct jimm_controllers list = {memory_get(2, sizeof(*list.list)), 2};
	const char *const names[] = {"prod-a", "my-controller"};

	for (size_t i = 0; i < 2; i++)
		list.list[i] = (struct jimm_controller){string_copy(names[i]), string_copy(i == 0 ? source : target),
			string_copy("aws"), string_copy("eu"), string_copy("3.6.12"), string_copy("available"),
			string_copy(""), INSTANT_NONE, string_copy("")};
	return list;
}

static struct model_summaries summaries(void)
{
	struct model_summaries list = {.list = memory_get(MODELS, sizeof(*list.list)), .count = MODELS};

	for (size_t i = 0; i < MODELS; i++)
		list.list[i] = (struct model_summary){.uuid = string_copy(uuids[i]),
			.name = string_format("model-%zu", i),
			.controller_uuid = string_copy(source),
			.cloud = string_copy("aws"),
			.region = string_copy("eu"),
			.life = string_copy("alive"),
			.agent_version = string_copy("3.6.12"),
			.status = string_copy("available")};
	return list;
}

static struct controller_models models(void)
{
	struct controller_models list = {memory_get(MODELS, sizeof(*list.list)), MODELS};

	for (size_t i = 0; i < MODELS; i++)
		list.list[i] = (struct controller_model){string_format("model-%zu", i), string_copy(uuids[i]),
			string_copy("alice@canonical.com"), string_copy("iaas")};
	return list;
}

static void answer(struct fixture *fixture, size_t at)
{
	enum migration_look what = fixture->looks[at];
	scoped(error) struct error *absent = NULL;
	struct jimm_controllers all = controllers();
	struct controller_models known = models();
	struct model_summaries list = summaries();
	struct jimm_model row = {.controller_name = (char *)(uintptr_t) "prod-a", .controller_uuid = source};
	const struct login_result login = {.controller_uuid = source, .server_version = (char *)(uintptr_t) "3.6.12"};
	const struct client_status status = {
		.version = login.server_version, .status = (char *)(uintptr_t) "available"};
	struct migration_answer given = {.what = what,
		.model = fixture->models[at],
		.asked = fixture->asked_at[at],
		.controllers = &all,
		.models = &known,
		.summaries = &list,
		.row = &row,
		.login = &login,
		.status = &status};

	error_set_remote(&absent, "not implemented", "no such request");
	given.error = what == LOOK_ROWS || what == LOOK_TARGET ? absent : NULL;
	engine_answered(fixture->engine, &given, fixture->now);
	jimm_controllers_release(&all);
	controller_models_release(&known);
	model_summaries_release(&list);
}

/* Answers all that has been asked, a moment later, and all that comes of it. */
static void answer_all(struct fixture *fixture)
{
	for (; fixture->answered < fixture->ask_count; fixture->answered++) {
		fixture->now += INSTANT_MILLISECOND;
		answer(fixture, fixture->answered);
	}
	fixture->answered = fixture->ask_count = 0;
}

static void begin(struct fixture *fixture, const size_t *means, size_t count, size_t parallel)
{
	static const char *const words[] = {"a", "b", "c", "d", "e"};
	const struct engine_plan plan = {.jimm_uuid = "jimm",
		.user = "alice@canonical.com",
		.words = words,
		.count = count,
		.parallel = parallel,
		.target = "my-controller",
		.no_wait = true};
	const struct migration_port port = {.context = fixture,
		.resolve = resolve,
		.look = look,
		.watch = watch,
		.start = start,
		.record = record,
		.wake_at = wake_at};
	const struct engine_listener listener = {fixture, told, finished};

	*fixture = (struct fixture){.means = means, .now = BEGIN, .wake = INSTANT_NEVER};
	fixture->engine = engine_new(&plan, &port, &listener);
	engine_begin(fixture->engine, fixture->now);
	answer_all(fixture);
}

/* JIMM refuses the newest start in these words (NULL: accepts it), and what follows is answered. */
static void reply(struct fixture *fixture, const char *words)
{
	scoped(error) struct error *error = NULL;
	size_t model = fixture->starts[fixture->start_count - 1];

	if (words != NULL)
		error_set_remote(&error, "", words);
	engine_started(fixture->engine, model, words != NULL ? NULL : "id", error, fixture->now);
	answer_all(fixture);
}

static void wake(struct fixture *fixture)
{
	assert_int_not_equal(fixture->wake, INSTANT_NEVER);
	if (fixture->wake > fixture->now)
		fixture->now = fixture->wake;
	engine_woken(fixture->engine, fixture->now);
	answer_all(fixture);
}

static void wake_until_start(struct fixture *fixture, size_t count)
{
	for (size_t i = 0; i < 100 && fixture->start_count < count; i++)
		wake(fixture);
	assert_int_equal(fixture->start_count, count);
}

static const struct migration *at(const struct fixture *fixture, size_t word)
{
	return engine_migration(fixture->engine, word);
}

static const size_t each[] = {0, 1, 2, 3, 4};

static void turns_come_in_order(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, each, MODELS, 2);
	assert_int_equal(fixture.start_count, 2);
	assert_int_equal(at(&fixture, 2)->stage, STAGE_QUEUED);
	for (size_t i = 2; i < MODELS; i++) {
		reply(&fixture, NULL);
		wake_until_start(&fixture, i + 1);
		assert_int_equal(fixture.starts[i], i);
	}
	assert_int_equal(fixture.ended, 3);
	engine_free(fixture.engine);
}

static void one_model_under_two_words_is_started_once(void **state)
{
	static const size_t twice[] = {1, 0, 1, 1};
	struct fixture fixture;

	(void)state;
	begin(&fixture, twice, 4, 0);
	assert_int_equal(fixture.start_count, 2);
	for (size_t i = 2; i < 4; i++) {
		assert_int_equal(at(&fixture, i)->stage, STAGE_ENDED);
		assert_int_equal(at(&fixture, i)->result, RESULT_NONE);
		assert_int_equal(at(&fixture, i)->cause, CAUSE_DUPLICATE);
		assert_string_equal(at(&fixture, i)->detail, "a");
	}
	engine_free(fixture.engine);
}

static void what_no_turn_has_come_to_is_not_started(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, each, 3, 1);
	engine_leave(fixture.engine, fixture.now);
	assert_int_equal(at(&fixture, 0)->cause, CAUSE_LEFT_ASKED);
	for (size_t i = 1; i < 3; i++) {
		assert_int_equal(at(&fixture, i)->result, RESULT_FAILED);
		assert_int_equal(at(&fixture, i)->cause, CAUSE_NOT_STARTED);
	}
	assert_true(engine_finished(fixture.engine));
	engine_free(fixture.engine);
}

static void while_answers_are_awaited_nothing_begins(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, each, 3, 2);
	assert_int_equal(fixture.start_count, 2);
	engine_await_starts(fixture.engine, fixture.now);
	assert_int_equal(at(&fixture, 2)->stage, STAGE_ENDED);
	assert_true(engine_start_pending(fixture.engine));
	reply(&fixture, "target prechecks failed: upgrade in progress");
	assert_int_equal(at(&fixture, 1)->cause, CAUSE_REFUSED);
	engine_woken(fixture.engine, fixture.now + 10 * INSTANT_MINUTE);
	assert_int_equal(fixture.start_count, 2);
	engine_started(fixture.engine, 0, "id", NULL, fixture.now + 10 * INSTANT_MINUTE);
	assert_int_equal(at(&fixture, 0)->cause, CAUSE_ACCEPTED);
	assert_true(engine_finished(fixture.engine));
	engine_free(fixture.engine);
}

#define DOWN "target prechecks failed: upgrade in progress"

static void a_common_refusal_pauses_and_one_is_tried(void **state)
{
	static const int64_t minutes[] = {1, 2, 4};
	struct fixture fixture;

	(void)state;
	begin(&fixture, each, 3, 1);
	for (size_t i = 0; i < 3; i++) {
		int64_t refused = fixture.now;

		assert_int_equal(fixture.starts[i], i);
		reply(&fixture, DOWN);
		assert_int_equal(at(&fixture, i)->stage, STAGE_QUEUED);
		wake_until_start(&fixture, i + 2);
		assert_in_range(fixture.started_at[i + 1] - refused, minutes[i] * INSTANT_MINUTE,
			minutes[i] * INSTANT_MINUTE + INSTANT_SECOND);
	}
	assert_int_equal(fixture.paused, 1);
	assert_string_equal(fixture.reason, DOWN);
	assert_int_equal(fixture.starts[3], 0);
	reply(&fixture, NULL);
	assert_int_equal(fixture.continued, 1);
	assert_int_equal(at(&fixture, 0)->cause, CAUSE_ACCEPTED);
	wake_until_start(&fixture, 5);
	assert_int_equal(fixture.starts[4], 1);
	engine_free(fixture.engine);
}

static void a_pause_of_an_hour_ends_the_rest(void **state)
{
	struct fixture fixture;
	int64_t begun;

	(void)state;
	begin(&fixture, each, 3, 1);
	begun = fixture.now;
	reply(&fixture, DOWN);
	while (fixture.ended == 0 && fixture.start_count < 30) {
		wake_until_start(&fixture, fixture.start_count + 1);
		reply(&fixture, DOWN);
	}
	assert_in_range(fixture.now - begun, 60 * INSTANT_MINUTE, 61 * INSTANT_MINUTE);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(at(&fixture, i)->result, RESULT_FAILED);
		assert_int_equal(at(&fixture, i)->cause, CAUSE_PAUSED);
		assert_string_equal(at(&fixture, i)->detail, DOWN);
	}
	engine_free(fixture.engine);
}

static void what_is_of_one_model_pauses_nobody(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, each, 2, 1);
	reply(&fixture, "source prechecks failed: machine 0 not running (down)");
	assert_int_equal(at(&fixture, 0)->cause, CAUSE_REFUSED);
	assert_int_equal(at(&fixture, 0)->result, RESULT_FAILED);
	assert_int_equal(fixture.paused, 0);
	wake_until_start(&fixture, 2);
	engine_free(fixture.engine);
}

static void one_alone_fails_at_once(void **state)
{
	static const size_t same[] = {0, 0};
	struct fixture fixture;

	(void)state;
	begin(&fixture, same, 2, 0);
	reply(&fixture, DOWN);
	assert_int_equal(at(&fixture, 0)->cause, CAUSE_REFUSED);
	assert_string_equal(at(&fixture, 0)->detail, DOWN);
	assert_int_equal(fixture.paused, 0);
	engine_free(fixture.engine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns_come_in_order),
		cmocka_unit_test(one_model_under_two_words_is_started_once),
		cmocka_unit_test(what_no_turn_has_come_to_is_not_started),
		cmocka_unit_test(while_answers_are_awaited_nothing_begins),
		cmocka_unit_test(a_common_refusal_pauses_and_one_is_tried),
		cmocka_unit_test(a_pause_of_an_hour_ends_the_rest),
		cmocka_unit_test(what_is_of_one_model_pauses_nobody),
		cmocka_unit_test(one_alone_fails_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
