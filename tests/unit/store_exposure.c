/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/store/exposure.h"
#include "tests/unit/support/folder.h"

/* Modes of the folder, accounts.yaml, controllers.yaml, cookies and a jar in it; what is open, NULL for nothing. */
static const struct {
	unsigned int above, folder, accounts, controllers, cookies, jar;
	const char *open;
} rows[] = {
	{0755, 0700, 0600, 0600, 0700, 0600, NULL},
	{0755, 0755, 0600, 0644, 0755, 0600, NULL},
	{0755, 0755, 0604, 0600, 0700, 0600, "accounts.yaml"},
	{0755, 0755, 0644, 0644, 0755, 0644, "accounts.yaml, cookies"},
	{0755, 0755, 0600, 0602, 0700, 0600, "controllers.yaml"},
	{0755, 0755, 0602, 0600, 0700, 0602, "accounts.yaml"},
	{0755, 0777, 0600, 0600, 0700, 0600, "the folder itself"},
	{0755, 01777, 0600, 0600, 0700, 0600, NULL},
	{0755, 0755, 0600, 0600, 0711, 0604, "cookies"},
	/* Nobody gets there. */
	{0700, 0777, 0666, 0666, 0777, 0666, NULL},
	{0755, 0750, 0666, 0666, 0777, 0666, NULL},
	/* A group may be one's own. */
	{0755, 0770, 0660, 0660, 0770, 0660, NULL},
	{0755, 0775, 0660, 0660, 0770, 0660, NULL},
};

static void set_mode(const char *folder, const char *name, unsigned int mode)
{
	scoped(string) char *path = string_format("%s/%s", folder, name);

	assert_int_equal(chmod(path, mode), 0);
}

static void test_rows(void **state)
{
	const char *top = *state;
	scoped(string) char *folder = string_format("%s/juju", top);
	scoped(string) char *cookies = string_format("%s/juju/cookies", top);

	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(mkdir(cookies, 0700), 0);
	folder_write(folder, "accounts.yaml", "");
	folder_write(folder, "controllers.yaml", "");
	folder_write(folder, "cookies/jaas.json", "");
	/* What juju itself leaves open, and what nobody can use. */
	folder_write(folder, "models.yaml", "");
	set_mode(folder, "models.yaml", 0644);
	folder_write(folder, "cookies/jaas.json.lock", "");
	set_mode(folder, "cookies/jaas.json.lock", 0666);
	for (size_t i = 0; i < array_length(rows); i++) {
		set_mode(folder, "accounts.yaml", rows[i].accounts);
		set_mode(folder, "controllers.yaml", rows[i].controllers);
		set_mode(folder, "cookies/jaas.json", rows[i].jar);
		set_mode(folder, "cookies", rows[i].cookies);
		set_mode(top, "juju", rows[i].folder);
		set_mode(top, ".", rows[i].above);
		scoped(string) char *found = exposure_find(folder);

		print_message("row %zu\n", i);
		if (rows[i].open == NULL) {
			assert_null(found);
			continue;
		}
		scoped(string) char *whole =
			string_format("other users of this machine can get at your secrets in %s (%s); close it to "
				      "them: chmod go= %s",
				folder, rows[i].open, folder);
		assert_string_equal(found, whole);
	}
}

static void test_nothing_there(void **state)
{
	scoped(string) char *folder = string_format("%s/none", (const char *)*state);

	assert_null(exposure_find(folder));
	set_mode(*state, ".", 0755);
	assert_null(exposure_find(folder));
	assert_null(exposure_find(*state));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_nothing_there, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
