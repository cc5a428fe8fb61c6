/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/base/instant.h"
#include "tests/bench/bench.h"

/* Real time that is added to each round trip: longer than either side thinks. */
#define ROUND_TRIP (20 * INSTANT_MILLISECOND)
/* Runs that are made at most. A slow machine may show a flight too many, never one too few. */
#define TRIES 4
#define BYTES_BUDGET (6 * 1024)

/* The builds of JIMM, and how many round trips may go before a start where the store remembers the model, and where not. Up to
 * 2025-08 it takes one more: what ModelInfo tells there can be asked for only when the model itself has answered. */
static const struct era {
	const char *name;
	int remembered, unknown;
	int quick; /* measured also where time is short */
} eras[] = {{"E0", 7, 11, 1}, {"E1", 7, 11, 0}, {"E1d", 7, 11, 0}, {"E2", 6, 10, 0}, {"E3", 6, 10, 1}};

struct best {
	int start, verify;
	double bytes, waiting;
};

static int smaller(int one, int other)
{
	return one >= 0 && (other < 0 || one < other) ? one : other;
}

static void note_best(struct best *best, const struct trip *trip)
{
	best->start = smaller(trip->start_trips, best->start);
	best->verify = smaller(trip->verify_trips, best->verify);
	best->bytes = (double)trip->start_bytes;
	best->waiting = (double)trip->record_waiting / (double)INSTANT_SECOND;
}

static int measure(
	struct best *best, const struct bench *bench, const struct era *era, int remembered, struct error **error)
{
	scoped(string) char *world = string_format("{\"era\": \"%s\"}", era->name);
	/* Without the store's help the run need not go on: only the way to the start is another. */
	const char *const words[] = {"-q", remembered ? "-q" : "--no-wait", "my-model", "my-controller", NULL};
	struct trip_plan plan = {
		.build = bench->build,
		.world = world,
		.remembered = remembered,
		.simulated = 1,
		.round_trip = ROUND_TRIP,
		.words = words,
	};
	int budget = remembered ? era->remembered : era->unknown;

	*best = (struct best){.start = -1, .verify = -1};
	for (int i = 0; i < TRIES && (i == 0 || best->start > budget || (remembered && best->verify > 2)); i++) {
		struct trip trip;

		if (bench_trip(&trip, &plan, error) < 0)
			return -1;
		note_best(best, &trip);
		trip_release(&trip);
	}
	return best->start >= 0 && (best->verify >= 0 || !remembered)
		       ? 0
		       : error_set(error, ERROR_FAILED, "%s: nothing was started or told to JIMM", era->name);
}

struct measured {
	const struct era *era;
	struct best remembered, unknown; /* `unknown.start` is -1 where that was not measured */
};

static void tell(struct bench *bench, const struct measured *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bench_tell(bench, FIGURE_EXACT, "round trips until MigrateModel is sent, model in the store",
			all[i].era->name, all[i].remembered.start, "", all[i].era->remembered);
	for (size_t i = 0; i < count; i++)
		if (all[i].unknown.start >= 0)
			bench_tell(bench, FIGURE_EXACT,
				"round trips until MigrateModel is sent, model not in the store", all[i].era->name,
				all[i].unknown.start, "", all[i].era->unknown);
	for (size_t i = 0; i < count; i++)
		bench_tell(bench, FIGURE_EXACT, "bytes until then, after TLS, beside the servers' lists",
			all[i].era->name, all[i].remembered.bytes, "", BYTES_BUDGET);
	for (size_t i = 0; i < count; i++)
		bench_tell(bench, FIGURE_EXACT, "round trips from when the end can be seen to JIMM verified",
			all[i].era->name, all[i].remembered.verify, "", 2);
	for (size_t i = 0; i < count; i++)
		bench_tell(bench, FIGURE_EXACT,
			"from the push of the source's commit to JIMM recorded, beside round trips", all[i].era->name,
			all[i].remembered.waiting, "s", 0.5);
}

int bench_wire(struct bench *bench, struct error **error)
{
	struct measured all[array_length(eras)];
	size_t count = 0;

	for (size_t i = 0; i < array_length(eras); i++) {
		struct measured *one = &all[count];
		int newest = i + 1 == array_length(eras);

		if (bench->quick && !eras[i].quick)
			continue;
		*one = (struct measured){.era = &eras[i], .unknown.start = -1};
		if (measure(&one->remembered, bench, one->era, 1, error) < 0)
			return -1;
		if ((newest || !bench->quick) && measure(&one->unknown, bench, one->era, 0, error) < 0)
			return -1;
		count++;
	}
	tell(bench, all, count);
	return 0;
}
