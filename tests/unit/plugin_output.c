/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/output.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_file_is_made, make_place, clear_place),
		cmocka_unit_test_setup_teardown(an_old_file_is_replaced_and_keeps_its_mode, make_place, clear_place),
		cmocka_unit_test_setup_teardown(the_home_directory_is_put_in, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_link_stays_a_link, make_place, clear_place),
		cmocka_unit_test_setup_teardown(what_cannot_be_written_is_an_error, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_pipe_that_nobody_reads_from_is_refused, make_place, clear_place),
		cmocka_unit_test_setup_teardown(a_pipe_with_a_reader_gets_it_all, make_place, clear_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
