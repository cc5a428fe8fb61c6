/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/instant.h"
#include "tests/sim/world_state.h"
#include "tests/storm/scene.h"

#define SECOND INSTANT_SECOND
#define MINUTE INSTANT_MINUTE

static const struct kind {
	const char *name;
	unsigned int weight;
	int64_t shortest, longest;
} kinds[FAULT_KINDS] = {
	[FAULT_CUT] = {"cut", 16, 0, 90 * SECOND},
	[FAULT_KILL] = {"kill", 16, 50 * INSTANT_MILLISECOND, 15 * MINUTE},
	[FAULT_LEAVE] = {"leave", 6, 50 * INSTANT_MILLISECOND, 15 * MINUTE},
	[FAULT_FREEZE] = {"freeze", 6, 100 * INSTANT_MILLISECOND, 20 * MINUTE},
	[FAULT_JUMP] = {"jump", 3, SECOND, 3 * MINUTE},
	[FAULT_JIMM] = {"jimm restarts", 10, 100 * INSTANT_MILLISECOND, 3 * MINUTE},
	[FAULT_SOURCE] = {"source down", 10, 100 * INSTANT_MILLISECOND, 5 * MINUTE},
	[FAULT_TARGET] = {"target down", 8, 100 * INSTANT_MILLISECOND, 5 * MINUTE},
	[FAULT_REFUSES] = {"controller refuses", 3, SECOND, 5 * MINUTE},
	[FAULT_TOKEN] = {"token expires", 6, SECOND, 10 * MINUTE},
	[FAULT_ABORT] = {"abort", 5, 0, 0},
	[FAULT_MIGRATE] = {"others migrate", 3, 0, 0},
	[FAULT_RECORD] = {"others record", 3, 0, 0},
	[FAULT_DESTROY] = {"others destroy", 1, 0, 0},
	[FAULT_REVOKE] = {"others revoke", 1, 0, 0},
	[FAULT_LOSE] = {"target loses it", 2, 0, 0},
};

const char *scene_fault_name(enum scene_fault_kind kind)
{
	return kinds[kind].name;
}

static void draw_trigger(struct scene_fault *fault, struct chance *chance, int64_t span)
{
	static const unsigned int weights[] = {30, 25, 20, 7, 12, 6};

	fault->trigger = (enum scene_trigger)chance_weighted(chance, weights, array_length(weights));
	fault->delay = chance_of(chance, 400) ? chance_length(chance, INSTANT_MILLISECOND, MINUTE) : 0;
	if (fault->trigger == TRIGGER_TIME)
		fault->at = chance_between(chance, 0, span);
	else if (fault->trigger == TRIGGER_MESSAGE)
		fault->at = chance_of(chance, 600) ? chance_between(chance, 1, 20) : chance_between(chance, 1, 120);
	else if (fault->trigger == TRIGGER_PHASE)
		fault->at = (int64_t)chance_below(chance, WORLD_PHASES);
	if (fault->trigger == TRIGGER_START)
		fault->delay = chance_of(chance, 700) ? chance_length(chance, INSTANT_MILLISECOND, 90 * SECOND) : 0;
}

static struct scene_fault draw_fault(struct chance *chance, int64_t span)
{
	unsigned int weights[FAULT_KINDS];
	struct scene_fault fault = {0};

	for (size_t i = 0; i < FAULT_KINDS; i++)
		weights[i] = kinds[i].weight;
	fault.kind = (enum scene_fault_kind)chance_weighted(chance, weights, FAULT_KINDS);
	draw_trigger(&fault, chance, span);
	if (kinds[fault.kind].longest > 0)
		fault.length = chance_length(chance, kinds[fault.kind].shortest, kinds[fault.kind].longest);
	fault.choice = chance_below(chance, 64);
	return fault;
}

void scene_draw_faults(struct scene *scene, struct chance *chance, int64_t length)
{
	static const unsigned int weights[] = {25, 30, 20, 15, 10};
	size_t weather = chance_weighted(chance, weights, array_length(weights));
	int64_t span = length + 3 * MINUTE;

	scene->fault_count =
		weather < 3 ? weather : (size_t)chance_between(chance, 3, weather == 3 ? 5 : SCENE_FAULTS_MAX);
	for (size_t i = 0; i < scene->fault_count; i++)
		scene->faults[i] = draw_fault(chance, span);
	/* JIMM is told by somebody else the moment the source commits: too early for a target that activates later. */
	if (chance_of(chance, 40) && scene->fault_count < SCENE_FAULTS_MAX)
		scene->faults[scene->fault_count++] = (struct scene_fault){
			.kind = FAULT_RECORD,
			.trigger = TRIGGER_PHASE,
			.at = WORLD_SUCCESS,
			.choice = 3, /* the first model, the second controller: the target */
		};
	/* What is in the way of all for longer than that is waited for. */
	if (scene->moved > 1 && chance_of(chance, 80) && scene->fault_count < SCENE_FAULTS_MAX)
		scene->faults[scene->fault_count++] = (struct scene_fault){
			.kind = FAULT_TARGET,
			.trigger = TRIGGER_TIME,
			.at = chance_between(chance, 0, span),
			.length = chance_between(chance, 20 * MINUTE, 100 * MINUTE),
		};
	scene->faults_end = scene->begins + span + (weather > 0 ? 25 * MINUTE : 0);
}
