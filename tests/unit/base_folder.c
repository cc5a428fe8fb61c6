/* SPDX-License-Identifier: Apache-2.0 */
/* Whose folders are trusted, and to whom belongs what root makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>

#include "common/base/folder.h"
#include "common/base/lock_file.h"
#include "common/base/replace.h"
#include "tests/unit/support/folder.h"

#define ME 1000
#define OTHER 1001
#define FOREIGN "it belongs to somebody else"
#define WRITABLE "others can write to it; have them not: chmod go-w"

static const struct {
	unsigned int self, link, folder, above, mode;
	const char *objection;
} rows[] = {
	{ME, ME, ME, ME, S_IFDIR | 0700, NULL},
	{ME, ME, ME, 0, S_IFDIR | 0755, NULL},
	{ME, ME, ME, OTHER, S_IFDIR | 0700, NULL},
	{ME, 0, 0, 0, S_IFDIR | 0755, NULL},
	{ME, ME, ME, ME, S_IFREG | 0600, "it is no folder"},
	{ME, ME, ME, ME, S_IFDIR | 0720, WRITABLE},
	{ME, ME, ME, ME, S_IFDIR | 0702, WRITABLE},
	{ME, ME, ME, ME, S_IFDIR | 01777, WRITABLE},
	{ME, OTHER, OTHER, 0, S_IFDIR | 0755, FOREIGN},
	{ME, OTHER, OTHER, OTHER, S_IFDIR | 0755, FOREIGN},
	/* Somebody else's link to a folder of mine, and my link to somebody else's folder. */
	{ME, OTHER, ME, 0, S_IFDIR | 0700, FOREIGN},
	{ME, ME, OTHER, ME, S_IFDIR | 0755, FOREIGN},
	/* Root, at work for somebody: in that one's home, and in /tmp. */
	{0, 0, 0, 0, S_IFDIR | 0700, NULL},
	{0, ME, ME, ME, S_IFDIR | 0700, NULL},
	{0, ME, ME, 0, S_IFDIR | 0700, FOREIGN},
	{0, OTHER, ME, ME, S_IFDIR | 0700, FOREIGN},
	{0, ME, ME, ME, S_IFDIR | 0770, WRITABLE},
};

static void test_objections(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(rows); i++) {
		const struct stat link = {.st_uid = rows[i].link};
		const struct stat folder = {.st_uid = rows[i].folder, .st_mode = rows[i].mode};
		const struct stat above = {.st_uid = rows[i].above};
		const char *found = folder_objection(&link, &folder, &above, rows[i].self);

		print_message("row %zu\n", i);
		assert_true(string_same(found, rows[i].objection));
	}
}

static void assert_check(const char *path, const char *objection)
{
	scoped(error) struct error *error = NULL;

	assert_int_equal(folder_check(path, &error), objection != NULL ? -1 : 0);
	if (objection == NULL)
		return;
	scoped(string) char *whole = string_format("cannot use %s: %s", path, objection);
	assert_string_equal(error->message, whole);
	assert_int_equal(folder_ensure(path, NULL), -1);
}

static void test_real_ones(void **state)
{
	scoped(string) char *path = string_format("%s/a/b", (const char *)*state);
	scoped(string) char *link = string_format("%s/link", (const char *)*state);
	scoped(string) char *file = string_format("%s/file", (const char *)*state);

	assert_check(path, NULL);
	assert_int_equal(folder_ensure(path, NULL), 0);
	assert_check(path, NULL);
	assert_int_equal(symlink(path, link), 0);
	assert_check(link, NULL);
	assert_int_equal(chmod(path, 0777), 0);
	assert_check(path, WRITABLE);
	assert_check(link, WRITABLE);
	folder_write(*state, "file", "");
	assert_check(file, "it is no folder");
	assert_int_equal(chmod(path, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, ME, ME), 0);
		assert_check(path, FOREIGN);
	}
}

/* As root for somebody: all that is made in his folder is his. As anybody else it is one's own anyway. */
static void test_owner(void **state)
{
	const char *names[] = {"a", "a/b", "a/b/file", "a/b/lock"};
	unsigned int owner = geteuid() == 0 ? ME : geteuid();
	scoped(string) char *path = string_format("%s/a/b", (const char *)*state);
	scoped(string) char *file = string_format("%s/file", path);
	scoped(string) char *lock = string_format("%s/lock", path);

	assert_int_equal(chown(*state, owner, (gid_t)-1), 0);
	assert_int_equal(folder_ensure(path, NULL), 0);
	assert_int_equal(replace_file(file, "one", 3, NULL), 0);
	int descriptor = lock_file_open(lock, NULL);
	assert_true(descriptor >= 0);
	close(descriptor);
	for (size_t i = 0; i < array_length(names); i++)
		assert_int_equal(folder_status(*state, names[i]).st_uid, owner);
	assert_int_equal(replace_file(file, "two", 3, NULL), 0);
	assert_int_equal(folder_status(*state, "a/b/file").st_uid, owner);
}

/* It can be locked where the system does that as for a range of bytes, which must be open for writing: on NFS. */
static void test_lock_is_open_for_writing(void **state)
{
	scoped(string) char *lock = string_format("%s/lock", (const char *)*state);
	int descriptor = lock_file_open(lock, NULL);
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	assert_true(descriptor >= 0);
	assert_int_equal(fcntl(descriptor, F_SETLK, &range), 0);
	close(descriptor);
}

/* A file that holds something was not made for this: root does not give it away. */
static void test_lock_of_something_else(void **state)
{
	scoped(error) struct error *error = NULL;
	scoped(string) char *lock = string_format("%s/lock", (const char *)*state);
	unsigned int owner = geteuid() == 0 ? ME : geteuid();

	folder_write(*state, "lock", "precious");
	assert_int_equal(chown(*state, owner, (gid_t)-1), 0);
	assert_int_equal(lock_file_open(lock, &error), -1);
	assert_non_null(strstr(error->message, "it is no file made for this; remove it"));
	assert_int_equal(folder_status(*state, "lock").st_uid, geteuid());
}

/* Somebody's link to what is not his leads root nowhere; to what is his, it leads on. */
static void test_links_of_others(void **state)
{
	unsigned int owner = geteuid() == 0 ? ME : geteuid();
	scoped(string) char *own = string_format("%s/own", (const char *)*state);
	scoped(string) char *link = string_format("%s/own/accounts.yaml", (const char *)*state);
	scoped(string) char *target = string_format("%s/shadow", (const char *)*state);
	scoped(error) struct error *error = NULL;

	folder_write(*state, "shadow", "old");
	assert_int_equal(mkdir(own, 0700), 0);
	assert_int_equal(symlink(target, link), 0);
	assert_int_equal(chown(own, owner, (gid_t)-1), 0);
	/* The file is root's, or one's own. */
	assert_int_equal(replace_shared_file(link, "new", 3, &error), geteuid() == 0 ? -1 : 0);
	scoped(string) char *kept = folder_read(*state, "shadow");
	assert_string_equal(kept, geteuid() == 0 ? "old" : "new");
	assert_int_equal(chown(target, owner, (gid_t)-1), 0);
	assert_int_equal(replace_shared_file(link, "two", 3, NULL), 0);
	scoped(string) char *after = folder_read(*state, "shadow");
	assert_string_equal(after, "two");
	assert_int_equal(folder_status(*state, "shadow").st_uid, owner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objections),
		cmocka_unit_test_setup_teardown(test_real_ones, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_owner, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_lock_is_open_for_writing, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_lock_of_something_else, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_links_of_others, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
