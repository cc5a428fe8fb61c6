/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/display.h"

#include <string.h>

#include "common/base/scoped.h"
#include "plugin/columns.h"
#include "plugin/display_private.h"

/* Room for a step's name, in columns. */
#define LABEL_COLUMNS 14
#define INDENT 4
/* Most lines of the note at the end. */
#define NOTE_LINES 3

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

const char *display_label(enum journey_step step)
{
	return labels[step];
}

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

/* ---- one journey ---- */

static char *route(const struct page *page, const struct journey *journey)
{
	const char *arrow = page->shape->unicode ? "\xE2\x86\x92" : "->";

	if (journey->target == NULL)
		return NULL;
	return journey->source != NULL ? string_format("%s %s %s", journey->source, arrow, journey->target)
				       : string_format("%s %s", arrow, journey->target);
}

char *display_elapsed(const struct page *page, const struct journey *journey)
{
	return page_duration(journey->begun, journey->ended != INSTANT_NONE ? journey->ended : page->now);
}

static void add_head(struct page *page, const struct journey *journey)
{
	struct page_writer writer = {.page = page};
	scoped(string) char *way = route(page, journey);
	scoped(string) char *time = display_elapsed(page, journey);
	size_t name = columns_count(journey->model), room = columns_count(time) + 2;
	bool beside = way != NULL && name + 2 + columns_count(way) + room <= page->width;

	text_init(&writer.text, PAGE_LINE_MAX);
	page_put(&writer, COLOUR_HEADING, journey->model, page->width > 2 * room ? page->width - room : page->width);
	if (beside) {
		page_move_to(&writer, writer.columns + 2);
		page_put(&writer, COLOUR_PLAIN, way, page->width);
	}
	if (writer.columns + room <= page->width) {
		page_move_to(&writer, writer.columns + 2);
		page_put(&writer, COLOUR_PLAIN, time, page->width);
	}
	page_line(page, text_take(&writer.text), RANK_HEAD);
	if (way != NULL && !beside)
		page_words(page, way, 2, 1, RANK_ROUTE);
}

static bool is_over(enum journey_state state)
{
	return state == JOURNEY_DONE || state == JOURNEY_FAILED || state == JOURNEY_LEFT;
}

static const char *leg_words(const struct journey_leg *leg)
{
	return leg->state == JOURNEY_DONE ? leg->result : leg->state == JOURNEY_AHEAD ? NULL : leg->now;
}

/* Among legs of the same kind, those farthest from now are left out first: the first of those done, the last of those ahead. */
static int leg_rank(const struct journey_leg *leg, int step)
{
	int rank = marks[leg->state].rank;

	if (rank == RANK_AHEAD)
		return rank + JOURNEY_STEPS + step;
	return rank == RANK_DONE ? rank + JOURNEY_STEPS - step : rank;
}

struct page_row display_leg(const struct page *page, const struct journey_leg *leg)
{
	bool unicode = page->shape->unicode;
	struct page_row row = {
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
		return page_duration(leg->begun, page->now);
	return page_duration(is_over(leg->state) ? leg->begun : INSTANT_NONE, leg->ended);
}

static void add_leg(struct page *page, const struct journey_leg *leg, int step)
{
	scoped(string) char *time = leg_time(page, leg);
	struct page_row row = display_leg(page, leg);
	bool below = page->shape->columns < DISPLAY_WIDE;
	const char *words = row.words;

	row.label = labels[step];
	row.time = time;
	row.rank = leg_rank(leg, step);
	if (below)
		row.words = NULL;
	page_row(page, &row);
	if (below && leg->state != JOURNEY_DONE && words != NULL)
		page_words(page, words, INDENT + 2, 2, RANK_WORDS);
}

static void add_journey(struct page *page, const struct journey *journey)
{
	add_head(page, journey);
	for (int step = 0; step < JOURNEY_STEPS; step++)
		if (journey->legs[step].state != JOURNEY_HIDDEN)
			add_leg(page, &journey->legs[step], step);
	if (journey->note != NULL)
		page_words(page, journey->note, 2, NOTE_LINES, RANK_NOTE);
}

char *display_format(const struct journey *journey, const struct display_shape *shape, int64_t now)
{
	struct page page;

	page_init(&page, shape, now);
	add_journey(&page, journey);
	page_fit(&page, shape->rows > 1 ? (size_t)shape->rows - 1 : 1);
	return page_take(&page);
}
