/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/terminal.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/scoped.h"

int terminal_wants_colour(int is_terminal, char *const *environment, enum terminal_wish wish)
{
	if (wish != COLOUR_BY_TERMINAL)
		return wish == COLOUR_ALWAYS;
	const char *term = environment_get(environment, "TERM");
	return is_terminal && environment_get(environment, "NO_COLOR") == NULL &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

int terminal_knows_unicode(char *const *environment)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < array_length(names); i++) {
		const char *locale = environment_given(environment, names[i]);

		if (locale != NULL)
			return strcasestr(locale, "UTF-8") != NULL || strcasestr(locale, "UTF8") != NULL;
	}
	return 0;
}

static int bounded(int value, int otherwise, int least, int most)
{
	if (value == 0)
		return otherwise;
	return value < least ? least : value > most ? most : value;
}

void terminal_measure(struct terminal *terminal, int descriptor)
{
	struct winsize size = {0};

	if (terminal->is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) < 0)
		size = (struct winsize){0};
	terminal->columns = bounded(size.ws_col, TERMINAL_COLUMNS, TERMINAL_COLUMNS_LEAST, TERMINAL_COLUMNS_MOST);
	terminal->rows = bounded(size.ws_row, TERMINAL_ROWS, 1, TERMINAL_ROWS_MOST);
}

int terminal_is_ours(int descriptor)
{
	pid_t front = tcgetpgrp(descriptor);

	return front < 0 || front == getpgrp();
}

int terminal_takes_more(int descriptor)
{
	struct pollfd output = {.fd = descriptor, .events = POLLOUT};

	return poll(&output, 1, 0) == 1 && (output.revents & POLLOUT) != 0;
}

void terminal_look(struct terminal *terminal, int descriptor, char *const *environment, enum terminal_wish wish)
{
	int is_terminal = isatty(descriptor) == 1;
	const char *term = environment_given(environment, "TERM");

	*terminal = (struct terminal){
		.is_terminal = is_terminal,
		.colour = terminal_wants_colour(is_terminal, environment, wish),
		.unicode = terminal_knows_unicode(environment),
		.redraws = is_terminal && term != NULL && strcmp(term, "dumb") != 0,
	};
	terminal_measure(terminal, descriptor);
}

const char *terminal_on(int enabled, enum terminal_colour colour)
{
	static const char *const codes[] = {
		[COLOUR_PLAIN] = "",
		[COLOUR_ERROR] = "\033[91m",
		[COLOUR_WARNING] = "\033[33m",
		[COLOUR_GOOD] = "\033[32m",
		[COLOUR_BAD] = "\033[31m",
		[COLOUR_PENDING] = "\033[33m",
		[COLOUR_HEADING] = "\033[1;39m",
	};

	return enabled ? codes[colour] : "";
}

const char *terminal_off(int enabled, enum terminal_colour colour)
{
	return enabled && colour != COLOUR_PLAIN ? "\033[0m" : "";
}
