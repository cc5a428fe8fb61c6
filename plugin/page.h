/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines for a terminal of a certain size: rows with a mark, a label, a time and words. What does not fit is cut or left out, the least
 * important first.
 */
#ifndef PLUGIN_PAGE_H
#define PLUGIN_PAGE_H

#include <stdint.h>

#include "common/base/text.h"
#include "plugin/display.h"
#include "plugin/terminal.h"

/* Longest line with its colours, and most lines of one page before any is taken away. */
#define PAGE_LINE_MAX 8192U
#define PAGE_LINES_MAX 4096
/* Room for a time behind a label, in columns. */
#define PAGE_TIME_COLUMNS 8

/* What is left out first where not everything fits: the largest rank. */
enum page_rank { RANK_RUNNING, RANK_HEAD, RANK_WORDS, RANK_ENDED, RANK_NOTE, RANK_ROUTE, RANK_DONE, RANK_AHEAD };

struct page_line {
	char *text;
	int rank;
};

struct page {
	const struct display_shape *shape;
	size_t width; /* columns that may be used: the last one is not */
	int64_t now;
	struct page_line *lines;
	size_t count, capacity;
};

/* The parts of one row. */
struct page_row {
	const char *mark; /* NULL: there is none */
	enum terminal_colour mark_colour;
	size_t indent;
	const char *label;
	size_t label_columns; /* 0: as many as it takes */
	const char *words;    /* may be NULL */
	const char *time;     /* may be NULL */
	int rank;
};

/* A line that is being written, for what is no row. */
struct page_writer {
	const struct page *page;
	struct text text;
	size_t columns;
};

/* Makes `page` ready for a terminal of this shape (borrowed). The caller owns the storage, and calls page_take in the end. */
void page_init(struct page *page, const struct display_shape *shape, int64_t now);

/* Returns the time between two instants, "1m 05s", or "" when either is INSTANT_NONE; owned by the caller (free()). */
char *page_duration(int64_t from, int64_t to);

/* page_put writes `string`, cut to `most` columns and to the page's width; page_move_to writes blanks up to `column`. */
void page_put(struct page_writer *writer, enum terminal_colour colour, const char *string, size_t most);
void page_move_to(struct page_writer *writer, size_t column);

/* Add to the page: a finished line (taken over), a row, or words (any text) broken into at most `lines` lines. */
void page_line(struct page *page, char *text, int rank);
void page_row(struct page *page, const struct page_row *row);
void page_words(struct page *page, const char *words, size_t indent, int lines, int rank);

/* Takes lines away until there are no more than `most`. */
void page_fit(struct page *page, size_t most);

/* Returns all lines, each ended by a newline, owned by the caller (free()). The page must be made ready (page_init) before it is used
 * again. */
char *page_take(struct page *page);

#endif
