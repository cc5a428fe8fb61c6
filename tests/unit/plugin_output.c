/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "plugin/output.h"
#include "plugin/output_path.h"

/* Somebody who is not the one that runs the tests, if that is root. */
#define OTHER 1234

struct place {
	char directory[64];
	char file[128];
	char home[128];
	char *environment[2];
};

static int make_place(void **state)
{
	struct place *place = memory_get(1, sizeof(*place));

	strcpy(place->directory, "/tmp/plugin-output-XXXXXX");
	if (mkdtemp(place->directory) == NULL)
		return -1;
	snprintf(place->file, sizeof(place->file), "%s/file", place->directory);
	snprintf(place->home, sizeof(place->home), "HOME=%s", place->directory);
	place->environment[0] = place->home;
	*state = place;
	return 0;
}

static int clear_place(void **state)
{
	struct place *place = *state;
	DIR *directory = opendir(place->directory);

	for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
		unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory != NULL)
		closedir(directory);
	int result = rmdir(place->directory);
	free(place);
	return result;
}

static void put(const char *path, const char *bytes, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(bytes, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void assert_holds(const char *path, const char *bytes)
{
	char buffer[256] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	buffer[fread(buffer, 1, sizeof(buffer) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(buffer, bytes);
}

/* Entries of the directory, "." and ".." apart. */
static int entries(const struct place *place)
{
	DIR *directory = opendir(place->directory);
	int count = -2;

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

static void a_new_file_is_made(void **state)
{
	const struct place *place = *state;

	assert_int_equal(output_write(place->file, place->environment, "new\n", 4, NULL), 0);
	assert_holds(place->file, "new\n");
	assert_int_equal(entries(place), 1);
}

static void an_old_file_is_replaced_and_keeps_its_mode(void **state)
{
	const struct place *place = *state;
	struct stat before, after;

	put(place->file, "something longer than the new one\n", 0640);
	assert_int_equal(stat(place->file, &before), 0);
	assert_int_equal(output_write(place->file, place->environment, "new\n", 4, NULL), 0);
	assert_int_equal(stat(place->file, &after), 0);
	assert_holds(place->file, "new\n");
	assert_int_equal(after.st_mode & 07777, 0640);
	/* A new inode: nobody can have seen half of it. */
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(entries(place), 1);
}

static void the_home_directory_is_put_in(void **state)
{
	const struct place *place = *state;

	assert_int_equal(output_write("~/file", place->environment, "home\n", 5, NULL), 0);
	assert_holds(place->file, "home\n");
}

/* Inside a snap HOME is a folder of the snap. */
static void the_real_home_comes_first(void **state)
{
	const struct place *place = *state;
	scoped(string) char *real = string_format("SNAP_REAL_%s", place->home);
	char elsewhere[] = "HOME=/nowhere/at/all";
	char *environment[] = {elsewhere, real, NULL};

	assert_int_equal(output_write("~/file", environment, "home\n", 5, NULL), 0);
	assert_holds(place->file, "home\n");
}

static void a_link_stays_a_link(void **state)
{
	const struct place *place = *state;
	scoped(string) char *link = string_format("%s/link", place->directory);
	struct stat status;

	assert_int_equal(symlink(place->file, link), 0);
	for (int i = 0; i < 2; i++) { /* at first it leads to nothing */
		assert_int_equal(output_write(link, place->environment, "new\n", 4, NULL), 0);
		assert_holds(place->file, "new\n");
		assert_int_equal(lstat(link, &status), 0);
		assert_true(S_ISLNK(status.st_mode));
	}
	assert_int_equal(entries(place), 2);
}

static void what_cannot_be_written_is_an_error(void **state)
{
	const struct place *place = *state;
	scoped(string) char *beyond = string_format("%s/no/file", place->directory);
	const struct {
		const char *path;
		const char *why;
	} cases[] = {
		{beyond, "No such file or directory"},
		{place->directory, "Is a directory"},
		{"/dev/full", "No space left on device"},
	};

	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;
		scoped(string) char *message = string_format("cannot write %s: %s", cases[i].path, cases[i].why);

		assert_int_equal(output_write(cases[i].path, place->environment, "x", 1, &error), -1);
		assert_string_equal(error->message, message);
		assert_int_equal(error->kind, ERROR_FAILED);
	}
	assert_int_equal(entries(place), 0);
}

/* Seconds after which the test is ended: what it asks for is not waited for. */
#define PATIENCE 60
/* More than a pipe holds, in bytes. */
#define PIPED ((size_t)1 << 20)

static void a_pipe_that_nobody_reads_from_is_refused(void **state)
{
	const struct place *place = *state;
	scoped(error) struct error *error = NULL;
	scoped(string) char *message =
		string_format("cannot write %s: nobody reads from this pipe; start its reader first", place->file);

	assert_int_equal(mkfifo(place->file, 0600), 0);
	alarm(PATIENCE);
	assert_int_equal(output_write(place->file, place->environment, "x", 1, &error), -1);
	assert_int_equal(output_open(place->file, O_APPEND, 0600), -1);
	alarm(0);
	assert_string_equal(error->message, message);
	assert_int_equal(entries(place), 1);
}

/* Whoever reads slowly gets all: it is more than the pipe holds. */
static void a_pipe_with_a_reader_gets_it_all(void **state)
{
	const struct place *place = *state;
	scoped(string) char *many = memory_get(PIPED, 1);
	size_t got = 0;

	assert_int_equal(mkfifo(place->file, 0600), 0);
	int reading = open(place->file, O_RDONLY | O_NONBLOCK);
	assert_true(reading >= 0);
	assert_int_equal(fcntl(reading, F_SETFL, 0), 0);
	pid_t writer = fork();
	if (writer == 0)
		_exit(output_write(place->file, place->environment, many, PIPED, NULL) == 0 ? 0 : 1);
	assert_true(writer > 0);
	alarm(PATIENCE);
	while (got < PIPED) {
		char piece[4096];
		ssize_t length = read(reading, piece, sizeof(piece));
		int status = 0;

		/* Before the writer has come there is an end of the file, too. */
		assert_true(length > 0 || (length == 0 && waitpid(writer, &status, WNOHANG) == 0));
		got += (size_t)length;
	}
	alarm(0);
	int status = -1;
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	close(reading);
}

/* ---- what others have there ---- */

static void all_names_of_a_file_keep_naming_it(void **state)
{
	const struct place *place = *state;
	scoped(string) char *other = string_format("%s/other", place->directory);

	put(place->file, "something longer than the new one\n", 0640);
	assert_int_equal(link(place->file, other), 0);
	assert_int_equal(output_write(place->file, place->environment, "new\n", 4, NULL), 0);
	assert_holds(place->file, "new\n");
	assert_holds(other, "new\n");
	assert_int_equal(entries(place), 2);
}

static void a_file_keeps_its_group(void **state)
{
	const struct place *place = *state;
	gid_t group = geteuid() == 0 ? OTHER : getegid();
	struct stat after;

	put(place->file, "old\n", 0640);
	assert_int_equal(chown(place->file, (uid_t)-1, group), 0);
	assert_int_equal(output_write(place->file, place->environment, "new\n", 4, NULL), 0);
	assert_holds(place->file, "new\n");
	assert_int_equal(stat(place->file, &after), 0);
	assert_int_equal(after.st_gid, group);
	assert_int_equal(after.st_mode & 07777, 0640);
}

static void a_file_keeps_its_attributes(void **state)
{
	const struct place *place = *state;
	char value[8] = "";

	put(place->file, "something longer than the new one\n", 0640);
	/* Not every file system knows them. */
	int set = setxattr(place->file, "user.note", "kept", 4, 0);
	assert_true(set == 0 || errno == ENOTSUP);
	assert_int_equal(output_write(place->file, place->environment, "new\n", 4, NULL), 0);
	assert_holds(place->file, "new\n");
	assert_int_equal(getxattr(place->file, "user.note", value, sizeof(value)), set == 0 ? 4 : -1);
	assert_int_equal(entries(place), 1);
}

/* Mounts the file on itself, where nobody else sees it. */
static void mount_on_itself(const char *path)
{
	if (unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0 &&
		mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0)
		mount(path, path, "none", MS_BIND, NULL);
}

/* As containers have it. Where nothing may be mounted the file is replaced. */
static void what_is_mounted_is_written_in_place(void **state)
{
	const struct place *place = *state;
	int status = -1;

	put(place->file, "something longer than the new one\n", 0640);
	pid_t writer = fork();
	if (writer == 0) {
		mount_on_itself(place->file);
		_exit(output_write(place->file, place->environment, "new\n", 4, NULL) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	assert_holds(place->file, "new\n");
	assert_int_equal(entries(place), 1);
}

/* In /tmp anybody may make one, to have root write over a file of root's. */
static void a_link_of_somebody_else_is_not_followed(void **state)
{
	const struct place *place = *state;
	scoped(string) char *first = string_format("%s/first", place->directory);
	scoped(string) char *second = string_format("%s/second", place->directory);
	const char *const paths[] = {first, second};
	int refused = geteuid() == 0 ? -1 : 0;
	int descriptor;

	put(place->file, "old\n", 0600);
	assert_int_equal(symlink("file", second), 0);
	assert_int_equal(lchown(second, geteuid() == 0 ? OTHER : geteuid(), (gid_t)-1), 0);
	assert_int_equal(symlink(second, first), 0);
	assert_int_equal(chmod(place->directory, 01777), 0);
	for (size_t i = 0; i < array_length(paths); i++) {
		scoped(error) struct error *error = NULL;

		assert_int_equal(output_path_open(paths[i], &descriptor), refused);
		assert_int_equal(output_write(paths[i], place->environment, "new\n", 4, &error), refused);
		assert_holds(place->file, refused ? "old\n" : "new\n");
		if (refused)
			assert_non_null(strstr(error->message, ": Permission denied"));
	}
	assert_int_equal(chmod(place->directory, 0777), 0);
	assert_int_equal(output_write(first, place->environment, "new\n", 4, NULL), 0);
	assert_holds(place->file, "new\n");
}

/* ---- what is open ---- */

static void what_is_open_is_written_to_where_it_stands(void **state)
{
	const struct place *place = *state;
	scoped(string) char *link = string_format("%s/link", place->directory);
	int descriptor = open(place->file, O_WRONLY | O_CREAT, 0600);
	scoped(string) char *name = string_format("/dev/fd/%d", descriptor);
	const char *const paths[] = {name, link};

	assert_true(descriptor > STDERR_FILENO);
	assert_int_equal(symlink(name, link), 0);
	assert_int_equal(write(descriptor, "before ", 7), 7);
	for (size_t i = 0; i < array_length(paths); i++)
		assert_int_equal(output_write(paths[i], place->environment, "new ", 4, NULL), 0);
	assert_int_equal(write(descriptor, "after", 5), 5);
	close(descriptor);
	assert_holds(place->file, "before new new after");
	assert_int_equal(entries(place), 2);
}

/* A number that nobody has handed to this program may be that of a socket of its own by now. */
static void a_descriptor_that_was_not_handed_in_is_not_written_to(void **state)
{
	const struct place *place = *state;
	static const int flags[] = {O_WRONLY | O_CLOEXEC, O_RDONLY, O_PATH};

	put(place->file, "old\n", 0600);
	for (size_t i = 0; i < array_length(flags); i++) {
		scoped(error) struct error *error = NULL;
		int descriptor = open(place->file, flags[i]);
		scoped(string) char *name = string_format("/proc/self/fd/%d", descriptor);

		assert_int_equal(output_write(name, place->environment, "new\n", 4, &error), -1);
		assert_non_null(strstr(error->message, ": Bad file descriptor"));
		close(descriptor);
	}
	assert_holds(place->file, "old\n");
	assert_int_equal(entries(place), 1);
}

static void what_the_log_has_got_stays(void **state)
{
	const struct place *place = *state;
	int log = open(place->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_int_equal(write(log, "before ", 7), 7);
	assert_int_equal(output_write(place->file, place->environment, "new ", 4, NULL), 0);
	assert_int_equal(write(log, "after", 5), 5);
	close(log);
	assert_holds(place->file, "before new after");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_file_is_made, make_place, clear_place),
		cmocka_unit_test_setup_teardown(an_old_file_is_replaced_and_keeps_its_mode, make_place, clear_place),
		cmocka_unit_test_setup_teardown(the_home_directory_is_put_in, make_place, clear_place),
		cmocka_unit_test_setup_teardown(the_real_home_comes_first, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_link_stays_a_link, make_place, clear_place),
		cmocka_unit_test_setup_teardown(what_cannot_be_written_is_an_error, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_pipe_that_nobody_reads_from_is_refused, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_pipe_with_a_reader_gets_it_all, make_place, clear_place),
		cmocka_unit_test_setup_teardown(all_names_of_a_file_keep_naming_it, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_file_keeps_its_group, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_file_keeps_its_attributes, make_place, clear_place),
		cmocka_unit_test_setup_teardown(what_is_mounted_is_written_in_place, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_link_of_somebody_else_is_not_followed, make_place, clear_place),
		cmocka_unit_test_setup_teardown(what_is_open_is_written_to_where_it_stands, make_place, clear_place),
		cmocka_unit_test_setup_teardown(
			a_descriptor_that_was_not_handed_in_is_not_written_to, make_place, clear_place),
		cmocka_unit_test_setup_teardown(what_the_log_has_got_stays, make_place, clear_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
