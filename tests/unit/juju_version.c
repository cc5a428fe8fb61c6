/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/version.h"

static void versions_are_read(void **state)
{
	static const struct {
		const char *text;
		struct juju_version version;
	} cases[] = {
		{"3.6.12", {3, 6, 12, 0, ""}},
		{"2.9.51", {2, 9, 51, 0, ""}},
		{"3.6.12.1", {3, 6, 12, 1, ""}},
		{"4.1-beta2", {4, 1, 2, 0, "beta"}},
		{"3.6-rc1.7", {3, 6, 1, 7, "rc"}},
		{"0.0.0", {0, 0, 0, 0, ""}},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct juju_version read = {0};

		assert_int_equal(juju_version_parse(cases[i].text, &read), 0);
		assert_memory_equal(&read, &cases[i].version, sizeof(read));
	}
}

static void other_text_is_refused(void **state)
{
	static const char *const cases[] = {NULL, "", "3", "3.", "3.6", "3.6.", "3.6-", "3.6-beta", "3.6.1.", "3.6.1-x",
		"v3.6.1", " 3.6.1", "3.6.1 ", "3.6.1.2.3", "-3.6.1", "3.+6.1", "99999999999.1.1",
		"4.1-abcdefghijklmnop1", "unknown"};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct juju_version read = {7, 7, 7, 7, "x"}, before = read;

		assert_int_equal(juju_version_parse(cases[i], &read), -1);
		assert_memory_equal(&read, &before, sizeof(read));
	}
}

static void versions_are_ordered(void **state)
{
	static const char *const rising[] = {"2.9.9", "2.9.51", "3.1.0", "3.6-beta2", "3.6-beta10", "3.6-rc1", "3.6.0",
		"3.6.2", "3.6.2.1", "3.6.12", "4.0.0", "10.0.0"};

	(void)state;
	for (size_t i = 0; i < array_length(rising); i++)
		for (size_t j = 0; j < array_length(rising); j++) {
			struct juju_version one, other;

			assert_int_equal(juju_version_parse(rising[i], &one), 0);
			assert_int_equal(juju_version_parse(rising[j], &other), 0);
			int order = juju_version_compare(&one, &other);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
}

static void minor_numbers_are_compared_alone(void **state)
{
	struct juju_version one, other;

	(void)state;
	juju_version_parse("3.6-beta1", &one);
	juju_version_parse("3.6.12", &other);
	assert_int_equal(juju_version_compare_minor(&one, &other), 0);
	juju_version_parse("3.5.9", &other);
	assert_true(juju_version_compare_minor(&one, &other) > 0);
	juju_version_parse("4.0.0", &other);
	assert_true(juju_version_compare_minor(&one, &other) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_read),
		cmocka_unit_test(other_text_is_refused),
		cmocka_unit_test(versions_are_ordered),
		cmocka_unit_test(minor_numbers_are_compared_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
