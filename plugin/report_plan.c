/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/report_plan.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/json_text.h"
#include "plugin/table.h"
#include "plugin/yaml_text.h"

#define PLAN_TEXTS 6

struct field {
	const char *key;
	const char *value;
};

static void list_fields(const struct report_plan *plan, struct field fields[PLAN_TEXTS])
{
	const struct field list[PLAN_TEXTS] = {
		{"located-by", plan->located_by},
		{"model-version", plan->model_version},
		{"from-version", plan->from_version},
		{"to-version", plan->to_version},
		{"cloud", plan->cloud},
		{"region", plan->region},
	};

	memcpy(fields, list, sizeof(list));
}

void report_plan_json(struct text *text, const struct report_plan *plan)
{
	struct field fields[PLAN_TEXTS];

	list_fields(plan, fields);
	for (size_t i = 0; i < PLAN_TEXTS; i++) {
		if (!string_given(fields[i].value))
			continue;
		text_add_format(text, ",\"%s\":", fields[i].key);
		json_text_add(text, fields[i].value);
	}
	if (plan->check_count == 0)
		return;
	text_add_string(text, ",\"checks\":[");
	for (size_t i = 0; i < plan->check_count; i++) {
		const struct report_check *check = &plan->checks[i];

		text_add_format(text, "%s{\"check\":\"%s\",\"result\":\"%s\",\"detail\":", i > 0 ? "," : "",
			check->check, report_check_word(check->result));
		json_text_add(text, check->detail);
		text_add_string(text, "}");
	}
	text_add_string(text, "]");
}

void report_plan_yaml(struct text *text, const struct report_plan *plan)
{
	struct field fields[PLAN_TEXTS];

	list_fields(plan, fields);
	for (size_t i = 0; i < PLAN_TEXTS; i++) {
		if (!string_given(fields[i].value))
			continue;
		text_add_format(text, "  %s: ", fields[i].key);
		yaml_text_add(text, fields[i].value, 4);
		text_add_string(text, "\n");
	}
	text_add_string(text, plan->check_count > 0 ? "  checks:\n" : "");
	for (size_t i = 0; i < plan->check_count; i++) {
		const struct report_check *check = &plan->checks[i];

		text_add_format(text, "  - check: %s\n    result: %s\n    detail: ", check->check,
			report_check_word(check->result));
		yaml_text_add(text, check->detail, 6);
		text_add_string(text, "\n");
	}
}

/* ---- for people ---- */

/* A table whose cells are made fit to be shown. */
static void add_table(
	struct text *text, struct table_cell *cells, const char *const *texts, size_t rows, size_t columns, int colour)
{
	char **owned = memory_get(rows * columns, sizeof(*owned));

	for (size_t i = 0; i < rows * columns; i++) {
		cells[i].text = owned[i] = table_text(texts[i]);
		if (i < columns)
			cells[i].colour = COLOUR_HEADING;
	}
	text_add_string(text, "\n");
	table_add(text, cells, rows, columns, colour);
	for (size_t i = 0; i < rows * columns; i++)
		free(owned[i]);
	free(owned);
}

enum { PLAN_COLUMNS = 5, CHECK_COLUMNS = 3, CHECK_RESULT = 1 };

static void add_plan(struct text *text, const struct report_plan *plan, int colour)
{
	scoped(string) char *place = string_format("%s%s%s", plan->cloud != NULL ? plan->cloud : "",
		string_given(plan->region) ? "/" : "", plan->region != NULL ? plan->region : "");
	struct table_cell cells[2 * PLAN_COLUMNS] = {0};
	const char *const texts[2 * PLAN_COLUMNS] = {"Model juju", "From juju", "To juju", "Cloud/region", "Located by",
		plan->model_version, plan->from_version, plan->to_version, place, plan->located_by};

	add_table(text, cells, texts, 2, PLAN_COLUMNS, colour);
}

static enum terminal_colour check_colour(enum check_result result)
{
	static const enum terminal_colour colours[] = {
		[CHECK_OK] = COLOUR_GOOD,
		[CHECK_PROBLEM] = COLOUR_BAD,
		[CHECK_WARNING] = COLOUR_PENDING,
		[CHECK_NOT_MADE] = COLOUR_PLAIN,
	};

	return colours[result];
}

static void add_checks(struct text *text, const struct report_plan *plan, int colour)
{
	size_t rows = plan->check_count + 1;
	scoped(memory) struct table_cell *cells = memory_get(rows * CHECK_COLUMNS, sizeof(*cells));
	scoped(memory) const char **texts = memory_get(rows * CHECK_COLUMNS, sizeof(*texts));
	static const char *const headings[CHECK_COLUMNS] = {"Check", "Result", "Detail"};

	memcpy(texts, headings, sizeof(headings));
	for (size_t i = 0; i < plan->check_count; i++) {
		const struct report_check *check = &plan->checks[i];
		size_t row = (i + 1) * CHECK_COLUMNS;

		texts[row] = check->check;
		texts[row + CHECK_RESULT] = report_check_word(check->result);
		texts[row + CHECK_RESULT + 1] = check->detail;
		cells[row + CHECK_RESULT].colour = check_colour(check->result);
	}
	add_table(text, cells, texts, rows, CHECK_COLUMNS, colour);
}

void report_plan_tables(struct text *text, const struct report *report, int colour)
{
	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = &report->records[i];

		if (record->plan == NULL || (!string_given(record->from) && record->plan->check_count == 0))
			continue;
		if (report->record_count > 1) {
			scoped(string) char *model = text_printable(record->model);

			text_add_format(text, "\n%s:\n", model);
		}
		add_plan(text, record->plan, colour);
		if (record->plan->check_count > 0)
			add_checks(text, record->plan, colour);
	}
}
