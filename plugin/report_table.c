/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/report_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/report_plan.h"
#include "plugin/table.h"

/* The order of results in a table of many: good ones first, then open ones, then bad ones. */
static const enum migration_result ranks[] = {
	RESULT_MIGRATED,
	RESULT_ALREADY_THERE,
	RESULT_PLANNED,
	RESULT_RUNNING,
	RESULT_NOT_RECORDED,
	RESULT_UNDECIDED,
	RESULT_CONTRADICTION,
	RESULT_FAILED,
};

/* A move that was never tried must not look like a failure. */
#define NOT_STARTED "not started"

static bool is_of(const struct report_record *record, size_t rank)
{
	if (record->left == LEFT_UNSTARTED)
		return rank == array_length(ranks);
	return rank < array_length(ranks) && record->result == ranks[rank];
}

static const char *word_of(const struct report_record *record)
{
	return record->left == LEFT_UNSTARTED ? NOT_STARTED : report_result_word(record->result);
}

/* Returns the records in the order of the ranks, else in their own; the list is the caller's (free()). */
static const struct report_record **sorted(const struct report *report)
{
	const struct report_record **list = memory_get(report->record_count, sizeof(struct report_record *));
	size_t count = 0;

	for (size_t rank = 0; rank <= array_length(ranks); rank++)
		for (size_t i = 0; i < report->record_count; i++)
			if (is_of(&report->records[i], rank))
				list[count++] = &report->records[i];
	return list;
}

char *report_counts(const struct report *report)
{
	scoped(text) struct text text;

	text_init(&text, TEXT_SHOWN_MAX);
	for (size_t rank = 0; rank <= array_length(ranks); rank++) {
		const char *word = rank < array_length(ranks) ? report_result_word(ranks[rank]) : NOT_STARTED;
		size_t count = 0;

		for (size_t i = 0; i < report->record_count; i++)
			count += is_of(&report->records[i], rank);
		if (count > 0)
			text_add_format(&text, "%s%zu %s", text.length > 0 ? ", " : "", count, word);
	}
	return text_take(&text);
}

static enum terminal_colour result_colour(enum migration_result result)
{
	switch (report_result_status(result)) {
	case 0:
		return result == RESULT_PLANNED ? COLOUR_PLAIN : COLOUR_GOOD;
	case 3:
	case 4:
		return COLOUR_PENDING;
	default:
		return COLOUR_BAD;
	}
}

enum { COLUMN_MODEL, COLUMN_FROM, COLUMN_TO, COLUMN_RESULT, COLUMNS };

static void add_rows(
	struct text *text, const struct report *report, const struct report_record *const *order, int colour)
{
	struct table_cell *cells = memory_get((report->record_count + 1) * COLUMNS, sizeof(*cells));
	char **owned = memory_get(report->record_count * COLUMNS, sizeof(*owned));
	static const char *const headings[COLUMNS] = {"Model", "From", "To", "Result"};

	for (size_t i = 0; i < COLUMNS; i++)
		cells[i] = (struct table_cell){headings[i], COLOUR_HEADING};
	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = order[i];
		const char *texts[COLUMNS] = {record->model, record->from, record->to, word_of(record)};
		struct table_cell *row = &cells[(i + 1) * COLUMNS];

		for (size_t column = 0; column < COLUMNS; column++)
			row[column].text = owned[i * COLUMNS + column] = table_text(texts[column]);
		row[COLUMN_RESULT].colour = result_colour(record->result);
	}
	table_add(text, cells, report->record_count + 1, COLUMNS, colour);
	for (size_t i = 0; i < report->record_count * COLUMNS; i++)
		free(owned[i]);
	free(owned);
	free(cells);
}

/* Adds "MODEL: line" for every line of `note`, but for those that are indented; the first call puts a blank line before it. */
static void add_note(struct text *text, const struct report_record *record, const char *note, int *begun)
{
	scoped(string) char *model = text_printable(record->model);

	for (size_t line = 0; *note != '\0'; note += line + (note[line] == '\n')) {
		line = strcspn(note, "\n");
		scoped(string) char *shown = text_printable_length(note, line, TEXT_SHOWN_MAX);
		int indented = *note == ' ' && *begun;

		text_add_format(
			text, "%s%s%s%s\n", *begun ? "" : "\n", indented ? "" : model, indented ? "" : ": ", shown);
		*begun = 1;
	}
}

/* With several models, a record gets lines of its own only if the table does not say all of it. */
static bool is_worth_lines(const struct report *report, const struct report_record *record)
{
	if (!string_given(record->message) || report_is_error(record))
		return false;
	if (report->record_count == 1)
		return true;
	return record->left == LEFT_NOT &&
	       (string_given(record->state) || string_given(record->reason) || string_given(record->remedy));
}

/* IDs and messages are too long for a table of 80 columns: they stand below it. */
static void add_notes(struct text *text, const struct report *report, const struct report_record *const *order)
{
	int begun = 0;

	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = order[i];
		int open = record->result == RESULT_RUNNING || record->result == RESULT_UNDECIDED;

		if (open && string_given(record->migration_id)) {
			scoped(string) char *note = string_format("migration %s", record->migration_id);
			add_note(text, record, note, &begun);
		}
		/* What went wrong is said on stderr, like all errors. */
		if (is_worth_lines(report, record)) {
			scoped(string) char *note = report_text(record);
			add_note(text, record, note, &begun);
		}
	}
}

void report_table(struct text *text, const struct report *report, int colour)
{
	bool located = false;

	/* Without anything known of its models a table is of no use. Not everybody is told the name of the controller that they are on. */
	for (size_t i = 0; i < report->record_count; i++)
		located |= string_given(report->records[i].from) || string_given(report->records[i].model_uuid) ||
			   (report->records[i].plan != NULL && report->records[i].plan->check_count > 0);
	if (!located)
		return;
	scoped(memory) const struct report_record **order = sorted(report);
	add_rows(text, report, order, colour);
	if (report->record_count > 1) {
		scoped(string) char *counts = report_counts(report);

		text_add_format(text, "\n%zu models: %s\n", report->record_count, counts);
	}
	report_plan_tables(text, report, colour);
	add_notes(text, report, order);
}
