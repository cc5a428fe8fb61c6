/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What valgrind counts of a program.
 */
#ifndef TESTS_BENCH_WATCHED_H
#define TESTS_BENCH_WATCHED_H

#include "tests/bench/trip.h"

/* Makes the run that `plan` says under callgrind; `*instructions` of the program's are counted. Returns 0, or -1 with ERROR_FAILED. */
int watched_instructions(const struct trip_plan *plan, double *instructions, struct error **error);

/* The same under memcheck; `*allocations` is how often memory was asked for, and `trip` is the rest of the run (trip_release after success). */
int watched_allocations(const struct trip_plan *plan, double *allocations, struct trip *trip, struct error **error);

#endif
