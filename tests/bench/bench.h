/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the bench: each makes some runs and adds what it has measured. They return 0, or -1 with ERROR_FAILED when a
 * run did not do what it should have done.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "tests/bench/figures.h"
#include "tests/bench/trip.h"

struct bench {
	const char *build; /* where the programs are */
	int quick;         /* only what a change of the program may have broken, in seconds */
	struct figures figures;
};

/* Round trips and bytes until the start, and from the end to its verification, for each build of JIMM. */
int bench_wire(struct bench *bench, struct error **error);

/* Time and memory of one run, in real time. */
int bench_cost(struct bench *bench, struct error **error);

/* Instructions and allocations of one run, as valgrind counts them. */
int bench_counts(struct bench *bench, struct error **error);

/* What many models cost, side by side, and each more of them. */
int bench_many(struct bench *bench, struct error **error);

/* How long it takes to ask many controllers where a model is. */
int bench_search(struct bench *bench, struct error **error);

/* Adds one figure. */
void bench_tell(struct bench *bench, enum figure_kind kind, const char *what, const char *variant, double value,
	const char *unit, double budget);

/* As trip_make, and an error when the exit status is not 0. */
int bench_trip(struct trip *trip, const struct trip_plan *plan, struct error **error);

#endif
