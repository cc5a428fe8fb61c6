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

/* Adds a table; the cells are made printable first. */
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

/* ---- for several models ---- */

enum { FINDING_MODEL, FINDING_CHECK, FINDING_RESULT, FINDING_DETAIL, FINDING_COLUMNS };

static bool is_finding(const struct report_check *check)
{
	return check->result == CHECK_PROBLEM || check->result == CHECK_WARNING;
}

static size_t count_findings(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_plan *plan = report->records[i].plan;

		for (size_t j = 0; plan != NULL && j < plan->check_count; j++)
			count += is_finding(&plan->checks[j]);
	}
	return count;
}

/* A check that is ok gets no line: there would be one for each model. */
static void add_findings(struct text *text, const struct report *report, int colour)
{
	size_t count = count_findings(report), row = 1;
	scoped(memory) struct table_cell *cells = memory_get((count + 1) * FINDING_COLUMNS, sizeof(*cells));
	scoped(memory) const char **texts = memory_get((count + 1) * FINDING_COLUMNS, sizeof(*texts));
	static const char *const headings[FINDING_COLUMNS] = {"Model", "Check", "Result", "Detail"};

	memcpy(texts, headings, sizeof(headings));
	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_plan *plan = report->records[i].plan;

		for (size_t j = 0; plan != NULL && j < plan->check_count; j++) {
			const struct report_check *check = &plan->checks[j];
			const char **line = &texts[row * FINDING_COLUMNS];

			if (!is_finding(check))
				continue;
			line[FINDING_MODEL] = report->records[i].model;
			line[FINDING_CHECK] = check->check;
			line[FINDING_RESULT] = report_check_word(check->result);
			line[FINDING_DETAIL] = check->detail;
			cells[row++ * FINDING_COLUMNS + FINDING_RESULT].colour = check_colour(check->result);
		}
	}
	if (count > 0)
		add_table(text, cells, texts, count + 1, FINDING_COLUMNS, colour);
}

/* Returns in how many plans this check was not made. */
static size_t count_not_made(const struct report *report, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_plan *plan = report->records[i].plan;

		for (size_t j = 0; plan != NULL && j < plan->check_count; j++)
			count += plan->checks[j].result == CHECK_NOT_MADE && string_same(plan->checks[j].check, name);
	}
	return count;
}

/* Returns a plan that has checks, which tells what checks there are; or NULL. */
static const struct report_plan *any_plan(const struct report *report)
{
	for (size_t i = 0; i < report->record_count; i++)
		if (report->records[i].plan != NULL && report->records[i].plan->check_count > 0)
			return report->records[i].plan;
	return NULL;
}

static void add_not_made(struct text *text, const struct report *report, const struct report_plan *plan)
{
	bool begun = false;

	for (size_t i = 0; i < plan->check_count; i++) {
		size_t count = count_not_made(report, plan->checks[i].check);

		if (count > 0)
			text_add_format(
				text, "%s%s of %zu", begun ? ", " : "\nnot checked: ", plan->checks[i].check, count);
		begun |= count > 0;
	}
	text_add_format(text, "\n%zu checks of each model; --format yaml has them all\n", plan->check_count);
}

static void add_one(struct text *text, const struct report_record *record, int colour)
{
	if (record->plan == NULL || (!string_given(record->from) && record->plan->check_count == 0))
		return;
	add_plan(text, record->plan, colour);
	if (record->plan->check_count > 0)
		add_checks(text, record->plan, colour);
}

void report_plan_tables(struct text *text, const struct report *report, int colour)
{
	const struct report_plan *plan = any_plan(report);

	if (report->record_count == 1) {
		add_one(text, &report->records[0], colour);
		return;
	}
	add_findings(text, report, colour);
	if (plan != NULL)
		add_not_made(text, report, plan);
}
