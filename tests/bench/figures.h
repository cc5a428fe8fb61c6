/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was measured, beside what it may be: as a table for people and as json.
 */
#ifndef TESTS_BENCH_FIGURES_H
#define TESTS_BENCH_FIGURES_H

#include <stddef.h>
#include <stdio.h>

#include "common/base/error.h"

/* A budget that there is not. */
#define FIGURE_FREE (-1.0)

/* Whether a figure depends on how fast the machine is, and what else it does. */
enum figure_kind { FIGURE_EXACT, FIGURE_OF_MACHINE };

struct figure {
	const char *what; /* static; figures of one kind follow each other */
	char *variant;    /* of whom or what: "E3", "100 models"; "" where there is only one */
	const char *unit; /* static, "" for a count */
	double value;
	double budget; /* the most that it may be, FIGURE_FREE: only told */
	enum figure_kind kind;
};

struct figures {
	struct figure *list;
	size_t count, capacity;
};

/* Adds a figure; `variant` is copied. */
void figures_add(struct figures *figures, const struct figure *figure);

/* Returns how many figures of `kind` are over their budget. */
size_t figures_broken(const struct figures *figures, enum figure_kind kind);

/* Prints a line for each `what`, as a table in Markdown. */
void figures_print(const struct figures *figures, FILE *to);

/* Writes all as json. Returns 0, or -1 with ERROR_FAILED. */
int figures_write(const struct figures *figures, const char *path, struct error **error);

void figures_release(struct figures *figures);

#endif
