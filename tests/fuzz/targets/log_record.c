/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of juju's log stream, one a line, and the lines that are kept of them. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/log_lines.h"
#include "tests/fuzz/store.h"

static void read_record(const char *message, size_t length, struct log_lines *lines)
{
	scoped(log_record) struct log_record record = {0};
	scoped(error) struct error *error = NULL, *other = NULL;
	int failed = log_record_read(message, length, &record, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect_error(log_record_begin(message, length, &other) < 0, other);
	if (failed)
		return;
	fuzz_expect(record.entity != NULL && record.severity != NULL && record.module != NULL);
	fuzz_expect(record.message != NULL);
	fuzz_expect_printable(record.entity);
	fuzz_expect_printable(record.severity);
	fuzz_expect_printable(record.module);
	fuzz_expect_printable(record.message);
	log_lines_take(lines, &record, 0);
	log_lines_take_master(lines, &record, 0, "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001");
}

static void show(const struct log_lines *lines)
{
	scoped(text) struct text text = {.ceiling = 1 << 20}, json = {.ceiling = 1 << 20}, yaml = {.ceiling = 1 << 20};

	log_lines_text(lines, "log:", &text);
	for (char *rest = text.data, *line = NULL; (line = strsep(&rest, "\n")) != NULL;)
		fuzz_expect_printable(line);
	text_add_string(&json, "{\"a\":1");
	log_lines_json(lines, "log", &json);
	text_add_string(&json, "}");
	struct json_object *value = json_tokener_parse(json.data);
	fuzz_expect(json_object_is_type(value, json_type_object));
	json_object_put(value);
	text_add_string(&yaml, "migrations:\n- model: a\n");
	log_lines_yaml(lines, "log", &yaml);
	scoped(document) struct document *document = fuzz_document(yaml.data, yaml.length);
	fuzz_expect(document != NULL && document->root->count == 1);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct log_lines lines = {.count = 0};
	size_t begin = 0;

	/* Not by fuzz_line: a record may hold a NUL. */
	for (size_t at = 0; at <= length; at++) {
		if (at < length && bytes[at] != '\n')
			continue;
		scoped(string) char *message = memory_get(at - begin + 1, 1);
		if (at > begin)
			memcpy(message, bytes + begin, at - begin);
		read_record(message, at - begin, &lines);
		begin = at + 1;
	}
	fuzz_expect(lines.count <= LOG_LINES_MAX);
	show(&lines);
	log_lines_release(&lines);
}
