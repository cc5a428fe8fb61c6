/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
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
} eras[] = {{"E0", 7, 11}, {"E1", 7, 11}, {"E1d", 7, 11}, {"E2", 6, 10}, {"E3", 6, 10}};

struct best {
	int start, verify;
	double bytes, waited, waiting;
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
	best->waited = (double)trip->record_waited / (double)INSTANT_SECOND;
	best->waiting = (double)trip->record_waiting / (double)INSTANT_SECOND;
}

static int measure(
	struct best *best, const struct bench *bench, const struct era *era, int remembered, struct error **error)
{
	scoped(string) char *world = string_format("{\"era\": \"%s\"}", era->name);
	const char *const words[] = {"-q", "my-model", "my-controller", NULL};
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
	for (int i = 0; i < TRIES && (i == 0 || best->start > budget || best->verify > 2); i++) {
		struct trip trip;

		if (bench_trip(&trip, &plan, error) < 0)
			return -1;
		note_best(best, &trip);
		trip_release(&trip);
	}
	return best->start >= 0 && best->verify >= 0
		       ? 0
		       : error_set(error, ERROR_FAILED, "%s: nothing was started or told to JIMM", era->name);
}

static void tell_remembered(struct bench *bench, const struct best *bests)
{
	for (size_t i = 0; i < array_length(eras); i++)
		bench_tell(bench, FIGURE_EXACT, "round trips until MigrateModel is sent, model in the store",
			eras[i].name, bests[i].start, "", eras[i].remembered);
	for (size_t i = 0; i < array_length(eras); i++)
		bench_tell(bench, FIGURE_EXACT, "bytes until then, after TLS, beside the servers' lists", eras[i].name,
			bests[i].bytes, "", BYTES_BUDGET);
	for (size_t i = 0; i < array_length(eras); i++)
		bench_tell(bench, FIGURE_EXACT, "round trips from when the end can be seen to JIMM verified",
			eras[i].name, bests[i].verify, "", 2);
	for (size_t i = 0; i < array_length(eras); i++)
		bench_tell(bench, FIGURE_EXACT,
			"from the push of the source's commit to JIMM recorded, without round trips", eras[i].name,
			bests[i].waiting, "s", 0.5);
}

int bench_wire(struct bench *bench, struct error **error)
{
	struct best remembered[array_length(eras)], unknown[array_length(eras)];

	for (size_t i = 0; i < array_length(eras); i++) {
		/* Where the store does not help is the same for all that are between the oldest and the newest. */
		int asked = !bench->quick || i == 0 || i + 1 == array_length(eras);

		unknown[i].start = -1;
		if (measure(&remembered[i], bench, &eras[i], 1, error) < 0 ||
			(asked && measure(&unknown[i], bench, &eras[i], 0, error) < 0))
			return -1;
	}
	tell_remembered(bench, remembered);
	for (size_t i = 0; i < array_length(eras); i++)
		if (unknown[i].start >= 0)
			bench_tell(bench, FIGURE_EXACT,
				"round trips until MigrateModel is sent, model not in the store", eras[i].name,
				unknown[i].start, "", eras[i].unknown);
	return 0;
}
