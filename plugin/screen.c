/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/screen.h"

#include <string.h>

#include "common/base/text.h"

/* Most bytes of one drawing. */
#define SCREEN_BYTES_MAX ((size_t)64 << 20)
/* To the start of the line; erase to the end of the line; erase to the end of the screen. */
#define TO_START "\r"
#define ERASE_LINE "\033[K"
#define ERASE_BELOW "\033[J"

/* In one piece, or the terminal would show it half drawn. */
static void send(struct screen *screen, const struct text *text)
{
	if (text->length > 0)
		fwrite(text->data, 1, text->length, screen->stream);
	fflush(screen->stream);
}

/* Adds the lines over whatever stands there; the cursor ends after the last one. Returns how many rows it has gone down. */
static size_t add_lines(struct text *text, const char *lines)
{
	size_t down = 0;

	for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1) {
		text_add(text, lines, (size_t)(end - lines));
		text_add_string(text, ERASE_LINE);
		if (end[1] == '\0')
			break;
		text_add(text, "\n", 1);
		down++;
	}
	text_add_string(text, ERASE_BELOW);
	return down;
}

static size_t begin(struct text *text, const char *lines)
{
	text_init(text, SCREEN_BYTES_MAX);
	text_add_string(text, TO_START);
	return add_lines(text, lines);
}

void screen_draw(struct screen *screen, const char *lines)
{
	scoped(text) struct text text;
	size_t down = begin(&text, lines);

	text_add_string(&text, TO_START);
	if (down > 0)
		text_add_format(&text, "\033[%zuA", down);
	send(screen, &text);
	screen->drawn = true;
}

static void take_away(struct screen *screen, const char *how)
{
	if (!screen->drawn)
		return;
	fputs(how, screen->stream);
	fflush(screen->stream);
	screen->drawn = false;
}

void screen_clear(struct screen *screen)
{
	take_away(screen, TO_START ERASE_BELOW);
}

void screen_abandon(struct screen *screen)
{
	take_away(screen, ERASE_BELOW "\n");
}

void screen_finish(struct screen *screen, const char *lines)
{
	scoped(text) struct text text;

	begin(&text, lines);
	text_add_string(&text, "\n\n");
	send(screen, &text);
	screen->drawn = false;
}
