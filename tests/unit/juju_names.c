/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/scoped.h"
#include "common/juju/names.h"

#define UUID "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"

static void test_id(void **state)
{
	static const struct {
		const char *tag;
		const char *kind;
		const char *id;
	} cases[] = {
		{"user-alice@canonical.com", "user", "alice@canonical.com"},
		{"model-" UUID, "model", UUID},
		{"cloud-aws-gov-x", "cloud", "aws-gov-x"},
		{"model-" UUID, "controller", NULL},
		{"controller-" UUID, "cont", NULL},
		{"user-", "user", NULL},
		{"user", "user", NULL},
		{"", "user", NULL},
		{NULL, "user", NULL},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		assert_true(string_same(names_id(cases[i].tag, cases[i].kind), cases[i].id));
}

static void test_tag(void **state)
{
	scoped(string) char *tag = names_tag("model", UUID);

	(void)state;
	assert_string_equal(tag, "model-" UUID);
}

static void test_is_uuid(void **state)
{
	static const char *const bad[] = {
		NULL,
		"",
		"5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f000",
		UUID "0",
		"5F0C9A52-0d0e-4e55-8f0b-6f2a6f6f0001",
		"5g0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001",
		"5f0c9a520-d0e-4e55-8f0b-6f2a6f6f0001",
		"5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f-001",
		"5f0c9a52/0d0e-4e55-8f0b-6f2a6f6f0001",
	};

	(void)state;
	assert_true(names_is_uuid(UUID));
	for (size_t i = 0; i < array_length(bad); i++)
		assert_false(names_is_uuid(bad[i]));
}

static void test_owner(void **state)
{
	static const struct {
		const char *tag;
		const char *qualifier;
		const char *owner;
	} cases[] = {
		{"user-alice@canonical.com", NULL, "alice@canonical.com"},
		{NULL, "alice@canonical.com", "alice@canonical.com"},
		{"", "alice@canonical.com", "alice@canonical.com"},
		{"user-", "admin", "admin"},
		{"user-", NULL, ""},
		{NULL, NULL, ""},
		{"user-admin@local", NULL, "admin"},
		{NULL, "admin", "admin"},
		{"user-@local", NULL, "@local"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *owner = names_owner(cases[i].tag, cases[i].qualifier);
		assert_string_equal(owner, cases[i].owner);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_tag),
		cmocka_unit_test(test_is_uuid),
		cmocka_unit_test(test_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
