/* SPDX-License-Identifier: Apache-2.0 */
/* What all texts of juju become is in tests/reasons; here is what no juju says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "plugin/reason.h"

static const struct reason_names names = {"jaas:alice@canonical.com/my-model", "prod-a", "my-controller"};

static void each_text_belongs_to_a_part(void **state)
{
	static const struct {
		const char *text;
		const char *part;
	} cases[] = {
		{"source prechecks failed: model is dying", REASON_SOURCE_CHECKS},
		{"target prechecks failed: model is dying", REASON_TARGET_CHECKS},
		{"connect to target controller: x", REASON_CONNECT},
		{"cannot initiate migration as x", REASON_USERS},
		{"unauthorized", REASON_RIGHTS},
		{"failed to create migration: x", REASON_START},
		{"quiescing, x", REASON_QUIESCE},
		{"model data transfer failed, model export failed: x", REASON_EXPORT},
		{"model data transfer failed, failed to import model into target controller: x", REASON_IMPORT},
		{"model data transfer failed, failed to migrate binaries: x", REASON_BINARIES},
		{"processing relations failed, x", REASON_RELATIONS},
		{"validating, x", REASON_VALIDATE},
		{"machine sanity check failed, x", REASON_MACHINES},
		{"model activation failed, x", REASON_ACTIVATE},
		{"x", ""},
		{"the source prechecks failed: x", ""},
		{"not unauthorized", ""},
		{"", ""},
		{NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(reason) struct reason reason;

		reason_explain(cases[i].text, &names, &reason);
		assert_string_equal(reason.part, cases[i].part);
		assert_int_equal(reason.explanation != NULL, cases[i].part[0] != '\0');
	}
}

static void what_fits_only_nearly_is_told_by_its_part(void **state)
{
	static const char *const texts[] = {
		"source prechecks failed: machine  is dying",
		"source prechecks failed: machine 0",
		"source prechecks failed: machine 0, 1 is dying",
		"source prechecks failed: machine",
		"source prechecks failed: machine 0 not running (",
		"source prechecks failed: ",
		"source prechecks failed: controller: ",
	};

	(void)state;
	for (size_t i = 0; i < array_length(texts); i++) {
		scoped(reason) struct reason reason;

		reason_explain(texts[i], &names, &reason);
		assert_string_equal(reason.explanation, "prod-a finds the model not ready to be moved");
	}
}

static void names_in_a_text_are_bounded(void **state)
{
	scoped(string) char *longest = memory_get(REASON_NAME_MAX + 2, 1);

	(void)state;
	for (size_t length = REASON_NAME_MAX; length <= REASON_NAME_MAX + 1; length++) {
		memset(longest, 'x', length);
		scoped(string) char *text = string_format("source prechecks failed: unit %s is dying", longest);
		scoped(string) char *named = string_format("unit %s is being removed", longest);
		scoped(reason) struct reason reason;

		reason_explain(text, &names, &reason);
		assert_string_equal(reason.explanation,
			length > REASON_NAME_MAX ? "prod-a finds the model not ready to be moved" : named);
	}
}

/* A text as long as they get, made to fit again and again up to the last piece. */
static void a_hostile_text_costs_little(void **state)
{
	scoped(text) struct text text;
	scoped(reason) struct reason reason;

	(void)state;
	text_init(&text, (size_t)2 * TEXT_SHOWN_MAX);
	while (text.length < TEXT_SHOWN_MAX)
		text_add_string(&text, "unit x agent binaries don't match model (application x has an ongoing ");
	reason_explain(text.data, &names, &reason);
	assert_null(reason.explanation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_belongs_to_a_part),
		cmocka_unit_test(what_fits_only_nearly_is_told_by_its_part),
		cmocka_unit_test(names_in_a_text_are_bounded),
		cmocka_unit_test(a_hostile_text_costs_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
