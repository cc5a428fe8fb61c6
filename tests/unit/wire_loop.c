/* SPDX-License-Identifier: Apache-2.0 */
/* Timers and watched descriptors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/wire/lookup.h"
#include "common/wire/timers.h"

static char *const no_environment[] = {NULL};

/* A long run of random changes against a plain array. */
static void test_timers_in_order(void **state)
{
	enum { COUNT = 200 };
	struct loop_timer timers[COUNT];
	uint64_t order[COUNT];
	struct timers set = {0};
	uint64_t set_number = 0;
	unsigned int seed = 1;

	(void)state;
	memset(timers, 0, sizeof(timers));
	for (int round = 0; round < 20000; round++) {
		int chosen = rand_r(&seed) % COUNT;
		int64_t now = 0;

		if (rand_r(&seed) % 3 != 0) {
			timers[chosen].at = rand_r(&seed) % 50;
			timers_set(&set, &timers[chosen]);
			order[chosen] = ++set_number;
		} else if (rand_r(&seed) % 2 != 0) {
			timers_remove(&set, &timers[chosen]);
			assert_int_equal(timers[chosen].place, 0);
		}
		int first = -1;
		for (int i = 0; i < COUNT; i++)
			if (timers[i].place != 0 &&
				(first < 0 || timers[i].at < timers[first].at ||
					(timers[i].at == timers[first].at && order[i] < order[first])))
				first = i;
		now = first < 0 ? INSTANT_NEVER : timers[first].at;
		assert_true(timers_next(&set) == now);
		if (first < 0 || rand_r(&seed) % 5 != 0)
			continue;
		assert_null(timers_due(&set, now - 1));
		assert_ptr_equal(timers_due(&set, now), &timers[first]);
	}
	timers_release(&set);
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(timers[i].place, 0);
}

struct scene {
	struct clock *clock;
	struct loop *loop;
	struct loop_timer timers[4];
	struct text story;
	int pipe[2];
	struct loop_watcher *watcher;
};

static void scene_init(struct scene *scene)
{
	*scene = (struct scene){.clock = clock_new(no_environment, NULL)};
	scene->loop = loop_new(scene->clock, NULL, NULL);
	text_init(&scene->story, 1000);
	assert_int_equal(pipe(scene->pipe), 0);
}

static void scene_release(struct scene *scene)
{
	loop_free(scene->loop);
	clock_free(scene->clock);
	text_release(&scene->story);
	close(scene->pipe[0]);
	close(scene->pipe[1]);
}

static void say_a(void *context)
{
	text_add_string(&((struct scene *)context)->story, "a");
}

static void say_b(void *context)
{
	text_add_string(&((struct scene *)context)->story, "b");
}

static void stop(void *context)
{
	struct scene *scene = context;

	text_add_string(&scene->story, ".");
	loop_stop(scene->loop);
}

/* Whenever this comes about, the others come after it in this order. */
static void again(void *context)
{
	struct scene *scene = context;
	int64_t now = loop_now(scene->loop);

	text_add_string(&scene->story, "c");
	loop_timer_set(scene->loop, &scene->timers[3], now + 20 * INSTANT_MILLISECOND, stop, scene);
	loop_timer_set(scene->loop, &scene->timers[0], now + 3 * INSTANT_MILLISECOND, say_b, scene);
	loop_timer_set(scene->loop, &scene->timers[2], now, say_a, scene);
	loop_timer_cancel(scene->loop, &scene->timers[1]);
}

static void test_timers(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	int64_t now = loop_now(scene.loop);
	loop_timer_set(scene.loop, &scene.timers[1], now + 40 * INSTANT_MILLISECOND, say_b, &scene);
	loop_timer_set(scene.loop, &scene.timers[2], now - 7, again, &scene);
	assert_null(scene.story.data);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	assert_string_equal(scene.story.data, "cab.");
	assert_true(loop_now(scene.loop) >= now + 20 * INSTANT_MILLISECOND);
	/* It can be run again. */
	loop_timer_set(scene.loop, &scene.timers[3], now, stop, &scene);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	assert_string_equal(scene.story.data, "cab..");
	scene_release(&scene);
}

static void readable(void *context)
{
	struct scene *scene = context;
	char byte = 0;

	assert_int_equal(read(scene->pipe[0], &byte, 1), 1);
	text_add(&scene->story, &byte, 1);
	if (byte == 'z')
		loop_stop(scene->loop);
}

static void write_z(void *context)
{
	struct scene *scene = context;

	assert_int_equal(write(scene->pipe[1], "z", 1), 1);
}

static void test_watch(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	assert_int_equal(loop_watch(scene.loop, scene.pipe[0], readable, &scene, NULL), 0);
	assert_int_equal(write(scene.pipe[1], "xy", 2), 2);
	loop_timer_set(scene.loop, &scene.timers[0], loop_now(scene.loop) + 20 * INSTANT_MILLISECOND, write_z, &scene);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	assert_string_equal(scene.story.data, "xyz");
	scene_release(&scene);
}

static void unwatch(void *context)
{
	struct scene *scene = context;

	loop_unwatch(scene->loop, steal(scene->watcher));
	text_add_string(&scene->story, "once");
}

static void test_unwatch(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.watcher = loop_watch_begin(scene.loop, scene.pipe[0], unwatch, &scene, NULL);
	assert_non_null(scene.watcher);
	assert_int_equal(write(scene.pipe[1], "xy", 2), 2);
	loop_timer_set(scene.loop, &scene.timers[0], loop_now(scene.loop) + 20 * INSTANT_MILLISECOND, stop, &scene);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	assert_string_equal(scene.story.data, "once.");
	assert_int_equal(loop_watch(scene.loop, -1, unwatch, &scene, NULL), -1);
	scene_release(&scene);
}

static void looked_up(void *context, const char *const *addresses, size_t count, const struct error *error)
{
	struct scene *scene = context;

	if (error != NULL)
		text_add_string(&scene->story, "failed ");
	for (size_t i = 0; i < count; i++)
		if (strcmp(addresses[i], "127.0.0.1") == 0)
			text_add_string(&scene->story, addresses[i]);
	loop_stop(scene->loop);
}

static int threads(void)
{
	DIR *folder = opendir("/proc/self/task");
	int count = 0;

	assert_non_null(folder);
	for (const struct dirent *at = readdir(folder); at != NULL; at = readdir(folder))
		count += at->d_name[0] != '.';
	closedir(folder);
	return count;
}

/* A lookup that was given up goes on in its thread: at the end of the program what it holds would be taken for lost. */
static void await_threads(void)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int left = 60000; threads() > 1; left--) {
		assert_true(left > 0);
		nanosleep(&pause, NULL);
	}
}

static void test_lookup(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	struct lookup *given_up = lookup_start(scene.loop, "localhost", looked_up, &scene);
	lookup_free(given_up);
	struct lookup *good = lookup_start(scene.loop, "localhost", looked_up, &scene);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	lookup_free(good);
	assert_string_equal(scene.story.data, "127.0.0.1");
	struct lookup *bad = lookup_start(scene.loop, "name.invalid", looked_up, &scene);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	lookup_free(bad);
	assert_string_equal(scene.story.data, "127.0.0.1failed ");
	await_threads();
	scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timers_in_order),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_unwatch),
		cmocka_unit_test(test_lookup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
