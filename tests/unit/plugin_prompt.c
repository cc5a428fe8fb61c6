/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a password, on a terminal and elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin/prompt.h"

#define PATIENCE (60 * INSTANT_SECOND)

static char *const no_environment[] = {NULL};

struct scene {
	struct clock *clock;
	struct loop *loop;
	struct prompt prompt;
	FILE *stream;
	char *said;
	size_t said_length;
	struct loop_timer patience;
	int told;
	char *answer; /* or the error's message after "!" */
};

static void out_of_patience(void *context)
{
	(void)context;
	fail_msg("nothing happens any more");
}

static void scene_init(struct scene *scene, int in)
{
	*scene = (struct scene){.clock = clock_new(no_environment, NULL)};
	scene->loop = loop_new(scene->clock, NULL, NULL);
	scene->stream = open_memstream(&scene->said, &scene->said_length);
	prompt_init(&scene->prompt, scene->loop, in, scene->stream);
}

static void scene_release(struct scene *scene)
{
	prompt_forget(&scene->prompt);
	loop_free(scene->loop);
	clock_free(scene->clock);
	fclose(scene->stream);
	free(scene->said);
	free(scene->answer);
}

static void told(void *waiter, const struct secret *password, const struct error *error)
{
	struct scene *scene = waiter;

	scene->told++;
	free(scene->answer);
	scene->answer = error != NULL ? string_format("!%s", error->message) : string_copy(secret_reveal(password));
	loop_stop(scene->loop);
}

static const char *ask(struct scene *scene)
{
	prompt_secret(&scene->prompt, "password: ", told, scene);
	loop_timer_set(scene->loop, &scene->patience, loop_now(scene->loop) + PATIENCE, out_of_patience, NULL);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
	loop_timer_cancel(scene->loop, &scene->patience);
	return scene->answer;
}

static void test_lines(void **state)
{
	int ends[2];
	struct scene scene;
	scoped(string) char *longest = memory_get(PROMPT_LINE_MAX + 1, 1);

	(void)state;
	memset(longest, 'x', PROMPT_LINE_MAX);
	assert_int_equal(pipe(ends), 0);
	scene_init(&scene, ends[0]);
	assert_int_equal(write(ends[1], "one\ntwo \r\n\n", 11), 11);
	assert_string_equal(ask(&scene), "one");
	assert_string_equal(ask(&scene), "two ");
	assert_string_equal(ask(&scene), "");
	assert_int_equal(write(ends[1], longest, PROMPT_LINE_MAX), PROMPT_LINE_MAX);
	assert_int_equal(write(ends[1], "\n", 1), 1);
	assert_string_equal(ask(&scene), longest);
	assert_int_equal(write(ends[1], longest, PROMPT_LINE_MAX), PROMPT_LINE_MAX);
	assert_int_equal(write(ends[1], "y\nlast", 6), 6);
	assert_string_equal(ask(&scene), "!the password is too long");
	close(ends[1]);
	assert_string_equal(ask(&scene), "");
	assert_string_equal(ask(&scene), "last");
	assert_string_equal(ask(&scene), "!no password was given");
	assert_int_equal(scene.told, 8);
	fflush(scene.stream);
	assert_string_equal(
		scene.said, "password: password: password: password: password: password: password: password: ");
	scene_release(&scene);
	close(ends[0]);
}

static int same_modes(int terminal, const struct termios *modes)
{
	struct termios now;

	return tcgetattr(terminal, &now) == 0 && now.c_lflag == modes->c_lflag && now.c_iflag == modes->c_iflag;
}

static void test_echo(void **state)
{
	int master = -1, terminal = -1;
	struct termios before;
	struct scene scene;

	(void)state;
	assert_int_equal(openpty(&master, &terminal, NULL, NULL, NULL), 0);
	tcgetattr(terminal, &before);
	scene_init(&scene, terminal);
	prompt_line(&scene.prompt, "Continue? ", told, &scene);
	assert_true(same_modes(terminal, &before));
	assert_int_equal(write(master, "yes\n", 4), 4);
	loop_timer_set(scene.loop, &scene.patience, loop_now(scene.loop) + PATIENCE, out_of_patience, NULL);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	loop_timer_cancel(scene.loop, &scene.patience);
	assert_string_equal(scene.answer, "yes");
	fflush(scene.stream);
	assert_string_equal(scene.said, "Continue? ");
	scene_release(&scene);
	close(master);
	close(terminal);
}

static void test_terminal(void **state)
{
	int master = -1, terminal = -1;
	struct termios before, during;
	struct scene scene;
	char shown[64] = "";

	(void)state;
	assert_int_equal(openpty(&master, &terminal, NULL, NULL, NULL), 0);
	tcgetattr(terminal, &before);
	int flags = fcntl(terminal, F_GETFL);
	scene_init(&scene, terminal);
	prompt_secret(&scene.prompt, "password: ", told, &scene);
	tcgetattr(terminal, &during);
	assert_int_equal(during.c_lflag & ECHO, 0);
	assert_int_not_equal(during.c_lflag & ISIG, 0);
	/* Given up: as it was, and nobody is told. */
	prompt_forget(&scene.prompt);
	assert_true(same_modes(terminal, &before));
	assert_int_equal(scene.told, 0);
	prompt_secret(&scene.prompt, "password: ", told, &scene);
	assert_int_equal(write(master, "s3cret\n", 7), 7);
	loop_timer_set(scene.loop, &scene.patience, loop_now(scene.loop) + PATIENCE, out_of_patience, NULL);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	loop_timer_cancel(scene.loop, &scene.patience);
	assert_string_equal(scene.answer, "s3cret");
	assert_true(same_modes(terminal, &before));
	/* Others have the terminal, too: what reads it goes on waiting for it. */
	assert_int_equal(fcntl(terminal, F_GETFL), flags);
	fcntl(master, F_SETFL, O_NONBLOCK);
	assert_true(read(master, shown, sizeof(shown) - 1) <= 0);
	fflush(scene.stream);
	assert_string_equal(scene.said, "password: \npassword: \n");
	scene_release(&scene);
	close(master);
	close(terminal);
}

static void test_nothing_there(void **state)
{
	struct scene scene;
	int nowhere = open("/dev/null", O_RDONLY);

	(void)state;
	scene_init(&scene, nowhere);
	assert_string_equal(ask(&scene), "!no password was given");
	close(nowhere);
	scene.prompt.in = nowhere;
	assert_string_equal(ask(&scene), "!cannot watch a descriptor: Bad file descriptor");
	scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_nothing_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
