/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/page.h"

#include <string.h>

#include "common/base/scoped.h"
#include "plugin/columns.h"

void page_init(struct page *page, const struct display_shape *shape, int64_t now)
{
	*page = (struct page){.shape = shape, .now = now};
	page->width = shape->columns > 1 ? (size_t)shape->columns - 1 : 0;
}

char *page_duration(int64_t from, int64_t to)
{
	/* Two things that happen at the same instant may be learned a moment apart, in either order. */
	int64_t seconds = (to - from + INSTANT_MILLISECOND) / INSTANT_SECOND;

	if (from == INSTANT_NONE || to == INSTANT_NONE)
		return string_copy("");
	if (seconds < 1)
		return string_copy("<1s");
	if (seconds < 60)
		return string_format("%ds", (int)seconds);
	if (seconds < 3600)
		return string_format("%dm %02ds", (int)(seconds / 60), (int)(seconds % 60));
	if (seconds < 86400)
		return string_format("%dh %02dm", (int)(seconds / 3600), (int)(seconds / 60 % 60));
	return string_format("%lldd %02dh", (long long)(seconds / 86400), (int)(seconds / 3600 % 24));
}

void page_put(struct page_writer *writer, enum terminal_colour colour, const char *string, size_t most)
{
	const struct display_shape *shape = writer->page->shape;
	size_t left = writer->page->width - writer->columns;
	scoped(string) char *fitting = columns_fit(string, most < left ? most : left, shape->unicode);

	text_add_format(&writer->text, "%s%s%s", terminal_on(shape->colour, colour), fitting,
		terminal_off(shape->colour, colour));
	writer->columns += columns_count(fitting);
}

void page_move_to(struct page_writer *writer, size_t column)
{
	while (writer->columns < column && writer->columns < writer->page->width) {
		text_add(&writer->text, " ", 1);
		writer->columns++;
	}
}

void page_line(struct page *page, char *text, int rank)
{
	page->lines = memory_room(page->lines, page->count, &page->capacity, sizeof(*page->lines));
	page->lines[page->count++] = (struct page_line){text, rank};
}

/* The time stands to the left of the words, which may be long, and not at the right margin: lines that end early are not broken when the
 * terminal becomes narrower. */
void page_row(struct page *page, const struct page_row *row)
{
	struct page_writer writer = {.page = page};
	size_t time = row->indent + row->label_columns + PAGE_TIME_COLUMNS;

	text_init(&writer.text, PAGE_LINE_MAX);
	if (row->mark != NULL) {
		page_move_to(&writer, row->indent - 2);
		page_put(&writer, row->mark_colour, row->mark, 1);
	}
	page_move_to(&writer, row->indent);
	page_put(&writer, COLOUR_PLAIN, row->label, row->label_columns > 0 ? row->label_columns : page->width);
	if (string_given(row->time) && time <= page->width) {
		page_move_to(&writer, time - columns_count(row->time));
		page_put(&writer, COLOUR_PLAIN, row->time, PAGE_TIME_COLUMNS);
	}
	if (string_given(row->words) && time + 6 <= page->width) {
		page_move_to(&writer, time + 2);
		page_put(&writer, COLOUR_PLAIN, row->words, page->width);
	}
	page_line(page, text_take(&writer.text), row->rank);
}

void page_words(struct page *page, const char *words, size_t indent, int lines, int rank)
{
	scoped(string) char *printable = text_printable(words);
	const char *rest = printable;

	for (; *rest != '\0' && lines > 0 && page->width > indent; lines--) {
		size_t bytes = lines > 1 ? columns_line(rest, page->width - indent) : strlen(rest);
		scoped(string) char *line = string_copy_length(rest, bytes);
		page_row(page, &(struct page_row){.indent = indent, .label = line, .rank = rank});
		rest += bytes;
		rest += strspn(rest, " ");
	}
}

static void drop(struct page *page, size_t index)
{
	string_free(page->lines[index].text);
	page->count--;
	memmove(page->lines + index, page->lines + index + 1, (page->count - index) * sizeof(*page->lines));
}

void page_fit(struct page *page, size_t most)
{
	while (page->count > most) {
		size_t least = 0;

		for (size_t i = 1; i < page->count; i++)
			if (page->lines[i].rank >= page->lines[least].rank)
				least = i;
		drop(page, least);
	}
}

char *page_take(struct page *page)
{
	scoped(text) struct text text;

	text_init(&text, (size_t)PAGE_LINES_MAX * PAGE_LINE_MAX);
	for (size_t i = 0; i < page->count; i++) {
		text_add_string(&text, page->lines[i].text);
		text_add(&text, "\n", 1);
		string_free(page->lines[i].text);
	}
	string_free((char *)page->lines);
	return text_take(&text);
}
