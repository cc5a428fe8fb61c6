/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/display_many.h"

#include <string.h>

#include "common/base/scoped.h"
#include "plugin/columns.h"
#include "plugin/display_private.h"
#include "plugin/report.h"

/* Most lines of the total, and of why nothing is started. */
#define TOTAL_LINES 2
#define PAUSED_LINES 2

struct tally {
	size_t all, done, failed, unclear, flying, waiting;
	size_t moved; /* among those that are done */
};

static struct tally tally_of(const struct display_many *many)
{
	struct tally tally = {.all = 0};

	for (size_t i = 0; i < many->count; i++) {
		const struct journey *journey = &many->journeys[i];
		int status = report_result_status(journey->result);

		tally.all += journey->place != JOURNEY_DROPPED;
		tally.flying += journey->place == JOURNEY_FLYING;
		tally.waiting += journey->place == JOURNEY_WAITING;
		if (journey->place != JOURNEY_OVER)
			continue;
		tally.done += status == 0;
		tally.failed += status == 1;
		tally.unclear += status > 1;
		tally.moved += journey->result == RESULT_MIGRATED;
	}
	return tally;
}

/* ---- the total ---- */

static void add_count(struct text *text, size_t count, const char *what)
{
	if (count > 0)
		text_add_format(text, "%s%zu %s", text->length > 0 ? ", " : "", count, what);
}

static char *counts(const struct display_many *many, const struct tally *tally)
{
	scoped(text) struct text text;

	text_init(&text, TEXT_SHOWN_MAX);
	add_count(&text, tally->done, "done");
	add_count(&text, tally->failed, "failed");
	add_count(&text, tally->unclear, "unclear");
	add_count(&text, tally->flying, "on their way");
	add_count(&text, tally->waiting, many->over ? "not started" : "waiting");
	return string_format("%zu models to %s: %s", tally->all, many->target, text.data != NULL ? text.data : "");
}

/* Returns how long the rest may take, judging by the moves that have ended; 0: there is too little to go by. Moves on their way count as
 * half done. */
static int64_t estimate(const struct display_many *many, const struct tally *tally, int64_t now)
{
	if (tally->moved < DISPLAY_MOVES_LEAST || tally->waiting == 0 || many->paused != NULL || many->over)
		return 0;
	int64_t each = (now - many->begun) / (int64_t)tally->moved;

	return each * (int64_t)(2 * tally->waiting + tally->flying) / 2;
}

static char *times(const struct display_many *many, const struct tally *tally, int64_t now)
{
	scoped(string) char *elapsed = page_duration(many->begun, now);
	int64_t rest = estimate(many, tally, now);

	if (rest == 0)
		return string_format("%s%s", elapsed, many->over ? "" : " so far");
	/* As exact as it is known: in whole minutes, rounded up. */
	int64_t minutes = (rest + INSTANT_MINUTE - 1) / INSTANT_MINUTE;
	int64_t an_hour = (int64_t)tally->moved * 60 * INSTANT_MINUTE / (now - many->begun);
	scoped(string) char *left = minutes < 60 ? string_format("%dm", (int)minutes)
						 : string_format("%dh %02dm", (int)(minutes / 60), (int)(minutes % 60));
	if (an_hour < 1)
		return string_format("%s so far, about %s left", elapsed, left);
	return string_format("%s so far, about %s left at %lld an hour", elapsed, left, (long long)an_hour);
}

static void add_total(struct page *page, const struct display_many *many, const struct tally *tally)
{
	scoped(string) char *first = counts(many, tally);
	scoped(string) char *second = times(many, tally, page->now);
	scoped(string) char *both = string_format("%s; %s", first, second);

	if (columns_count(both) <= page->width) {
		page_words(page, both, 0, 1, RANK_RUNNING);
		return;
	}
	page_words(page, first, 0, TOTAL_LINES, RANK_RUNNING);
	page_words(page, second, 0, 1, RANK_HEAD);
}

static void add_pause(struct page *page, const struct display_many *many)
{
	if (many->paused == NULL)
		return;
	scoped(string) char *line = string_format("No further model is started for now: %s", many->paused);
	page_words(page, line, 0, PAUSED_LINES, RANK_WORDS);
}

/* ---- one model ---- */

static size_t name_columns(const struct display_many *many, size_t width)
{
	size_t widest = 0;

	for (size_t i = 0; i < many->count; i++) {
		size_t columns = columns_count(many->journeys[i].model);

		widest = columns > widest ? columns : widest;
	}
	return widest < width / 2 ? widest : width / 2;
}

static void add_model(struct page *page, const struct journey *journey, size_t columns)
{
	enum journey_step step = journey_at(journey);
	struct page_row row = display_leg(page, &journey->legs[step]);
	scoped(string) char *time = display_elapsed(page, journey);
	scoped(string) char *where = row.words != NULL ? string_format("%s: %s", display_label(step), row.words)
						       : string_copy(display_label(step));

	row.indent = 2;
	row.label = journey->model;
	row.label_columns = columns;
	row.words = where;
	row.time = time;
	row.rank = RANK_DONE;
	page_row(page, &row);
}

char *display_ended(const struct display_many *many, size_t index, const struct display_shape *shape)
{
	const struct journey *journey = &many->journeys[index];
	int status = report_result_status(journey->result);
	struct page page;

	page_init(&page, shape, journey->ended);
	scoped(string) char *time = display_elapsed(&page, journey);
	const struct journey_leg leg = {.state = status == 0                  ? JOURNEY_DONE
						 : status == 3 || status == 4 ? JOURNEY_LEFT
									      : JOURNEY_FAILED};
	struct page_row row = display_leg(&page, &leg);
	row.indent = 2;
	row.label = journey->model;
	row.label_columns = name_columns(many, page.width);
	row.words = report_result_word(journey->result);
	row.time = time;
	page_row(&page, &row);
	char *line = page_take(&page);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* ---- the page ---- */

static void add_models(struct page *page, const struct display_many *many, const struct tally *tally, size_t room)
{
	size_t columns = name_columns(many, page->width);
	size_t shown = tally->flying <= room ? tally->flying : room > 0 ? room - 1 : 0;
	size_t left = shown;

	for (size_t i = 0; i < many->count && left > 0; i++) {
		if (many->journeys[i].place != JOURNEY_FLYING)
			continue;
		add_model(page, &many->journeys[i], columns);
		left--;
	}
	if (shown == tally->flying || room == 0)
		return;
	scoped(string) char *more = string_format("and %zu more on their way", tally->flying - shown);
	page_words(page, more, 2, 1, RANK_DONE);
}

char *display_many(const struct display_many *many, const struct display_shape *shape, int64_t now)
{
	const struct tally tally = tally_of(many);
	size_t most = shape->rows > 1 ? (size_t)shape->rows - 1 : 1;
	struct page page, total;

	page_init(&total, shape, now);
	add_pause(&total, many);
	add_total(&total, many, &tally);
	page_fit(&total, most);
	page_init(&page, shape, now);
	add_models(&page, many, &tally, most - total.count);
	for (size_t i = 0; i < total.count; i++)
		page_line(&page, total.lines[i].text, total.lines[i].rank);
	string_free((char *)total.lines);
	return page_take(&page);
}
