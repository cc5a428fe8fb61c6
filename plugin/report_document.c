/* SPDX-License-Identifier: Apache-2.0 */
/* The document of report.h in its three formats. YAML and JSON have the same keys in the same order. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"
#include "plugin/json_text.h"
#include "plugin/report.h"
#include "plugin/report_plan.h"
#include "plugin/report_table.h"
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
		report_table(text, report, colour);
		break;
	}
	return text->full ? -1 : 0;
}
