/* SPDX-License-Identifier: Apache-2.0 */
/* The document of report.h in its three formats. YAML and JSON have the same keys in the same order. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"
#include "plugin/json_text.h"
#include "plugin/report.h"
#include "plugin/report_plan.h"
#include "plugin/table.h"
#include "plugin/yaml_text.h"

/* Texts of one record, in the order of the document; and its last keys. */
#define RECORD_TEXTS 13
#define JIMM_UPDATED "jimm-updated"
#define AGENTS_AWAY "agents-away"
#define LOG "log"
#define SOURCE_LOG "source-log"

struct field {
	const char *key;
	const char *value; /* NULL or "": absent */
};

/* The two instants as text: what the fields point to. */
struct times {
	char started[INSTANT_TEXT_SIZE];
	char ended[INSTANT_TEXT_SIZE];
};

static void list_fields(const struct report_record *record, struct times *times, struct field fields[RECORD_TEXTS])
{
	const struct field list[RECORD_TEXTS] = {
		{"model", record->model},
		{"model-uuid", record->model_uuid},
		{"from", record->from},
		{"to", record->to},
		{"migration-id", record->migration_id},
		{"result", report_result_word(record->result)},
		{"message", record->message},
		{"state", record->state},
		{"reason", record->reason},
		{"reason-part", record->reason_part},
		{"remedy", record->remedy},
		{"started", instant_format(record->started, times->started)},
		{"ended", instant_format(record->ended, times->ended)},
	};

	memcpy(fields, list, sizeof(list));
}

static const char *truth(enum report_answer answer)
{
	return answer == ANSWER_YES ? "true" : "false";
}

static void add_json_record(struct text *text, const struct report_record *record)
{
	struct field fields[RECORD_TEXTS];
	const char *before = "{";
	struct times times;

	list_fields(record, &times, fields);
	for (size_t i = 0; i < RECORD_TEXTS; i++) {
		if (!string_given(fields[i].value))
			continue;
		text_add_format(text, "%s\"%s\":", before, fields[i].key);
		json_text_add(text, fields[i].value);
		before = ",";
	}
	if (record->jimm_updated != ANSWER_UNKNOWN)
		text_add_format(text, ",\"" JIMM_UPDATED "\":%s", truth(record->jimm_updated));
	if (record->agents_away > 0)
		text_add_format(text, ",\"" AGENTS_AWAY "\":%zu", record->agents_away);
	log_lines_json(&record->log, LOG, text);
	log_lines_json(&record->source_log, SOURCE_LOG, text);
	if (record->plan != NULL)
		report_plan_json(text, record->plan);
	text_add_string(text, "}");
}

static void add_json(struct text *text, const struct report *report)
{
	text_add_string(text, "{\"migrations\":[");
	for (size_t i = 0; i < report->record_count; i++) {
		text_add_string(text, i > 0 ? "," : "");
		add_json_record(text, &report->records[i]);
	}
	text_add_string(text, "],\"errors\":[");
	for (size_t i = 0; i < report->error_count; i++) {
		text_add_string(text, i > 0 ? "," : "");
		json_text_add(text, report->errors[i]);
	}
	text_add_string(text, "]}\n");
}

static void add_yaml_record(struct text *text, const struct report_record *record)
{
	struct field fields[RECORD_TEXTS];
	const char *before = "- ";
	struct times times;

	list_fields(record, &times, fields);
	for (size_t i = 0; i < RECORD_TEXTS; i++) {
		if (!string_given(fields[i].value))
			continue;
		text_add_format(text, "%s%s: ", before, fields[i].key);
		yaml_text_add(text, fields[i].value, 4);
		text_add_string(text, "\n");
		before = "  ";
	}
	if (record->jimm_updated != ANSWER_UNKNOWN)
		text_add_format(text, "  " JIMM_UPDATED ": %s\n", truth(record->jimm_updated));
	if (record->agents_away > 0)
		text_add_format(text, "  " AGENTS_AWAY ": %zu\n", record->agents_away);
	log_lines_yaml(&record->log, LOG, text);
	log_lines_yaml(&record->source_log, SOURCE_LOG, text);
	if (record->plan != NULL)
		report_plan_yaml(text, record->plan);
}

static void add_yaml(struct text *text, const struct report *report)
{
	text_add_string(text, report->record_count > 0 ? "migrations:\n" : "migrations: []\n");
	for (size_t i = 0; i < report->record_count; i++)
		add_yaml_record(text, &report->records[i]);
	text_add_string(text, report->error_count > 0 ? "errors:\n" : "errors: []\n");
	for (size_t i = 0; i < report->error_count; i++) {
		text_add_string(text, "- ");
		yaml_text_add(text, report->errors[i], 2);
		text_add_string(text, "\n");
	}
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

static void add_rows(struct text *text, const struct report *report, int colour)
{
	struct table_cell *cells = memory_get((report->record_count + 1) * COLUMNS, sizeof(*cells));
	char **owned = memory_get(report->record_count * COLUMNS, sizeof(*owned));
	static const char *const headings[COLUMNS] = {"Model", "From", "To", "Result"};

	for (size_t i = 0; i < COLUMNS; i++)
		cells[i] = (struct table_cell){headings[i], COLOUR_HEADING};
	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = &report->records[i];
		const char *texts[COLUMNS] = {
			record->model, record->from, record->to, report_result_word(record->result)};
		struct table_cell *row = &cells[(i + 1) * COLUMNS];

		for (size_t column = 0; column < COLUMNS; column++)
			row[column].text = owned[i * COLUMNS + column] = text_printable(texts[column]);
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

/* Ids and messages are too long for a column of 80: they stand below the table. */
static void add_notes(struct text *text, const struct report *report)
{
	int begun = 0;

	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = &report->records[i];
		int open = record->result == RESULT_RUNNING || record->result == RESULT_UNDECIDED;

		if (open && string_given(record->migration_id)) {
			scoped(string) char *note = string_format("migration %s", record->migration_id);
			add_note(text, record, note, &begun);
		}
		/* What went wrong is said on stderr, as every error. */
		if (string_given(record->message) && !report_is_error(record)) {
			scoped(string) char *note = report_text(record);
			add_note(text, record, note, &begun);
		}
	}
}

static void add_table(struct text *text, const struct report *report, int colour)
{
	bool located = false;

	/* A table of models of which nothing is known tells nothing. Where they are, by name, is not told to everybody. */
	for (size_t i = 0; i < report->record_count; i++)
		located |= string_given(report->records[i].from) || string_given(report->records[i].model_uuid) ||
			   (report->records[i].plan != NULL && report->records[i].plan->check_count > 0);
	if (!located)
		return;
	add_rows(text, report, colour);
	report_plan_tables(text, report, colour);
	add_notes(text, report);
}

int report_write(const struct report *report, enum options_format format, int colour, struct text *text)
{
	switch (format) {
	case FORMAT_JSON:
		add_json(text, report);
		break;
	case FORMAT_YAML:
		add_yaml(text, report);
		break;
	case FORMAT_TABULAR:
		add_table(text, report, colour);
		break;
	}
	return text->full ? -1 : 0;
}
