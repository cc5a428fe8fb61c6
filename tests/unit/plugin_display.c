/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "plugin/columns.h"
#include "plugin/display.h"
#include "plugin/phase.h"

#define SECONDS(n) ((int64_t)(n)*INSTANT_SECOND)
#define START SECONDS(1000)

/* A migration as far as the display looks at it. */
struct scene {
	struct migration migration;
	struct journey journey;
};

static void set_out(struct scene *scene, const char *version)
{
	*scene = (struct scene){.migration = {
					.word = string_copy("my-model"),
					.owner = string_copy("alice@canonical.com"),
					.name = string_copy("my-model"),
					.source_name = string_copy("prod-a"),
					.source_version = string_copy(version),
					.target_name = string_copy("my-controller"),
					.migration_id = string_copy("1234:0"),
					.located_by = "JIMM.ModelControllerInfo",
				}};
	journey_init(&scene->journey, "my-model", START);
	journey_logged_in(&scene->journey, "jaas", START + SECONDS(1));
}

static void news(struct scene *scene, enum migration_news what, const char *text, int seconds)
{
	if (text != NULL)
		string_replace(&scene->migration.text, text);
	journey_news(&scene->journey, &scene->migration, what, START + SECONDS(seconds));
}

static void end(struct scene *scene, enum migration_result result, int seconds)
{
	scene->migration.result = result;
	news(scene, NEWS_ENDED, NULL, seconds);
}

static void leave(struct scene *scene)
{
	journey_release(&scene->journey);
	migration_release(&scene->migration);
}

static char *shown(const struct scene *scene, int columns, int rows, bool unicode, int seconds)
{
	struct display_shape shape = {.columns = columns, .rows = rows, .unicode = unicode};

	return display_format(&scene->journey, &shape, START + SECONDS(seconds));
}

static void assert_shows(const struct scene *scene, int columns, int rows, bool unicode, int seconds, const char *lines)
{
	scoped(string) char *text = shown(scene, columns, rows, unicode, seconds);

	assert_string_equal(text, lines);
}

static void start(struct scene *scene, const char *version)
{
	set_out(scene, version);
	news(scene, NEWS_LOCATED, NULL, 2);
	news(scene, NEWS_STARTED, NULL, 5);
}

/* What juju says, and what becomes of it. */
static const struct {
	const char *text;
	enum journey_step step;
	const char *now, *result;
	size_t agents;
	bool doubtful, failed;
} words[] = {
	{"starting", JOURNEY_PAUSE, "starting", NULL, 0, false, false},
	{"performing source prechecks", JOURNEY_PAUSE, "checking a", NULL, 0, false, false},
	{"performing target prechecks", JOURNEY_PAUSE, "checking b", NULL, 0, false, false},
	{"quiescing, waiting for agents to report back", JOURNEY_PAUSE, "waiting for the agents", NULL, 0, false,
		false},
	{"quiescing, no reports from agents yet", JOURNEY_PAUSE, "no agent has answered yet", NULL, 0, false, false},
	{"quiescing, waiting for agents to report back: 12 succeeded, 2 still to report", JOURNEY_PAUSE,
		"12 of 14 agents ready", NULL, 14, false, false},
	{"validating, waiting for agents to report back: 11 succeeded, 2 still to report, 1 failed", JOURNEY_TRY,
		"11 of 14 agents ready, 1 failed", NULL, 14, true, false},
	{"validating, waiting for agents to report back: -1 succeeded, 2 still to report", JOURNEY_TRY,
		"waiting for the agents", NULL, 0, false, false},
	{"validating, waiting for agents to report back: 99999999999999999999 succeeded, 2 still to report",
		JOURNEY_TRY, "waiting for the agents", NULL, 0, false, false},
	{"quiescing, all agents reported success", JOURNEY_PAUSE, "7 of 7 agents ready", "7 of 7 agents ready", 0,
		false, false},
	{"successful, some agents reported failure", JOURNEY_SWITCH, "some agents failed", "some agents failed", 0,
		true, false},
	{"successful, timed out waiting for agents to report", JOURNEY_SWITCH, "not all agents have answered in time",
		"not all agents have answered in time", 0, true, false},
	{"exporting model", JOURNEY_COPY, "exporting it from a", NULL, 0, false, false},
	{"importing model into target controller", JOURNEY_COPY, "importing it into b", NULL, 0, false, false},
	{"uploading model binaries into target controller", JOURNEY_COPY,
		"uploading charms, resources and agent binaries", NULL, 0, false, false},
	{"target reports model activation in progress, continuing to validation", JOURNEY_COPY,
		"it is being activated already", NULL, 0, false, false},
	{"processing relations", JOURNEY_COPY, "processing relations", NULL, 0, false, false},
	{"checking machines in migrated model", JOURNEY_TRY, "checking the machines", NULL, 0, false, false},
	{"activating model in target controller", JOURNEY_TRY, "activating it on b", NULL, 0, false, false},
	{"transferring ownership of cloud resources to target controller", JOURNEY_SWITCH,
		"handing the cloud resources to b", NULL, 0, false, false},
	{"successful, transferring logs to target controller (640 sent)", JOURNEY_LOGS, "640 log lines sent",
		"640 log lines sent", 0, false, false},
	{"successful, transferred logs to target controller (1280 sent)", JOURNEY_LOGS, "1280 log lines sent",
		"1280 log lines sent", 0, false, false},
	{"successful, transferring logs to target controller (x sent)", JOURNEY_LOGS, "sending the log",
		"sending the log", 0, false, false},
	{"successful, removing model from source controller", JOURNEY_CLEAN, "removing it from a", NULL, 0, false,
		false},
	{"removing exported model failed: disk full", JOURNEY_CLEAN, "could not be removed from a: disk full", NULL, 0,
		false, true},
	{"aborted, removing model from target controller: machine sanity check failed, 1 error found", JOURNEY_UNDO,
		"removing the copy from b", "machine sanity check failed, 1 error found", 0, false, false},
	{"aborted, removing model from target controller: ", JOURNEY_UNDO, "removing the copy from b", "", 0, false,
		false},
	{"validating, something new", JOURNEY_TRY, "validating, something new", NULL, 0, false, false},
	{"what nobody has heard of", JOURNEY_COPY, "what nobody has heard of", NULL, 0, false, false},
	{"", JOURNEY_COPY, "", NULL, 0, false, false},
};

static void juju_words_become_friendly(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(words); i++) {
		scoped(phase) struct phase phase = phase_read(words[i].text, JOURNEY_COPY, 7, "a", "b");

		assert_int_equal(phase.step, words[i].step);
		assert_string_equal(phase.now, words[i].now);
		assert_true(string_same(phase.result, words[i].result));
		assert_int_equal(phase.agents, words[i].agents);
		assert_int_equal(phase.doubtful, words[i].doubtful);
		assert_int_equal(phase.failed, words[i].failed);
	}
}

static void columns_are_counted_and_cut(void **state)
{
	static const struct {
		const char *text;
		size_t most;
		const char *unicode, *ascii;
	} cases[] = {
		{"short", 5, "short", "short"},
		{"longer", 5, "long\xE2\x80\xA6", "lo..."},
		{"a b c d", 5, "a b\xE2\x80\xA6", "a..."},
		{"\xC3\xA4\xC3\xB6", 2, "\xC3\xA4\xC3\xB6", "??"},
		{"\xE6\x96\x87\xE5\xAD\x97", 4, "\xE6\x96\x87\xE5\xAD\x97", "??"},
		{"\xE6\x96\x87\xE5\xAD\x97", 3, "\xE6\x96\x87\xE2\x80\xA6", "??"},
		{"\xF0\x9F\x98\x80xyz", 4, "\xF0\x9F\x98\x80x\xE2\x80\xA6", "?xyz"},
		{"\033[2Jgone\n", 20, "?[2Jgone ", "?[2Jgone "},
		{"\xFF\xFE", 20, "??", "??"},
		{"anything", 0, "", ""},
		{"anything", 1, "\xE2\x80\xA6", "."},
		{NULL, 4, "", ""},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *unicode = columns_fit(cases[i].text, cases[i].most, true);
		scoped(string) char *ascii = columns_fit(cases[i].text, cases[i].most, false);

		assert_string_equal(unicode, cases[i].unicode);
		assert_string_equal(ascii, cases[i].ascii);
	}
	assert_int_equal(columns_line("one two three", 8), 7);
	assert_int_equal(columns_line("one two", 8), 7);
	assert_int_equal(columns_line("unbreakable", 4), 4);
	assert_int_equal(columns_line("\xE6\x96\x87", 1), 3);
	assert_int_equal(columns_line("", 4), 0);
}

static void a_move_is_followed_to_its_end(void **state)
{
	struct scene scene;

	(void)state;
	start(&scene, "3.6.12");
	assert_shows(&scene, 80, 24, true, 6,
		"alice@canonical.com/my-model  prod-a \xE2\x86\x92 my-controller  6s\n"
		"  \xE2\x9C\x93 Log in              1s  jaas\n"
		"  \xE2\x9C\x93 Find and check      1s  on prod-a, juju 3.6.12\n"
		"  \xE2\x9C\x93 Start               3s  1234:0\n"
		"  \xE2\x96\xB8 Pause agents        1s\n"
		"  \xC2\xB7 Copy the model\n"
		"  \xC2\xB7 Check the copy\n"
		"  \xC2\xB7 Switch agents\n"
		"  \xC2\xB7 Tell JIMM\n"
		"  \xC2\xB7 Copy the logs\n"
		"  \xC2\xB7 Clean up\n");
	news(&scene, NEWS_TEXT, "quiescing, waiting for agents to report back: 12 succeeded, 2 still to report", 30);
	news(&scene, NEWS_TEXT, "quiescing, all agents reported success", 65);
	news(&scene, NEWS_TEXT, "exporting model", 66);
	news(&scene, NEWS_TEXT, "validating, all agents reported success", 3700);
	news(&scene, NEWS_TEXT, "successful, some agents reported failure", 3701);
	news(&scene, NEWS_COMMITTED, NULL, 3701);
	news(&scene, NEWS_RECORDING, NULL, 3701);
	news(&scene, NEWS_RECORDED, NULL, 3702);
	news(&scene, NEWS_TEXT, "successful, transferring logs to target controller (5 sent)", 3710);
	assert_shows(&scene, 120, 24, false, 100000,
		"alice@canonical.com/my-model  prod-a -> my-controller  1d 03h\n"
		"  + Log in              1s  jaas\n"
		"  + Find and check      1s  on prod-a, juju 3.6.12\n"
		"  + Start               3s  1234:0\n"
		"  + Pause agents    1m 01s  14 of 14 agents ready\n"
		"  + Copy the model  1h 00m\n"
		"  + Check the copy      1s  14 of 14 agents ready\n"
		"  ! Switch agents       9s  some agents failed\n"
		"  > Tell JIMM       1d 02h  points at my-controller; looking for the model there\n"
		"  > Copy the logs   1d 02h  5 log lines sent\n"
		"  . Clean up\n"
		"  The move cannot be undone any more.\n");
	news(&scene, NEWS_VERIFIED, NULL, 3712);
	end(&scene, RESULT_MIGRATED, 3720);
	assert_shows(&scene, 40, 24, false, 9999,
		"alice@canonical.com/my-model  1h 02m\n"
		"  prod-a -> my-controller\n"
		"  + Log in              1s\n"
		"  + Find and check      1s\n"
		"  + Start               3s\n"
		"  + Pause agents    1m 01s\n"
		"  + Copy the model  1h 00m\n"
		"  + Check the copy      1s\n"
		"  ! Switch agents       9s\n"
		"  + Tell JIMM          11s\n"
		"  + Copy the logs      10s\n");
	leave(&scene);
}

static void an_abort_shows_where_and_why(void **state)
{
	struct scene scene;

	(void)state;
	start(&scene, "3.6.12");
	news(&scene, NEWS_TEXT, "exporting model", 10);
	news(&scene, NEWS_TEXT, "aborted, removing model from target controller: model data transfer failed, \033[2J",
		12);
	assert_shows(&scene, 80, 24, false, 13,
		"alice@canonical.com/my-model  prod-a -> my-controller  13s\n"
		"  + Log in              1s  jaas\n"
		"  + Find and check      1s  on prod-a, juju 3.6.12\n"
		"  + Start               3s  1234:0\n"
		"  + Pause agents        5s\n"
		"  x Copy the model      2s  model data transfer failed, ?[2J\n"
		"  . Check the copy\n"
		"  . Switch agents\n"
		"  . Tell JIMM\n"
		"  . Copy the logs\n"
		"  . Clean up\n"
		"  > Undo                1s  removing the copy from my-controller\n");
	end(&scene, RESULT_FAILED, 15);
	assert_shows(&scene, 40, 24, false, 99,
		"alice@canonical.com/my-model  15s\n"
		"  prod-a -> my-controller\n"
		"  + Log in              1s\n"
		"  + Find and check      1s\n"
		"  + Start               3s\n"
		"  + Pause agents        5s\n"
		"  x Copy the model      2s\n"
		"      model data transfer failed, ?[2J\n"
		"  + Undo                3s\n");
	leave(&scene);
}

static void what_was_left_stays_as_it_was(void **state)
{
	struct scene scene;

	(void)state;
	start(&scene, "3.6.12");
	end(&scene, RESULT_RUNNING, 7);
	assert_shows(&scene, 80, 6, false, 99,
		"alice@canonical.com/my-model  prod-a -> my-controller  7s\n"
		"  + Log in              1s  jaas\n"
		"  + Find and check      1s  on prod-a, juju 3.6.12\n"
		"  + Start               3s  1234:0\n"
		"  ~ Pause agents        2s\n");
	leave(&scene);
}

static void juju_4_shows_one_step(void **state)
{
	struct scene scene;

	(void)state;
	start(&scene, "4.0.14");
	assert_shows(&scene, 80, 24, false, 6,
		"alice@canonical.com/my-model  prod-a -> my-controller  6s\n"
		"  + Log in              1s  jaas\n"
		"  + Find and check      1s  on prod-a, juju 4.0.14\n"
		"  + Start               3s  1234:0\n"
		"  > Move                1s  juju 4 does not show how far it is\n"
		"  . Tell JIMM\n");
	leave(&scene);
}

static void what_nobody_saw_has_no_time(void **state)
{
	struct scene scene;

	(void)state;
	set_out(&scene, "3.6.12");
	news(&scene, NEWS_RESUMED, NULL, 2);
	news(&scene, NEWS_TEXT, "checking machines in migrated model", 3);
	assert_shows(&scene, 80, 24, false, 4,
		"alice@canonical.com/my-model  prod-a -> my-controller  4s\n"
		"  + Log in              1s  jaas\n"
		"  + Find and check      1s\n"
		"  + Start                   by an earlier run\n"
		"  + Pause agents        1s\n"
		"  + Copy the model\n"
		"  > Check the copy      1s  checking the machines\n"
		"  . Switch agents\n"
		"  . Tell JIMM\n"
		"  . Copy the logs\n"
		"  . Clean up\n");
	leave(&scene);
}

static void trouble_is_told_until_it_is_over(void **state)
{
	struct scene scene;

	(void)state;
	start(&scene, "4.0.14");
	scene.migration.trouble = string_copy("JIMM does not answer, and a long reason why it does not is given here");
	news(&scene, NEWS_TROUBLE, NULL, 6);
	scoped(string) char *troubled = shown(&scene, 40, 24, false, 6);
	assert_non_null(
		strstr(troubled, "\n  JIMM does not answer, and a long\n  reason why it does not is given here;\n"
				 "  trying again\n"));
	news(&scene, NEWS_COMMITTED, NULL, 7);
	scoped(string) char *calm = shown(&scene, 40, 24, false, 6);
	assert_null(strstr(calm, "trying again"));
	leave(&scene);
}

static void a_refused_start_is_where_it_ended(void **state)
{
	struct scene scene;

	(void)state;
	set_out(&scene, NULL);
	news(&scene, NEWS_LOCATED, NULL, 2);
	news(&scene, NEWS_LOCKED, NULL, 4);
	assert_shows(&scene, 60, 24, false, 5,
		"alice@canonical.com/my-model  prod-a -> my-controller  5s\n"
		"  + Log in              1s  jaas\n"
		"  + Find and check      1s  on prod-a\n"
		"  > Start               3s  refused; looking whether a m...\n"
		"  . Move\n"
		"  . Tell JIMM\n");
	end(&scene, RESULT_FAILED, 6);
	assert_shows(&scene, 59, 24, false, 9,
		"alice@canonical.com/my-model  prod-a -> my-controller  6s\n"
		"  + Log in              1s\n"
		"  + Find and check      1s\n"
		"  x Start               4s\n"
		"      refused; looking whether a migration is running\n");
	leave(&scene);
}

/* Whatever the size, no line reaches the last column, and there are fewer lines than rows. */
static void every_size_is_kept(void **state)
{
	static const char wide[] =
		"\xE6\x96\x87\xE5\xAD\x97\xE6\x96\x87\xE5\xAD\x97\xE6\x96\x87\xE5\xAD\x97\xE6\x96\x87";
	struct scene scene;

	(void)state;
	start(&scene, "3.6.12");
	string_replace(
		&scene.migration.name, "a-model-with-a-very-long-name-that-does-not-fit-into-any-line-of-a-terminal");
	string_replace(&scene.migration.source_name, wide);
	news(&scene, NEWS_TEXT, "quiescing, \xE6\x96\x87\xE5\xAD\x97 \033[31m and much more that goes on and on and on",
		9);
	news(&scene, NEWS_COMMITTED, NULL, 9);
	for (int columns = 1; columns <= 130; columns++) {
		for (int rows = 1; rows <= 30; rows++) {
			scoped(string) char *text = shown(&scene, columns, rows, rows % 2 == 0, 10);
			int lines = 0;

			for (char *line = text, *stop; (stop = strchr(line, '\n')) != NULL; line = stop + 1) {
				*stop = '\0';
				assert_true(columns_count(line) < (size_t)columns);
				assert_null(strchr(line, '\033'));
				lines++;
			}
			assert_true(lines >= 1 && (lines < rows || lines == 1));
		}
	}
	leave(&scene);
}

static void what_runs_goes_last_from_a_low_terminal(void **state)
{
	struct scene scene;

	(void)state;
	start(&scene, "3.6.12");
	assert_shows(&scene, 80, 7, false, 6,
		"alice@canonical.com/my-model  prod-a -> my-controller  6s\n"
		"  + Log in              1s  jaas\n"
		"  + Find and check      1s  on prod-a, juju 3.6.12\n"
		"  + Start               3s  1234:0\n"
		"  > Pause agents        1s\n"
		"  . Copy the model\n");
	assert_shows(&scene, 80, 4, false, 6,
		"alice@canonical.com/my-model  prod-a -> my-controller  6s\n"
		"  + Start               3s  1234:0\n"
		"  > Pause agents        1s\n");
	assert_shows(&scene, 80, 1, false, 6, "  > Pause agents        1s\n");
	leave(&scene);
}

static void colours_are_those_of_juju(void **state)
{
	struct scene scene;
	struct display_shape shape = {.columns = 80, .rows = 24, .colour = true};

	(void)state;
	set_out(&scene, NULL);
	scoped(string) char *text = display_format(&scene.journey, &shape, START + SECONDS(2));
	assert_string_equal(text, "\033[1;39mmy-model\033[0m  2s\n"
				  "  \033[32m+\033[0m Log in              1s  jaas\n"
				  "  \033[33m>\033[0m Find and check      1s\n"
				  "  . Start\n"
				  "  . Move\n"
				  "  . Tell JIMM\n");
	leave(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(juju_words_become_friendly),
		cmocka_unit_test(columns_are_counted_and_cut),
		cmocka_unit_test(a_move_is_followed_to_its_end),
		cmocka_unit_test(an_abort_shows_where_and_why),
		cmocka_unit_test(what_was_left_stays_as_it_was),
		cmocka_unit_test(juju_4_shows_one_step),
		cmocka_unit_test(what_nobody_saw_has_no_time),
		cmocka_unit_test(trouble_is_told_until_it_is_over),
		cmocka_unit_test(a_refused_start_is_where_it_ended),
		cmocka_unit_test(every_size_is_kept),
		cmocka_unit_test(what_runs_goes_last_from_a_low_terminal),
		cmocka_unit_test(colours_are_those_of_juju),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
