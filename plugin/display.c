/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/display.h"

#include <string.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "plugin/columns.h"
#include "plugin/terminal.h"

/* Longest line with its colours, and most lines of one page before any is taken away. */
#define LINE_BYTES_MAX 8192U
#define LINES_MAX 4096
/* Room for a step's name, and for a time behind it, in columns. */
#define LABEL_COLUMNS 14
#define TIME_COLUMNS 8
#define INDENT 4
/* Most lines of the note at the end. */
#define NOTE_LINES 3

/* What goes first where not everything fits, the largest first. */
enum rank { RANK_RUNNING, RANK_HEAD, RANK_WORDS, RANK_ENDED, RANK_NOTE, RANK_ROUTE, RANK_DONE, RANK_AHEAD };

struct line {
	char *text;
	int rank;
};

struct page {
	const struct display_shape *shape;
	size_t width;
	int64_t now;
	struct line *lines;
	size_t count, capacity;
};

/* What one line is made of. */
struct row {
	const char *mark; /* NULL: there is none */
	enum terminal_colour mark_colour;
	size_t indent;
	const char *label;
	size_t label_columns; /* 0: as many as it takes */
	const char *words;    /* may be NULL */
	const char *time;     /* may be NULL */
	int rank;
};

static const char *const labels[] = {
	[JOURNEY_LOGIN] = "Log in",
	[JOURNEY_CHECK] = "Find and check",
	[JOURNEY_START] = "Start",
	[JOURNEY_MOVE] = "Move",
	[JOURNEY_PAUSE] = "Pause agents",
	[JOURNEY_COPY] = "Copy the model",
	[JOURNEY_TRY] = "Check the copy",
	[JOURNEY_SWITCH] = "Switch agents",
	[JOURNEY_TELL] = "Tell JIMM",
	[JOURNEY_LOGS] = "Copy the logs",
	[JOURNEY_CLEAN] = "Clean up",
	[JOURNEY_UNDO] = "Undo",
};

static const struct {
	const char *unicode, *ascii;
	enum terminal_colour colour;
	int rank;
} marks[] = {
	[JOURNEY_AHEAD] = {"\xC2\xB7", ".", COLOUR_PLAIN, RANK_AHEAD},
	[JOURNEY_RUNNING] = {"\xE2\x96\xB8", ">", COLOUR_PENDING, RANK_RUNNING},
	[JOURNEY_DONE] = {"\xE2\x9C\x93", "+", COLOUR_GOOD, RANK_DONE},
	[JOURNEY_FAILED] = {"\xE2\x9C\x97", "x", COLOUR_BAD, RANK_ENDED},
	[JOURNEY_LEFT] = {"~", "~", COLOUR_PENDING, RANK_ENDED},
};

static char *duration(int64_t from, int64_t to)
{
	/* What happens at one instant may be learned in either order, a moment apart. */
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

/* ---- one line ---- */

struct writer {
	const struct page *page;
	struct text text;
	size_t columns;
};

static void put(struct writer *writer, enum terminal_colour colour, const char *string, size_t most)
{
	const struct display_shape *shape = writer->page->shape;
	size_t left = writer->page->width - writer->columns;
	scoped(string) char *fitting = columns_fit(string, most < left ? most : left, shape->unicode);

	text_add_format(&writer->text, "%s%s%s", terminal_on(shape->colour, colour), fitting,
		terminal_off(shape->colour, colour));
	writer->columns += columns_count(fitting);
}

static void move_to(struct writer *writer, size_t column)
{
	while (writer->columns < column && writer->columns < writer->page->width) {
		text_add(&writer->text, " ", 1);
		writer->columns++;
	}
}

static void add_line(struct page *page, char *text, int rank)
{
	page->lines = memory_room(page->lines, page->count, &page->capacity, sizeof(*page->lines));
	page->lines[page->count++] = (struct line){text, rank};
}

/* The times stand to the left of what may be long, not at the right margin: lines that end early are not broken when the
 * terminal becomes narrower. */
static void add_row(struct page *page, const struct row *row)
{
	struct writer writer = {.page = page};
	size_t time = row->indent + row->label_columns + TIME_COLUMNS;

	text_init(&writer.text, LINE_BYTES_MAX);
	if (row->mark != NULL) {
		move_to(&writer, row->indent - 2);
		put(&writer, row->mark_colour, row->mark, 1);
	}
	move_to(&writer, row->indent);
	put(&writer, COLOUR_PLAIN, row->label, row->label_columns > 0 ? row->label_columns : page->width);
	if (string_given(row->time) && time <= page->width) {
		move_to(&writer, time - columns_count(row->time));
		put(&writer, COLOUR_PLAIN, row->time, TIME_COLUMNS);
	}
	if (string_given(row->words) && time + 6 <= page->width) {
		move_to(&writer, time + 2);
		put(&writer, COLOUR_PLAIN, row->words, page->width);
	}
	add_line(page, text_take(&writer.text), row->rank);
}

static void add_words(struct page *page, const char *words, size_t indent, int lines, int rank)
{
	scoped(string) char *printable = text_printable(words);
	const char *rest = printable;

	for (; *rest != '\0' && lines > 0 && page->width > indent; lines--) {
		size_t bytes = lines > 1 ? columns_line(rest, page->width - indent) : strlen(rest);
		scoped(string) char *line = string_copy_length(rest, bytes);
		add_row(page, &(struct row){.indent = indent, .label = line, .rank = rank});
		rest += bytes;
		rest += strspn(rest, " ");
	}
}

/* ---- one journey ---- */

static char *route(const struct page *page, const struct journey *journey)
{
	const char *arrow = page->shape->unicode ? "\xE2\x86\x92" : "->";

	if (journey->target == NULL)
		return NULL;
	return journey->source != NULL ? string_format("%s %s %s", journey->source, arrow, journey->target)
				       : string_format("%s %s", arrow, journey->target);
}

static char *elapsed(const struct page *page, const struct journey *journey)
{
	return duration(journey->begun, journey->ended != INSTANT_NONE ? journey->ended : page->now);
}

static void add_head(struct page *page, const struct journey *journey)
{
	struct writer writer = {.page = page};
	scoped(string) char *way = route(page, journey);
	scoped(string) char *time = elapsed(page, journey);
	size_t name = columns_count(journey->model), room = columns_count(time) + 2;
	bool beside = way != NULL && name + 2 + columns_count(way) + room <= page->width;

	text_init(&writer.text, LINE_BYTES_MAX);
	put(&writer, COLOUR_HEADING, journey->model, page->width > 2 * room ? page->width - room : page->width);
	if (beside) {
		move_to(&writer, writer.columns + 2);
		put(&writer, COLOUR_PLAIN, way, page->width);
	}
	if (writer.columns + room <= page->width) {
		move_to(&writer, writer.columns + 2);
		put(&writer, COLOUR_PLAIN, time, page->width);
	}
	add_line(page, text_take(&writer.text), RANK_HEAD);
	if (way != NULL && !beside)
		add_words(page, way, 2, 1, RANK_ROUTE);
}

static bool is_over(enum journey_state state)
{
	return state == JOURNEY_DONE || state == JOURNEY_FAILED || state == JOURNEY_LEFT;
}

static const char *leg_words(const struct journey_leg *leg)
{
	return leg->state == JOURNEY_DONE ? leg->result : leg->state == JOURNEY_AHEAD ? NULL : leg->now;
}

/* Among their own kind the far ones go first: of what is done the first, of what lies ahead the last. */
static int leg_rank(const struct journey_leg *leg, int step)
{
	int rank = marks[leg->state].rank;

	if (rank == RANK_AHEAD)
		return rank + JOURNEY_STEPS + step;
	return rank == RANK_DONE ? rank + JOURNEY_STEPS - step : rank;
}

static struct row leg_row(const struct page *page, const struct journey_leg *leg)
{
	bool unicode = page->shape->unicode;
	struct row row = {
		.mark = unicode ? marks[leg->state].unicode : marks[leg->state].ascii,
		.mark_colour = marks[leg->state].colour,
		.indent = INDENT,
		.label_columns = LABEL_COLUMNS,
		.words = leg_words(leg),
	};

	if (leg->doubtful && leg->state == JOURNEY_DONE) {
		row.mark = "!";
		row.mark_colour = COLOUR_WARNING;
	}
	return row;
}

static char *leg_time(const struct page *page, const struct journey_leg *leg)
{
	if (leg->state == JOURNEY_RUNNING)
		return duration(leg->begun, page->now);
	return duration(is_over(leg->state) ? leg->begun : INSTANT_NONE, leg->ended);
}

static void add_leg(struct page *page, const struct journey_leg *leg, int step)
{
	scoped(string) char *time = leg_time(page, leg);
	struct row row = leg_row(page, leg);
	bool below = page->shape->columns < DISPLAY_WIDE;
	const char *words = row.words;

	row.label = labels[step];
	row.time = time;
	row.rank = leg_rank(leg, step);
	if (below)
		row.words = NULL;
	add_row(page, &row);
	if (below && leg->state != JOURNEY_DONE && words != NULL)
		add_words(page, words, INDENT + 2, 2, RANK_WORDS);
}

static void add_journey(struct page *page, const struct journey *journey)
{
	add_head(page, journey);
	for (int step = 0; step < JOURNEY_STEPS; step++)
		if (journey->legs[step].state != JOURNEY_HIDDEN)
			add_leg(page, &journey->legs[step], step);
	if (journey->note != NULL)
		add_words(page, journey->note, 2, NOTE_LINES, RANK_NOTE);
}

/* A model among others, in a line. */
static void add_summary(struct page *page, const struct journey *journey, size_t name_columns)
{
	enum journey_step step = journey_at(journey);
	const struct journey_leg *leg = &journey->legs[step];
	const char *words = leg_words(leg);
	scoped(string) char *time = elapsed(page, journey);
	scoped(string) char *where =
		words != NULL ? string_format("%s: %s", labels[step], words) : string_copy(labels[step]);
	struct row row = leg_row(page, leg);

	row.indent = 2;
	row.label = journey->model;
	row.label_columns = name_columns;
	row.words = where;
	row.time = time;
	row.rank = marks[leg->state].rank;
	add_row(page, &row);
}

static void add_summaries(struct page *page, const struct journey *journeys, size_t count)
{
	size_t widest = 0;

	for (size_t i = 0; i < count; i++) {
		size_t columns = columns_count(journeys[i].model);
		widest = columns > widest ? columns : widest;
	}
	widest = widest < page->width / 2 ? widest : page->width / 2;
	for (size_t i = 0; i < count && i < LINES_MAX; i++)
		add_summary(page, &journeys[i], widest);
}

/* ---- the page ---- */

static void drop(struct page *page, size_t index)
{
	string_free(page->lines[index].text);
	page->count--;
	memmove(page->lines + index, page->lines + index + 1, (page->count - index) * sizeof(*page->lines));
}

static void make_fit(struct page *page, size_t most)
{
	while (page->count > most) {
		size_t least = 0;

		for (size_t i = 1; i < page->count; i++)
			if (page->lines[i].rank >= page->lines[least].rank)
				least = i;
		drop(page, least);
	}
}

static char *join(struct page *page)
{
	scoped(text) struct text text;

	text_init(&text, (size_t)LINES_MAX * LINE_BYTES_MAX);
	for (size_t i = 0; i < page->count; i++) {
		text_add_string(&text, page->lines[i].text);
		text_add(&text, "\n", 1);
		string_free(page->lines[i].text);
	}
	string_free((char *)page->lines);
	return text_take(&text);
}

char *display_format(const struct journey *journeys, size_t count, const struct display_shape *shape, int64_t now)
{
	struct page page = {.shape = shape, .now = now};

	page.width = shape->columns > 1 ? (size_t)shape->columns - 1 : 0;
	if (count == 1)
		add_journey(&page, journeys);
	else
		add_summaries(&page, journeys, count);
	make_fit(&page, shape->rows > 1 ? (size_t)shape->rows - 1 : 1);
	return join(&page);
}
