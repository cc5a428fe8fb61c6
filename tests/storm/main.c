/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/storm/storm.h"

/* Violations that are shown with their trace; of the others only the seed. */
#define SHOWN 3
#define LISTED 20
#define ALL UINT_MAX

static double now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_results(const struct storm_counts *counts)
{
	printf("results of %lu runs (%lu lives of our process):\n", counts->runs, counts->lives);
	for (size_t i = 0; i < STORM_RESULTS; i++)
		for (size_t j = 0; j < STORM_CAUSES; j++)
			if (counts->results[i][j] > 0)
				printf("  %-16s %-16s %10lu\n", storm_result_name((enum migration_result)i),
					storm_cause_name((enum migration_cause)j), counts->results[i][j]);
	printf("verdicts at the end:\n");
	for (size_t i = 0; i < array_length(counts->verdicts); i++)
		if (counts->verdicts[i] > 0)
			printf("  %-33s %10lu\n", verdict_name((enum verdict)i), counts->verdicts[i]);
}

static void print_rows(const struct storm_counts *counts)
{
	printf("rows of the decision table, how often each was come to:\n");
	for (size_t row = 1; row < STORM_ROWS; row++) {
		unsigned long sum = 0;

		for (size_t from = 0; from < STORM_ROWS; from++)
			sum += counts->rows[from][row];
		printf("  %2zu %10lu%s", row, sum, row % 4 == 0 || row == STORM_ROWS - 1 ? "\n" : "");
	}
}

static void print_faults(const struct storm_counts *counts)
{
	printf("faults:");
	for (size_t i = 0; i < FAULT_KINDS; i++)
		printf("%s %s %lu", i > 0 ? "," : "", scene_fault_name((enum scene_fault_kind)i), counts->faults[i]);
	printf("\n");
}

static void print_delay(const char *name, const unsigned int delays[STORM_DELAYS])
{
	unsigned long sum = 0, seen = 0;
	size_t median = 0;

	for (size_t i = 0; i < STORM_DELAYS; i++)
		sum += delays[i];
	while (median + 1 < STORM_DELAYS && (seen += delays[median]) * 2 < sum)
		median++;
	printf(" %s median %zu ms (%lu moves)", name, median, sum);
}

/* Rows that nothing has come to: with many seeds that would be a fault of the table. */
static void print_unseen(const struct storm_counts *counts)
{
	bool any = false;

	for (size_t row = 1; row < STORM_ROWS; row++) {
		unsigned long sum = 0;

		for (size_t from = 0; from < STORM_ROWS; from++)
			sum += counts->rows[from][row];
		if (sum == 0)
			printf("%s %zu", any ? "," : "rows never come to:", row);
		any |= sum == 0;
	}
	printf("%s", any ? "\n" : "every row was come to\n");
}

static unsigned long print_wrongs(const struct storm_counts *counts)
{
	unsigned long sum = 0;

	if (counts->tolerated != 0)
		printf("%lu tolerated violations\n", counts->excused);
	for (size_t i = 1; i < WRONG_KINDS; i++) {
		sum += counts->tolerated & 1U << i ? 0 : counts->wrongs[i];
		if (counts->wrongs[i] > 0)
			printf("violations: %-24s %10lu\n", storm_wrong_name((enum storm_wrong)i), counts->wrongs[i]);
	}
	printf("%lu violations\n", sum);
	return sum;
}

static int replay(uint64_t seed, bool trace, unsigned int tolerated)
{
	struct storm_counts *counts = memory_get(1, sizeof(*counts));
	char violation[STORM_VIOLATION_MAX];
	counts->tolerated = tolerated;
	enum storm_wrong wrong = storm_run(seed, trace ? stdout : NULL, counts, violation);

	free(counts);
	printf("seed %" PRIu64 ": %s%s%s\n", seed, storm_wrong_name(wrong), wrong != WRONG_NOTHING ? ": " : "",
		wrong != WRONG_NOTHING ? violation : "");
	return wrong != WRONG_NOTHING;
}

static int many(uint64_t first, uint64_t seeds, unsigned int shown, unsigned int tolerated)
{
	struct storm_counts *counts = memory_get(1, sizeof(*counts));
	char violation[STORM_VIOLATION_MAX];
	unsigned long listed[WRONG_KINDS] = {0};
	double began = now_seconds();

	counts->tolerated = tolerated;
	for (uint64_t seed = first; seed < first + seeds; seed++) {
		enum storm_wrong wrong = storm_run(seed, NULL, counts, violation);

		if (wrong == WRONG_NOTHING || tolerated & 1U << wrong || (++listed[wrong] > LISTED && shown != ALL))
			continue;
		printf("seed %" PRIu64 ": %s: %s\n", seed, storm_wrong_name(wrong), violation);
		if (shown == SHOWN && listed[wrong] <= SHOWN)
			replay(seed, true, tolerated);
		fflush(stdout);
	}
	double took = now_seconds() - began;
	print_results(counts);
	print_rows(counts);
	print_unseen(counts);
	print_faults(counts);
	printf("from the commitment to JIMM's knowing, beyond two round trips:");
	print_delay("pushed", counts->delays[0]);
	print_delay("; asked", counts->delays[1]);
	printf("\n");
	printf("%lu runs of several models: %lu pauses, %lu put back\n", counts->batches, counts->pauses,
		counts->put_back);
	printf("at most %u questions and logins for each model in ten seconds\n", counts->hasty);
	unsigned long wrongs = print_wrongs(counts);
	printf("%" PRIu64 " seeds in %.1f s, %.0f a second, %.0f steps a seed\n", seeds, took, (double)seeds / took,
		(double)counts->steps / (double)seeds);
	free(counts);
	return wrongs > 0;
}

/* Returns the violations that a list of names ("endless,unfinished") means, as bits. */
static unsigned int kinds_of(const char *names)
{
	unsigned int kinds = 0;

	for (size_t i = 1; i < WRONG_KINDS; i++) {
		const char *name = storm_wrong_name((enum storm_wrong)i), *at = names;
		size_t length = strlen(name);

		while ((at = strstr(at, name)) != NULL) {
			bool whole = (at == names || at[-1] == ',') && (at[length] == '\0' || at[length] == ',');

			kinds |= whole ? 1U << i : 0;
			at += length;
		}
	}
	return kinds;
}

static int usage(void)
{
	fprintf(stderr, "usage: storm [--brief | --all] [--tolerate KIND,...] SEEDS [FIRST]\n"
			"       storm [--tolerate KIND,...] --seed N [--trace]\n"
			"       storm [--faults] --crowd MODELS PARALLEL\n");
	return 2;
}

int main(int argc, char **argv)
{
	bool trace = false, crowd = false, faults = false;
	unsigned int tolerated = 0, shown = SHOWN;
	const char *seed = NULL, *numbers[2] = {NULL, "1"};
	size_t count = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--brief") == 0)
			shown = 0;
		else if (strcmp(argv[i], "--all") == 0)
			shown = ALL;
		else if (strcmp(argv[i], "--crowd") == 0)
			crowd = true;
		else if (strcmp(argv[i], "--faults") == 0)
			faults = true;
		else if (strcmp(argv[i], "--trace") == 0)
			trace = true;
		else if (strcmp(argv[i], "--tolerate") == 0 && i + 1 < argc)
			tolerated |= kinds_of(argv[++i]);
		else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
			seed = argv[++i];
		else if (*argv[i] != '-' && count < array_length(numbers))
			numbers[count++] = argv[i];
		else
			return usage();
	}
	if (seed != NULL)
		return replay(strtoull(seed, NULL, 10), trace, tolerated);
	if (count == 0)
		return usage();
	if (crowd)
		return !crowd_run(strtoull(numbers[0], NULL, 10), strtoull(numbers[1], NULL, 10), faults);
	return many(strtoull(numbers[1], NULL, 10), strtoull(numbers[0], NULL, 10), shown, tolerated);
}
