/* SPDX-License-Identifier: Apache-2.0 */
/* What is no file stands where a file of ours or of juju's should be: nobody waits for it, and nothing goes through it to a file of
 * somebody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#include "common/base/instant.h"
#include "common/base/lock_file.h"
#include "common/base/replace.h"
#include "common/migration/journal.h"
#include "common/store/cookies.h"
#include "common/store/file.h"
#include "common/store/lock.h"
#include "plugin/catalogue_file.h"
#include "tests/unit/support/folder.h"

#define ONE "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define JAAS "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
#define PRECIOUS "precious\n"
/* For the whole table; a pipe that is waited for would take for ever. */
#define LIMIT 60

enum trap { PIPE, FOLDER, LINK, DANGLING, OTHER_NAME, SOCKET, ENDLESS, TRAPS };

static const char *const trap_names[] = {
	"a pipe", "a folder", "a link", "a link to nowhere", "another name", "a socket", "a link to /dev/zero"};

/* ---- what is tried: 0 when it worked, -1 when it was refused ---- */

static int read_file(const char *folder, struct error **error)
{
	scoped(file) struct file file = {NULL, 0};
	scoped(string) char *path = string_format("%s/file", folder);

	return file_read(path, 1000, &file, error);
}

static int read_entry(const char *folder, struct error **error)
{
	const struct journal journal = {(char *)(uintptr_t)folder};
	scoped(journal_entry) struct journal_entry *entry = NULL;

	return journal_read(&journal, ONE, &entry, error);
}

static int write_entry(const char *folder, struct error **error)
{
	const struct journal journal = {(char *)(uintptr_t)folder};
	char uuid[] = ONE;
	char target[] = "my-controller";
	const struct journal_entry entry = {.model_uuid = uuid, .target_name = target, .sent = INSTANT_SECOND};

	return journal_write(&journal, &entry, error);
}

static int lock_entry(const char *folder, struct error **error)
{
	const struct journal journal = {(char *)(uintptr_t)folder};
	int descriptor = journal_lock(&journal, ONE, error);

	if (descriptor < 0)
		return -1;
	journal_unlock(&journal, ONE, descriptor);
	return 0;
}

static int list_entries(const char *folder, struct error **error)
{
	const struct journal journal = {(char *)(uintptr_t)folder};
	char **uuids = NULL;
	size_t count = 0;
	int status = journal_list(&journal, &uuids, &count, error);

	for (size_t i = 0; i < count; i++)
		free(uuids[i]);
	free(uuids);
	return status;
}

static int write_lists(const char *folder, struct error **error)
{
	scoped(string) char *variable = string_format("XDG_CACHE_HOME=%s", folder);
	char *const environment[] = {variable, NULL};
	scoped(catalogue_place) struct catalogue_place place;
	scoped(catalogue) struct catalogue catalogue;

	catalogue_place_init(&place, environment, folder, JAAS);
	catalogue_init(&catalogue);
	catalogue.user = string_copy("alice@canonical.com");
	return catalogue_write(&place, &catalogue, INSTANT_SECOND, error);
}

static int read_lists(const char *folder, struct error **error)
{
	scoped(string) char *variable = string_format("XDG_CACHE_HOME=%s", folder);
	char *const environment[] = {variable, NULL};
	scoped(catalogue_place) struct catalogue_place place;
	scoped(catalogue) struct catalogue catalogue;

	(void)error;
	catalogue_place_init(&place, environment, folder, JAAS);
	catalogue_init(&catalogue);
	catalogue_read(&place, NULL, INSTANT_SECOND, &catalogue);
	catalogue_mark_tried(&place, INSTANT_SECOND);
	return 0;
}

static int lock_store(const char *folder, struct error **error)
{
	scoped(string) char *variable = string_format("TMPDIR=%s", folder);
	char *const environment[] = {variable, NULL};
	int descriptor = -1;
	enum store_attempt attempt = store_lock_try("/srv/juju-data", environment, &descriptor, error);

	store_unlock(&descriptor);
	return attempt == STORE_DONE ? 0 : -1;
}

static int read_jar(const char *folder, struct error **error)
{
	static const char *const hosts[] = {"jimm.example.com"};
	struct cookie_sets sets;
	enum store_attempt attempt = cookies_read_try(folder, "jaas", hosts, 1, INSTANT_SECOND, &sets, error);

	cookie_sets_release(&sets);
	return attempt == STORE_DONE ? 0 : -1;
}

static int read_full_jar(const char *folder, struct error **error)
{
	folder_write(folder, "cookies/jaas.json", "null\n");
	return read_jar(folder, error);
}

static int replace_ours(const char *folder, struct error **error)
{
	scoped(string) char *path = string_format("%s/file", folder);

	return replace_file(path, "new", 3, error);
}

static int open_mark(const char *folder, struct error **error)
{
	scoped(string) char *path = string_format("%s/file", folder);
	int descriptor = lock_file_open(path, error);

	if (descriptor >= 0)
		close(descriptor);
	return descriptor < 0 ? -1 : 0;
}

/* Where the trap stands, and what is done; "+" for each trap with which that works, in the order of enum trap. A file of juju's may be
 * a link by its owner's wish. */
static const struct {
	const char *at;
	int (*act)(const char *folder, struct error **error);
	const char *works;
} rows[] = {
	{"file", read_file, "--+++--"},
	{"file", open_mark, "-------"},
	{"file", replace_ours, "+-+++++"},
	{"file.new", replace_ours, "+-+++++"},
	{ONE ".json", read_entry, "-------"},
	{ONE ".json", write_entry, "+-+++++"},
	{ONE ".json.new", write_entry, "+-+++++"},
	{ONE ".json", list_entries, "+++++++"},
	{ONE ".lock", lock_entry, "-------"},
	{"juju-jaas-migrate/" JAAS, write_lists, "+-+++++"},
	{"juju-jaas-migrate/" JAAS ".new", write_lists, "+-+++++"},
	{"juju-jaas-migrate/" JAAS ".lock", write_lists, "-------"},
	{"juju-jaas-migrate/" JAAS, read_lists, "+++++++"},
	{"juju-jaas-migrate/" JAAS ".tried", read_lists, "+++++++"},
	{"juju-store-lock-3061343837356164", lock_store, "-------"},
	{"cookies/jaas.json", read_jar, "---+---"},
	{"cookies/jaas.json.lock", read_full_jar, "-------"},
};

static void set_trap(enum trap trap, const char *path, const char *precious)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int descriptor = -1;

	switch (trap) {
	case PIPE:
		assert_int_equal(mkfifo(path, 0600), 0);
		break;
	case FOLDER:
		assert_int_equal(mkdir(path, 0700), 0);
		break;
	case LINK:
		assert_int_equal(symlink(precious, path), 0);
		break;
	case DANGLING:
		assert_int_equal(symlink("nowhere/at/all", path), 0);
		break;
	case OTHER_NAME:
		assert_int_equal(link(precious, path), 0);
		break;
	case SOCKET:
		descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_true(strlen(path) < sizeof(address.sun_path));
		strcpy(address.sun_path, path);
		assert_int_equal(bind(descriptor, (const struct sockaddr *)&address, sizeof(address)), 0);
		close(descriptor);
		break;
	default:
		assert_int_equal(symlink("/dev/zero", path), 0);
		break;
	}
}

/* One folder of its own for each: "a" holds the trap, "precious" lies beside it. */
static char try_one(size_t row, enum trap trap)
{
	void *state = NULL;

	assert_int_equal(folder_make(&state), 0);
	const char *top = state;
	scoped(string) char *folder = string_format("%s/a", top);
	scoped(string) char *below = string_format("%s/%s", folder, rows[row].at);
	scoped(string) char *precious = string_format("%s/precious", top);
	scoped(error) struct error *error = NULL;

	folder_write(top, "precious", PRECIOUS);
	assert_int_equal(mkdir(folder, 0700), 0);
	char *slash = strrchr(rows[row].at, '/');
	scoped(string) char *between =
		slash != NULL ? string_format("%s/%.*s", folder, (int)(slash - rows[row].at), rows[row].at) : NULL;
	if (between != NULL)
		assert_int_equal(mkdir(between, 0700), 0);
	set_trap(trap, below, precious);
	struct stat before = folder_status(top, "precious");
	int status = rows[row].act(folder, &error);
	struct stat after = folder_status(top, "precious");
	scoped(string) char *kept = folder_read(top, "precious");
	assert_string_equal(kept, PRECIOUS);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
	assert_true(error == NULL || strstr(error->message, rows[row].at) != NULL);
	folder_remove(&state);
	return status == 0 ? '+' : '-';
}

static void test_traps(void **state)
{
	(void)state;
	alarm(LIMIT);
	for (size_t row = 0; row < array_length(rows); row++) {
		char found[TRAPS + 1] = "";

		for (enum trap trap = PIPE; trap < TRAPS; trap++) {
			print_message("%zu: %s is %s\n", row, rows[row].at, trap_names[trap]);
			found[trap] = try_one(row, trap);
		}
		assert_string_equal(found, rows[row].works);
	}
	alarm(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
