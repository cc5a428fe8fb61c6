/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a migration can end has words, and they are short; what they are is in the cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "plugin/report.h"
#include "plugin/words.h"

/* Two lines of a terminal of 80 columns. */
#define COLUMNS_MOST 160
#define MODEL_UUID "5f0c9a52-0d0e-4e55-8f0b-000000000001"

static const struct words_about about = {"jaas", "jaas"};

static struct migration usual(void)
{
	struct migration migration = {
		.word = "my-model",
		.stage = STAGE_ENDED,
		.name = "my-model",
		.owner = "alice@canonical.com",
		.uuid = MODEL_UUID,
		.source_name = "prod-a",
		.target_name = "my-controller",
		.located_by = "JIMM.ModelControllerInfo",
		.detail = "prod-b",
		.agents_away = 2,
		.agents = 14,
		.agents_named = "machine 0 (down), unit ubuntu/0 (lost)",
	};

	migration.state.base_text = "starting";
	return migration;
}

static void check_line(const char *start, const char *line)
{
	scoped(string) char *whole = string_format("%s%s", start, line != NULL ? line : "");

	assert_null(strchr(whole, '\n'));
	if (text_columns(whole) > COLUMNS_MOST)
		fail_msg("%zu columns: %s", text_columns(whole), whole);
}

static void check(const struct migration *migration)
{
	scoped(words) struct words words;

	words_outcome(migration, &about, &words);
	assert_true(string_given(words.message));
	check_line("ERROR alice@canonical.com/my-model: ", words.message);
	check_line("  state:  ", words.state);
	check_line("  to do:  ", words.remedy);
	/* Whoever reads of trouble reads what to do as well. */
	if (report_result_status(migration->result) >= 4 && migration->cause == CAUSE_VERDICT)
		assert_true(string_given(words.remedy));
}

static void every_cause_has_short_words(void **state)
{
	(void)state;
	for (enum migration_cause cause = CAUSE_NONE; cause <= CAUSE_DUPLICATE; cause++)
		for (enum migration_result result = RESULT_PLANNED; result <= RESULT_CONTRADICTION; result++)
			for (int known = 0; known < 2; known++) {
				struct migration migration = usual();

				migration.cause = cause;
				migration.result = result;
				if (!known && cause != CAUSE_NONE && cause != CAUSE_UNKNOWN_MODEL &&
					cause != CAUSE_OTHER_TARGET)
					migration.detail = NULL;
				migration.state.row = known ? ROW_TARGET : ROW_SOURCE;
				migration.state.had_committed = known != 0;
				check(&migration);
				/* The same after an earlier abort, on an old JIMM, and looked for everywhere. */
				migration.state.base_text =
					known ? "aborted, removing model from target controller: x" : NULL;
				migration.old_jimm = true;
				migration.places = (struct migration_place[]){{"prod-b", MODEL_UUID, TARGET_ACTIVE}};
				migration.place_count = 1;
				check(&migration);
				migration.state.refusal = &(struct error){.kind = ERROR_REMOTE, .message = "refused"};
				check(&migration);
			}
}

static void every_verdict_has_short_words(void **state)
{
	(void)state;
	for (enum verdict verdict = 0; verdict <= VERDICT_FORGOTTEN; verdict++)
		for (enum migration_result result = RESULT_MIGRATED; result <= RESULT_CONTRADICTION; result++)
			for (unsigned int bits = 0; bits < 16; bits++) {
				struct migration migration = usual();

				migration.cause = CAUSE_VERDICT;
				migration.result = result;
				migration.verdict = verdict;
				migration.verified = (bits & 1) != 0;
				migration.residue = (bits & 2) != 0;
				migration.source_unfinished = (bits & 4) != 0;
				migration.state.ours = (bits & 1) != 0;
				migration.state.had_aborted = (bits & 8) != 0;
				migration.state.had_committed = (bits & 2) != 0;
				migration.state.row = (bits & 4) != 0 ? ROW_ELSEWHERE : ROW_SOURCE;
				migration.row = (bits & 1) != 0 ? 8 : 0;
				check(&migration);
				migration.old_jimm = true;
				migration.state.had_reapfailed = (bits & 8) != 0;
				migration.attached = (bits & 2) != 0;
				check(&migration);
			}
}

static void news_are_short(void **state)
{
	(void)state;
	for (enum migration_news news = NEWS_LOCATED; news <= NEWS_ENDED; news++)
		for (unsigned int bits = 0; bits < 4; bits++) {
			struct migration migration = usual();

			migration.text =
				"successful, waiting for agents to report back: 12 succeeded, 2 still to report";
			migration.detail = "failed to update the model's migration mode";
			migration.trouble = "no answer from jaas to ModelManager.ListModelSummaries within 90 seconds";
			migration.migration_id = MODEL_UUID ":0";
			migration.source_version = (bits & 1) != 0 ? "3.6.12" : NULL;
			migration.attached = (bits & 1) != 0;
			migration.other_run = (bits & 2) != 0;
			scoped(string) char *line = words_news(&migration, news);
			if (line != NULL)
				check_line("10:00:00 alice@canonical.com/my-model: ", line);
		}
}

static void commands_name_the_jaas_that_was_named(void **state)
{
	const struct words_about unnamed = {"jaas", NULL};
	struct migration migration = usual();
	scoped(words) struct words words;
	scoped(words) struct words other;

	(void)state;
	migration.result = RESULT_RUNNING;
	migration.cause = CAUSE_LEFT;
	words_outcome(&migration, &about, &words);
	assert_string_equal(words.remedy, "follow it to its end: juju jaas-migrate -c jaas my-model my-controller");
	words_outcome(&migration, &unnamed, &other);
	assert_string_equal(other.remedy, "follow it to its end: juju jaas-migrate my-model my-controller");
}

static void agents_that_are_away_are_named(void **state)
{
	struct migration migration = usual();
	scoped(words) struct words words;

	(void)state;
	migration.result = RESULT_MIGRATED;
	migration.cause = CAUSE_VERDICT;
	migration.verified = true;
	words_outcome(&migration, &about, &words);
	assert_string_equal(words.message, "moved to my-controller, and JIMM points there");
	assert_string_equal(words.state, "2 of 14 agents are not back yet: machine 0 (down), unit ubuntu/0 (lost)");
	assert_string_equal(words.remedy, "give them a few minutes; to see which are still missing: juju status -m "
					  "jaas:alice@canonical.com/my-model");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cause_has_short_words),
		cmocka_unit_test(every_verdict_has_short_words),
		cmocka_unit_test(news_are_short),
		cmocka_unit_test(commands_name_the_jaas_that_was_named),
		cmocka_unit_test(agents_that_are_away_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
