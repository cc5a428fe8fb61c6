/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/log_lines.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"
#include "plugin/json_text.h"
#include "plugin/timestamp.h"
#include "plugin/yaml_text.h"

#define LINE_TEXTS 5
/* Fewer hexadecimal digits than this may be anything. */
#define PART_LEAST 4

static bool is_trouble(const struct log_record *record)
{
	return string_same(record->severity, "WARNING") || string_same(record->severity, "ERROR") ||
	       string_same(record->severity, "CRITICAL");
}

static bool is_agent(const struct log_record *record)
{
	return string_starts(record->entity, "machine-") || string_starts(record->entity, "unit-") ||
	       string_starts(record->entity, "application-") || string_starts(record->entity, "model-");
}

static bool is_about_migration(const struct log_line *line)
{
	return string_starts(line->module, "juju.worker.migration") && !string_same(line->severity, "INFO");
}

static bool is_repeated(const struct log_line *line, const struct log_record *record, const char *message)
{
	return string_same(line->entity, record->entity) && string_same(line->severity, record->severity) &&
	       string_same(line->module, record->module) && string_same(line->message, message);
}

static void line_release(struct log_line *line)
{
	free(line->entity);
	free(line->severity);
	free(line->module);
	free(line->message);
	*line = (struct log_line){0};
}

static void drop(struct log_lines *lines, size_t index)
{
	line_release(&lines->list[index]);
	lines->count--;
	memmove(&lines->list[index], &lines->list[index + 1], (lines->count - index) * sizeof(lines->list[0]));
	lines->left_out++;
}

/* Makes room for `line`. Returns false if the lines that are kept matter more. */
static bool make_room(struct log_lines *lines, const struct log_line *line)
{
	for (size_t i = 0; i < lines->count; i++)
		if (!is_about_migration(&lines->list[i])) {
			drop(lines, i);
			return true;
		}
	if (!is_about_migration(line)) {
		lines->left_out++;
		return false;
	}
	drop(lines, 0);
	return true;
}

static void add(struct log_lines *lines, const struct log_record *record)
{
	scoped(string) char *message =
		text_printable_length(record->message, strlen(record->message), LOG_LINES_MESSAGE_MAX);

	if (lines->count > 0 && is_repeated(&lines->list[lines->count - 1], record, message)) {
		lines->list[lines->count - 1].times++;
		return;
	}
	struct log_line line = {
		.time = record->time,
		.entity = string_copy(record->entity),
		.severity = string_copy(record->severity),
		.module = string_copy(record->module),
		.message = steal(message),
		.times = 1,
	};
	if (lines->count == LOG_LINES_MAX && !make_room(lines, &line))
		line_release(&line);
	else
		lines->list[lines->count++] = line;
}

void log_lines_take(struct log_lines *lines, const struct log_record *record, int64_t since)
{
	if (is_trouble(record) && is_agent(record) && record->time != INSTANT_NONE && record->time >= since)
		add(lines, record);
}

/* A module's name may end with a part of its model's UUID: one that is no part of this model's is of another model. */
static bool is_of_other_model(const char *module, const char *model_uuid)
{
	const char *part = strrchr(module, '.') + 1;
	size_t length = strlen(part);

	return length >= PART_LEAST && strspn(part, "0123456789abcdef-") == length && !string_starts(model_uuid, part);
}

void log_lines_take_master(
	struct log_lines *lines, const struct log_record *record, int64_t since, const char *model_uuid)
{
	if ((is_trouble(record) || string_same(record->severity, "INFO")) && record->time != INSTANT_NONE &&
		record->time >= since && string_starts(record->module, LOG_LINES_MASTER) &&
		!is_of_other_model(record->module, model_uuid))
		add(lines, record);
}

void log_lines_text(const struct log_lines *lines, const char *label, struct text *text)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct log_line *line = &lines->list[i];
		char time[TIMESTAMP_SIZE];

		text_add_format(text, "\n  %-7s %s %s %s %s: %s", i == 0 ? label : "",
			timestamp_format(line->time, time), line->severity, line->entity, line->module, line->message);
		if (line->times > 1)
			text_add_format(text, " (%zu times)", line->times);
	}
	if (lines->left_out > 0)
		text_add_format(text, "\n          %zu more left out", lines->left_out);
}

struct field {
	const char *key;
	const char *value;
};

static void list_fields(const struct log_line *line, char time[INSTANT_TEXT_SIZE], struct field fields[LINE_TEXTS])
{
	const struct field list[LINE_TEXTS] = {
		{"time", instant_format(line->time, time)},
		{"entity", line->entity},
		{"severity", line->severity},
		{"module", line->module},
		{"message", line->message},
	};

	memcpy(fields, list, sizeof(list));
}

void log_lines_json(const struct log_lines *lines, const char *key, struct text *text)
{
	struct field fields[LINE_TEXTS];
	char time[INSTANT_TEXT_SIZE];

	if (lines->count == 0)
		return;
	text_add_format(text, ",\"%s\":[", key);
	for (size_t i = 0; i < lines->count; i++) {
		list_fields(&lines->list[i], time, fields);
		text_add_string(text, i > 0 ? ",{" : "{");
		for (size_t j = 0; j < LINE_TEXTS; j++) {
			text_add_format(text, "%s\"%s\":", j > 0 ? "," : "", fields[j].key);
			json_text_add(text, fields[j].value);
		}
		text_add_string(text, "}");
	}
	text_add_string(text, "]");
}

void log_lines_yaml(const struct log_lines *lines, const char *key, struct text *text)
{
	struct field fields[LINE_TEXTS];
	char time[INSTANT_TEXT_SIZE];

	if (lines->count == 0)
		return;
	text_add_format(text, "  %s:\n", key);
	for (size_t i = 0; i < lines->count; i++) {
		list_fields(&lines->list[i], time, fields);
		for (size_t j = 0; j < LINE_TEXTS; j++) {
			text_add_format(text, "  %s %s: ", j > 0 ? " " : "-", fields[j].key);
			yaml_text_add(text, fields[j].value, 6);
			text_add_string(text, "\n");
		}
	}
}

void log_lines_release(struct log_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		line_release(&lines->list[i]);
	*lines = (struct log_lines){.count = 0};
}
