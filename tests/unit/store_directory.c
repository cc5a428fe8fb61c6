/* SPDX-License-Identifier: Apache-2.0 */
/* Where the store is, and how a file of it is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/store/directory.h"
#include "common/store/file.h"
#include "common/store/store.h"

static void test_clean(void **state)
{
	static const struct {
		const char *path;
		const char *cleaned;
	} cases[] = {
		{"", "."},
		{".", "."},
		{"./", "."},
		{"/", "/"},
		{"///", "/"},
		{"a", "a"},
		{"a/", "a"},
		{"./a", "a"},
		{"a//b", "a/b"},
		{"a/./b/.", "a/b"},
		{"a/../b", "b"},
		{"a/..", "."},
		{"a/b/../..", "."},
		{"a/b/../../..", ".."},
		{"..", ".."},
		{"../..", "../.."},
		{"../a/..", ".."},
		{"../../a/../b", "../../b"},
		{"/..", "/"},
		{"/../a", "/a"},
		{"/a/..", "/"},
		{"/a/../../b", "/b"},
		{"/a/b/../c/", "/a/c"},
		{"/srv//juju-data/", "/srv/juju-data"},
		{"/a/...", "/a/..."},
		{"/a/..b/c", "/a/..b/c"},
		{"~/x", "~/x"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *cleaned = directory_clean(cases[i].path);
		assert_string_equal(cleaned, cases[i].cleaned);
	}
}

static void test_join(void **state)
{
	(void)state;
	scoped(string) char *rooted = directory_join("/", "controllers.yaml");
	assert_string_equal(rooted, "/controllers.yaml");
	scoped(string) char *relative = directory_join("juju-data/.", "controllers.yaml");
	assert_string_equal(relative, "juju-data/controllers.yaml");
}

static void test_find(void **state)
{
	static const struct {
		const char *environment[5];
		const char *found; /* NULL: an error with this message */
		const char *message;
	} cases[] = {
		{{"JUJU_DATA=/srv/juju-data/", "XDG_DATA_HOME=/x", "HOME=/h"}, "/srv/juju-data", NULL},
		{{"JUJU_DATA=juju-data", "HOME=/h"}, "juju-data", NULL},
		{{"JUJU_DATA=/x/../y", NULL}, "/y", NULL},
		{{"JUJU_DATA=", "XDG_DATA_HOME=/x/", "HOME=/h"}, "/x/juju", NULL},
		{{"XDG_DATA_HOME=", "HOME=/home/alice"}, "/home/alice/.local/share/juju", NULL},
		{{"SNAP_REAL_HOME=/home/alice", "HOME=/home/alice/snap/juju/1"}, "/home/alice/.local/share/juju", NULL},
		{{"SNAP_REAL_HOME=", "HOME=/home/alice"}, NULL,
			"cannot find juju's data directory: SNAP_REAL_HOME is empty; set JUJU_DATA or SNAP_REAL_HOME"},
		{{"HOME="}, NULL, "cannot find juju's data directory: HOME is empty; set JUJU_DATA or HOME"},
		{{"PATH=/bin"}, NULL, "cannot find juju's data directory: HOME is not set; set JUJU_DATA or HOME"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;
		scoped(string) char *found = directory_find((char *const *)cases[i].environment, &error);
		if (cases[i].found != NULL) {
			assert_null(error);
			assert_string_equal(found, cases[i].found);
			continue;
		}
		assert_null(found);
		assert_int_equal(error->kind, ERROR_DATA_DIRECTORY);
		assert_string_equal(error->message, cases[i].message);
	}
}

/* A folder of its own for each test. */
static int make_folder(void **state)
{
	char *folder = string_copy("/tmp/store-directory-XXXXXX");

	*state = folder;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	scoped(string) char *folder = *state;
	scoped(string) char *command = string_format("chmod -R u+rwx %s && rm -rf %s", folder, folder);

	return system(command);
}

static void write_file(const char *folder, const char *name, const char *bytes, size_t length)
{
	scoped(string) char *path = directory_join(folder, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void test_file(void **state)
{
	const char *folder = *state;
	struct file file;

	write_file(folder, "some", "a\0b", 3);
	write_file(folder, "empty", "", 0);
	scoped(string) char *some = directory_join(folder, "some");
	assert_int_equal(file_read(some, 3, &file, NULL), 0);
	assert_int_equal(file.length, 3);
	assert_memory_equal(file.bytes, "a\0b", 4);
	file_release(&file);

	scoped(string) char *empty = directory_join(folder, "empty");
	assert_int_equal(file_read(empty, 0, &file, NULL), 0);
	assert_non_null(file.bytes);
	assert_int_equal(file.length, 0);
	file_release(&file);

	scoped(string) char *missing = directory_join(folder, "no/such/file");
	assert_int_equal(file_read(missing, 3, &file, NULL), 0);
	assert_null(file.bytes);
}

static void assert_refused(const char *path, size_t ceiling, enum error_kind kind, const char *rest)
{
	scoped(error) struct error *error = NULL;
	struct file file;

	assert_int_equal(file_read(path, ceiling, &file, &error), -1);
	assert_null(file.bytes);
	assert_int_equal(error->kind, kind);
	assert_non_null(strstr(error->message, rest));
	assert_null(strchr(error->message, '\n'));
}

static void test_file_refused(void **state)
{
	const char *folder = *state;
	scoped(string) char *large = directory_join(folder, "large");
	scoped(string) char *below = directory_join(folder, "large/controllers.yaml");
	scoped(string) char *pipe = directory_join(folder, "pipe");

	write_file(folder, "large", "12345", 5);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_refused(
		large, 4, ERROR_STORE, "/large: it is larger than 4 bytes, which no file of juju is; move it away");
	assert_refused(folder, 4, ERROR_STORE, ": it is a directory, not a regular file; move it away");
	assert_refused(pipe, 4, ERROR_STORE, "/pipe: it is a pipe or a device, not a regular file; move it away");
	assert_refused("/dev/zero", 4, ERROR_STORE, "cannot read /dev/zero: it is a pipe or a device");
	assert_refused(below, 4, ERROR_DATA_DIRECTORY, "/large: Not a directory; check it, or set JUJU_DATA");
}

/* Root may read everything, so this is done as somebody else. */
static void read_without_rights(const char *folder, struct error **closed, struct error **locked)
{
	scoped(string) char *file = directory_join(folder, "closed.yaml");
	scoped(string) char *inside = directory_join(folder, "locked/controllers.yaml");
	uid_t user = geteuid();
	struct file read_file;

	if (user == 0)
		assert_int_equal(seteuid(65534), 0);
	file_read(file, 100, &read_file, closed);
	file_release(&read_file);
	file_read(inside, 100, &read_file, locked);
	file_release(&read_file);
	assert_int_equal(seteuid(user), 0);
}

static void test_rights(void **state)
{
	const char *folder = *state;
	scoped(string) char *closed = directory_join(folder, "closed.yaml");
	scoped(string) char *locked = directory_join(folder, "locked");
	scoped(error) struct error *one = NULL;
	scoped(error) struct error *other = NULL;

	write_file(folder, "closed.yaml", "a: b\n", 5);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(chmod(closed, 0), 0);
	assert_int_equal(mkdir(locked, 0), 0);
	read_without_rights(folder, &one, &other);
	assert_non_null(one);
	assert_int_equal(one->kind, ERROR_STORE);
	assert_non_null(strstr(one->message, "/closed.yaml: Permission denied; make it readable for you"));
	assert_non_null(other);
	assert_int_equal(other->kind, ERROR_DATA_DIRECTORY);
	assert_non_null(strstr(other->message, "/locked: Permission denied; check it, or set JUJU_DATA"));
}

static void test_store_read(void **state)
{
	static const char controllers[] = "controllers:\n  jaas:\n    uuid: u\n    oidc-login: true\n";
	static const char accounts[] = "controllers:\n  jaas:\n    user: alice@canonical.com\n";
	static const char models[] = "controllers:\n  jaas:\n    current-model: alice@canonical.com/foo\n";
	scoped(string) char *data = string_format("JUJU_DATA=%s", (const char *)*state);
	char *environment[] = {data, NULL};

	scoped(store) struct store *none = store_read(environment, NULL);
	assert_non_null(none);
	assert_string_equal(none->directory, *state);
	assert_int_equal(none->controllers.count + none->accounts.count + none->models.count, 0);
	assert_string_equal(none->controllers.current, "");

	write_file(*state, "controllers.yaml", controllers, strlen(controllers));
	write_file(*state, "accounts.yaml", accounts, strlen(accounts));
	write_file(*state, "models.yaml", models, strlen(models));
	scoped(store) struct store *store = store_read(environment, NULL);
	assert_non_null(store);
	assert_true(store_is_jaas(store, store_controller(store, "jaas")));
	assert_string_equal(store_account(store, "jaas")->user, "alice@canonical.com");
	assert_string_equal(store_model_list(store, "jaas")->current, "alice@canonical.com/foo");
	assert_null(store_controller(store, "lab"));
	assert_null(store_account(store, "lab"));
	assert_null(store_model_list(store, "lab"));
}

static void test_store_refused(void **state)
{
	static const char *const files[] = {"controllers.yaml", "accounts.yaml", "models.yaml"};
	scoped(string) char *data = string_format("JUJU_DATA=%s", (const char *)*state);
	char *environment[] = {data, NULL};

	for (size_t i = 0; i < array_length(files); i++) {
		scoped(error) struct error *error = NULL;
		scoped(string) char *path = directory_join(*state, files[i]);
		scoped(string) char *message =
			string_format("cannot read %s:2: \"the whole file\" must be a mapping, not a "
				      "list; fix it or restore a backup",
				path);
		write_file(*state, files[i], "\n- a\n", 5);
		assert_null(store_read(environment, &error));
		assert_int_equal(error->kind, ERROR_STORE);
		assert_string_equal(error->message, message);
		write_file(*state, files[i], "", 0);
	}
	scoped(error) struct error *error = NULL;
	char *nowhere[] = {NULL};
	assert_null(store_read(nowhere, &error));
	assert_int_equal(error->kind, ERROR_DATA_DIRECTORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_find),
		cmocka_unit_test_setup_teardown(test_file, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_file_refused, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_rights, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_store_read, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_store_refused, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
