/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/remember.h"
#include "tests/unit/support/helper_home.h"

#define UUID "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define ANSWER(word) "printf 'K\\001\\0" word "\\000\\000\\006\\000\\000\\000\\000\\000\\000'"
#define FOUND_ANSWER "printf 'K\\001\\001\\000\\000\\021\\000\\005alice\\000\\006s3cret\\000\\000'"

struct scene {
	struct helper_home at;
	char *said;
	size_t said_length;
	struct surroundings surroundings;
	struct remember remember;
	struct keyring_item item;
	struct secret *secret;
};

static int make_scene(void **state)
{
	struct scene *scene = memory_get(1, sizeof(*scene));

	if (helper_home_make(&scene->at) != 0)
		return -1;
	scene->surroundings = (struct surroundings){
		.environment = scene->at.environment,
		.err = open_memstream(&scene->said, &scene->said_length),
		.clock = clock_new(scene->at.environment, NULL),
	};
	scene->surroundings.messages.stream = scene->surroundings.err;
	remember_init(&scene->remember, &scene->surroundings);
	scene->remember.place.helper = scene->at.helper;
	scene->item = (struct keyring_item){UUID, "jaas", KEYRING_CLIENT_SECRET, "my-client"};
	scene->secret = secret_new("the-secret", 10);
	*state = scene;
	return 0;
}

static int clear_scene(void **state)
{
	struct scene *scene = *state;
	int status = helper_home_remove(&scene->at);

	remember_release(&scene->remember);
	secret_free(scene->secret);
	clock_free(scene->surroundings.clock);
	fclose(scene->surroundings.err);
	free(scene->said);
	free(scene);
	return status;
}

/* Each run of the helper leaves a line in "runs". */
static void write_helper(const struct scene *scene, const char *script)
{
	helper_home_write(&scene->at, "echo run >>$HOME/runs\n", script);
}

static void assert_runs(const struct scene *scene, long count)
{
	struct stat file;
	scoped(string) char *path = string_format("%s/runs", scene->at.directory);

	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_size, count * (long)strlen("run\n"));
}

static void assert_said(struct scene *scene, const char *expected)
{
	fflush(scene->surroundings.err);
	assert_string_equal(scene->said != NULL ? scene->said : "", expected);
}

static void a_person_is_asked_only_where_one_can_be(void **state)
{
	static const struct {
		const char *variable;
		int in, err;
		int may_prompt;
	} cases[] = {
		{"DISPLAY=:0", 1, 1, 1},
		{"WAYLAND_DISPLAY=wayland-0", 1, 1, 1},
		{"DISPLAY=", 1, 1, 0},
		{NULL, 1, 1, 0},
		{"DISPLAY=:0", 0, 1, 0},
		{"DISPLAY=:0", 1, 0, 0},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(remember) struct remember remember = {0};

		scene->at.environment[1] = (char *)(uintptr_t)cases[i].variable;
		scene->surroundings.in_is_terminal = cases[i].in;
		scene->surroundings.err_terminal.is_terminal = cases[i].err;
		remember_init(&remember, &scene->surroundings);
		assert_int_equal(remember.place.may_prompt, cases[i].may_prompt);
	}
}

static void what_is_kept_is_found(void **state)
{
	struct scene *scene = *state;
	scoped(string) char *user = NULL;

	write_helper(scene, FOUND_ANSWER);
	scoped(secret) struct secret *secret = remember_find(&scene->remember, &scene->item, &user);
	assert_string_equal(secret_reveal(secret), "s3cret");
	assert_string_equal(user, "alice");
	assert_said(scene, "");
}

/* At most one line, and no second question, whatever is wrong; a keyring that is just not there is not worth a line. */
static void a_useless_keyring_is_left_alone(void **state)
{
	static const struct {
		const char *script;
		const char *said;
	} cases[] = {
		{ANSWER("05"), ""},
		{ANSWER("06"), "going on without the keyring: the keyring is locked\n"},
		{ANSWER("07"), "going on without the keyring: the keyring was not unlocked\n"},
		{ANSWER("10"), "going on without the keyring: the keyring gave no reason\n"},
		{"exit 1", "going on without the keyring: the keyring helper cannot be used: it broke "
			   "off\n"},
	};
	struct scene *scene = *state;
	scoped(string) char *expected = string_copy("");

	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *before = steal(expected);

		expected = string_format("%s%s", before, cases[i].said);
		scene->remember.given_up = false;
		write_helper(scene, cases[i].script);
		for (int round = 0; round < 2; round++) {
			scoped(string) char *user = NULL;
			assert_null(remember_find(&scene->remember, &scene->item, &user));
			assert_null(user);
		}
		assert_runs(scene, (long)i + 1);
		assert_said(scene, expected);
	}
}

static void nothing_there_is_no_reason_to_stop_asking(void **state)
{
	struct scene *scene = *state;
	char *user = NULL;

	write_helper(scene, ANSWER("04"));
	assert_null(remember_find(&scene->remember, &scene->item, &user));
	assert_null(remember_find(&scene->remember, &scene->item, &user));
	assert_runs(scene, 2);
	scene->item.controller_uuid = "";
	assert_null(remember_find(&scene->remember, &scene->item, &user));
	assert_runs(scene, 2);
	assert_said(scene, "");
}

static void the_same_is_kept_once(void **state)
{
	struct scene *scene = *state;
	const struct keyring_item other = {UUID, "prod\033-a", KEYRING_PASSWORD, "bob"};

	write_helper(scene, ANSWER("02"));
	remember_keep(&scene->remember, &scene->item, scene->secret);
	remember_keep(&scene->remember, &scene->item, scene->secret);
	remember_keep(&scene->remember, &other, scene->secret);
	remember_end(&scene->remember, false);
	remember_keep(&scene->remember, &scene->item, scene->secret);
	remember_end(&scene->remember, false);
	assert_runs(scene, 2);
	assert_said(scene, "the client secret of my-client on jaas is kept in the keyring\n"
			   "the password of bob on prod?-a is kept in the keyring\n");
}

static void one_line_tells_why_nothing_is_kept(void **state)
{
	struct scene *scene = *state;
	const struct keyring_item other = {UUID, "jaas", KEYRING_PASSWORD, "bob"};

	write_helper(scene, ANSWER("05"));
	remember_keep(&scene->remember, &scene->item, scene->secret);
	remember_keep(&scene->remember, &other, scene->secret);
	remember_end(&scene->remember, false);
	assert_said(scene, "WARNING the client secret of my-client on jaas is not kept in the keyring: there is no "
			   "Secret Service to be used here\n");
}

static void whoever_leaves_does_not_wait(void **state)
{
	struct scene *scene = *state;

	write_helper(scene, "exec sleep 1000");
	remember_keep(&scene->remember, &scene->item, scene->secret);
	remember_end(&scene->remember, true);
	remember_release(&scene->remember);
	assert_said(scene, "");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

#define scene_test(name) cmocka_unit_test_setup_teardown(name, make_scene, clear_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		scene_test(a_person_is_asked_only_where_one_can_be),
		scene_test(what_is_kept_is_found),
		scene_test(a_useless_keyring_is_left_alone),
		scene_test(nothing_there_is_no_reason_to_stop_asking),
		scene_test(the_same_is_kept_once),
		scene_test(one_line_tells_why_nothing_is_kept),
		scene_test(whoever_leaves_does_not_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
