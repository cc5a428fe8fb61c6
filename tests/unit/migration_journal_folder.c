/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of the journal: where it is, who may look, its locks, and what becomes of it when there is no room. */
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/unit/journal_place.h"

static const struct {
	const char *environment[6];
	const char *directory; /* NULL: an error */
} homes[] = {
	{{"XDG_STATE_HOME=/s", "HOME=/h"}, "/s/juju-jaas-migrate"},
	{{"XDG_STATE_HOME=", "HOME=/h"}, "/h/.local/state/juju-jaas-migrate"},
	{{"XDG_STATE_HOME=state", "HOME=/h"}, "/h/.local/state/juju-jaas-migrate"},
	{{"HOME=/h"}, "/h/.local/state/juju-jaas-migrate"},
	{{"SNAP_REAL_HOME=/real", "HOME=/h"}, "/real/.local/state/juju-jaas-migrate"},
	{{"XDG_STATE_HOME=/s", "SNAP_REAL_HOME=/real", "HOME=/h"}, "/s/juju-jaas-migrate"},
	{{"SNAP_NAME=juju", "XDG_STATE_HOME=/s", "SNAP_REAL_HOME=/real", "HOME=/h"}, "/juju-data/jaas-migrate"},
	{{"SNAP_NAME=juju"}, "/juju-data/jaas-migrate"},
	{{"SNAP_NAME=juju-jaas-migrate", "SNAP_REAL_HOME=/real", "HOME=/h"}, "/juju-data/jaas-migrate"},
	{{"SNAP_NAME=other", "HOME=/h"}, "/h/.local/state/juju-jaas-migrate"},
	{{"SNAP_NAME=", "HOME=/h"}, "/h/.local/state/juju-jaas-migrate"},
	{{"HOME="}, NULL},
	{{"PATH=/bin"}, NULL},
};

static void test_directory(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(homes); i++) {
		struct journal journal;
		scoped(error) struct error *error = NULL;
		int status = journal_init(&journal, (char *const *)homes[i].environment, "/juju-data", &error);

		print_message("home %zu\n", i);
		assert_int_equal(status, homes[i].directory != NULL ? 0 : -1);
		if (homes[i].directory != NULL)
			assert_string_equal(journal.directory, homes[i].directory);
		else
			assert_string_equal(
				error->message, "cannot keep a journal: no home directory; set XDG_STATE_HOME");
		journal_release(&journal);
		assert_null(journal.directory);
	}
}

static unsigned int mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

/* Nobody else may look, whatever the umask, and every folder that was missing is made. */
static void test_modes(void **state)
{
	const struct place *place = *state;
	static const mode_t masks[] = {0, 022, 077, 0377, 0777};

	for (size_t i = 0; i < array_length(masks); i++) {
		struct journal journal = {string_format("%s/%zu/a//b", place->folder, i)};
		scoped(string) char *file = string_format("%s/" ONE ".json", journal.directory);
		scoped(string) char *above = string_format("%s/%zu", place->folder, i);
		const struct journal_entry entry = sample(ONE);
		mode_t before = umask(masks[i]);
		int written = journal_write(&journal, &entry, NULL);
		umask(before);

		print_message("umask %o\n", (unsigned int)masks[i]);
		if (geteuid() == 0 || (masks[i] & 0300) == 0)
			assert_int_equal(written, 0);
		if (written == 0)
			assert_int_equal(mode_of(file), 0600);
		assert_int_equal(mode_of(above) & 077, 0);
		/* Where not even the owner may enter it, nothing is below. */
		if (written == 0)
			assert_int_equal(mode_of(journal.directory) & 077, 0);
		journal_release(&journal);
	}
}

/* Root may do everything, so this is done as somebody else: returns what `act` returned there. */
static int without_rights(
	const struct place *place, int (*act)(const struct place *place, struct error **error), struct error **error)
{
	uid_t user = geteuid();

	if (user == 0)
		assert_int_equal(seteuid(65534), 0);
	int status = act(place, error);
	if (user == 0)
		assert_int_equal(seteuid(user), 0);
	return status;
}

static int act_write(const struct place *place, struct error **error)
{
	const struct journal_entry entry = sample(ONE);

	return journal_write(&place->journal, &entry, error);
}

static int act_read(const struct place *place, struct error **error)
{
	scoped(journal_entry) struct journal_entry *entry = NULL;

	return journal_read(&place->journal, ONE, &entry, error);
}

static int act_remove(const struct place *place, struct error **error)
{
	return journal_remove(&place->journal, ONE, error);
}

static int act_list(const struct place *place, struct error **error)
{
	char **uuids = NULL;
	size_t count = 0;
	int status = journal_list(&place->journal, &uuids, &count, error);

	for (size_t i = 0; i < count; i++)
		free(uuids[i]);
	free(uuids);
	return status;
}

static int act_lock(const struct place *place, struct error **error)
{
	return journal_lock(&place->journal, ONE, error);
}

static void test_rights(void **state)
{
	const struct place *place = *state;
	static const struct {
		int (*act)(const struct place *place, struct error **error);
		mode_t mode;
		int status;
		const char *message; /* NULL: none */
	} cases[] = {
		{act_read, 0, -1, "cannot read "},
		{act_list, 0, -1, "cannot read "},
		{act_write, 0, -1, "cannot write "},
		{act_remove, 0, -1, "cannot remove "},
		{act_lock, 0, -2, "cannot lock "},
		{act_read, 0555, 0, NULL},
		{act_list, 0555, 0, NULL},
		{act_write, 0555, -1, "cannot write "},
		{act_remove, 0555, -1, "cannot remove "},
		{act_lock, 0555, -2, "cannot lock "},
	};

	put_file(place, ONE ".json", WHOLE, strlen(WHOLE));
	scoped(string) char *file = path_in(place, ONE ".json");
	assert_int_equal(chmod(file, 0644), 0);
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;

		print_message("right %zu\n", i);
		assert_int_equal(chmod(place->journal.directory, cases[i].mode), 0);
		assert_int_equal(without_rights(place, cases[i].act, &error), cases[i].status);
		if (cases[i].act == act_list && error == NULL)
			continue;
		assert_true((error != NULL) == (cases[i].message != NULL));
		if (error != NULL)
			assert_non_null(strstr(error->message, cases[i].message));
	}
	assert_file(place, ONE ".json", WHOLE);
}

static void test_list(void **state)
{
	const struct place *place = *state;
	static const char *const others[] = {
		ONE ".json.XyZ123",
		ONE ".lock",
		ONE,
		".json",
		"README",
		"5f0c9a52-0d0e-4e55-8f0b-00000000000.json",
		"5f0c9a52-0d0e-4e55-8f0b-00000000000g.json",
		"x" ONE ".json",
	};
	const struct journal_entry entries[] = {sample(OTHER), sample(ONE)};
	char **uuids = NULL;
	size_t count = 1;

	assert_int_equal(journal_list(&place->journal, &uuids, &count, NULL), 0);
	assert_int_equal(count, 0);
	for (size_t i = 0; i < array_length(others); i++)
		put_file(place, others[i], WHOLE, strlen(WHOLE));
	for (size_t i = 0; i < array_length(entries); i++)
		assert_int_equal(journal_write(&place->journal, &entries[i], NULL), 0);
	assert_int_equal(journal_list(&place->journal, &uuids, &count, NULL), 0);
	assert_int_equal(count, 2);
	assert_string_equal(uuids[0], ONE);
	assert_string_equal(uuids[1], OTHER);
	for (size_t i = 0; i < count; i++)
		free(uuids[i]);
	free(uuids);
}

/* ---- locks ---- */

/* Another process, which takes the lock, says so, and keeps it until it is told. */
struct holder {
	pid_t process;
	int told[2], tells[2];
};

static void hold(struct holder *holder, const struct journal *journal)
{
	char byte = 0;

	assert_int_equal(pipe(holder->told) | pipe(holder->tells), 0);
	holder->process = fork();
	assert_true(holder->process >= 0);
	if (holder->process == 0) {
		byte = journal_lock(journal, ONE, NULL) >= 0 ? 'y' : 'n';
		close(holder->told[1]);
		if (write(holder->tells[1], &byte, 1) != 1 || read(holder->told[0], &byte, 1) < 0)
			_exit(1);
		_exit(0);
	}
	close(holder->told[0]);
	close(holder->tells[1]);
	assert_int_equal(read(holder->tells[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
}

/* Ends it without a chance to clean up. */
static void end(struct holder *holder)
{
	int status = 0;

	assert_int_equal(kill(holder->process, SIGKILL), 0);
	assert_int_equal(waitpid(holder->process, &status, 0), holder->process);
	close(holder->told[1]);
	close(holder->tells[0]);
}

static void test_lock(void **state)
{
	const struct place *place = *state;
	scoped(error) struct error *error = NULL;
	int one = journal_lock(&place->journal, ONE, &error);
	int other = journal_lock(&place->journal, OTHER, &error);

	assert_true(one >= 0);
	assert_true(other >= 0 && other != one);
	assert_int_equal(files_in(place), 2);
	assert_int_equal(journal_lock(&place->journal, ONE, &error), -1);
	journal_unlock(&place->journal, ONE, one);
	assert_int_equal(files_in(place), 1);
	one = journal_lock(&place->journal, ONE, &error);
	assert_true(one >= 0);
	journal_unlock(&place->journal, ONE, one);
	journal_unlock(&place->journal, OTHER, other);
	assert_int_equal(files_in(place), 0);
	assert_null(error);
}

/* A lock ends with its process, also when that is killed: the file stays, and holds nobody. */
static void test_lock_of_another(void **state)
{
	const struct place *place = *state;
	struct holder holder;
	scoped(error) struct error *error = NULL;

	hold(&holder, &place->journal);
	assert_int_equal(journal_lock(&place->journal, ONE, &error), -1);
	assert_null(error);
	end(&holder);
	assert_int_equal(files_in(place), 1);
	int descriptor = journal_lock(&place->journal, ONE, &error);
	assert_true(descriptor >= 0);
	journal_unlock(&place->journal, ONE, descriptor);
	assert_int_equal(files_in(place), 0);
}

/* Who holds a file that somebody has removed keeps no one out of the next one. */
static void test_lock_removed(void **state)
{
	const struct place *place = *state;
	scoped(string) char *path = path_in(place, ONE ".lock");
	struct holder holder;

	hold(&holder, &place->journal);
	assert_int_equal(unlink(path), 0);
	int descriptor = journal_lock(&place->journal, ONE, NULL);
	assert_true(descriptor >= 0);
	end(&holder);
	assert_int_equal(journal_lock(&place->journal, ONE, NULL), -1);
	journal_unlock(&place->journal, ONE, descriptor);
}

/* Takes the lock and gives it back, over and over. Returns how often somebody else had it as well. */
static int contend(const struct place *place)
{
	scoped(string) char *mark = path_in(place, "mark");
	int both = 0;

	for (int i = 0; i < 3000; i++) {
		int descriptor = journal_lock(&place->journal, ONE, NULL);

		if (descriptor < 0)
			continue;
		both += mkdir(mark, 0700) < 0;
		sched_yield();
		rmdir(mark);
		journal_unlock(&place->journal, ONE, descriptor);
	}
	return both;
}

/* Never do two processes have it at once, though each removes the file when it is done. */
static void test_lock_race(void **state)
{
	const struct place *place = *state;
	pid_t others[3];
	int status = 0;

	for (size_t i = 0; i < array_length(others); i++) {
		others[i] = fork();
		if (others[i] == 0)
			_exit(contend(place) != 0);
	}
	int both = contend(place);
	for (size_t i = 0; i < array_length(others); i++) {
		assert_int_equal(waitpid(others[i], &status, 0), others[i]);
		both += status;
	}
	assert_int_equal(both, 0);
}

static void test_lock_link(void **state)
{
	const struct place *place = *state;
	scoped(string) char *path = path_in(place, ONE ".lock");
	scoped(string) char *elsewhere = path_in(place, "elsewhere");
	scoped(error) struct error *error = NULL;

	put_file(place, "other", "", 0);
	assert_int_equal(symlink(elsewhere, path), 0);
	assert_int_equal(journal_lock(&place->journal, ONE, &error), -2);
	assert_non_null(strstr(error->message, "cannot lock "));
	assert_int_equal(access(elsewhere, F_OK), -1);
}

/* ---- no room ---- */

/* Writes with room for `room` bytes in any file; returns what the writing returned. */
static int write_with_room(const struct place *place, const struct journal_entry *entry, rlim_t room)
{
	struct rlimit before;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit limit = {room, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	int status = journal_write(&place->journal, entry, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	return status;
}

/* The old entry stays whole as long as the new one is not, and nothing else is left. */
static void test_no_room(void **state)
{
	const struct place *place = *state;
	struct journal_entry entry = sample(ONE);

	entry.migration_id = (char *)"the old one";
	assert_int_equal(journal_write(&place->journal, &entry, NULL), 0);
	scoped(string) char *before = text_of(place, ONE ".json");
	entry.migration_id = (char *)"the new one";
	for (rlim_t room = 0; room < strlen(before); room += 16) {
		assert_int_equal(write_with_room(place, &entry, room), -1);
		assert_file(place, ONE ".json", before);
		assert_int_equal(files_in(place), 1);
	}
	assert_int_equal(write_with_room(place, &entry, strlen(before)), 0);
	scoped(string) char *after = text_of(place, ONE ".json");
	assert_non_null(strstr(after, "the new one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_directory),
		cmocka_unit_test_setup_teardown(test_modes, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_rights, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_list, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_lock, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_lock_of_another, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_lock_removed, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_lock_race, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_lock_link, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_no_room, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
