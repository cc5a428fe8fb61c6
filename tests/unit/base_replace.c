/* SPDX-License-Identifier: Apache-2.0 */
/* A file replaced at one stroke: all of it or nothing, for nobody else's eyes, and never through a link. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/replace.h"
#include "tests/unit/support/folder.h"

static int make_folder(void **state)
{
	char *folder = string_copy("/tmp/base-replace-XXXXXX");

	*state = folder;
	return mkdtemp(folder) != NULL && chmod(folder, 0755) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	scoped(string) char *folder = *state;
	scoped(string) char *command = string_format("chmod -R u+rwx %s && rm -rf %s", folder, folder);

	return system(command);
}

static void assert_holds(const char *path, const char *bytes, size_t length)
{
	scoped(string) char *found = memory_get(1, length + 2);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(found, 1, length + 1, file), length);
	assert_memory_equal(found, bytes, length);
	fclose(file);
}

static void assert_fails(const char *path, const char *why)
{
	scoped(error) struct error *error = NULL;

	assert_int_equal(replace_file(path, "new", 3, &error), -1);
	assert_int_equal(error->kind, ERROR_FAILED);
	assert_non_null(strstr(error->message, "cannot write "));
	assert_non_null(strstr(error->message, why));
}

static void test_contents(void **state)
{
	const char *folder = *state;
	static const size_t lengths[] = {0, 1, 5, 4096, 1024 * 1024 + 1, 3};
	scoped(string) char *path = string_format("%s/some file", folder);
	scoped(string) char *bytes = memory_get(1, 1024 * 1024 + 1);

	for (size_t i = 0; i < 1024 * 1024 + 1; i++)
		bytes[i] = (char)(i % 251);
	for (size_t i = 0; i < array_length(lengths); i++) {
		assert_int_equal(replace_file(path, bytes, lengths[i], NULL), 0);
		assert_holds(path, bytes, lengths[i]);
		assert_int_equal(folder_count(folder), 1);
	}
}

static void test_mode(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	static const mode_t masks[] = {0, 022, 077, 0777};
	static const mode_t modes[] = {0644, 0666, 0400, 04777};
	struct stat status;

	for (size_t i = 0; i < array_length(masks); i++) {
		mode_t before = umask(masks[i]);
		int written = replace_file(path, "new", 3, NULL);
		umask(before);
		assert_int_equal(written, 0);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0600);
		assert_int_equal(chmod(path, modes[i]), 0);
	}
}

/* The link is replaced, not followed, wherever it points. */
static void test_links(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	scoped(string) char *precious = string_format("%s/precious", folder);
	const char *const targets[] = {precious, "nowhere", folder, path};
	struct stat status;

	assert_int_equal(replace_file(precious, "old", 3, NULL), 0);
	for (size_t i = 0; i < array_length(targets); i++) {
		unlink(path);
		assert_int_equal(symlink(targets[i], path), 0);
		assert_int_equal(replace_file(path, "new", 3, NULL), 0);
		assert_int_equal(lstat(path, &status), 0);
		assert_true(S_ISREG(status.st_mode));
		assert_holds(path, "new", 3);
		assert_holds(precious, "old", 3);
		assert_int_equal(folder_count(folder), 2);
	}
}

/* Other names of the old file keep the old contents: it was not written into. */
static void test_hard_link(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	scoped(string) char *other = string_format("%s/other", folder);

	assert_int_equal(replace_file(path, "old", 3, NULL), 0);
	assert_int_equal(link(path, other), 0);
	assert_int_equal(replace_file(path, "new", 3, NULL), 0);
	assert_holds(path, "new", 3);
	assert_holds(other, "old", 3);
}

static void test_refused(void **state)
{
	const char *folder = *state;
	scoped(string) char *missing = string_format("%s/no/such/file", folder);
	scoped(string) char *file = string_format("%s/file", folder);
	scoped(string) char *below = string_format("%s/file/below", folder);
	scoped(string) char *directory = string_format("%s/directory", folder);
	scoped(string) char *odd = string_format("%s/no\033[31m/file", folder);
	scoped(error) struct error *error = NULL;

	assert_int_equal(replace_file(file, "old", 3, NULL), 0);
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_fails(missing, "No such file or directory");
	assert_fails(below, "Not a directory");
	assert_fails(directory, "Is a directory");
	assert_int_equal(replace_file(odd, "new", 3, &error), -1);
	assert_null(strchr(error->message, '\033'));
	assert_holds(file, "old", 3);
	assert_int_equal(folder_count(folder), 2);
}

/* Root may write anywhere, so this is done as somebody else. */
static void test_rights(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	uid_t user = geteuid();

	assert_int_equal(replace_file(path, "old", 3, NULL), 0);
	assert_int_equal(chmod(folder, 0555), 0);
	if (user == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_fails(path, "Permission denied");
	if (user == 0)
		assert_int_equal(seteuid(user), 0);
	assert_holds(path, "old", 3);
	assert_int_equal(folder_count(folder), 1);
}

/* The old contents stay until all of the new ones are there. */
static void test_no_room(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	scoped(string) char *bytes = memory_get(1, 100000);
	scoped(error) struct error *error = NULL;
	struct rlimit before;

	assert_int_equal(replace_file(path, "old", 3, NULL), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit limit = {50000, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	int status = replace_file(path, bytes, 100000, &error);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	assert_int_equal(status, -1);
	assert_non_null(strstr(error->message, ": File too large"));
	assert_holds(path, "old", 3);
	assert_int_equal(folder_count(folder), 1);
}

/* Writes the file over and over, filled with one letter, until it is killed. */
static void write_for_ever(const char *path)
{
	char bytes[20000];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0;; i++) {
		memset(bytes, 'a' + i % 26, sizeof(bytes));
		if (replace_file(path, bytes, sizeof(bytes), NULL) < 0)
			_exit(1);
	}
}

/* Whoever reads meanwhile, and whoever reads what a killed writer leaves, finds one whole version. */
static void test_one_stroke(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	char bytes[20001];
	int status = 0;

	memset(bytes, 'z', sizeof(bytes));
	assert_int_equal(replace_file(path, bytes, sizeof(bytes) - 1, NULL), 0);
	pid_t process = fork();
	if (process == 0)
		write_for_ever(path);
	for (int i = 0; i < 3000; i++) {
		FILE *file = fopen(path, "r");

		assert_non_null(file);
		size_t length = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
		assert_int_equal(length, sizeof(bytes) - 1);
		assert_memory_equal(bytes, bytes + 1, length - 1);
		if (i == 2000) {
			assert_int_equal(kill(process, SIGKILL), 0);
			assert_int_equal(waitpid(process, &status, 0), process);
		}
	}
	assert_true(WIFSIGNALED(status));
}

static void assert_shared_fails(const char *path, const char *why)
{
	scoped(error) struct error *error = NULL;

	assert_int_equal(replace_shared_file(path, "new", 3, &error), -1);
	assert_int_equal(error->kind, ERROR_FAILED);
	assert_non_null(strstr(error->message, why));
}

/* A shared file: a link to it stays, unless it leads nowhere; nothing is left beside it. */
static void test_shared(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	scoped(string) char *link = string_format("%s/link", folder);
	scoped(string) char *inner = string_format("%s/inner", folder);
	scoped(string) char *below = string_format("%s/none/file", folder);
	struct stat status;

	assert_int_equal(replace_shared_file(path, "one", 3, NULL), 0);
	assert_holds(path, "one", 3);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode, S_IFREG | 0600);
	assert_int_equal(symlink("file", link), 0);
	assert_int_equal(replace_shared_file(link, "two", 3, NULL), 0);
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_holds(path, "two", 3);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(replace_shared_file(link, "new", 3, NULL), 0);
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISREG(status.st_mode));

	assert_int_equal(mkdir(inner, 0700), 0);
	assert_shared_fails(inner, ": Is a directory");
	assert_shared_fails(below, ": No such file or directory");
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink("link", link), 0);
	assert_shared_fails(link, ": Too many levels of symbolic links");
	assert_int_equal(folder_count(folder), 2);
}

/* Root leaves files to whom they belong: an old one to its owner, a new one to the owner of the directory. */
static void test_shared_owner(void **state)
{
	const char *folder = *state;
	scoped(string) char *path = string_format("%s/file", folder);
	uid_t owner = geteuid() == 0 ? 1234 : geteuid();
	struct stat status;

	assert_int_equal(chown(folder, owner, (gid_t)-1), 0);
	assert_int_equal(replace_shared_file(path, "one", 3, NULL), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_uid, owner);
	owner = geteuid() == 0 ? 2345 : geteuid();
	assert_int_equal(chown(path, owner, (gid_t)-1), 0);
	assert_int_equal(replace_shared_file(path, "two", 3, NULL), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_uid, owner);
	assert_holds(path, "two", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_contents, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_mode, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_links, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_hard_link, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_refused, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_rights, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_no_room, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_one_stroke, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_shared, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_shared_owner, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
