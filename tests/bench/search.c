/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/base/text.h"
#include "tests/bench/bench.h"

#define WORLD_MAX (1UL << 16)
#define CONTROLLERS 64
#define DEAD 10
/* The slowest takes that long for each of the two questions that it is asked; it is in the list behind all others. */
#define SLOWEST_SECONDS 2
#define SLOWEST_QUESTIONS 2

/* Ten that are dead, each in one of three ways; then those that live, each as slow as another; the target and, last and slowest, the
 * one that has the model and that JIMM cannot ask. */
static char *world_of_many(void)
{
	static const char *const deaths[] = {"refuses", "silent-tcp", "silent-tls"};
	static const int delays[] = {20, 50, 150, 300, 600, 900, 1200, 1800};
	struct text text;

	text_init(&text, WORLD_MAX);
	text_add_string(&text, "{\"controllers\": [");
	for (size_t i = 0; i < CONTROLLERS - 2; i++)
		if (i < DEAD)
			text_add_format(&text, "{\"name\": \"dead-%zu\", \"direct\": true, \"dead\": \"%s\"}, ", i,
				deaths[i % array_length(deaths)]);
		else
			text_add_format(&text, "{\"name\": \"prod-%zu\", \"direct\": true, \"delay\": \"%dms\"}, ", i,
				delays[i * 5 % array_length(delays)]);
	text_add_format(&text,
		"{\"name\": \"my-controller\", \"direct\": true, \"delay\": \"300ms\"}, "
		"{\"name\": \"prod-z\", \"direct\": true, \"reach\": \"refuses\", \"delay\": \"%ds\"}], "
		"\"models\": [{\"name\": \"my-model\", \"controller\": \"prod-z\"}]}",
		SLOWEST_SECONDS);
	return text_take(&text);
}

int bench_search(struct bench *bench, struct error **error)
{
	scoped(string) char *world = world_of_many();
	const char *const words[] = {"-q", "my-model", "my-controller", NULL};
	/* The first that takes a connection, of those that are asked first. */
	struct trip_plan plan = {
		.build = bench->build, .world = world, .simulated = 1, .direct = 1, .door = "dead-2", .words = words};
	struct trip trip;

	/* The model is found, and cannot be moved from where it cannot be reached. */
	if (trip_make(&trip, &plan, error) < 0)
		return -1;
	int found = trip.status == 1 && strstr(trip.said, "it is active on prod-z (10 did not tell)") != NULL;
	double ratio = trip.searched / (SLOWEST_SECONDS * SLOWEST_QUESTIONS);
	if (!found)
		error_set(error, ERROR_FAILED, "the model was not found: status %d, %s", trip.status, trip.said);
	trip_release(&trip);
	if (found)
		bench_tell(bench, FIGURE_EXACT, "64 controllers asked, ten of them dead, against the slowest", "",
			ratio, "", 1.2);
	return found ? 0 : -1;
}
