/* SPDX-License-Identifier: Apache-2.0 */
/* The result document, with lines of the input for its texts: whatever they are, it is one YAML and one JSON document. */
#include <json-c/json.h>
#include <string.h>

#include "plugin/report.h"
#include "tests/fuzz/store.h"

#define RECORDS 2

/* Line `number` of the input made printable, as all that comes into a record; owned by the caller. */
static char *text_of(const struct fuzz_lines *lines, size_t number)
{
	return number < lines->count ? text_printable(lines->list[number]) : NULL;
}

static void fill(struct report *report, const struct fuzz_lines *lines)
{
	for (size_t i = 0; i < RECORDS; i++) {
		struct report_record *record = report_add(report);
		size_t first = i * 8;

		record->model = text_of(lines, first);
		record->from = text_of(lines, first + 1);
		record->to = text_of(lines, first + 2);
		record->migration_id = text_of(lines, first + 3);
		record->message = text_of(lines, first + 4);
		record->state = text_of(lines, first + 5);
		record->reason = text_of(lines, first + 6);
		record->remedy = text_of(lines, first + 7);
		record->result = i == 0 ? RESULT_FAILED : RESULT_MIGRATED;
	}
	scoped(string) char *error = text_of(lines, 8 * RECORDS);
	if (error != NULL)
		report_add_error(report, error);
}

static const char *value_of(const struct node *record, const char *key)
{
	const struct node *node = node_find(record, key);

	return node != NULL ? node->text : NULL;
}

static void yaml(const struct report *report)
{
	scoped(text) struct text text = {.ceiling = 1 << 24};

	fuzz_expect(report_write(report, FORMAT_YAML, 0, &text) == 0);
	scoped(document) struct document *document = fuzz_document(text.data, text.length);
	fuzz_expect(document != NULL);
	const struct node *list = node_find(document->root, "migrations");
	fuzz_expect(list != NULL && list->kind == NODE_SEQUENCE && list->count == RECORDS);
	for (size_t i = 0; i < RECORDS; i++) {
		const char *model = report->records[i].model, *message = report->records[i].message;

		fuzz_expect(!string_given(model) || string_same(value_of(list->items[i], "model"), model));
		fuzz_expect(!string_given(message) || string_same(value_of(list->items[i], "message"), message));
	}
}

static void json(const struct report *report)
{
	scoped(text) struct text text = {.ceiling = 1 << 24};
	struct json_object *list = NULL, *message = NULL;

	fuzz_expect(report_write(report, FORMAT_JSON, 0, &text) == 0);
	struct json_object *document = json_tokener_parse(text.data);
	fuzz_expect(json_object_object_get_ex(document, "migrations", &list));
	fuzz_expect(json_object_array_length(list) == RECORDS);
	for (size_t i = 0; i < RECORDS; i++) {
		const char *text_in = report->records[i].message;

		if (!string_given(text_in))
			continue;
		fuzz_expect(json_object_object_get_ex(json_object_array_get_idx(list, i), "message", &message));
		fuzz_expect(strcmp(json_object_get_string(message), text_in) == 0);
	}
	json_object_put(document);
}

static void table(const struct report *report)
{
	scoped(text) struct text text = {.ceiling = 1 << 24};

	fuzz_expect(report_write(report, FORMAT_TABULAR, 0, &text) == 0);
	for (char *rest = text.data, *line = NULL; (line = strsep(&rest, "\n")) != NULL;)
		fuzz_expect_printable(line);
	scoped(string) char *said = report_text(&report->records[0]);
	for (char *rest = said, *line = NULL; (line = strsep(&rest, "\n")) != NULL;)
		fuzz_expect_printable(line);
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(fuzz_lines) struct fuzz_lines lines;
	scoped(report) struct report report;

	fuzz_lines_read(&lines, (struct fuzz_input){bytes, length});
	report_init(&report);
	fill(&report, &lines);
	yaml(&report);
	json(&report);
	table(&report);
}
