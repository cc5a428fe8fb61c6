/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/storm/scene.h"

#include <stdio.h>
#include <string.h>

#include "common/base/instant.h"

#define SECOND INSTANT_SECOND
#define MINUTE INSTANT_MINUTE

static const char *const steps[] = {"prechecks", "starting", "source-prechecks", "target-prechecks", "quiesce",
	"export", "import", "upload", "relations", "validate", "machines", "activate", "commit", "agents", "ownership",
	"logs", "reap", "vanish", "cached", "abort"};

static double seconds(int64_t length)
{
	return (double)length / (double)SECOND;
}

/* Writes the lengths of a plan, and returns about how long it will be in all. */
static int64_t draw_lengths(struct scene *scene, struct chance *chance)
{
	static const unsigned int weights[] = {15, 25, 30, 30};
	static const int64_t each[] = {10 * INSTANT_MILLISECOND, 1500 * INSTANT_MILLISECOND, 0};
	size_t style = chance_weighted(chance, weights, array_length(weights));
	int64_t sum = 0;

	if (style < 2) {
		text_add_format(&scene->script, "\"each\":%g", seconds(each[style]));
		return (int64_t)array_length(steps) * each[style];
	}
	if (style == 2) {
		text_add_string(&scene->script, "\"steps\":{}");
		return 200 * SECOND;
	}
	text_add_string(&scene->script, "\"steps\":{");
	for (size_t i = 0; i < array_length(steps); i++) {
		int64_t most = strcmp(steps[i], "prechecks") == 0 ? 80 * SECOND : 8 * MINUTE;
		int64_t length = chance_length(chance, INSTANT_MILLISECOND, most);

		text_add_format(&scene->script, "%s\"%s\":%g", i > 0 ? "," : "", steps[i], seconds(length));
		sum += length;
	}
	text_add_string(&scene->script, "}");
	return sum;
}

/* Why an attempt aborts, and what can be left of it on the target then. */
static const struct abort_way {
	const char *phase, *reason;
	const char *copies[3];
} abort_ways[] = {
	{"QUIESCE", "source prechecks failed: model is dying", {"removed"}},
	{"QUIESCE", "quiescing, some agents reported failure", {"removed"}},
	{"QUIESCE", "target prechecks failed: upgrade in progress", {"removed"}},
	{"IMPORT", "model data transfer failed, model export failed: boom", {"removed"}},
	{"IMPORT", "model data transfer failed, failed to import model into target controller: boom",
		{"removed", "left"}},
	{"IMPORT", "model data transfer failed, failed to migrate binaries: boom", {"removed", "left"}},
	{"IMPORT", "", {"removed", "left"}},
	{"VALIDATION", "validating, some agents reported failure", {"removed", "left", "active"}},
	{"VALIDATION", "machine sanity check failed, 1 error found", {"removed", "left"}},
	{"VALIDATION", "model activation failed, connection is shut down", {"removed", "left", "active"}},
	{"VALIDATION", "", {"removed", "left", "active"}},
};

static void draw_abort(struct scene *scene, struct chance *chance)
{
	const struct abort_way *way = &abort_ways[chance_below(chance, array_length(abort_ways))];
	size_t count = 0;

	while (count < array_length(way->copies) && way->copies[count] != NULL)
		count++;
	/* A juju 4.1 target is active only after the source has committed. */
	if (scene->late_target && string_same(way->copies[count - 1], "active"))
		count--;
	text_add_format(&scene->script, ",\"abort\":{\"phase\":\"%s\",\"reason\":\"%s\",\"copy\":\"%s\"}", way->phase,
		way->reason, way->copies[chance_below(chance, count)]);
}

static int64_t draw_plan(struct scene *scene, struct chance *chance)
{
	static const unsigned int outcomes[] = {62, 25, 7, 6};
	size_t outcome = chance_weighted(chance, outcomes, array_length(outcomes));

	text_add_string(&scene->script, "{");
	int64_t length = draw_lengths(scene, chance);
	if (outcome == 1)
		draw_abort(scene, chance);
	else if (outcome == 2)
		text_add_string(&scene->script, ",\"reap-failed\":\"cannot remove model\"");
	else if (outcome == 3)
		text_add_format(&scene->script, ",\"refuse\":\"%s prechecks failed: machine 0 agent not functioning\"",
			chance_of(chance, 500) ? "source" : "target");
	if (chance_of(chance, 80))
		text_add_string(&scene->script, ",\"stranded\":1");
	if (chance_of(chance, 80))
		text_add_string(&scene->script, ",\"agents-failed\":{\"SUCCESS\":1}");
	text_add_string(&scene->script, "}");
	return length;
}

static int64_t draw_plans(struct scene *scene, struct chance *chance)
{
	int64_t longest = 0;

	text_add_string(&scene->script, ",\"migrations\":[");
	for (size_t i = 0; i < 3; i++) {
		int64_t length = draw_plan(scene, chance);

		longest = length > longest ? length : longest;
		text_add_string(&scene->script, ",");
	}
	/* Whoever tries for long enough succeeds. */
	text_add_string(&scene->script, "{}]");
	return longest;
}

/* What has been before, or stands in the way. */
static void draw_history(struct scene *scene, struct chance *chance)
{
	static const unsigned int weights[] = {70, 8, 5, 4, 4, 3, 3, 3, 3};

	size_t drawn = chance_weighted(chance, weights, array_length(weights));

	/* A juju 4 source shows nothing of what has been. */
	if ((scene->source_major >= 4 && drawn <= 3) || (scene->target_major >= 4 && drawn == 8))
		return;
	switch (drawn) {
	case 1:
		text_add_format(&scene->script, ",\"past\":{\"outcome\":\"aborted\",\"reason\":\"%s\",\"to\":\"%s\"}",
			chance_of(chance, 500) ? "target prechecks failed: model is dying" : "", SCENE_TARGET);
		return;
	case 2:
		text_add_format(&scene->script, ",\"past\":{\"outcome\":\"done\",\"to\":\"%s\"}", SCENE_TARGET);
		return;
	case 3:
		text_add_format(&scene->script,
			",\"past\":{\"outcome\":\"reap-failed\",\"reason\":\"boom\",\"to\":\"%s\"},\"copies\":{\"%s\":"
			"\"active\"}",
			SCENE_TARGET, SCENE_TARGET);
		break;
	case 4:
		text_add_string(&scene->script, ",\"mode\":\"migrating-internally\"");
		break;
	case 5:
		text_add_format(&scene->script, ",\"copies\":{\"%s\":\"importing\"}", SCENE_TARGET);
		break;
	case 6:
		text_add_format(&scene->script, ",\"controller\":\"%s\"", SCENE_TARGET);
		break;
	case 7:
		/* Moved long ago, not recorded, and forgotten by the source. */
		text_add_format(
			&scene->script, ",\"controller\":\"%s\",\"recorded\":\"%s\"", SCENE_TARGET, SCENE_SOURCE);
		break;
	case 8:
		/* Moved before, from a controller that could not remove its copy. */
		text_add_format(&scene->script,
			",\"past\":{\"outcome\":\"reap-failed\",\"reason\":\"boom\",\"from\":\"%s\",\"to\":\"%s\"},"
			"\"copies\":{\"%s\":\"active\"},\"recorded\":\"%s\"",
			SCENE_SOURCE, SCENE_THIRD, SCENE_THIRD, SCENE_THIRD);
		break;
	default:
		break;
	}
}

static void draw_rights(struct scene *scene, struct chance *chance, size_t model)
{
	bool owner = scene->administrator ? chance_of(chance, 500) : chance_of(chance, 600);
	const char *right = "reader";

	if (chance_of(chance, 700))
		right = "administrator";
	else if (chance_of(chance, 300))
		right = "writer";
	text_add_format(&scene->script, ",\"owner\":\"%s\"", owner ? SCENE_USER : "operations@canonical.com");
	if (!owner && (!scene->administrator || model >= scene->moved))
		text_add_format(&scene->script, ",\"users\":{\"%s\":\"%s\"}", SCENE_USER, right);
	if (chance_of(chance, 400))
		text_add_format(
			&scene->script, ",\"juju-users\":[\"%s\"]", owner ? SCENE_USER : "operations@canonical.com");
}

static int64_t draw_models(struct scene *scene, struct chance *chance)
{
	static const unsigned int moved[] = {80, 6, 5, 3, 2, 1, 1, 2};
	int64_t longest = 0;

	scene->moved = 1 + chance_weighted(chance, moved, array_length(moved));
	scene->models = scene->moved + chance_below(chance, 3);
	text_add_string(&scene->script, ",\"models\":[");
	for (size_t i = 0; i < scene->models; i++) {
		text_add_format(&scene->script, "%s{\"name\":\"model-%zu\"", i > 0 ? "," : "", i);
		draw_rights(scene, chance, i);
		if (i < scene->moved) {
			int64_t length = draw_plans(scene, chance);

			longest = length > longest ? length : longest;
			draw_history(scene, chance);
		} else if (chance_of(chance, 400)) {
			text_add_format(&scene->script, ",\"controller\":\"%s\"", SCENE_TARGET);
		}
		text_add_string(&scene->script, "}");
	}
	text_add_string(&scene->script, "]");
	return longest;
}

static void draw_controllers(struct scene *scene, struct chance *chance)
{
	static const char *const versions[][2] = {{"3.6.12", "3.6.12"}, {"3.6.8", "3.6.14"}, {"2.9.51", "3.6.12"},
		{"3.6.12", "4.0.15"}, {"3.6.12", "4.1.0"}, {"4.1.0", "4.1.0"}};
	static const unsigned int weights[] = {50, 15, 8, 7, 7, 13};
	size_t pair = chance_weighted(chance, weights, array_length(weights));

	scene->source_major = versions[pair][0][0] - '0';
	scene->target_major = versions[pair][1][0] - '0';
	scene->late_target = string_starts(versions[pair][1], "4.1");
	text_add_format(&scene->script,
		",\"controllers\":[{\"name\":\"%s\",\"agent-version\":\"%s\"},{\"name\":\"%s\",\"agent-version\":\"%"
		"s\"},"
		"{\"name\":\"%s\",\"agent-version\":\"%s\"}]",
		SCENE_SOURCE, versions[pair][0], SCENE_TARGET, versions[pair][1], SCENE_THIRD, versions[pair][1]);
}

static void draw_era(struct scene *scene, struct chance *chance)
{
	static const struct {
		const char *name, *capabilities;
	} eras[] = {
		{"E0", ""},
		{"E1", ""},
		{"E1d", ""},
		{"E1d", "\"model-info-deletes\":true"},
		{"E1d", "\"list-targets\":true,\"model-info-deletes\":true"},
		{"E2", ""},
		{"E2", "\"start-gap-panics\":false"},
		{"E2", "\"controller-info\":false,\"model-migrating\":false"},
		{"E3", ""},
		{"E3", "\"list-models\":false,\"controller-info-for-all\":false"},
		{"E3+", ""},
	};
	static const unsigned int weights[] = {10, 10, 7, 3, 2, 8, 8, 6, 28, 6, 12};
	size_t drawn = chance_weighted(chance, weights, array_length(weights));

	scene->era = eras[drawn].name;
	text_add_format(&scene->script, "{\"era\":\"%s\",\"capabilities\":{%s},\"seed\":%llu", eras[drawn].name,
		eras[drawn].capabilities, (unsigned long long)(scene->seed & INT32_MAX));
	text_add_format(&scene->script, ",\"poller\":{\"first\":%g}", seconds(chance_between(chance, 0, 60 * SECOND)));
	scene->administrator = chance_of(chance, 650);
	text_add_format(&scene->script, ",\"users\":[{\"name\":\"%s\",\"admin\":%s%s}]", SCENE_USER,
		scene->administrator ? "true" : "false",
		chance_of(chance, 500) ? ",\"add-model\":[\"" SCENE_SOURCE "\",\"" SCENE_TARGET "\"]" : "");
}

/* How well messages come through: nearly always well, and when badly then not all in the same way. */
static void draw_wires(struct scene *scene, struct chance *chance)
{
	scene->latency = chance_length(chance, INSTANT_MILLISECOND, 400 * INSTANT_MILLISECOND);
	scene->doubled = chance_of(chance, 300) ? 100 : 0;
	scene->spiky = chance_of(chance, 400) ? 50 : 0;
	if (chance_of(chance, 600))
		return;
	scene->lost = chance_of(chance, 500) ? (unsigned int)chance_between(chance, 1, 60) : 0;
	scene->late = chance_of(chance, 500) ? (unsigned int)chance_between(chance, 1, 60) : 0;
	scene->refused = chance_of(chance, 400) ? (unsigned int)chance_between(chance, 1, 40) : 0;
}

void scene_draw(struct scene *scene, uint64_t seed)
{
	/* Neighbouring seeds must not draw alike. */
	struct chance chance = {seed * UINT64_C(0xd1342543de82ef95) + 1};

	*scene = (struct scene){.seed = seed};
	text_init(&scene->script, SCENE_SCRIPT_MAX);
	draw_era(scene, &chance);
	draw_controllers(scene, &chance);
	int64_t length = draw_models(scene, &chance);
	text_add_string(&scene->script, "}");
	draw_wires(scene, &chance);
	scene->forgetful = chance_of(&chance, 80);
	scene->foresees = chance_of(&chance, 400);
	scene->witness = chance_of(&chance, 450);
	scene->direct = chance_of(&chance, 450);
	scene->unpushed = chance_of(&chance, 200);
	scene->begins = chance_between(&chance, 0, 90 * SECOND);
	scene->patience = chance_of(&chance, 60) ? chance_length(&chance, SECOND, length + MINUTE) : 0;
	scene->parallel = chance_of(&chance, 800) ? 1 + chance_below(&chance, 4) : 0;
	scene->sockets = scene->moved > 1 && chance_of(&chance, 500) ? 2 + chance_below(&chance, 3) : 0;
	scene_draw_faults(scene, &chance, length);
}

void scene_release(struct scene *scene)
{
	text_release(&scene->script);
}
