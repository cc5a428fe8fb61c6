/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/terminal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/environment.h"

int terminal_wants_colour(int is_terminal, char *const *environment, enum terminal_wish wish)
{
	if (wish != COLOUR_BY_TERMINAL)
		return wish == COLOUR_ALWAYS;
	const char *term = environment_get(environment, "TERM");
	return is_terminal && environment_get(environment, "NO_COLOR") == NULL &&
	       (term == NULL || strcmp(term, "dumb") != 0);
}

static int columns_of(int descriptor)
{
	struct winsize size = {0};

	if (ioctl(descriptor, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return TERMINAL_COLUMNS;
	if (size.ws_col < TERMINAL_COLUMNS_LEAST)
		return TERMINAL_COLUMNS_LEAST;
	return size.ws_col > TERMINAL_COLUMNS_MOST ? TERMINAL_COLUMNS_MOST : size.ws_col;
}

void terminal_look(struct terminal *terminal, int descriptor, char *const *environment, enum terminal_wish wish)
{
	int is_terminal = isatty(descriptor) == 1;

	*terminal = (struct terminal){
		.is_terminal = is_terminal,
		.colour = terminal_wants_colour(is_terminal, environment, wish),
		.columns = is_terminal ? columns_of(descriptor) : TERMINAL_COLUMNS,
	};
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
