/* SPDX-License-Identifier: Apache-2.0 */
/* The helper is a shell script here, and the clock goes only as far as a test says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/text.h"
#include "plugin/keyring_client.h"
#include "plugin/keyring_helper.h"
#include "tests/unit/support/helper_home.h"

#define UUID "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define SEEN_MAX 65536

/* Shows `steps` one after the other, and the last one for ever. */
struct clock {
	int64_t steps[4];
	size_t count;
	size_t next;
};

int64_t clock_now(const struct clock *clock)
{
	struct clock *mine = (struct clock *)(uintptr_t)clock;

	return mine->steps[mine->next + 1 < mine->count ? mine->next++ : mine->next];
}

struct scene {
	struct helper_home at;
	struct clock clock;
	struct keyring_place place;
	struct keyring_item item;
	struct secret *secret;
	struct keyring_result result;
};

static int make_scene(void **state)
{
	struct scene *scene = memory_get(1, sizeof(*scene));

	if (helper_home_make(&scene->at) != 0)
		return -1;
	scene->clock.count = 1;
	scene->place = (struct keyring_place){
		.helper = scene->at.helper, .environment = scene->at.environment, .clock = &scene->clock};
	scene->item = (struct keyring_item){UUID, "jaas", KEYRING_CLIENT_SECRET, "my-client"};
	scene->secret = secret_new("the-secret", 10);
	*state = scene;
	return 0;
}

static int clear_scene(void **state)
{
	struct scene *scene = *state;
	int status = helper_home_remove(&scene->at);

	keyring_result_release(&scene->result);
	secret_free(scene->secret);
	free(scene);
	return status;
}

static void write_helper(const struct scene *scene, const char *script)
{
	helper_home_write(&scene->at, "", script);
}

static void ask(struct scene *scene, enum keyring_verb verb)
{
	keyring_result_release(&scene->result);
	keyring_ask(&scene->place, verb, &scene->item, verb == KEYRING_STORE ? scene->secret : NULL, &scene->result);
	/* No process is left. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void assert_complaint(const struct scene *scene, const char *expected)
{
	scoped(string) char *complaint = keyring_complaint(&scene->result);

	if (expected == NULL)
		assert_null(complaint);
	else
		assert_string_equal(complaint, expected);
}

/* What the helper was sent, or has seen, as it left it in `name`. */
static size_t read_seen(const struct scene *scene, const char *name, char *seen)
{
	scoped(string) char *path = string_format("%s/%s", scene->at.directory, name);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	size_t length = fread(seen, 1, SEEN_MAX - 1, file);
	seen[length] = '\0';
	fclose(file);
	return length;
}

static void answers_become_results(void **state)
{
	static const struct {
		const char *script;
		enum keyring_word word;
		const char *user, *secret;
		int count;
		const char *complaint;
	} cases[] = {
		{"printf 'K\\001\\001\\000\\000\\021\\000\\005alice\\000\\006s3cret\\000\\000'", KEYRING_FOUND, "alice",
			"s3cret", 0, NULL},
		{"printf 'K\\001\\002\\000\\000\\006\\000\\000\\000\\000\\000\\000'", KEYRING_STORED, NULL, NULL, 0,
			NULL},
		{"printf 'K\\001\\003\\000\\000\\010\\000\\000\\000\\000\\000\\00212'", KEYRING_ERASED, NULL, NULL, 12,
			NULL},
		{"printf 'K\\001\\004\\000\\000\\006\\000\\000\\000\\000\\000\\000'", KEYRING_NOTHING, NULL, NULL, 0,
			NULL},
		{"printf 'K\\001\\005\\000\\000\\012\\000\\000\\000\\000\\000\\004why\\012'", KEYRING_NO_SERVICE, NULL,
			NULL, 0, "there is no Secret Service to be used here: why "},
		{"printf 'K\\001\\006\\000\\000\\006\\000\\000\\000\\000\\000\\000'", KEYRING_LOCKED, NULL, NULL, 0,
			"the keyring is locked"},
		{"printf 'K\\001\\007\\000\\000\\006\\000\\000\\000\\000\\000\\000'", KEYRING_REFUSED, NULL, NULL, 0,
			"the keyring was not unlocked"},
		{"printf 'K\\001\\010\\000\\000\\012\\000\\000\\000\\000\\000\\004a\\033[m'", KEYRING_FAILED, NULL,
			NULL, 0, "a?[m"},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < array_length(cases); i++) {
		write_helper(scene, cases[i].script);
		ask(scene, KEYRING_FIND);
		assert_int_equal(scene->result.word, cases[i].word);
		assert_int_equal(scene->result.count, cases[i].count);
		assert_true(string_same(scene->result.user, cases[i].user));
		assert_true(string_same(
			scene->result.secret != NULL ? secret_reveal(scene->result.secret) : NULL, cases[i].secret));
		assert_complaint(scene, cases[i].complaint);
	}
}

static void nonsense_is_no_answer(void **state)
{
	static const struct {
		const char *script;
		const char *why;
	} cases[] = {
		{"echo hello, world", "it does not fit this version of the program"},
		{"exit 0", "it broke off"},
		{"exit 3", "it broke off"},
		{"printf 'K\\001\\002\\000\\000'", "it broke off"},
		{"printf 'K\\001\\001\\000\\000\\021\\000\\005alice\\000\\006s3c'; kill -9 $$", "it broke off"},
		{"printf 'K\\002\\002\\000\\000\\006\\000\\000\\000\\000\\000\\000'",
			"it does not fit this version of the program"},
		{"printf 'K\\001\\002\\000\\377\\377'; exec cat /dev/zero", "it says too much"},
		{"exec cat /dev/zero", "it does not fit this version of the program"},
		{"printf 'K\\001\\002\\000\\000\\006\\000\\000\\000\\000\\000\\000and more'", "it says too much"},
		{"printf 'K\\001\\002\\000\\000\\002\\000\\000'", "it makes no sense"},
		{"printf 'K\\001\\002\\000\\000\\006\\000\\001\\000\\000\\000\\000'", "it makes no sense"},
		{"printf 'K\\001\\000\\000\\000\\006\\000\\000\\000\\000\\000\\000'", "it makes no sense"},
		{"printf 'K\\001\\011\\000\\000\\006\\000\\000\\000\\000\\000\\000'", "it makes no sense"},
		{"printf 'K\\001\\003\\000\\000\\006\\000\\000\\000\\000\\000\\000'", "it makes no sense"},
		{"printf 'K\\001\\003\\000\\000\\007\\000\\000\\000\\000\\000\\0010'", "it makes no sense"},
		{"printf 'K\\001\\003\\000\\000\\010\\000\\000\\000\\000\\000\\0021x'", "it makes no sense"},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *complaint = string_format("the keyring helper cannot be used: %s", cases[i].why);

		write_helper(scene, cases[i].script);
		ask(scene, KEYRING_FIND);
		assert_int_equal(scene->result.word, KEYRING_FAILED);
		assert_null(scene->result.secret);
		assert_complaint(scene, complaint);
	}
}

/* A millisecond before the deadline it is still waited for. */
static void a_helper_that_hangs_is_ended(void **state)
{
	static const int64_t patience[] = {KEYRING_PATIENCE, KEYRING_PROMPT_PATIENCE};
	static const char *const scripts[] = {"exec sleep 1000", "printf 'K\\001'; exec sleep 1000"};
	struct scene *scene = *state;

	for (size_t i = 0; i < 4; i++) {
		scene->place.may_prompt = (int)(i / 2);
		scene->clock = (struct clock){
			.steps = {100, 100 + patience[i / 2] - INSTANT_MILLISECOND, 100 + patience[i / 2]}, .count = 3};
		write_helper(scene, scripts[i % 2]);
		ask(scene, KEYRING_STORE);
		assert_int_equal(scene->clock.next, 2);
		assert_int_equal(scene->result.word, KEYRING_TOO_LATE);
		assert_complaint(scene, "the keyring did not answer in time");
	}
}

static void the_one_asked_and_the_asking_may_go_apart(void **state)
{
	struct scene *scene = *state;
	struct keyring_result result;

	write_helper(scene, "printf 'K\\001\\002\\000\\000\\006\\000\\000\\000\\000\\000\\000'");
	struct keyring_call *call = keyring_begin(&scene->place, KEYRING_STORE, &scene->item, scene->secret);
	struct keyring_call *other = keyring_begin(&scene->place, KEYRING_FIND, &scene->item, NULL);
	keyring_cancel(other);
	keyring_finish(call, &result);
	assert_int_equal(result.word, KEYRING_STORED);
	keyring_result_release(&result);
	keyring_cancel(NULL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void the_request_is_whole_and_nothing_else_is_told(void **state)
{
	static const char expected[] = "K\1\2\1\0\171\0\044" UUID "\0\015client-secret\0\011my-client\0\053"
				       "JAAS client secret of my-client on the-jaas\0\012the-secret";
	struct scene *scene = *state;
	char bus[] = "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere", id[] = "JUJU_CLIENT_ID=x";
	char secret[] = "JUJU_CLIENT_SECRET=the-secret", path[] = "PATH=/somewhere", preload[] = "LD_PRELOAD=/x.so";
	char seen[SEEN_MAX];

	scene->item.controller = "the-jaas";
	scene->at.environment[1] = bus;
	scene->at.environment[2] = id;
	scene->at.environment[3] = secret;
	scene->at.environment[4] = path;
	scene->at.environment[5] = preload;
	scene->place.may_prompt = 1;
	write_helper(scene,
		"head -c 127 >$HOME/request; cp /proc/$$/environ $HOME/environ; cp /proc/$$/cmdline $HOME/cmdline\n"
		"ls -l /proc/$$/fd | grep -c socket >$HOME/sockets; echo told >&2\n"
		"printf 'K\\001\\002\\000\\000\\006\\000\\000\\000\\000\\000\\000'");
	ask(scene, KEYRING_STORE);
	assert_int_equal(scene->result.word, KEYRING_STORED);
	assert_int_equal(read_seen(scene, "request", seen), sizeof(expected) - 1);
	assert_memory_equal(seen, expected, sizeof(expected) - 1);
	size_t length = read_seen(scene, "environ", seen);
	assert_int_equal(length, strlen(bus) + strlen(scene->at.home) + 2);
	assert_string_equal(seen, bus);
	assert_string_equal(seen + strlen(bus) + 1, scene->at.home);
	length = read_seen(scene, "cmdline", seen);
	assert_null(memmem(seen, length, "the-secret", 10));
	/* Of ours, stdin and stdout alone. */
	read_seen(scene, "sockets", seen);
	assert_string_equal(seen, "2\n");
}

/* Ctrl-C in a terminal goes to the whole group. */
static void the_helper_is_a_group_of_its_own(void **state)
{
	struct scene *scene = *state;
	char seen[SEEN_MAX];

	write_helper(scene, "read pid name state parent group rest </proc/$$/stat\n"
			    "test $group = $$ && echo yes >$HOME/group || echo no >$HOME/group\n"
			    "printf 'K\\001\\002\\000\\000\\006\\000\\000\\000\\000\\000\\000'");
	ask(scene, KEYRING_FIND);
	read_seen(scene, "group", seen);
	assert_string_equal(seen, "yes\n");
}

/* A descriptor that somebody has left open for children must not get to the helper. */
static void no_other_descriptor_is_handed_on(void **state)
{
	struct scene *scene = *state;
	char seen[SEEN_MAX];
	int left = fcntl(STDOUT_FILENO, F_DUPFD, 77);

	assert_true(left >= 77);
	write_helper(scene, "ls /proc/$$/fd >$HOME/descriptors\n"
			    "printf 'K\\001\\002\\000\\000\\006\\000\\000\\000\\000\\000\\000'");
	ask(scene, KEYRING_FIND);
	close(left);
	read_seen(scene, "descriptors", seen);
	assert_null(strstr(seen, "77"));
	assert_true(string_starts(seen, "0\n1\n"));
}

static void what_is_too_long_is_not_sent(void **state)
{
	struct scene *scene = *state;
	char text[KEYRING_SECRET_MAX + 1];

	memset(text, 'x', sizeof(text));
	secret_free(scene->secret);
	scene->secret = secret_new(text, sizeof(text));
	write_helper(scene, "exit 0");
	ask(scene, KEYRING_STORE);
	assert_int_equal(scene->result.word, KEYRING_FAILED);
	assert_complaint(scene, "4097 bytes are too many for the keyring");
}

static void without_a_helper_there_is_no_keyring(void **state)
{
	struct scene *scene = *state;

	ask(scene, KEYRING_FIND);
	assert_int_equal(scene->result.word, KEYRING_NO_HELPER);
	assert_complaint(scene, "No such file or directory");
	scene->place.helper = NULL;
	ask(scene, KEYRING_FIND);
	assert_int_equal(scene->result.word, KEYRING_NO_HELPER);
	assert_complaint(scene, "the keyring helper is missing");
}

/* ---- where the helper is ---- */

static void put(const struct scene *scene, const char *name, mode_t mode)
{
	scoped(string) char *path = string_format("%s/%s", scene->at.directory, name);

	for (char *at = strchr(path + strlen(scene->at.directory) + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0755);
		*at = '/';
	}
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	assert_true(file >= 0);
	assert_int_equal(fchmod(file, mode), 0);
	close(file);
}

/* Returns the helper's path from the scene's directory on, or the message; owned by the caller. */
static char *look(const struct scene *scene, const char *program)
{
	scoped(error) struct error *error = NULL;
	scoped(string) char *path = string_format("%s/%s", scene->at.directory, program);
	scoped(string) char *found = keyring_helper_find(path, &error);

	assert_true((found == NULL) == (error != NULL));
	if (found != NULL)
		return string_copy(found + strlen(scene->at.directory) + 1);
	const char *colon = strrchr(error->message, ':');
	return string_copy(colon != NULL ? colon + 2 : error->message);
}

static void assert_looked(const struct scene *scene, const char *program, const char *expected)
{
	scoped(string) char *found = look(scene, program);

	assert_string_equal(found, expected);
}

static void the_helper_is_found_beside_the_program(void **state)
{
	const struct scene *scene = *state;

	put(scene, "usr/bin/program", 0755);
	put(scene, "usr/bin/keyring", 0755);
	assert_looked(scene, "usr/bin/program", "the keyring helper is not installed");
	put(scene, "usr/libexec/juju-jaas-migrate/keyring", 0755);
	assert_looked(scene, "usr/bin/program", "usr/bin/../libexec/juju-jaas-migrate/keyring");
	put(scene, "arch/bin/program", 0755);
	put(scene, "arch/lib/juju-jaas-migrate/keyring", 0755);
	assert_looked(scene, "arch/bin/program", "arch/bin/../lib/juju-jaas-migrate/keyring");
	put(scene, "build/program", 0755);
	assert_looked(scene, "build/program", "the keyring helper is not installed");
	put(scene, "build/keyring", 0755);
	assert_looked(scene, "build/program", "build/keyring");
	put(scene, "snap/plugin/program", 0755);
	put(scene, "snap/libexec/keyring", 0755);
	assert_looked(scene, "snap/plugin/program", "snap/plugin/../libexec/keyring");
}

static void only_a_sound_helper_is_taken(void **state)
{
	const struct scene *scene = *state;
	scoped(string) char *helper = string_format("%s/build/keyring", scene->at.directory);
	scoped(string) char *directory = string_format("%s/build", scene->at.directory);
	scoped(string) char *elsewhere = string_format("%s/elsewhere", scene->at.directory);

	put(scene, "build/keyring", 0702);
	assert_looked(scene, "build/program", "everybody can write to it");
	assert_int_equal(chmod(helper, 0600), 0);
	assert_looked(scene, "build/program", "it is not executable");
	assert_int_equal(chmod(helper, 0700), 0);
	assert_int_equal(chmod(directory, 0777), 0);
	assert_looked(scene, "build/program", "everybody can write to its directory");
	assert_int_equal(chmod(directory, 0755), 0);
	assert_looked(scene, "build/program", "build/keyring");
	assert_int_equal(rename(helper, elsewhere), 0);
	assert_int_equal(symlink(elsewhere, helper), 0);
	assert_looked(scene, "build/program", "it is no regular file");
	assert_int_equal(unlink(helper), 0);
	assert_int_equal(mkdir(helper, 0755), 0);
	assert_looked(scene, "build/program", "it is no regular file");
}

/* Only root can make a file that is somebody else's; for everybody else root's are at hand, and fine. */
static void a_helper_of_somebody_else_is_refused(void **state)
{
	const struct scene *scene = *state;
	scoped(string) char *helper = string_format("%s/build/keyring", scene->at.directory);

	put(scene, "build/keyring", 0755);
	if (geteuid() == 0)
		assert_int_equal(chown(helper, 4711, 4711), 0);
	assert_looked(scene, "build/program", geteuid() == 0 ? "it belongs to somebody else" : "build/keyring");
}

static void the_running_program_knows_where_it_is(void **state)
{
	scoped(string) char *program = keyring_helper_program(NULL);

	(void)state;
	assert_non_null(program);
	assert_int_equal(program[0], '/');
	assert_int_equal(access(program, X_OK), 0);
}

#define scene_test(name) cmocka_unit_test_setup_teardown(name, make_scene, clear_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		scene_test(answers_become_results),
		scene_test(nonsense_is_no_answer),
		scene_test(a_helper_that_hangs_is_ended),
		scene_test(the_one_asked_and_the_asking_may_go_apart),
		scene_test(the_request_is_whole_and_nothing_else_is_told),
		scene_test(the_helper_is_a_group_of_its_own),
		scene_test(no_other_descriptor_is_handed_on),
		scene_test(what_is_too_long_is_not_sent),
		scene_test(without_a_helper_there_is_no_keyring),
		scene_test(the_helper_is_found_beside_the_program),
		scene_test(only_a_sound_helper_is_taken),
		scene_test(a_helper_of_somebody_else_is_refused),
		cmocka_unit_test(the_running_program_knows_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
