/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bench: what a run costs, beside what it may cost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

void bench_tell(struct bench *bench, enum figure_kind kind, const char *what, const char *variant, double value,
	const char *unit, double budget)
{
	scoped(string) char *copy = string_copy(variant);

	figures_add(&bench->figures,
		&(struct figure){
			.what = what, .variant = copy, .unit = unit, .value = value, .budget = budget, .kind = kind});
}

int bench_trip(struct trip *trip, const struct trip_plan *plan, struct error **error)
{
	if (trip_make(trip, plan, error) < 0)
		return -1;
	if (trip->status == 0)
		return 0;
	error_set(error, ERROR_FAILED, "the program ended with status %d: %s", trip->status, trip->said);
	trip_release(trip);
	return -1;
}

/* What can be measured. */
static const struct part {
	const char *name;
	int (*measure)(struct bench *bench, struct error **error);
} parts[] = {{"wire", bench_wire}, {"cost", bench_cost}, {"counts", bench_counts}, {"many", bench_many},
	{"search", bench_search}};

static int usage(void)
{
	fputs("usage: bench [--quick] [--json FILE] BUILD [PART...]\nparts:", stderr);
	for (size_t i = 0; i < array_length(parts); i++)
		fprintf(stderr, " %s", parts[i].name);
	fputs("; all when none is named\n", stderr);
	return 2;
}

struct options {
	const char *json;
	unsigned int parts; /* bit = place in `parts` */
};

static int take_part(struct options *options, const char *name)
{
	for (size_t i = 0; i < array_length(parts); i++) {
		if (strcmp(parts[i].name, name) != 0)
			continue;
		options->parts |= 1U << i;
		return 0;
	}
	return -1;
}

static int take_options(struct options *options, struct bench *bench, int count, char **arguments)
{
	for (int i = 1; i < count; i++) {
		if (strcmp(arguments[i], "--quick") == 0)
			bench->quick = 1;
		else if (strcmp(arguments[i], "--json") == 0 && i + 1 < count)
			options->json = arguments[++i];
		else if (arguments[i][0] == '-')
			return -1;
		else if (bench->build == NULL)
			bench->build = arguments[i];
		else if (take_part(options, arguments[i]) < 0)
			return -1;
	}
	return bench->build != NULL ? 0 : -1;
}

static int measure(struct bench *bench, unsigned int wanted, struct error **error)
{
	for (size_t i = 0; i < array_length(parts); i++)
		if ((wanted == 0 || wanted & 1U << i) && parts[i].measure(bench, error) < 0)
			return -1;
	return 0;
}

static int report(const struct bench *bench, const char *json, struct error **error)
{
	size_t broken = figures_broken(&bench->figures, FIGURE_EXACT);
	size_t over = figures_broken(&bench->figures, FIGURE_OF_MACHINE);

	figures_print(&bench->figures, stdout);
	if (json != NULL && figures_write(&bench->figures, json, error) < 0)
		return 1;
	printf("%zu figures, %zu budgets broken, %zu exceeded of those that depend on the machine\n",
		bench->figures.count, broken, over);
	return broken > 0;
}

int main(int count, char **arguments)
{
	struct bench bench = {0};
	struct options options = {0};
	scoped(error) struct error *error = NULL;
	int status = 1;

	if (take_options(&options, &bench, count, arguments) < 0)
		return usage();
	if (measure(&bench, options.parts, &error) == 0)
		status = report(&bench, options.json, &error);
	if (error != NULL)
		fprintf(stderr, "bench: %s\n", error->message);
	figures_release(&bench.figures);
	return status;
}
