/* SPDX-License-Identifier: Apache-2.0 */

#include "common/base/instant.h"
#include "tests/bench/bench.h"
#include "tests/bench/watched.h"

/* How often the time of the processor is taken; what counts is the least, the rest is the machine's other work. */
#define RUNS 5
/* Phases of a migration are short where nobody is to wait for them; but each must be seen. */
#define SHORT_WORLD "{\"era\": \"%s\", \"migration\": {\"each\": \"500ms\"}}"

static const char *const move[] = {"-q", "my-model", "my-controller", NULL};
static const char *const dry[] = {"--dry-run", "my-model", "my-controller", NULL};
static const char *const help[] = {"--help", NULL};
static const char *const description[] = {"--description", NULL};

/* What is measured of some runs: the least of each. */
struct least {
	double processor, moving; /* milliseconds; the second without what watching the move took */
	double memory;            /* MiB */
	double wall;              /* seconds */
};

static void keep(double *least, double measured)
{
	*least = measured < *least ? measured : *least;
}

static int least_of(const struct trip_plan *plan, struct least *least, struct error **error)
{
	*least = (struct least){1e9, 1e9, 1e9, 1e9};
	for (int i = 0; i < RUNS; i++) {
		struct trip trip;

		if (bench_trip(&trip, plan, error) < 0)
			return -1;
		keep(&least->processor, trip_processor(&trip));
		keep(&least->moving, trip_processor(&trip) - (double)trip.watched / (double)INSTANT_MILLISECOND);
		keep(&least->memory, (double)trip.usage.ru_maxrss / 1024);
		keep(&least->wall, (double)trip.wall / (double)INSTANT_SECOND);
		trip_release(&trip);
	}
	return 0;
}

static int tell_move(struct bench *bench, const char *const *eras, size_t count, struct error **error)
{
	struct least least[8];

	for (size_t i = 0; i < count; i++) {
		scoped(string) char *world = string_format(SHORT_WORLD, eras[i]);
		struct trip_plan plan = {.build = bench->build,
			.world = world,
			.remembered = 1,
			.direct = 1,
			.settled = 1,
			.words = move};

		if (least_of(&plan, &least[i], error) < 0)
			return -1;
	}
	for (size_t i = 0; i < count; i++)
		bench_tell(bench, FIGURE_OF_MACHINE, "processor time of a whole run without waiting, user and system",
			eras[i], least[i].moving, "ms", 12);
	for (size_t i = 0; i < count; i++)
		bench_tell(bench, FIGURE_OF_MACHINE, "the same with the waiting, phases of 0.5 s", eras[i],
			least[i].processor, "ms", -1);
	for (size_t i = 0; i < count; i++)
		bench_tell(bench, FIGURE_EXACT, "peak memory, one model", eras[i], least[i].memory, "MiB", 12);
	return 0;
}

static int tell_dry(struct bench *bench, const char *const *eras, size_t count, struct error **error)
{
	for (size_t i = 0; i < count; i++) {
		scoped(string) char *world = string_format("{\"era\": \"%s\"}", eras[i]);
		struct trip_plan plan = {.build = bench->build,
			.world = world,
			.remembered = 1,
			.round_trip = 100 * INSTANT_MILLISECOND,
			.words = dry};
		struct least least;

		if (least_of(&plan, &least, error) < 0)
			return -1;
		bench_tell(bench, FIGURE_OF_MACHINE, "`--dry-run`, round trip of 100 ms, wall", eras[i], least.wall,
			"s", 0.75);
	}
	return 0;
}

static int tell_words(struct bench *bench, const char *const *words, const char *name, struct error **error)
{
	struct trip_plan plan = {.build = bench->build, .world = "{}", .words = words};
	struct least least;

	if (least_of(&plan, &least, error) < 0)
		return -1;
	bench_tell(bench, FIGURE_OF_MACHINE, "processor time of what needs no network", name, least.processor, "ms", 5);
	return 0;
}

/* What one more message costs, from two runs of different length. */
static int tell_messages(struct bench *bench, struct error **error)
{
	struct trip_plan plan = {.build = bench->build, .simulated = 1, .remembered = 1, .words = move};
	const char *const worlds[] = {"{\"migration\": {\"each\": \"20s\"}}", "{\"migration\": {\"each\": \"200s\"}}"};
	double allocations[2] = {0}, requests[2] = {0};

	for (size_t i = 0; i < 2; i++) {
		struct trip trip;

		plan.world = worlds[i];
		if (watched_allocations(&plan, &allocations[i], &trip, error) < 0)
			return -1;
		requests[i] = (double)trip.requests;
		trip_release(&trip);
	}
	bench_tell(bench, FIGURE_EXACT, "allocations of a whole run", "", allocations[0], "", 55000);
	bench_tell(bench, FIGURE_EXACT, "allocations for one more request and its answer", "",
		(allocations[1] - allocations[0]) / (requests[1] - requests[0]), "", 220);
	return 0;
}

int bench_counts(struct bench *bench, struct error **error)
{
	struct trip_plan plan = {.build = bench->build, .simulated = 1, .world = "{}", .remembered = 1, .words = move};
	struct trip_plan short_plan = {.build = bench->build, .world = "{}", .words = help};
	double instructions = 0, few = 0;

	if (watched_instructions(&plan, &instructions, error) < 0 || watched_instructions(&short_plan, &few, error) < 0)
		return -1;
	bench_tell(bench, FIGURE_EXACT, "instructions, in millions", "a whole run", instructions / 1e6, "", 70);
	bench_tell(bench, FIGURE_EXACT, "instructions, in millions", "`--help`", few / 1e6, "", 8);
	return tell_messages(bench, error);
}

int bench_cost(struct bench *bench, struct error **error)
{
	static const char *const eras[] = {"E0", "E1", "E1d", "E2", "E3"};
	static const char *const ends[] = {"E0", "E3"};

	if (tell_dry(bench, eras, array_length(eras), error) < 0 ||
		tell_move(bench, ends, array_length(ends), error) < 0 || tell_words(bench, help, "`--help`", error) < 0)
		return -1;
	return tell_words(bench, description, "`--description`", error);
}
