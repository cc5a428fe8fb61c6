/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "common/base/scoped.h"
#include "plugin/messages.h"
#include "plugin/screen.h"

/* A terminal that can be read. */
struct scene {
	char *text;
	size_t size, seen;
	struct screen screen;
};

static int open_scene(void **state)
{
	struct scene *scene = memory_get(1, sizeof(*scene));

	scene->screen.stream = open_memstream(&scene->text, &scene->size);
	*state = scene;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *scene = *state;

	fclose(scene->screen.stream);
	free(scene->text);
	free(scene);
	return 0;
}

/* Compares what was written since the last time. */
static void assert_written(struct scene *scene, const char *text)
{
	fflush(scene->screen.stream);
	assert_string_equal(scene->text + scene->seen, text);
	scene->seen = scene->size;
}

static void a_block_is_drawn_in_place(void **state)
{
	struct scene *scene = *state;

	screen_draw(&scene->screen, "one\ntwo\nthree\n");
	assert_written(scene, "\rone\033[K\ntwo\033[K\nthree\033[K\033[J\r\033[2A");
	screen_draw(&scene->screen, "less\n");
	assert_written(scene, "\rless\033[K\033[J\r");
	screen_draw(&scene->screen, "");
	assert_written(scene, "\r\033[J\r");
}

static void a_block_is_taken_away_once(void **state)
{
	struct scene *scene = *state;

	screen_clear(&scene->screen);
	screen_abandon(&scene->screen);
	assert_written(scene, "");
	screen_draw(&scene->screen, "one\n");
	screen_clear(&scene->screen);
	screen_clear(&scene->screen);
	assert_written(scene, "\rone\033[K\033[J\r\r\033[J");
	screen_draw(&scene->screen, "one\n");
	screen_abandon(&scene->screen);
	screen_clear(&scene->screen);
	assert_written(scene, "\rone\033[K\033[J\r\033[J\n");
}

static void the_last_drawing_stays(void **state)
{
	struct scene *scene = *state;

	screen_draw(&scene->screen, "one\ntwo\n");
	screen_finish(&scene->screen, "one\ndone\n");
	screen_clear(&scene->screen);
	assert_written(scene, "\rone\033[K\ntwo\033[K\033[J\r\033[1A\rone\033[K\ndone\033[K\033[J\n\n");
}

static void make_room(void *context)
{
	screen_clear(context);
}

static void messages_stand_above_the_block(void **state)
{
	struct scene *scene = *state;
	struct messages messages = {
		.stream = scene->screen.stream, .make_room = make_room, .room_context = &scene->screen};
	void (*const say[])(const struct messages *messages, const char *format, ...) = {
		message_warning, message_notice, message_request};
	static const char *const lines[] = {"WARNING text 1\n", "text 1\n", "text 1\n"};

	for (size_t i = 0; i < array_length(say); i++) {
		scoped(string) char *expected = string_format("\rblock\033[K\033[J\r\r\033[J%s", lines[i]);

		screen_draw(&scene->screen, "block\n");
		say[i](&messages, "text %d", 1);
		assert_written(scene, expected);
	}
	screen_draw(&scene->screen, "block\n");
	message_error(&messages, "text");
	assert_written(scene, "\rblock\033[K\033[J\r\r\033[JERROR text\n");
	/* What is not printed needs no room. */
	messages.quiet = 1;
	screen_draw(&scene->screen, "block\n");
	message_notice(&messages, "hushed");
	assert_written(scene, "\rblock\033[K\033[J\r");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_block_is_drawn_in_place, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(a_block_is_taken_away_once, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(the_last_drawing_stays, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(messages_stand_above_the_block, open_scene, close_scene),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
