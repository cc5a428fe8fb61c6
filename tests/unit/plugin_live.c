/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin/live.h"

/* ---- a clock that jumps to where the loop wants to sleep to ---- */

struct clock {
	int64_t now;
};

struct clock *clock_new(char *const *environment, struct error **error)
{
	(void)environment;
	(void)error;
	return memory_get(1, sizeof(struct clock));
}

void clock_free(struct clock *clock)
{
	free(clock);
}

int64_t clock_now(const struct clock *clock)
{
	return clock->now;
}

int64_t clock_wall(const struct clock *clock)
{
	return clock->now;
}

int clock_descriptor(const struct clock *clock)
{
	(void)clock;
	return -1;
}

int64_t clock_sleep(struct clock *clock, int64_t until, const struct clock_traffic *traffic)
{
	(void)traffic;
	if (until != INSTANT_NEVER && until > clock->now)
		clock->now = until;
	return 0;
}

void clock_arrived(struct clock *clock)
{
	(void)clock;
}

/* ---- a run in front of a file ---- */

struct scene {
	struct clock *clock;
	struct loop *loop;
	struct surroundings surroundings;
	struct live live;
	struct migration migration;
	struct loop_timer news, end;
	int64_t every; /* how far apart the news are */
	int sent;
};

static int open_scene(void **state)
{
	char word[] = "my-model";
	char *const words[] = {word, NULL};
	struct scene *scene = memory_get(1, sizeof(*scene));

	scene->clock = clock_new(NULL, NULL);
	scene->loop = loop_new(scene->clock, NULL, NULL);
	scene->surroundings.clock = scene->clock;
	scene->surroundings.err = tmpfile();
	scene->surroundings.messages.stream = scene->surroundings.err;
	scene->surroundings.err_terminal = (struct terminal){.columns = 80, .rows = 24};
	scene->migration = (struct migration){.word = string_copy("my-model"), .target_name = string_copy("b")};
	*state = scene;
	const struct live_models models = {(const char *const *)words, 1, "b"};
	return live_begin(&scene->live, scene->loop, &scene->surroundings, &models, NULL);
}

static int close_scene(void **state)
{
	struct scene *scene = *state;

	loop_free(scene->loop);
	live_release(&scene->live);
	fclose(scene->surroundings.err);
	clock_free(scene->clock);
	migration_release(&scene->migration);
	free(scene);
	return 0;
}

/* What was written, owned by the caller. */
static char *written(const struct scene *scene)
{
	char *text = memory_get(1 << 20, 1);
	ssize_t length = pread(fileno(scene->surroundings.err), text, (1 << 20) - 1, 0);

	assert_true(length >= 0);
	return text;
}

static int count(const char *text, const char *what)
{
	int found = 0;

	while ((text = strstr(text, what)) != NULL) {
		text += strlen(what);
		found++;
	}
	return found;
}

/* Every drawing erases what is below it once. */
static int drawings(const struct scene *scene)
{
	scoped(string) char *text = written(scene);

	return count(text, "\033[J");
}

static void send_news(void *context)
{
	struct scene *scene = context;
	scoped(string) char *text = string_format("exporting %d", scene->sent++);

	string_replace(&scene->migration.text, text);
	live_news(&scene->live, 0, &scene->migration, NEWS_TEXT);
	loop_timer_set(scene->loop, &scene->news, loop_now(scene->loop) + scene->every, send_news, scene);
}

static void stop(void *context)
{
	struct scene *scene = context;

	loop_stop(scene->loop);
}

static void run_for(struct scene *scene, int64_t time)
{
	loop_timer_set(scene->loop, &scene->end, loop_now(scene->loop) + time, stop, scene);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
}

static void nothing_is_drawn_in_the_first_second(void **state)
{
	struct scene *scene = *state;

	live_logged_in(&scene->live, "jaas");
	scene->every = INSTANT_SECOND / 100;
	send_news(scene);
	run_for(scene, LIVE_DELAY - 1);
	live_end(&scene->live);
	run_for(scene, 10 * INSTANT_SECOND);
	scoped(string) char *text = written(scene);
	assert_string_equal(text, "");
}

static void nothing_is_drawn_before_the_login(void **state)
{
	struct scene *scene = *state;

	run_for(scene, 10 * INSTANT_SECOND);
	assert_int_equal(drawings(scene), 0);
	live_logged_in(&scene->live, "jaas");
	run_for(scene, 1);
	assert_int_equal(drawings(scene), 1);
}

static void a_quiet_run_is_drawn_every_second(void **state)
{
	struct scene *scene = *state;

	live_logged_in(&scene->live, "jaas");
	run_for(scene, LIVE_DELAY + 10 * INSTANT_SECOND);
	assert_in_range(drawings(scene), 10, 11);
}

static void a_busy_run_is_drawn_ten_times_a_second(void **state)
{
	struct scene *scene = *state;

	live_logged_in(&scene->live, "jaas");
	scene->every = INSTANT_SECOND / 1000;
	send_news(scene);
	run_for(scene, LIVE_DELAY + 10 * INSTANT_SECOND);
	assert_in_range(drawings(scene), 95, 101);
}

static void the_end_is_drawn_once_and_nothing_after_it(void **state)
{
	struct scene *scene = *state;

	live_logged_in(&scene->live, "jaas");
	run_for(scene, LIVE_DELAY + 1);
	live_end(&scene->live);
	live_end(&scene->live);
	int drawn = drawings(scene);
	assert_int_equal(drawn, 2);
	message_warning(&scene->surroundings.messages, "after it");
	run_for(scene, 10 * INSTANT_SECOND);
	assert_int_equal(drawings(scene), drawn);
	scoped(string) char *text = written(scene);
	assert_non_null(strstr(text, "\033[J\n\nWARNING after it\n"));
}

static void a_warning_stands_above_and_the_block_returns(void **state)
{
	struct scene *scene = *state;

	live_logged_in(&scene->live, "jaas");
	run_for(scene, LIVE_DELAY + 1);
	message_warning(&scene->surroundings.messages, "look");
	run_for(scene, LIVE_PACE + 1);
	scoped(string) char *text = written(scene);
	assert_non_null(strstr(text, "\r\033[JWARNING look\n\rmy-model"));
}

static void a_change_of_size_is_drawn(void **state)
{
	struct scene *scene = *state;

	live_logged_in(&scene->live, "jaas");
	run_for(scene, LIVE_DELAY + 1);
	int drawn = drawings(scene);
	assert_int_equal(raise(SIGWINCH), 0);
	run_for(scene, INSTANT_SECOND / 2);
	assert_int_equal(drawings(scene), drawn + 1);
}

static void whoever_did_not_ask_for_it_gets_none(void **state)
{
	static const struct {
		struct options options;
		int redraws;
		bool wanted;
	} cases[] = {
		{{.quiet = 0}, 1, true},
		{{.quiet = 0}, 0, false},
		{{.quiet = 1}, 1, false},
		{{.verbose = 1}, 1, false},
		{{.debug = 1}, 1, false},
		{{.show_log = 1}, 1, false},
		{{.no_wait = 1}, 1, false},
		{{.dry_run = 1}, 1, false},
		{{.resume = 1}, 1, true},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		const struct surroundings surroundings = {.err_terminal.redraws = cases[i].redraws};

		assert_int_equal(live_wanted(&cases[i].options, &surroundings), cases[i].wanted);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, close_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_drawn_in_the_first_second),
		TEST(nothing_is_drawn_before_the_login),
		TEST(a_quiet_run_is_drawn_every_second),
		TEST(a_busy_run_is_drawn_ten_times_a_second),
		TEST(the_end_is_drawn_once_and_nothing_after_it),
		TEST(a_warning_stands_above_and_the_block_returns),
		TEST(a_change_of_size_is_drawn),
		cmocka_unit_test(whoever_did_not_ask_for_it_gets_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
