/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/base/text.h"
#include "tests/bench/bench.h"

/* Largest world, in bytes. */
#define WORLD_MAX (1UL << 20)
/* Most models. */
#define MODELS_MAX 1000
/* Exit status of a run that has stopped watching. */
#define LEFT_STATUS 3

/* One run with so many models, all in flight. */
struct crowd {
	size_t count;
	double processor, memory, requests, simulated;
	size_t api, models;
};

/* Migrations whose phases last `each`, or as long as they usually do. */
static char *crowd_world(size_t count, const char *each)
{
	struct text text;

	text_init(&text, WORLD_MAX);
	text_add_string(&text, "{\"era\": \"E3\", ");
	if (each != NULL)
		text_add_format(&text, "\"migration\": {\"each\": \"%s\"}, ", each);
	text_add_string(&text, "\"models\": [");
	for (size_t i = 0; i < count; i++)
		text_add_format(&text, "%s{\"name\": \"model-%04zu\"}", i > 0 ? ", " : "", i);
	text_add_string(&text, "]}");
	return text_take(&text);
}

static int measure(struct crowd *crowd, const struct bench *bench, size_t count, const char *each, struct error **error)
{
	scoped(string) char *world = crowd_world(count, each);
	scoped(string) char *parallel = string_format("%zu", count);
	const char *const words[] = {"-q", "-y", "--parallel", parallel, "--all-from", "prod-a", "my-controller", NULL};
	struct trip_plan plan = {.build = bench->build, .world = world, .simulated = 1, .direct = 1, .words = words};
	struct trip trip;

	if (bench_trip(&trip, &plan, error) < 0)
		return -1;
	*crowd = (struct crowd){
		.count = count,
		.processor = trip_processor(&trip),
		.memory = (double)trip.usage.ru_maxrss,
		.requests = (double)trip.requests,
		.simulated = trip.simulated,
		.api = trip.api,
		.models = trip.models,
	};
	trip_release(&trip);
	return 0;
}

typedef double crowd_value(const struct crowd *crowd, const struct crowd *one);

static double requests_each(const struct crowd *crowd, const struct crowd *one)
{
	(void)one;
	return crowd->requests / (double)crowd->count;
}

static double processor_each(const struct crowd *crowd, const struct crowd *one)
{
	(void)one;
	return crowd->processor / (double)crowd->count;
}

static double longer(const struct crowd *crowd, const struct crowd *one)
{
	return crowd->simulated / one->simulated;
}

static double memory_each(const struct crowd *crowd, const struct crowd *one)
{
	return (crowd->memory - one->memory) / (double)(crowd->count - one->count);
}

static double memory_all(const struct crowd *crowd, const struct crowd *one)
{
	(void)one;
	return crowd->memory / 1024;
}

static double rate(const struct crowd *crowd, const struct crowd *one)
{
	(void)one;
	return crowd->requests / crowd->simulated;
}

static void tell(struct bench *bench, enum figure_kind kind, const struct crowd *crowds, size_t count, const char *what,
	crowd_value *value, const char *unit, double budget)
{
	for (size_t i = 0; i < count; i++) {
		scoped(string) char *variant =
			string_format("%zu model%s", crowds[i].count, crowds[i].count > 1 ? "s" : "");

		bench_tell(bench, kind, what, variant, value(&crowds[i], &crowds[0]), unit, budget);
	}
}

/* What it costs to have them in flight for long: phases of four minutes, watched for 25; their start is in it. */
static int tell_waiting(struct bench *bench, size_t count, struct error **error)
{
	scoped(string) char *world = crowd_world(count, "4m");
	scoped(string) char *parallel = string_format("%zu", count);
	scoped(string) char *variant = string_format("%zu models", count);
	const char *const words[] = {
		"-q", "-y", "--timeout", "25m", "--parallel", parallel, "--all-from", "prod-a", "my-controller", NULL};
	struct trip_plan plan = {.build = bench->build, .world = world, .simulated = 1, .direct = 1, .words = words};
	struct trip trip;

	if (trip_make(&trip, &plan, error) < 0)
		return -1;
	/* They go on without us. */
	int left = trip.status == LEFT_STATUS;
	if (left)
		bench_tell(bench, FIGURE_OF_MACHINE, "processor while they are on their way, of one core", variant,
			trip_processor(&trip) / trip.simulated / 10, "%", 1);
	else
		error_set(error, ERROR_FAILED, "%zu models: status %d, %s", count, trip.status, trip.said);
	trip_release(&trip);
	return left ? 0 : -1;
}

int bench_many(struct bench *bench, struct error **error)
{
	static const size_t counts[] = {1, 10, 100, MODELS_MAX};
	size_t count = bench->quick ? array_length(counts) - 1 : array_length(counts);
	struct crowd crowds[array_length(counts)];

	for (size_t i = 0; i < count; i++)
		if (measure(&crowds[i], bench, counts[i], NULL, error) < 0)
			return -1;
	tell(bench, FIGURE_EXACT, crowds, count, "requests for each of many models in flight", requests_each, "",
		requests_each(&crowds[0], NULL));
	tell(bench, FIGURE_OF_MACHINE, crowds, count, "processor time for each of them", processor_each, "ms",
		processor_each(&crowds[0], NULL));
	tell(bench, FIGURE_EXACT, crowds, count, "how many times as long as one alone", longer, "", FIGURE_FREE);
	tell(bench, FIGURE_EXACT, crowds, count, "requests a second", rate, "", FIGURE_FREE);
	/* A hundred have as many connections as a thousand. */
	if (!bench->quick)
		bench_tell(bench, FIGURE_EXACT, "memory for each more model, from 100 to 1,000", "",
			memory_each(&crowds[count - 1], &crowds[count - 2]), "KiB", 16);
	tell(bench, FIGURE_EXACT, crowds, count, "peak memory of all", memory_all, "MiB", 48);
	bench_tell(bench, FIGURE_EXACT, "connections to `/api` at most", "", (double)crowds[count - 1].api, "", 1);
	bench_tell(bench, FIGURE_EXACT, "connections to models at once, those that are being closed too", "",
		(double)crowds[count - 1].models, "", FIGURE_FREE);
	return bench->quick ? 0 : tell_waiting(bench, MODELS_MAX, error);
}
