/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/figures.h"

#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void figures_add(struct figures *figures, const struct figure *figure)
{
	figures->list = memory_room(figures->list, figures->count, &figures->capacity, sizeof(*figures->list));
	figures->list[figures->count] = *figure;
	figures->list[figures->count++].variant = string_copy(figure->variant);
}

static int is_broken(const struct figure *figure)
{
	return figure->budget >= 0 && !(figure->value <= figure->budget);
}

size_t figures_broken(const struct figures *figures, enum figure_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < figures->count; i++)
		count += figures->list[i].kind == kind && is_broken(&figures->list[i]);
	return count;
}

static char *number(double value)
{
	int places = fabs(value - round(value)) < 0.005 ? 0 : fabs(value) < 10 ? 2 : 1;

	return string_format("%.*f", places, value);
}

/* Returns how many figures from `first` on are about the same. */
static size_t row_length(const struct figures *figures, size_t first)
{
	size_t end = first;

	while (end < figures->count && strcmp(figures->list[end].what, figures->list[first].what) == 0)
		end++;
	return end - first;
}

static int same_budget(const struct figure *row, size_t length)
{
	for (size_t i = 1; i < length; i++)
		if (row[i].budget != row[0].budget)
			return 0;
	return 1;
}

static void print_budget(const struct figure *figure, FILE *to)
{
	scoped(string) char *budget = figure->budget >= 0 ? number(figure->budget) : string_copy("-");

	fprintf(to, "%s%s%s", budget, *figure->unit != '\0' && figure->budget >= 0 ? " " : "",
		figure->budget >= 0 ? figure->unit : "");
}

static void print_row(const struct figure *row, size_t length, FILE *to)
{
	int single = same_budget(row, length);
	size_t broken = 0;

	fprintf(to, "| %s | ", row->what);
	for (size_t i = 0; i < length; i++) {
		scoped(string) char *value = number(row[i].value);

		fprintf(to, "%s%s%s%s", i > 0 ? ", " : "", row[i].variant, *row[i].variant != '\0' ? ": " : "", value);
		broken += is_broken(&row[i]);
	}
	fprintf(to, "%s%s | ", *row->unit != '\0' ? " " : "", row->unit);
	for (size_t i = 0; i < (single ? 1 : length); i++) {
		fprintf(to, "%s%s%s", i > 0 ? ", " : "", single ? "" : row[i].variant, single ? "" : ": ");
		print_budget(&row[i], to);
	}
	fprintf(to, " |%s\n", broken == 0 ? "" : row->kind == FIGURE_EXACT ? " **broken**" : " **over**");
}

void figures_print(const struct figures *figures, FILE *to)
{
	fputs("| what | measured | budget |\n| --- | --- | --- |\n", to);
	for (size_t i = 0; i < figures->count; i += row_length(figures, i))
		print_row(&figures->list[i], row_length(figures, i), to);
}

static struct json_object *to_json(const struct figure *figure)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "what", json_object_new_string(figure->what));
	if (*figure->variant != '\0')
		json_object_object_add(object, "variant", json_object_new_string(figure->variant));
	json_object_object_add(object, "value", json_object_new_double(figure->value));
	if (*figure->unit != '\0')
		json_object_object_add(object, "unit", json_object_new_string(figure->unit));
	if (figure->budget >= 0)
		json_object_object_add(object, "budget", json_object_new_double(figure->budget));
	json_object_object_add(object, "met", json_object_new_boolean(!is_broken(figure)));
	json_object_object_add(object, "exact", json_object_new_boolean(figure->kind == FIGURE_EXACT));
	return object;
}

int figures_write(const struct figures *figures, const char *path, struct error **error)
{
	struct json_object *document = json_object_new_object(), *list = json_object_new_array();

	for (size_t i = 0; i < figures->count; i++)
		json_object_array_add(list, to_json(&figures->list[i]));
	json_object_object_add(document, "figures", list);
	int result = json_object_to_file_ext(path, document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
	json_object_put(document);
	return result == 0 ? 0 : error_set(error, ERROR_FAILED, "cannot write %s", path);
}

void figures_release(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		free(figures->list[i].variant);
	free(figures->list);
	*figures = (struct figures){0};
}
