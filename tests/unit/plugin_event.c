/* SPDX-License-Identifier: Apache-2.0 */
/* Changes as a program is told of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/scoped.h"
#include "plugin/event.h"

/* 2026-01-31T12:00:00.5Z */
#define NOON (INT64_C(1769860800) * INSTANT_SECOND + 500 * INSTANT_MILLISECOND)

static void what_is_not_known_is_absent(void **state)
{
	struct migration migration = {.word = string_copy("m1"), .target_name = string_copy("b")};
	scoped(string) char *event = event_json(&migration, NEWS_TROUBLE, "JIMM is \"down\"; trying again", NOON);
	scoped(string) char *bare = event_json(&migration, NEWS_STALLED, NULL, NOON);

	(void)state;
	assert_string_equal(event,
		"{\"time\":\"2026-01-31T12:00:00.5Z\",\"event\":\"trouble\",\"model\":\"m1\",\"to\":\"b\","
		"\"text\":\"JIMM is \\\"down\\\"; trying again\"}");
	assert_string_equal(
		bare, "{\"time\":\"2026-01-31T12:00:00.5Z\",\"event\":\"stalled\",\"model\":\"m1\",\"to\":\"b\"}");
	migration_release(&migration);
}

static void an_end_has_a_result_and_a_message(void **state)
{
	struct migration migration = {
		.word = string_copy("m1"),
		.name = string_copy("m1"),
		.owner = string_copy("alice@canonical.com"),
		.uuid = string_copy("5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11"),
		.target_name = string_copy("b"),
		.result = RESULT_ALREADY_THERE,
		.cause = CAUSE_ALREADY_THERE,
		.verified = true,
	};
	scoped(string) char *event = event_json(&migration, NEWS_ENDED, NULL, NOON);

	(void)state;
	assert_string_equal(event,
		"{\"time\":\"2026-01-31T12:00:00.5Z\",\"event\":\"ended\",\"model\":\"alice@canonical.com/m1\","
		"\"model-uuid\":\"5d4b1a2c-93f6-4cb1-8d0e-0a6c2d9b7f11\",\"to\":\"b\","
		"\"result\":\"already-there\",\"message\":\"already on b: JIMM points there, and it runs "
		"there\"}");
	migration_release(&migration);
}

static void all_news_have_a_word(void **state)
{
	(void)state;
	for (int one = NEWS_LOCATED; one <= NEWS_CONTINUED; one++) {
		assert_non_null(event_word((enum migration_news)one));
		for (int other = NEWS_LOCATED; other < one; other++)
			assert_string_not_equal(
				event_word((enum migration_news)one), event_word((enum migration_news)other));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_absent),
		cmocka_unit_test(an_end_has_a_result_and_a_message),
		cmocka_unit_test(all_news_have_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
