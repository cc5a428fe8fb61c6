/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/instant.h"
#include "plugin/logging.h"
#include "plugin/progress.h"
#include "plugin/timestamp.h"

/* A stderr that can be read, and what writes to it. */
struct screen {
	char *text;
	size_t size;
	FILE *stream;
	struct clock *clock;
	struct messages messages;
	char logged[256];
	struct log log;
};

static void keep_line(void *context, enum log_level level, const char *module, const char *line)
{
	struct screen *screen = context;
	size_t used = strlen(screen->logged);

	snprintf(screen->logged + used, sizeof(screen->logged) - used, "%d %s %s\n", (int)level, module, line);
}

static int open_screen(void **state)
{
	struct screen *screen = memory_get(1, sizeof(*screen));
	char *environment[] = {NULL};

	screen->stream = open_memstream(&screen->text, &screen->size);
	screen->clock = clock_new(environment, NULL);
	screen->log = (struct log){.least = LOG_DEBUG, .sink = keep_line, .context = screen};
	screen->messages = (struct messages){.stream = screen->stream, .log = &screen->log};
	*state = screen;
	return 0;
}

static int close_screen(void **state)
{
	struct screen *screen = *state;

	fclose(screen->stream);
	free(screen->text);
	clock_free(screen->clock);
	free(screen);
	return 0;
}

/* What the screen shows, with all times of day made the same; owned by the caller. */
static char *shown(struct screen *screen)
{
	fflush(screen->stream);
	char *text = string_copy(screen->text);
	for (char *at = text; strlen(at) >= 8; at++)
		if (at[2] == ':' && at[5] == ':' && strspn(at, "0123456789:") == 8)
			memcpy(at, "15:04:05", 8);
	return text;
}

static void errors_and_warnings_are_told_always(void **state)
{
	struct screen *screen = *state;

	screen->messages.quiet = 1;
	message_warning(&screen->messages, "only %d left", 3);
	message_error(&screen->messages, "100% wrong");
	screen->messages.colour = 1;
	message_warning(&screen->messages, "w");
	message_error(&screen->messages, "e");
	scoped(string) char *text = shown(screen);
	assert_string_equal(
		text, "WARNING only 3 left\nERROR 100% wrong\n\033[33mWARNING\033[0m w\n\033[91mERROR\033[0m e\n");
}

static void notices_may_be_hushed(void **state)
{
	struct screen *screen = *state;

	message_notice(&screen->messages, "said %s", "aloud");
	screen->messages.quiet = 1;
	message_notice(&screen->messages, "hushed");
	screen->messages.quiet = 0;
	screen->messages.debug = 1;
	message_notice(&screen->messages, "logged");
	scoped(string) char *text = shown(screen);
	assert_string_equal(text, "said aloud\n");
	assert_string_equal(screen->logged, "1 command hushed\n1 command logged\n");
}

static void progress_is_a_line_a_change(void **state)
{
	struct screen *screen = *state;
	scoped(progress) struct progress progress;
	progress_init(&progress, &screen->messages, screen->clock);

	progress_say(&progress, "logged in to %s", "jaas");
	progress_stage(&progress, "a", "quiescing");
	progress_stage(&progress, "b", "quiescing");
	progress_stage(&progress, "a", "quiescing");
	progress_stage(&progress, "a", "exporting model");
	progress_stage(&progress, "a", "quiescing");
	progress_stage(&progress, NULL, "done 100%");
	progress_stage(&progress, "", "done 100%");
	scoped(string) char *text = shown(screen);
	assert_string_equal(text, "15:04:05 logged in to jaas\n15:04:05 a: quiescing\n15:04:05 b: quiescing\n"
				  "15:04:05 a: exporting model\n15:04:05 a: quiescing\n15:04:05 done 100%\n");
}

static void progress_may_be_hushed(void **state)
{
	struct screen *screen = *state;
	scoped(progress) struct progress progress;
	progress_init(&progress, &screen->messages, screen->clock);

	screen->messages.quiet = 1;
	progress_stage(&progress, "a", "quiescing");
	screen->messages.quiet = 0;
	screen->messages.debug = 1;
	progress_say(&progress, "x");
	scoped(string) char *text = shown(screen);
	assert_string_equal(text, "");
	assert_string_equal(screen->logged, "1 progress a: quiescing\n1 progress x\n");
}

static void the_root_level_is_read(void **state)
{
	static const struct {
		const char *config;
		enum log_level level;
	} cases[] = {
		{NULL, LOG_WARNING},
		{"", LOG_WARNING},
		{"<root>=INFO", LOG_INFO},
		{"<root>=debug;juju.api=TRACE", LOG_DEBUG},
		{"juju.api=TRACE;<root>=ERROR", LOG_ERROR},
		{"juju.api=TRACE; <root>=TRACE ", LOG_DEBUG},
		{"<root>=CRITICAL", LOG_ERROR},
		{"<root>=LOUD", LOG_WARNING},
		{"<root>=INFORM", LOG_WARNING},
		{"<root>=", LOG_WARNING},
		{"juju.api=DEBUG", LOG_WARNING},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		assert_int_equal(logging_level(cases[i].config, LOG_WARNING), cases[i].level);
}

static void log_lines_go_where_they_were_asked_for(void **state)
{
	static char config[] = "<root>=INFO";
	char variable[] = "JUJU_LOGGING_CONFIG=<root>=ERROR";
	char *plain[] = {NULL}, *louder[] = {variable, NULL};
	const struct {
		struct options options;
		char *const *environment;
		const char *text;
	} cases[] = {
		{{.debug = 0}, plain, ""},
		{{.logging_config = config}, plain, ""},
		{{.show_log = 1}, plain, "15:04:05 WARNING wire w\n"},
		{{.show_log = 1}, louder, ""},
		{{.show_log = 1, .logging_config = config}, louder, "15:04:05 INFO wire i\n15:04:05 WARNING wire w\n"},
		{{.debug = 1, .logging_config = config}, plain,
			"15:04:05 DEBUG wire d\n15:04:05 INFO wire i\n15:04:05 WARNING wire w\n"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		void *mine = NULL;
		open_screen(&mine);
		struct screen *screen = mine;
		struct logging logging;

		assert_int_equal(logging_init(&logging, &cases[i].options, cases[i].environment, screen->stream,
					 screen->clock, NULL),
			0);
		log_debug(&logging.log, "wire", "d");
		log_info(&logging.log, "wire", "i");
		log_warning(&logging.log, "wire", "w");
		scoped(string) char *text = shown(screen);
		assert_string_equal(text, cases[i].text);
		logging_release(&logging);
		close_screen(&mine);
	}
}

static void a_log_file_is_added_to(void **state)
{
	struct screen *screen = *state;
	char path[] = "/tmp/plugin-log-XXXXXX";
	int descriptor = mkstemp(path);
	struct options options = {.log_file = path};
	char *environment[] = {NULL};
	char text[128] = "";

	assert_int_equal(write(descriptor, "before\n", 7), 7);
	struct logging logging;
	assert_int_equal(logging_init(&logging, &options, environment, screen->stream, screen->clock, NULL), 0);
	log_warning(&logging.log, "wire", "w");
	logging_release(&logging);
	assert_int_equal(pread(descriptor, text, sizeof(text) - 1, 0), 31);
	assert_string_equal(text + 15, " WARNING wire w\n");
	scoped(string) char *screened = shown(screen);
	assert_string_equal(screened, "");
	close(descriptor);
	unlink(path);
	options.log_file = (char[]){"/proc/nonexistent/log"};
	scoped(error) struct error *error = NULL;
	assert_int_equal(logging_init(&logging, &options, environment, screen->stream, screen->clock, &error), -1);
	assert_string_equal(
		error->message, "cannot open the log file /proc/nonexistent/log: No such file or directory");
}

static void the_time_of_day_is_local(void **state)
{
	char buffer[TIMESTAMP_SIZE];

	(void)state;
	setenv("TZ", "LCL-05:30", 1);
	tzset();
	assert_string_equal(timestamp_format(INT64_C(1769860800) * INSTANT_SECOND, buffer), "17:30:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(errors_and_warnings_are_told_always, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(notices_may_be_hushed, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(progress_is_a_line_a_change, open_screen, close_screen),
		cmocka_unit_test_setup_teardown(progress_may_be_hushed, open_screen, close_screen),
		cmocka_unit_test(the_root_level_is_read),
		cmocka_unit_test(log_lines_go_where_they_were_asked_for),
		cmocka_unit_test_setup_teardown(a_log_file_is_added_to, open_screen, close_screen),
		cmocka_unit_test(the_time_of_day_is_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
