/* SPDX-License-Identifier: Apache-2.0 */
/* juju's lock on the store: its name, its holders, and tricks with links in a directory that everybody can write to. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include <cmocka.h>

#include "common/store/lock.h"
#include "tests/unit/support/folder.h"

#define DIRECTORY "/home/alice/.local/share/juju"
#define NAME "juju-store-lock-6134663837343430"

/* What a test works with: a folder in the place of /tmp. */
struct place {
	char *folder;
	char *variable;
	char *environment[2];
	char *path; /* of the lock of DIRECTORY */
};

static int make_place(void **state)
{
	struct place *place = memory_get(1, sizeof(*place));

	if (folder_make((void **)&place->folder) != 0)
		return -1;
	place->variable = string_format("TMPDIR=%s", place->folder);
	place->environment[0] = place->variable;
	place->path = string_format("%s/" NAME, place->folder);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	free(place->variable);
	free(place->path);
	int status = folder_remove((void **)&place->folder);
	free(place);
	return status;
}

static void test_names(void **state)
{
	static const struct {
		const char *directory;
		const char *temporary;
		const char *path;
	} cases[] = {
		{"/root/.local/share/juju", NULL, "/tmp/juju-store-lock-3635383939333230"},
		{"/home/ubuntu/.local/share/juju", NULL, "/tmp/juju-store-lock-6332616164646230"},
		{"/home/alice/.local/share/juju", "TMPDIR=", "/tmp/juju-store-lock-6134663837343430"},
		{"/srv/juju-data", "TMPDIR=/var/tmp/", "/var/tmp/juju-store-lock-3061343837356164"},
		{"/srv//x/../juju-data/", "TMPDIR=/var/tmp", "/var/tmp/juju-store-lock-3061343837356164"},
		{"juju-data", "TMPDIR=here", "here/juju-store-lock-3436393165626165"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		char *environment[] = {(char *)cases[i].temporary, NULL};
		scoped(string) char *path = store_lock_path(cases[i].directory, environment);

		assert_string_equal(path, cases[i].path);
	}
}

static void test_excludes(void **state)
{
	struct place *place = *state;
	int one = -1;
	int other = -1;

	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &one, NULL), STORE_DONE);
	assert_true(one >= 0);
	assert_int_equal(fcntl(one, F_GETFD), FD_CLOEXEC);
	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &other, NULL), STORE_BUSY);
	assert_int_equal(other, -1);
	/* Another directory has another lock. */
	assert_int_equal(store_lock_try("/home/bob/juju", place->environment, &other, NULL), STORE_DONE);
	store_unlock(&other);
	store_unlock(&one);
	assert_int_equal(one, -1);
	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &other, NULL), STORE_DONE);
	store_unlock(&other);
	store_unlock(&other);
}

static void test_with_juju(void **state)
{
	struct place *place = *state;
	int juju = open(place->path, O_CREAT | O_RDONLY | O_CLOEXEC, 0600);
	int ours = -1;

	assert_int_equal(flock(juju, LOCK_EX), 0);
	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &ours, NULL), STORE_BUSY);
	assert_int_equal(flock(juju, LOCK_UN), 0);
	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &ours, NULL), STORE_DONE);
	assert_int_equal(flock(juju, LOCK_EX | LOCK_NB), -1);
	store_unlock(&ours);
	assert_int_equal(flock(juju, LOCK_EX | LOCK_NB), 0);
	close(juju);
}

/* The file stays, with the mode that juju gives it. */
static void test_left_in_place(void **state)
{
	struct place *place = *state;
	int lock = -1;

	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &lock, NULL), STORE_DONE);
	ino_t inode = folder_status(place->folder, NAME).st_ino;
	store_unlock(&lock);
	assert_int_equal(folder_status(place->folder, NAME).st_mode, S_IFREG | 0600);
	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &lock, NULL), STORE_DONE);
	store_unlock(&lock);
	assert_int_equal(folder_status(place->folder, NAME).st_ino, inode);
	assert_int_equal(folder_count(place->folder), 1);
}

/* One that was cleaned away while held locks nobody out; the next taker locks what is there now. */
static void test_cleaned_away(void **state)
{
	struct place *place = *state;
	int lost = -1;
	int lock = -1;

	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &lost, NULL), STORE_DONE);
	assert_int_equal(unlink(place->path), 0);
	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &lock, NULL), STORE_DONE);
	store_unlock(&lock);
	store_unlock(&lost);
}

static void assert_refused(struct place *place, const char *cause)
{
	scoped(error) struct error *error = NULL;
	scoped(string) char *message = string_format("cannot lock juju's client store: %s: %s", place->path, cause);
	int lock = 0;

	assert_int_equal(store_lock_try(DIRECTORY, place->environment, &lock, &error), STORE_FAILED);
	assert_int_equal(lock, -1);
	assert_int_equal(error->kind, ERROR_STORE);
	assert_string_equal(error->message, message);
}

static void test_tricks(void **state)
{
	struct place *place = *state;
	scoped(string) char *victim = string_format("%s/victim", place->folder);

	assert_int_equal(symlink(victim, place->path), 0);
	assert_refused(place, "it is a symbolic link; remove it");
	assert_int_equal(access(victim, F_OK), -1);
	assert_int_equal(unlink(place->path), 0);

	folder_write(place->folder, "victim", "whole");
	assert_int_equal(link(victim, place->path), 0);
	assert_refused(place, "it is no file made for this; remove it");
	assert_int_equal(unlink(place->path), 0);

	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_refused(place, "it is no file made for this; remove it");
	assert_int_equal(unlink(place->path), 0);

	assert_int_equal(mkdir(place->path, 0700), 0);
	assert_refused(place, "it is no file made for this; remove it");
	assert_int_equal(rmdir(place->path), 0);

	scoped(string) char *left = folder_read(place->folder, "victim");
	assert_string_equal(left, "whole");
}

static void test_no_folder(void **state)
{
	struct place *place = *state;

	assert_int_equal(rmdir(place->folder), 0);
	assert_refused(place, "No such file or directory");
	assert_int_equal(mkdir(place->folder, 0700), 0);
}

/* Under sudo the file goes to whom sudo works for; without sudo, and for a number that is none, it does not. */
static void test_sudo(void **state)
{
	struct place *place = *state;
	static char *const sudo[][3] = {
		{"SUDO_COMMAND=", "SUDO_UID=1234", "SUDO_GID=2345"},
		{"SUDO_COMMAND=juju", "SUDO_UID=12x", "SUDO_GID=2345"},
		{"SUDO_COMMAND=juju", "SUDO_UID=1234", "SUDO_GID=2345"},
	};

	for (size_t i = 0; i < array_length(sudo); i++) {
		char *environment[] = {place->variable, sudo[i][0], sudo[i][1], sudo[i][2], NULL};
		bool given = i == 2 && geteuid() == 0;
		int lock = -1;

		assert_int_equal(store_lock_try(DIRECTORY, environment, &lock, NULL), STORE_DONE);
		store_unlock(&lock);
		struct stat status = folder_status(place->folder, NAME);
		assert_int_equal(status.st_uid, given ? 1234 : geteuid());
		assert_int_equal(status.st_gid, given ? 2345 : getegid());
	}
}

static void test_give_up(void **state)
{
	struct place *place = *state;
	scoped(error) struct error *error = NULL;
	scoped(string) char *message = string_format("cannot lock juju's client store: another program has held %s "
						     "for too long; end it and try again",
		place->path);

	assert_int_equal(store_lock_give_up(DIRECTORY, place->environment, &error), -1);
	assert_int_equal(error->kind, ERROR_STORE);
	assert_string_equal(error->message, message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test_setup_teardown(test_excludes, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_with_juju, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_left_in_place, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_cleaned_away, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_tricks, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_no_folder, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_sudo, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_give_up, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
