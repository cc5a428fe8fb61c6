/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the bench tells: which budgets count as broken, the table and the json.
 */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/bench/figures.h"

static void add(struct figures *figures, enum figure_kind kind, const char *what, const char *variant, double value,
	double budget)
{
	char copy[16];

	snprintf(copy, sizeof(copy), "%s", variant);
	figures_add(figures, &(struct figure){what, copy, kind == FIGURE_EXACT ? "" : "ms", value, budget, kind});
}

static void fill(struct figures *figures)
{
	*figures = (struct figures){0};
	add(figures, FIGURE_EXACT, "trips", "E0", 7, 7);
	add(figures, FIGURE_EXACT, "trips", "E3", 7, 6);
	add(figures, FIGURE_OF_MACHINE, "time", "", 12.34, 12);
	add(figures, FIGURE_EXACT, "told", "", 5, FIGURE_FREE);
}

static void test_what_is_over_its_budget_is_broken(void **state)
{
	struct figures figures;
	(void)state;

	fill(&figures);
	assert_int_equal(figures_broken(&figures, FIGURE_EXACT), 1);
	assert_int_equal(figures_broken(&figures, FIGURE_OF_MACHINE), 1);
	figures_release(&figures);
}

static void test_table(void **state)
{
	struct figures figures;
	char *shown = NULL;
	size_t length = 0;
	FILE *to = open_memstream(&shown, &length);
	(void)state;

	fill(&figures);
	figures_print(&figures, to);
	fclose(to);
	assert_string_equal(shown, "| what | measured | budget |\n| --- | --- | --- |\n"
				   "| trips | E0: 7, E3: 7 | E0: 7, E3: 6 | **broken**\n"
				   "| time | 12.3 ms | 12 ms | **over**\n"
				   "| told | 5 | - |\n");
	free(shown);
	figures_release(&figures);
}

static void test_json(void **state)
{
	struct figures figures;
	char path[] = "/tmp/figures.XXXXXX";
	(void)state;

	fill(&figures);
	close(mkstemp(path));
	assert_int_equal(figures_write(&figures, path, NULL), 0);
	struct json_object *document = json_object_from_file(path);
	struct json_object *list = json_object_object_get(document, "figures");
	assert_int_equal(json_object_array_length(list), 4);
	assert_string_equal(json_object_to_json_string_ext(json_object_array_get_idx(list, 1), JSON_C_TO_STRING_PLAIN),
		"{\"what\":\"trips\",\"variant\":\"E3\",\"value\":7.0,\"budget\":6.0,\"met\":false,\"exact\":true}");
	json_object_put(document);
	unlink(path);
	figures_release(&figures);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_over_its_budget_is_broken),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
