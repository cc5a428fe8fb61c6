/* SPDX-License-Identifier: Apache-2.0 */
/* The two ways to lock a cookie jar, each against somebody else who does the same. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "common/store/cookie_lock.h"
#include "tests/unit/support/folder.h"

#define NAME "lab.json.lock"

static char *path_in(const char *folder)
{
	return string_format("%s/" NAME, folder);
}

/* What another process gets when it tries to take the lock; it lets go again. */
static enum store_attempt taken_by_other(const struct cookie_lock_way *way, const char *path)
{
	int status = 0;
	pid_t process = fork();

	if (process == 0) {
		int descriptor = -1;
		enum store_attempt attempt = way->take(path, &descriptor, NULL);

		if (attempt == STORE_DONE)
			way->release(path, &descriptor);
		_exit(attempt);
	}
	assert_int_equal(waitpid(process, &status, 0), process);
	assert_true(WIFEXITED(status));
	return (enum store_attempt)WEXITSTATUS(status);
}

static void assert_excludes(const struct cookie_lock_way *way, const char *folder, const char *contents)
{
	scoped(string) char *path = path_in(folder);
	int descriptor = -1;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(way->take(path, &descriptor, NULL), STORE_DONE);
		assert_true(descriptor >= 0);
		assert_int_equal(fcntl(descriptor, F_GETFD), FD_CLOEXEC);
		scoped(string) char *found = folder_read(folder, NAME);
		if (way == &cookie_lock_owner)
			assert_string_equal(found, contents);
		assert_int_equal(folder_status(folder, NAME).st_size, (off_t)strlen(contents));
		way->release(path, &descriptor);
		assert_int_equal(descriptor, -1);
		assert_int_equal(folder_count(folder), 0);
	}
	assert_int_equal(way->take(path, &descriptor, NULL), STORE_DONE);
	assert_int_equal(taken_by_other(way, path), STORE_BUSY);
	way->release(path, &descriptor);
	assert_int_equal(taken_by_other(way, path), STORE_DONE);
}

static void test_range_excludes(void **state)
{
	assert_excludes(&cookie_lock_range, *state, "");
}

static void test_owner_excludes(void **state)
{
	scoped(string) char *contents = string_format("{\"OwnerPID\":%d}\n", (int)getpid());

	assert_excludes(&cookie_lock_owner, *state, contents);
}

/* juju's own steps in another process, which holds the lock until its pipe is closed. */
static pid_t juju_holds(const char *path, int *hold)
{
	int ready[2];
	int end[2];
	char byte = 0;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	assert_int_equal(pipe2(end, O_CLOEXEC), 0);
	pid_t process = fork();
	if (process == 0) {
		int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
		struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

		close(end[1]);
		if (fcntl(descriptor, F_SETLK, &lock) != 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		if (read(end[0], &byte, 1) != 0)
			_exit(1);
		unlink(path);
		close(descriptor);
		_exit(0);
	}
	close(end[0]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	*hold = end[1];
	return process;
}

static void test_range_with_juju(void **state)
{
	int descriptor = -1;
	int hold = -1;
	int status = 1;

	assert_int_equal(chdir(*state), 0);
	pid_t juju = juju_holds(NAME, &hold);
	assert_int_equal(cookie_lock_range.take(NAME, &descriptor, NULL), STORE_BUSY);
	assert_int_equal(descriptor, -1);
	assert_int_equal(folder_count(*state), 1);
	close(hold);
	assert_int_equal(waitpid(juju, &status, 0), juju);
	assert_int_equal(status, 0);
	assert_int_equal(cookie_lock_range.take(NAME, &descriptor, NULL), STORE_DONE);
	cookie_lock_range.release(NAME, &descriptor);
	assert_int_equal(chdir("/"), 0);
}

/* An empty file that nobody holds is free; one with contents is not, and stays as it is. */
static void test_range_left_behind(void **state)
{
	scoped(string) char *path = path_in(*state);
	int descriptor = -1;

	folder_write(*state, NAME, "");
	assert_int_equal(cookie_lock_range.take(path, &descriptor, NULL), STORE_DONE);
	cookie_lock_range.release(path, &descriptor);
	folder_write(*state, NAME, "{\"OwnerPID\":999999999}\n");
	assert_int_equal(cookie_lock_range.take(path, &descriptor, NULL), STORE_BUSY);
	scoped(string) char *found = folder_read(*state, NAME);
	assert_string_equal(found, "{\"OwnerPID\":999999999}\n");
}

static pid_t dead_process(void)
{
	pid_t process = fork();

	if (process == 0)
		_exit(0);
	assert_int_equal(waitpid(process, NULL, 0), process);
	return process;
}

static void test_owner_left_behind(void **state)
{
	static const char *const busy[] = {"", "\n", "{", "{}", "[]", "{\"OwnerPID\":0}", "{\"OwnerPID\":-1}",
		"{\"OwnerPID\":\"5\"}", "{\"OwnerPID\":1}\n", "{\"OwnerPID\":99999999999}"};
	scoped(string) char *path = path_in(*state);
	scoped(string) char *dead = string_format("{\"OwnerPID\":%d}\n", (int)dead_process());
	int descriptor = -1;

	for (size_t i = 0; i < array_length(busy); i++) {
		folder_write(*state, NAME, busy[i]);
		assert_int_equal(cookie_lock_owner.take(path, &descriptor, NULL), STORE_BUSY);
		assert_int_equal(descriptor, -1);
		scoped(string) char *found = folder_read(*state, NAME);
		assert_string_equal(found, busy[i]);
	}
	folder_write(*state, NAME, dead);
	assert_int_equal(cookie_lock_owner.take(path, &descriptor, NULL), STORE_DONE);
	cookie_lock_owner.release(path, &descriptor);
}

static void assert_refused(const struct cookie_lock_way *way, const char *path, const char *cause)
{
	scoped(error) struct error *error = NULL;
	scoped(string) char *message = string_format("cannot lock juju's cookies: %s: %s", path, cause);
	int descriptor = -1;

	assert_int_equal(way->take(path, &descriptor, &error), STORE_FAILED);
	assert_int_equal(descriptor, -1);
	assert_int_equal(error->kind, ERROR_STORE);
	assert_string_equal(error->message, message);
}

static void test_links(void **state)
{
	scoped(string) char *path = path_in(*state);
	scoped(string) char *victim = string_format("%s/victim", (char *)*state);
	int descriptor = -1;

	assert_int_equal(symlink(victim, path), 0);
	assert_refused(&cookie_lock_range, path, strerror(ELOOP));
	assert_int_equal(cookie_lock_owner.take(path, &descriptor, NULL), STORE_BUSY);
	assert_int_equal(access(victim, F_OK), -1);
}

static void test_no_directory(void **state)
{
	scoped(string) char *path = string_format("%s/none/" NAME, (char *)*state);

	assert_refused(&cookie_lock_range, path, "No such file or directory");
	assert_refused(&cookie_lock_owner, path, "No such file or directory");
}

static void test_native(void **state)
{
	(void)state;
#if defined(__x86_64__)
	assert_ptr_equal(cookie_lock_native(), &cookie_lock_range);
#elif defined(__aarch64__)
	assert_ptr_equal(cookie_lock_native(), &cookie_lock_owner);
#endif
	assert_non_null(cookie_lock_native());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_range_excludes, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_owner_excludes, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_range_with_juju, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_range_left_behind, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_owner_left_behind, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_links, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_no_directory, folder_make, folder_remove),
		cmocka_unit_test(test_native),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
