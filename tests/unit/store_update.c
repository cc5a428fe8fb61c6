/* SPDX-License-Identifier: Apache-2.0 */
/* Writing into the store what a login taught: exactly that, in exactly one entry, and nothing when nothing changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/store/update.h"
#include "tests/unit/support/folder.h"

#define LAB_UUID "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11"
#define JAAS_UUID "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"

#define LAB_HEAD         \
	"controllers:\n" \
	"    lab:\n"     \
	"        uuid: " LAB_UUID "\n"
#define LAB_REST                                    \
	"        ca-cert: |\n"                      \
	"            -----BEGIN CERTIFICATE-----\n" \
	"            AAAA\n"                        \
	"            -----END CERTIFICATE-----\n"   \
	"        cloud: localhost\n"                \
	"        region: 'default'\n"               \
	"        type: lxd\n"
#define JAAS_HEAD     \
	"    jaas:\n" \
	"        uuid: " JAAS_UUID "\n"
#define TAIL                        \
	"current-controller: lab\n" \
	"has-controller-changed-on-previous-switch: false\n"
#define LAB_ENDPOINTS "        api-endpoints: ['10.1.2.3:17070', '[fd00::3]:17070']\n"
#define LAB_VERSION "        agent-version: 3.6.14\n        controller-machine-count: 1\n        later: [{a: \"1\"}]\n"
#define LAB LAB_HEAD LAB_ENDPOINTS LAB_REST LAB_VERSION
#define JAAS                                                \
	JAAS_HEAD                                           \
	"        api-endpoints: ['jimm.example.com:443']\n" \
	"        ca-cert: \"\"\n        cloud: \"\"\n"      \
	"        oidc-login: true\n"
#define CONTROLLERS LAB JAAS TAIL

#define ACCOUNTS_LAB "controllers:\n  lab:\n    user: admin\n    password: 5e1f0c9b\n    last-known-access: superuser\n"
#define ACCOUNTS_JAAS "  jaas:\n    user: alice@canonical.com\n    last-known-access: login\n"
#define ACCOUNTS ACCOUNTS_LAB ACCOUNTS_JAAS "    access-token: b2xk\n    type: oauth2-device\n"

static void write_store(const char *folder)
{
	folder_write(folder, "controllers.yaml", CONTROLLERS);
	folder_write(folder, "accounts.yaml", ACCOUNTS);
}

static void assert_file(const char *folder, const char *name, const char *expected)
{
	scoped(string) char *found = folder_read(folder, name);

	assert_non_null(found);
	assert_string_equal(found, expected);
}

/* Updates the store in the folder, which is the place of its lock too. */
static enum store_attempt update(const char *folder, const struct store_update *with, unsigned int *written)
{
	scoped(string) char *variable = string_format("TMPDIR=%s", folder);
	char *environment[] = {variable, NULL};
	struct error *error = NULL;
	enum store_attempt attempt = store_update_try(folder, environment, with, written, &error);

	assert_int_equal(attempt == STORE_FAILED, error != NULL);
	error_free(error);
	return attempt;
}

static void assert_written(const char *folder, const struct store_update *with, unsigned int expected)
{
	unsigned int written = 99;

	assert_int_equal(update(folder, with, &written), STORE_DONE);
	assert_int_equal(written, expected);
}

static void test_jaas(void **state)
{
	const char *folder = *state;
	scoped(secret) struct secret *token = secret_new("ZXlK/+==", 8);
	char *endpoints[] = {"jimm.example.com:443"};

	write_store(folder);
	assert_written(folder,
		&(struct store_update){.controller = "jaas",
			.uuid = JAAS_UUID,
			.user = "alice@canonical.com",
			.agent_version = "3.6.14",
			.public_hostname = "jimm.example.com",
			.endpoints = endpoints,
			.endpoint_count = 1,
			.last_known_access = "",
			.access_token = token},
		STORE_WROTE_CONTROLLERS | STORE_WROTE_ACCOUNTS);
	assert_file(folder, "controllers.yaml",
		LAB JAAS_HEAD "        api-endpoints: ['jimm.example.com:443']\n"
			      "        public-hostname: jimm.example.com\n"
			      "        ca-cert: \"\"\n        cloud: \"\"\n"
			      "        agent-version: 3.6.14\n"
			      "        oidc-login: true\n" TAIL);
	assert_file(folder, "accounts.yaml",
		ACCOUNTS_LAB ACCOUNTS_JAAS "    access-token: ZXlK/+==\n    type: oauth2-device\n");
	assert_int_equal(folder_status(folder, "accounts.yaml").st_mode, S_IFREG | 0600);
	assert_int_equal(folder_status(folder, "controllers.yaml").st_mode, S_IFREG | 0600);
	assert_int_equal(folder_count(folder), 3);
}

static void test_several_machines(void **state)
{
	const char *folder = *state;
	char *endpoints[] = {"10.1.2.4:17070", "10.1.2.3:17070"};
	char *one[] = {"10.1.2.4", "fd00::4"};
	char *other[] = {"10.1.2.3"};
	struct store_host hosts[] = {
		{(char *)"one.example.com", one, 2}, {(char *)"123", other, 1}, {(char *)"none.example.com", NULL, 0}};

	write_store(folder);
	assert_written(folder,
		&(struct store_update){.controller = "lab",
			.uuid = LAB_UUID,
			.agent_version = "4.0",
			.endpoints = endpoints,
			.endpoint_count = 2,
			.hosts = hosts,
			.host_count = 3,
			.last_known_access = "login"},
		STORE_WROTE_CONTROLLERS | STORE_WROTE_ACCOUNTS);
	assert_file(folder, "controllers.yaml",
		LAB_HEAD "        api-endpoints: ['10.1.2.4:17070', '10.1.2.3:17070']\n"
			 "        dns-cache: {one.example.com: [10.1.2.4, 'fd00::4'], '123': [10.1.2.3], "
			 "none.example.com: []}\n" LAB_REST
			 "        agent-version: '4.0'\n        controller-machine-count: 1\n"
			 "        later: [{a: \"1\"}]\n" JAAS TAIL);
	assert_file(folder, "accounts.yaml",
		"controllers:\n  lab:\n    user: admin\n    password: 5e1f0c9b\n    last-known-access: "
		"login\n" ACCOUNTS_JAAS "    access-token: b2xk\n    type: oauth2-device\n");

	/* Another look-up replaces its own host only. */
	assert_written(folder,
		&(struct store_update){.controller = "lab",
			.uuid = LAB_UUID,
			.agent_version = "",
			.hosts = hosts + 1,
			.host_count = 1},
		STORE_WROTE_CONTROLLERS);
	hosts[1].addresses = one;
	hosts[1].address_count = 2;
	assert_written(folder,
		&(struct store_update){.controller = "lab", .uuid = LAB_UUID, .hosts = hosts + 1, .host_count = 1},
		STORE_WROTE_CONTROLLERS);
	assert_file(folder, "controllers.yaml",
		LAB_HEAD "        api-endpoints: ['10.1.2.4:17070', '10.1.2.3:17070']\n"
			 "        dns-cache: {one.example.com: [10.1.2.4, 'fd00::4'], '123': [10.1.2.4, 'fd00::4'], "
			 "none.example.com: []}\n" LAB_REST "        controller-machine-count: 1\n"
			 "        later: [{a: \"1\"}]\n" JAAS TAIL);
}

/* Nothing that differs: nothing is written, not even a lock is made. */
static void test_unchanged(void **state)
{
	const char *folder = *state;
	scoped(secret) struct secret *token = secret_new("b2xk", 4);
	scoped(secret) struct secret *empty = secret_new("", 0);
	char *endpoints[] = {"10.1.2.3:17070", "[fd00::3]:17070"};

	write_store(folder);
	struct stat controllers = folder_status(folder, "controllers.yaml");
	struct stat accounts = folder_status(folder, "accounts.yaml");
	assert_written(folder,
		&(struct store_update){.controller = "lab",
			.uuid = LAB_UUID,
			.agent_version = "3.6.14",
			.public_hostname = "",
			.endpoints = endpoints,
			.endpoint_count = 2,
			.last_known_access = "superuser",
			.access_token = empty},
		0);
	assert_written(folder,
		&(struct store_update){.controller = "jaas",
			.uuid = JAAS_UUID,
			.agent_version = "0.0.0",
			.last_known_access = "",
			.access_token = token},
		0);
	assert_written(folder, &(struct store_update){.controller = "lab", .uuid = LAB_UUID}, 0);
	struct stat after = folder_status(folder, "controllers.yaml");
	assert_int_equal(after.st_ino, controllers.st_ino);
	assert_memory_equal(&after.st_mtim, &controllers.st_mtim, sizeof(after.st_mtim));
	after = folder_status(folder, "accounts.yaml");
	assert_int_equal(after.st_ino, accounts.st_ino);
	assert_memory_equal(&after.st_mtim, &accounts.st_mtim, sizeof(after.st_mtim));
	assert_int_equal(folder_count(folder), 2);
}

/* One file changes, the other stays as it is, comments and all. */
static void test_one_file(void **state)
{
	const char *folder = *state;

	write_store(folder);
	folder_write(folder, "accounts.yaml", "# mine\n" ACCOUNTS);
	assert_written(folder, &(struct store_update){.controller = "lab", .uuid = LAB_UUID, .agent_version = "3.6.15"},
		STORE_WROTE_CONTROLLERS);
	assert_file(folder, "accounts.yaml", "# mine\n" ACCOUNTS);
	assert_written(folder,
		&(struct store_update){.controller = "lab", .uuid = LAB_UUID, .last_known_access = "login"},
		STORE_WROTE_ACCOUNTS);
}

/* Where juju itself would write what is new in an account. */
static void test_account_order(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{"    user: a\n    access-token: b2xk\n",
			"    user: a\n    last-known-access: login\n    access-token: bmV3\n"},
		{"    user: a\n    password: p\n    type: userpass\n",
			"    user: a\n    password: p\n    last-known-access: login\n    access-token: bmV3\n    type: "
			"userpass\n"},
		{"    type: userpass\n    user: a\n    last-known-access: x\n",
			"    type: userpass\n    user: a\n    last-known-access: login\n    access-token: bmV3\n"},
	};
	const char *folder = *state;
	scoped(secret) struct secret *token = secret_new("bmV3", 4);
	const struct store_update news = {.controller = "jaas",
		.uuid = JAAS_UUID,
		.user = "a",
		.last_known_access = "login",
		.access_token = token};

	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *before = string_format("controllers:\n  jaas:\n%s", cases[i].before);
		scoped(string) char *after = string_format("controllers:\n  jaas:\n%s", cases[i].after);

		folder_write(folder, "controllers.yaml", CONTROLLERS);
		folder_write(folder, "accounts.yaml", before);
		assert_written(folder, &news, STORE_WROTE_ACCOUNTS);
		assert_file(folder, "accounts.yaml", after);
	}
}

static const struct store_update of_lab = {.controller = "lab",
	.uuid = LAB_UUID,
	.user = "admin@local",
	.agent_version = "4.0.1",
	.last_known_access = "x"};

/* Who has logged out, logged in as another, or gave the name to another controller meanwhile does not want our news. */
static void test_gone(void **state)
{
	static const struct {
		const char *controllers;
		const char *accounts;
		unsigned int written;
	} cases[] = {
		{"controllers:\n    lab:\n        uuid: " JAAS_UUID "\n", ACCOUNTS, 0},
		{"controllers:\n    lab:\n", ACCOUNTS, 0},
		{"controllers:\n    other:\n        uuid: " LAB_UUID "\n", ACCOUNTS, 0},
		{"controllers:\n", ACCOUNTS, 0},
		{"", ACCOUNTS, 0},
		{CONTROLLERS, "controllers:\n  lab:\n    user: bob\n", STORE_WROTE_CONTROLLERS},
		{CONTROLLERS, "controllers:\n  lab:\n", STORE_WROTE_CONTROLLERS},
		{CONTROLLERS, "controllers: {}\n", STORE_WROTE_CONTROLLERS},
		{CONTROLLERS, "", STORE_WROTE_CONTROLLERS},
		{CONTROLLERS, "controllers:\n  lab:\n    user: admin@local\n",
			STORE_WROTE_CONTROLLERS | STORE_WROTE_ACCOUNTS},
	};
	const char *folder = *state;

	for (size_t i = 0; i < array_length(cases); i++) {
		folder_write(folder, "controllers.yaml", cases[i].controllers);
		folder_write(folder, "accounts.yaml", cases[i].accounts);
		assert_written(folder, &of_lab, cases[i].written);
		if (!(cases[i].written & STORE_WROTE_CONTROLLERS))
			assert_file(folder, "controllers.yaml", cases[i].controllers);
		if (!(cases[i].written & STORE_WROTE_ACCOUNTS))
			assert_file(folder, "accounts.yaml", cases[i].accounts);
	}
}

static void test_no_store(void **state)
{
	const char *folder = *state;
	scoped(string) char *below = string_format("%s/none", folder);

	assert_written(folder, &of_lab, 0);
	assert_written(below, &of_lab, 0);
	assert_int_equal(folder_count(folder), 0);
}

/* A damaged file is left alone, and does not keep the sound one from being written. */
static void test_damaged(void **state)
{
	const char *folder = *state;
	unsigned int written = 99;

	write_store(folder);
	folder_write(folder, "accounts.yaml", "controllers: [\n");
	assert_int_equal(update(folder, &of_lab, &written), STORE_FAILED);
	assert_file(folder, "accounts.yaml", "controllers: [\n");
	assert_int_equal(written, STORE_WROTE_CONTROLLERS);

	write_store(folder);
	folder_write(folder, "controllers.yaml", "controllers: [\n");
	assert_int_equal(update(folder, &of_lab, &written), STORE_FAILED);
	assert_int_equal(written, 0);
	assert_file(folder, "accounts.yaml", ACCOUNTS);
}

static void test_busy(void **state)
{
	const char *folder = *state;
	scoped(string) char *variable = string_format("TMPDIR=%s", folder);
	char *environment[] = {variable, NULL};
	unsigned int written = 99;
	int lock = -1;

	write_store(folder);
	assert_int_equal(store_lock_try(folder, environment, &lock, NULL), STORE_DONE);
	assert_int_equal(update(folder, &of_lab, &written), STORE_BUSY);
	assert_int_equal(written, 0);
	assert_file(folder, "controllers.yaml", CONTROLLERS);
	store_unlock(&lock);
	assert_written(folder, &of_lab, STORE_WROTE_CONTROLLERS | STORE_WROTE_ACCOUNTS);
}

/* Text of a server that is no text: neither file is harmed. */
static void test_not_text(void **state)
{
	const char *folder = *state;
	struct store_update with = of_lab;

	write_store(folder);
	with.public_hostname = "\xff\xfe";
	assert_int_equal(update(folder, &with, NULL), STORE_FAILED);
	assert_file(folder, "controllers.yaml", CONTROLLERS);
	with.public_hostname = "two\nlines: {\x01";
	assert_int_equal(update(folder, &with, NULL), STORE_DONE);
	scoped(string) char *found = folder_read(folder, "controllers.yaml");
	assert_non_null(strstr(found, "        public-hostname: \"two\\nlines: {\\x01\"\n"));
}

/* Links stay, and so does the owner of what they point to. */
static void test_links_and_owners(void **state)
{
	const char *folder = *state;
	scoped(string) char *elsewhere = string_format("%s/elsewhere", folder);
	scoped(string) char *to = string_format("%s/elsewhere/mine.yaml", folder);
	scoped(string) char *path = string_format("%s/accounts.yaml", folder);
	scoped(string) char *controllers = string_format("%s/controllers.yaml", folder);

	write_store(folder);
	assert_int_equal(mkdir(elsewhere, 0700), 0);
	assert_int_equal(rename(path, to), 0);
	assert_int_equal(symlink("elsewhere/mine.yaml", path), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(to, 1234, 2345), 0);
		assert_int_equal(chown(controllers, 1234, 2345), 0);
	}
	struct stat before = folder_status(folder, "controllers.yaml");
	assert_written(folder, &of_lab, STORE_WROTE_CONTROLLERS | STORE_WROTE_ACCOUNTS);
	assert_true(S_ISLNK(folder_status(folder, "accounts.yaml").st_mode));
	scoped(string) char *found = folder_read(folder, "elsewhere/mine.yaml");
	assert_non_null(strstr(found, "    last-known-access: x\n"));
	assert_int_equal(folder_status(folder, "elsewhere/mine.yaml").st_uid, before.st_uid);
	assert_int_equal(folder_status(folder, "controllers.yaml").st_uid, before.st_uid);
	assert_int_equal(folder_status(folder, "controllers.yaml").st_gid, before.st_gid);
	assert_int_not_equal(folder_status(folder, "controllers.yaml").st_ino, before.st_ino);
	assert_int_equal(folder_count(elsewhere), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_jaas, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_several_machines, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_unchanged, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_one_file, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_account_order, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_gone, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_no_store, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_damaged, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_busy, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_not_text, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_links_and_owners, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
