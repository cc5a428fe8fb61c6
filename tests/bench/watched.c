/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/watched.h"

#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

/* Finds the number behind `before` in what valgrind has said; commas may be in it. */
static int find_number(const char *said, const char *before, double *number, struct error **error)
{
	const char *at = strstr(said, before);

	if (at == NULL)
		return error_set(error, ERROR_FAILED, "valgrind does not tell \"%s\": %s", before, said);
	*number = 0;
	for (at += strlen(before); *at == ' ' || *at == ',' || (*at >= '0' && *at <= '9'); at++)
		if (*at >= '0' && *at <= '9')
			*number = *number * 10 + (*at - '0');
	return 0;
}

static int watch(struct trip *trip, const struct trip_plan *plan, const char *const *under, const char *before,
	double *number, struct error **error)
{
	struct trip_plan watched = *plan;

	watched.under = under;
	if (bench_trip(trip, &watched, error) < 0)
		return -1;
	return find_number(trip->said, before, number, error);
}

int watched_instructions(const struct trip_plan *plan, double *instructions, struct error **error)
{
	static const char *const callgrind[] = {"valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", NULL};
	struct trip trip;
	int result = watch(&trip, plan, callgrind, "Collected :", instructions, error);

	trip_release(&trip);
	return result;
}

int watched_allocations(const struct trip_plan *plan, double *allocations, struct trip *trip, struct error **error)
{
	static const char *const memcheck[] = {"valgrind", "--leak-check=no", NULL};
	int result = watch(trip, plan, memcheck, "total heap usage:", allocations, error);

	if (result < 0)
		trip_release(trip);
	return result;
}
