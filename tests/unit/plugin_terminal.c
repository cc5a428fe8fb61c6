/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/scoped.h"
#include "plugin/terminal.h"

static void colour_follows_the_habits_of_juju(void **state)
{
	static const struct {
		int is_terminal;
		const char *environment[3];
		enum terminal_wish wish;
		int colour;
	} cases[] = {
		{1, {"TERM=xterm"}, COLOUR_BY_TERMINAL, 1},
		{1, {NULL}, COLOUR_BY_TERMINAL, 1},
		{0, {"TERM=xterm"}, COLOUR_BY_TERMINAL, 0},
		{1, {"TERM=dumb"}, COLOUR_BY_TERMINAL, 0},
		{1, {"TERM=dumber"}, COLOUR_BY_TERMINAL, 1},
		{1, {"TERM=xterm", "NO_COLOR=1"}, COLOUR_BY_TERMINAL, 0},
		{1, {"TERM=xterm", "NO_COLOR="}, COLOUR_BY_TERMINAL, 0},
		{1, {"TERM=xterm", "NO_COLORS=1"}, COLOUR_BY_TERMINAL, 1},
		{0, {"TERM=dumb", "NO_COLOR=1"}, COLOUR_ALWAYS, 1},
		{1, {"TERM=xterm"}, COLOUR_NEVER, 0},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		assert_int_equal(
			terminal_wants_colour(cases[i].is_terminal, (char *const *)cases[i].environment, cases[i].wish),
			cases[i].colour);
}

static void codes_come_in_pairs(void **state)
{
	(void)state;
	assert_string_equal(terminal_on(1, COLOUR_ERROR), "\033[91m");
	assert_string_equal(terminal_on(1, COLOUR_WARNING), "\033[33m");
	assert_string_equal(terminal_on(1, COLOUR_HEADING), "\033[1;39m");
	assert_string_equal(terminal_off(1, COLOUR_ERROR), "\033[0m");
	assert_string_equal(terminal_on(0, COLOUR_ERROR), "");
	assert_string_equal(terminal_off(0, COLOUR_ERROR), "");
	assert_string_equal(terminal_on(1, COLOUR_PLAIN), "");
	assert_string_equal(terminal_off(1, COLOUR_PLAIN), "");
}

static void a_pipe_is_no_terminal(void **state)
{
	char *environment[] = {"TERM=xterm", NULL};
	struct terminal terminal;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	terminal_look(&terminal, ends[1], environment, COLOUR_BY_TERMINAL);
	assert_int_equal(terminal.is_terminal, 0);
	assert_int_equal(terminal.colour, 0);
	assert_int_equal(terminal.columns, TERMINAL_COLUMNS);
	assert_int_equal(terminal.rows, TERMINAL_ROWS);
	assert_int_equal(terminal.redraws, 0);
	close(ends[0]);
	close(ends[1]);
}

static void a_terminal_has_a_width(void **state)
{
	static const struct {
		unsigned short set;
		int columns;
	} cases[] = {{132, 132}, {40, 40}, {0, TERMINAL_COLUMNS}, {1, 1}, {60000, TERMINAL_COLUMNS_MOST}};
	char *environment[] = {"TERM=xterm", NULL};
	int master = -1, slave = -1;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	for (size_t i = 0; i < array_length(cases); i++) {
		const struct winsize size = {.ws_col = cases[i].set, .ws_row = 24};
		struct terminal terminal;

		assert_int_equal(ioctl(master, TIOCSWINSZ, &size), 0);
		terminal_look(&terminal, slave, environment, COLOUR_BY_TERMINAL);
		assert_int_equal(terminal.is_terminal, 1);
		assert_int_equal(terminal.colour, 1);
		assert_int_equal(terminal.columns, cases[i].columns);
		assert_int_equal(terminal.rows, 24);
		assert_int_equal(terminal.redraws, 1);
		assert_int_equal(ioctl(master, TIOCSWINSZ, &(struct winsize){.ws_col = 90, .ws_row = 7}), 0);
		terminal_measure(&terminal, slave);
		assert_int_equal(terminal.columns, 90);
		assert_int_equal(terminal.rows, 7);
	}
	close(master);
	close(slave);
}

static void lines_are_drawn_over_others_where_that_works(void **state)
{
	static const struct {
		const char *environment[2];
		int redraws;
	} cases[] = {{{"TERM=xterm"}, 1}, {{"TERM=dumb"}, 0}, {{"TERM="}, 0}, {{NULL}, 0}};
	int master = -1, slave = -1;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	for (size_t i = 0; i < array_length(cases); i++) {
		struct terminal terminal;

		terminal_look(&terminal, slave, (char *const *)cases[i].environment, COLOUR_BY_TERMINAL);
		assert_int_equal(terminal.redraws, cases[i].redraws);
	}
	close(master);
	close(slave);
}

static void the_locale_tells_of_unicode(void **state)
{
	static const struct {
		const char *environment[4];
		int unicode;
	} cases[] = {
		{{NULL}, 0},
		{{"LANG=en_GB.UTF-8"}, 1},
		{{"LANG=en_GB.utf8"}, 1},
		{{"LANG=C"}, 0},
		{{"LANG=de_DE.ISO-8859-1"}, 0},
		{{"LANG=C.UTF-8", "LC_CTYPE=C"}, 0},
		{{"LANG=C", "LC_CTYPE=C.UTF-8"}, 1},
		{{"LANG=C", "LC_CTYPE=C", "LC_ALL=C.UTF-8"}, 1},
		{{"LANG=C.UTF-8", "LC_CTYPE=C.UTF-8", "LC_ALL=POSIX"}, 0},
		{{"LANG=C.UTF-8", "LC_CTYPE=", "LC_ALL="}, 1},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		assert_int_equal(terminal_knows_unicode((char *const *)cases[i].environment), cases[i].unicode);
}

static void a_halted_terminal_takes_nothing(void **state)
{
	int master = -1, slave = -1;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	assert_int_equal(terminal_takes_more(slave), 1);
	assert_int_equal(tcflow(slave, TCOOFF), 0);
	assert_int_equal(terminal_takes_more(slave), 0);
	assert_int_equal(tcflow(slave, TCOON), 0);
	assert_int_equal(terminal_takes_more(slave), 1);
	/* It controls no job here, so no other job can have it. */
	assert_int_equal(terminal_is_ours(slave), 1);
	close(master);
	close(slave);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colour_follows_the_habits_of_juju),
		cmocka_unit_test(codes_come_in_pairs),
		cmocka_unit_test(a_pipe_is_no_terminal),
		cmocka_unit_test(a_terminal_has_a_width),
		cmocka_unit_test(lines_are_drawn_over_others_where_that_works),
		cmocka_unit_test(the_locale_tells_of_unicode),
		cmocka_unit_test(a_halted_terminal_takes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
