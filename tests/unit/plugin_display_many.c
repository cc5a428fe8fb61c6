/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal shows while many models move. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "plugin/columns.h"
#include "plugin/display_many.h"

#define SECONDS(n) ((int64_t)(n)*INSTANT_SECOND)
#define START SECONDS(1000)
#define MODELS 12

struct scene {
	struct migration migrations[MODELS];
	struct journey journeys[MODELS];
	struct display_many many;
};

static void set_out(struct scene *scene)
{
	*scene = (struct scene){.many = {.count = MODELS, .begun = START, .target = "prod-b"}};
	scene->many.journeys = scene->journeys;
	for (size_t i = 0; i < MODELS; i++) {
		scoped(string) char *word = string_format("model-%zu", i + 1);

		scene->migrations[i] = (struct migration){.word = string_copy(word),
			.name = string_copy(word),
			.source_name = string_copy("prod-a"),
			.target_name = string_copy("prod-b")};
		journey_init(&scene->journeys[i], word, START);
		journey_logged_in(&scene->journeys[i], "jaas", START);
		journey_wait(&scene->journeys[i]);
	}
}

static void leave(struct scene *scene)
{
	for (size_t i = 0; i < MODELS; i++) {
		journey_release(&scene->journeys[i]);
		migration_release(&scene->migrations[i]);
	}
}

static void begin(struct scene *scene, size_t model, int seconds)
{
	journey_set_out(&scene->journeys[model], START + SECONDS(seconds));
}

static void end(
	struct scene *scene, size_t model, enum migration_result result, enum migration_cause cause, int seconds)
{
	begin(scene, model, seconds);
	scene->migrations[model].result = result;
	scene->migrations[model].cause = cause;
	journey_news(&scene->journeys[model], &scene->migrations[model], NEWS_ENDED, START + SECONDS(seconds));
}

static char *shown(const struct scene *scene, int columns, int rows, int seconds)
{
	const struct display_shape shape = {.columns = columns, .rows = rows};

	return display_many(&scene->many, &shape, START + SECONDS(seconds));
}

static void what_is_on_its_way_has_a_line_and_the_rest_is_counted(void **state)
{
	struct scene scene;

	(void)state;
	set_out(&scene);
	for (size_t i = 0; i < 6; i++)
		begin(&scene, i, 5);
	end(&scene, 0, RESULT_MIGRATED, CAUSE_VERDICT, 65);
	end(&scene, 1, RESULT_ALREADY_THERE, CAUSE_ALREADY_THERE, 6);
	end(&scene, 2, RESULT_FAILED, CAUSE_VERDICT, 60);
	end(&scene, 3, RESULT_CONTRADICTION, CAUSE_VERDICT, 60);
	end(&scene, 11, RESULT_NONE, CAUSE_DUPLICATE, 1);
	scoped(string) char *text = shown(&scene, 100, 24, 66);
	assert_string_equal(text,
		"> model-5   1m 01s  Find and check\n"
		"> model-6   1m 01s  Find and check\n"
		"11 models to prod-b: 2 done, 1 failed, 1 unclear, 2 on their way, 5 waiting; 1m 06s so far\n");
	scoped(string) char *narrow = shown(&scene, 60, 24, 66);
	assert_string_equal(narrow, "> model-5   1m 01s  Find and check\n"
				    "> model-6   1m 01s  Find and check\n"
				    "11 models to prod-b: 2 done, 1 failed, 1 unclear, 2 on\n"
				    "their way, 5 waiting\n"
				    "1m 06s so far\n");
	leave(&scene);
}

static void the_rest_is_estimated_once_there_is_something_to_go_by(void **state)
{
	struct scene scene;

	(void)state;
	set_out(&scene);
	for (size_t i = 0; i < 6; i++)
		begin(&scene, i, 0);
	end(&scene, 0, RESULT_MIGRATED, CAUSE_VERDICT, 300);
	end(&scene, 1, RESULT_MIGRATED, CAUSE_VERDICT, 300);
	scoped(string) char *two = shown(&scene, 140, 3, 300);
	assert_non_null(strstr(two, "6 waiting; 5m 00s so far\n"));
	end(&scene, 2, RESULT_MIGRATED, CAUSE_VERDICT, 300);
	/* Three in five minutes: six are left, and half of three. */
	scoped(string) char *three = shown(&scene, 140, 3, 300);
	assert_non_null(strstr(three, "6 waiting; 5m 00s so far, about 13m left at 36 an hour\n"));
	scene.many.paused = "upgrade in progress";
	scoped(string) char *paused = shown(&scene, 140, 24, 300);
	assert_non_null(strstr(paused, "\nNo further model is started for now: upgrade in progress\n"
				       "12 models to prod-b: 3 done, 3 on their way, 6 waiting; 5m 00s so far\n"));
	scene.many.paused = NULL;
	for (size_t i = 3; i < MODELS; i++)
		begin(&scene, i, 300);
	scoped(string) char *last = shown(&scene, 140, 24, 400);
	assert_non_null(strstr(last, "9 on their way; 6m 40s so far\n"));
	leave(&scene);
}

static void what_was_left_is_said_to_be_so(void **state)
{
	struct scene scene;

	(void)state;
	set_out(&scene);
	begin(&scene, 0, 0);
	end(&scene, 1, RESULT_MIGRATED, CAUSE_VERDICT, 9);
	scene.migrations[0].result = RESULT_RUNNING;
	scene.migrations[0].cause = CAUSE_LEFT;
	journey_news(&scene.journeys[0], &scene.migrations[0], NEWS_ENDED, START + SECONDS(10));
	for (size_t i = 2; i < MODELS; i++) {
		scene.migrations[i].result = RESULT_FAILED;
		scene.migrations[i].cause = CAUSE_NOT_STARTED;
		journey_news(&scene.journeys[i], &scene.migrations[i], NEWS_ENDED, START + SECONDS(10));
	}
	scene.many.over = true;
	scoped(string) char *text = shown(&scene, 80, 24, 10);
	assert_string_equal(text, "~ model-1      10s  Find and check\n"
				  "12 models to prod-b: 1 done, 1 on their way, 10 not started; 10s\n");
	leave(&scene);
}

static void a_line_stays_of_each_that_is_over(void **state)
{
	static const struct {
		enum migration_result result;
		const char *line;
	} cases[] = {
		{RESULT_MIGRATED, "+ model-1   1m 05s  migrated"},
		{RESULT_ALREADY_THERE, "+ model-1   1m 05s  already-there"},
		{RESULT_FAILED, "x model-1   1m 05s  failed"},
		{RESULT_UNDECIDED, "~ model-1   1m 05s  undecided"},
		{RESULT_NOT_RECORDED, "~ model-1   1m 05s  not-recorded"},
		{RESULT_CONTRADICTION, "x model-1   1m 05s  contradiction"},
	};
	const struct display_shape shape = {.columns = 80, .rows = 24};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;

		set_out(&scene);
		begin(&scene, 0, 0);
		end(&scene, 0, cases[i].result, CAUSE_VERDICT, 65);
		scoped(string) char *line = display_ended(&scene.many, 0, &shape);
		assert_string_equal(line, cases[i].line);
		leave(&scene);
	}
}

static void every_size_is_kept_and_the_total_goes_last(void **state)
{
	struct scene scene;

	(void)state;
	set_out(&scene);
	for (size_t i = 0; i < MODELS; i++)
		begin(&scene, i, 0);
	scene.many.paused = "the target controller cannot be reached by anybody, and that for quite some time now";
	for (int columns = 1; columns <= 130; columns++)
		for (int rows = 1; rows <= 20; rows++) {
			scoped(string) char *text = shown(&scene, columns, rows, 77);
			int lines = 0;

			for (const char *at = text; *at != '\0'; at += strcspn(at, "\n") + 1) {
				scoped(string) char *line = string_copy_length(at, strcspn(at, "\n"));

				assert_true(columns_count(line) < (size_t)columns);
				lines++;
			}
			assert_true(lines < rows || rows == 1);
			assert_true(lines <= 1 || rows > 1);
			if (columns > 40 && rows > 1)
				assert_non_null(strstr(text, "12 models to prod-b"));
		}
	scoped(string) char *low = shown(&scene, 80, 6, 77);
	assert_string_equal(low, "> model-1   1m 17s  Find and check\n"
				 "  and 11 more on their way\n"
				 "No further model is started for now: the target controller cannot be reached by\n"
				 "anybody, and that for quite some time now\n"
				 "12 models to prod-b: 12 on their way; 1m 17s so far\n");
	leave(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_on_its_way_has_a_line_and_the_rest_is_counted),
		cmocka_unit_test(the_rest_is_estimated_once_there_is_something_to_go_by),
		cmocka_unit_test(what_was_left_is_said_to_be_so),
		cmocka_unit_test(a_line_stays_of_each_that_is_over),
		cmocka_unit_test(every_size_is_kept_and_the_total_goes_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
