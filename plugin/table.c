/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/table.h"

#include <stdbool.h>
#include <string.h>

#define GAP 2

static const char *shown(const struct table_cell *cell)
{
	return string_given(cell->text) ? cell->text : "-";
}

static size_t widest(const struct table_cell *column, size_t rows, size_t columns)
{
	size_t most = 0;

	for (size_t row = 0; row < rows; row++) {
		size_t width = text_columns(shown(&column[row * columns]));
		most = width > most ? width : most;
	}
	return most;
}

/* True for blanks of all widths: two side by side would look like the gap between two columns. */
static bool is_blank(unsigned int character)
{
	return character == ' ' || character == 0xA0 || character == 0x1680 ||
	       (character >= 0x2000 && character <= 0x200A) || character == 0x202F || character == 0x205F ||
	       character == 0x2800 || character == 0x3000;
}

char *table_text(const char *foreign)
{
	scoped(string) char *shown = text_printable(foreign);
	scoped(text) struct text text = {.ceiling = TEXT_SHOWN_MAX};
	bool blank = false;

	for (const char *at = shown; *at != '\0';) {
		unsigned int character = 0;
		size_t size = text_utf8(at, strlen(at), &character);

		if (!is_blank(character)) {
			text_add(&text, " ", blank && text.length > 0);
			text_add(&text, at, size);
		}
		blank = is_blank(character);
		at += size;
	}
	return text_take(&text);
}

void table_add(struct text *text, const struct table_cell *cells, size_t rows, size_t columns, int colour)
{
	size_t widths[TABLE_COLUMNS_MAX] = {0};

	for (size_t i = 0; i + 1 < columns; i++)
		widths[i] = widest(&cells[i], rows, columns) + GAP;
	for (size_t i = 0; i < rows * columns; i++) {
		int last = (i + 1) % columns == 0;
		size_t width = text_columns(shown(&cells[i]));
		size_t padding = last ? 0 : widths[i % columns] - width;

		text_add_string(text, terminal_on(colour, cells[i].colour));
		text_add_format(text, "%s%*s", shown(&cells[i]), (int)padding, "");
		text_add_string(text, terminal_off(colour, cells[i].colour));
		if (last)
			text_add_string(text, "\n");
	}
}
