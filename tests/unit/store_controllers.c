/* SPDX-License-Identifier: Apache-2.0 */
/* controllers.yaml, accounts.yaml and models.yaml as typed entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/store/accounts.h"
#include "common/store/controllers.h"
#include "common/store/models.h"

#define ADVICE "; fix it or restore a backup"

static const char controllers_file[] =
	"controllers:\n"
	"    lab:\n"
	"        uuid: 0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11\n"
	"        api-endpoints: ['10.1.2.3:17070', '[fd00::3]:17070']\n"
	"        dns-cache: {one.example.com: [10.1.2.3, 10.1.2.4], two.example.com: ~}\n"
	"        ca-cert: |\n"
	"            -----BEGIN CERTIFICATE-----\n"
	"            AAAA\n"
	"            -----END CERTIFICATE-----\n"
	"        cloud: localhost\n"
	"        region: 'default'\n"
	"        type: lxd\n"
	"        agent-version: 3.6.14\n"
	"        controller-machine-count: 1\n"
	"        some-later-key: [{a: b}]\n"
	"    jaas:\n"
	"        uuid: 6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11\n"
	"        api-endpoints: ['jimm.example.com:443']\n"
	"        public-hostname: jimm.example.com\n"
	"        ca-cert: \"\"\n"
	"        cloud: \"\"\n"
	"        agent-version: 4.0\n"
	"        oidc-login: true\n"
	"    k8s:\n"
	"        uuid: 77\n"
	"        api-endpoints: []\n"
	"        proxy-config:\n"
	"            type: kubernetes-port-forward\n"
	"            config: {service-account-token: s3cr3t}\n"
	"    nothing:\n"
	"current-controller: lab\n"
	"has-controller-changed-on-previous-switch: false\n";

static int parse_controllers(const char *content, struct store_controllers *out, struct error **error)
{
	scoped(document) struct document *document = document_parse("f.yaml", content, strlen(content), error);

	return document != NULL ? store_controllers_parse(document, out, error) : -1;
}

static int parse_accounts(const char *content, struct store_accounts *out, struct error **error)
{
	scoped(document) struct document *document = document_parse("f.yaml", content, strlen(content), error);

	return document != NULL ? store_accounts_parse(document, out, error) : -1;
}

static int parse_models(const char *content, struct store_models *out, struct error **error)
{
	scoped(document) struct document *document = document_parse("f.yaml", content, strlen(content), error);

	return document != NULL ? store_models_parse(document, out, error) : -1;
}

static void check_lab(const struct store_controller *lab)
{
	assert_string_equal(lab->name, "lab");
	assert_int_equal(lab->line, 2);
	assert_string_equal(lab->uuid, "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11");
	assert_int_equal(lab->endpoint_count, 2);
	assert_string_equal(lab->endpoints[0], "10.1.2.3:17070");
	assert_string_equal(lab->endpoints[1], "[fd00::3]:17070");
	assert_int_equal(lab->host_count, 2);
	assert_string_equal(lab->hosts[0].host, "one.example.com");
	assert_int_equal(lab->hosts[0].address_count, 2);
	assert_string_equal(lab->hosts[0].addresses[1], "10.1.2.4");
	assert_string_equal(lab->hosts[1].host, "two.example.com");
	assert_int_equal(lab->hosts[1].address_count, 0);
	assert_string_equal(lab->public_hostname, "");
	assert_string_equal(lab->ca_certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	assert_string_equal(lab->cloud, "localhost");
	assert_string_equal(lab->region, "default");
	assert_string_equal(lab->type, "lxd");
	assert_string_equal(lab->agent_version, "3.6.14");
	assert_false(lab->oidc_login);
	assert_false(lab->proxied);
	assert_string_equal(lab->proxy_type, "");
}

static void test_controllers(void **state)
{
	struct store_controllers read;

	(void)state;
	assert_int_equal(parse_controllers(controllers_file, &read, NULL), 0);
	assert_int_equal(read.count, 4);
	assert_string_equal(read.file, "f.yaml");
	assert_string_equal(read.current, "lab");
	assert_int_equal(read.current_line, 31);
	check_lab(&read.items[0]);
	assert_string_equal(read.items[1].name, "jaas");
	assert_int_equal(read.items[1].line, 16);
	assert_string_equal(read.items[1].public_hostname, "jimm.example.com");
	assert_string_equal(read.items[1].ca_certificate, "");
	assert_string_equal(read.items[1].agent_version, "4.0");
	assert_true(read.items[1].oidc_login);
	assert_string_equal(read.items[2].uuid, "77");
	assert_int_equal(read.items[2].endpoint_count, 0);
	assert_true(read.items[2].proxied);
	assert_string_equal(read.items[2].proxy_type, "kubernetes-port-forward");
	assert_string_equal(read.items[3].name, "nothing");
	assert_string_equal(read.items[3].uuid, "");
	assert_string_equal(read.items[3].proxy_type, "");
	store_controllers_release(&read);
	assert_null(read.items);
}

static void test_no_entries(void **state)
{
	static const char *const cases[] = {"", "~\n", "{}\n", "controllers:\n", "controllers: {}\n",
		"controllers: null\ncurrent-controller: ~\n", "x: y\n"};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct store_controllers controllers;
		struct store_accounts accounts;
		struct store_models models;
		assert_int_equal(parse_controllers(cases[i], &controllers, NULL), 0);
		assert_int_equal(controllers.count, 0);
		assert_string_equal(controllers.current, "");
		assert_int_equal(parse_accounts(cases[i], &accounts, NULL), 0);
		assert_int_equal(accounts.count, 0);
		assert_int_equal(parse_models(cases[i], &models, NULL), 0);
		assert_int_equal(models.count, 0);
		store_controllers_release(&controllers);
		store_accounts_release(&accounts);
		store_models_release(&models);
	}
}

enum which { CONTROLLERS = 1, ACCOUNTS = 2, MODELS = 4, ALL = 7 };

/* `error` may be NULL: not every file was read. */
static void check_error(const struct error *error, const char *message)
{
	scoped(string) char *whole = string_format("cannot read %s" ADVICE, message);

	if (error == NULL)
		return;
	assert_int_equal(error->kind, ERROR_STORE);
	assert_string_equal(error->message, whole);
}

static const struct {
	enum which which;
	const char *content;
	const char *message;
} refused_cases[] = {
	{ALL, "- a\n", "f.yaml:1: \"the whole file\" must be a mapping, not a list"},
	{ALL, "\nwords\n", "f.yaml:2: \"the whole file\" must be a mapping, not a text"},
	{ALL, "controllers: [a]\n", "f.yaml:1: \"controllers\" must be a mapping, not a list"},
	{ALL, "controllers:\n  a: b\n", "f.yaml:2: \"a\" must be a mapping, not a text"},
	{ALL, "controllers:\n  a: {}\n  a: {}\n", "f.yaml:3: key \"a\" is there twice, first in line 2"},
	{CONTROLLERS, "current-controller: [a]\n", "f.yaml:1: \"current-controller\" must be a text, not a list"},
	{CONTROLLERS, "controllers:\n a:\n  uuid: {b: c}\n", "f.yaml:3: \"uuid\" must be a text, not a mapping"},
	{CONTROLLERS, "controllers:\n a: {api-endpoints: b}\n",
		"f.yaml:2: \"api-endpoints\" must be a list, not a text"},
	{CONTROLLERS, "controllers:\n a: {api-endpoints: [[b]]}\n",
		"f.yaml:2: \"api-endpoints\" must be a text, not a list"},
	{CONTROLLERS, "controllers:\n a:\n  dns-cache: []\n", "f.yaml:3: \"dns-cache\" must be a mapping, not a list"},
	{CONTROLLERS, "controllers:\n a:\n  dns-cache: {b: c}\n", "f.yaml:3: \"dns-cache\" must be a list, not a text"},
	{CONTROLLERS, "controllers:\n a:\n  oidc-login: perhaps\n", "f.yaml:3: \"oidc-login\" must be true or false"},
	{CONTROLLERS, "controllers:\n a:\n  proxy-config: b\n",
		"f.yaml:3: \"proxy-config\" must be a mapping, not a text"},
	{CONTROLLERS, "controllers:\n a:\n  proxy-config: {type: []}\n",
		"f.yaml:3: \"type\" must be a text, not a list"},
	{ACCOUNTS, "controllers:\n a:\n  user: []\n", "f.yaml:3: \"user\" must be a text, not a list"},
	{ACCOUNTS, "controllers:\n a:\n  password: {s3cr3t: x}\n",
		"f.yaml:3: \"password\" must be a text, not a mapping"},
	{ACCOUNTS, "controllers:\n a:\n  access-token: [s3cr3t]\n",
		"f.yaml:3: \"access-token\" must be a text, not a list"},
	{MODELS, "controllers:\n a:\n  models: []\n", "f.yaml:3: \"models\" must be a mapping, not a list"},
	{MODELS, "controllers:\n a:\n  models:\n   x/y: z\n", "f.yaml:4: \"x/y\" must be a mapping, not a text"},
	{MODELS, "controllers:\n a:\n  models:\n   x/y: {uuid: []}\n", "f.yaml:4: \"uuid\" must be a text, not a list"},
	{MODELS, "controllers:\n a:\n  current-model: {}\n",
		"f.yaml:3: \"current-model\" must be a text, not a mapping"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(refused_cases); i++) {
		struct store_controllers controllers = {0};
		struct store_accounts accounts = {0};
		struct store_models models = {0};
		scoped(error) struct error *one = NULL;
		scoped(error) struct error *two = NULL;
		scoped(error) struct error *three = NULL;
		if (refused_cases[i].which & CONTROLLERS)
			assert_int_equal(parse_controllers(refused_cases[i].content, &controllers, &one), -1);
		if (refused_cases[i].which & ACCOUNTS)
			assert_int_equal(parse_accounts(refused_cases[i].content, &accounts, &two), -1);
		if (refused_cases[i].which & MODELS)
			assert_int_equal(parse_models(refused_cases[i].content, &models, &three), -1);
		check_error(one, refused_cases[i].message);
		check_error(two, refused_cases[i].message);
		check_error(three, refused_cases[i].message);
		assert_null(controllers.items);
		assert_null(accounts.items);
		assert_null(models.items);
	}
}

static void test_accounts(void **state)
{
	struct store_accounts read;

	(void)state;
	assert_int_equal(parse_accounts("controllers:\n"
					"  lab:\n"
					"    user: admin@local\n"
					"    password: 0123\n"
					"    last-known-access: superuser\n"
					"  out:\n"
					"  jaas:\n"
					"    user: alice@canonical.com\n"
					"    password: ''\n"
					"    access-token: 'ZXlK'\n"
					"    type: oauth2-device\n",
				 &read, NULL),
		0);
	assert_int_equal(read.count, 2);
	assert_string_equal(read.items[0].controller, "lab");
	assert_string_equal(read.items[0].user, "admin");
	assert_string_equal(secret_reveal(read.items[0].password), "0123");
	assert_null(read.items[0].access_token);
	assert_string_equal(read.items[0].last_known_access, "superuser");
	assert_string_equal(read.items[0].type, "");
	assert_string_equal(read.items[1].controller, "jaas");
	assert_int_equal(read.items[1].line, 7);
	assert_string_equal(read.items[1].user, "alice@canonical.com");
	assert_null(read.items[1].password);
	assert_string_equal(secret_reveal(read.items[1].access_token), "ZXlK");
	assert_string_equal(read.items[1].type, "oauth2-device");
	store_accounts_release(&read);
}

static void test_models(void **state)
{
	struct store_models read;

	(void)state;
	assert_int_equal(parse_models("controllers:\n"
				      "  lab:\n"
				      "    models:\n"
				      "      admin@local/web:\n"
				      "        uuid: 9c2a5c10-76f6-4c0d-8b1f-7a4d2c5be002\n"
				      "        type: iaas\n"
				      "        branch: master\n"
				      "      bare: {uuid: x}\n"
				      "      a/b/c:\n"
				      "    current-model: admin/web\n"
				      "    previous-model: admin/controller\n"
				      "  out: ~\n"
				      "  empty: {models: ~}\n",
				 &read, NULL),
		0);
	assert_int_equal(read.count, 3);
	assert_string_equal(read.items[0].controller, "lab");
	assert_string_equal(read.items[0].current, "admin/web");
	assert_int_equal(read.items[0].count, 3);
	assert_string_equal(read.items[0].items[0].owner, "admin");
	assert_string_equal(read.items[0].items[0].name, "web");
	assert_string_equal(read.items[0].items[0].uuid, "9c2a5c10-76f6-4c0d-8b1f-7a4d2c5be002");
	assert_string_equal(read.items[0].items[0].type, "iaas");
	assert_int_equal(read.items[0].items[0].line, 4);
	assert_string_equal(read.items[0].items[1].owner, "");
	assert_string_equal(read.items[0].items[1].name, "bare");
	assert_string_equal(read.items[0].items[2].owner, "a");
	assert_string_equal(read.items[0].items[2].name, "b/c");
	assert_string_equal(read.items[0].items[2].uuid, "");
	assert_int_equal(read.items[1].count, 0);
	assert_string_equal(read.items[1].current, "");
	assert_int_equal(read.items[1].line, 12);
	assert_int_equal(read.items[2].count, 0);
	store_models_release(&read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_controllers),
		cmocka_unit_test(test_no_entries),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_models),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
