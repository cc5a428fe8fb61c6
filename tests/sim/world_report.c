/* SPDX-License-Identifier: Apache-2.0 */
#include <json-c/json.h>

#include "tests/sim/world_migration.h"

static struct json_object *text(const char *value)
{
	return value ? json_object_new_string(value) : NULL;
}

static double seconds(const struct world *world, int64_t instant)
{
	return (double)(instant - world->start) / (double)INSTANT_SECOND;
}

/* Which keys a kind of line shows. */
static const struct kind {
	const char *list, *who, *target, *flag;
} kinds[] = {
	[WORLD_SAW_MIGRATE] = {"migrate-model", "caller", "target", NULL},
	[WORLD_SAW_UPDATE] = {"update-migrated-model", "caller", "target", "early"},
	[WORLD_SAW_MODEL_INFO] = {"model-info", "caller", NULL, "could-delete"},
	[WORLD_SAW_MODEL_STATUS] = {"model-status", "caller", NULL, "could-delete"},
	[WORLD_SAW_DELETION] = {"deletions", "by", NULL, NULL},
	[WORLD_SAW_MOVE] = {"moves", "by", "to", NULL},
};

static struct json_object *line(const struct world *world, const struct world_record *record)
{
	const struct kind *kind = &kinds[record->what];
	struct json_object *object = json_object_new_object();
	json_object_object_add(object, "at", json_object_new_double(seconds(world, record->at)));
	json_object_object_add(object, "model", text(record->model ? record->model->name : record->value));
	if (kind->target)
		json_object_object_add(object, kind->target, text(record->target));
	json_object_object_add(object, kind->who, text(record->who));
	if (record->phase && record->what == WORLD_SAW_UPDATE)
		json_object_object_add(object, "phase", text(record->phase));
	if (kind->flag)
		json_object_object_add(object, kind->flag, json_object_new_boolean(record->flag));
	if (record->error)
		json_object_object_add(object, "error", text(record->error));
	return object;
}

static struct json_object *attempts(const struct world_model *model)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; i < model->attempt_count; i++) {
		const struct world_attempt *attempt = model->attempts[i];
		struct json_object *object = json_object_new_object();
		json_object_object_add(object, "id", text(attempt->id));
		json_object_object_add(object, "from", text(attempt->source->name));
		json_object_object_add(object, "to", text(attempt->target->name));
		json_object_object_add(object, "phase", text(world_phase_name(attempt->phase)));
		json_object_object_add(object, "text", text(attempt->text));
		json_object_object_add(object, "ended", json_object_new_boolean(!world_attempt_runs(attempt)));
		json_object_array_add(list, object);
	}
	return list;
}

static struct json_object *present_on(
	const struct world *world, const struct world_model *model, enum world_presence presence)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; i < world->controller_count; i++)
		if (model->places[i].presence == presence)
			json_object_array_add(list, text(world->controllers[i].name));
	return list;
}

static struct json_object *model_truth(const struct world *world, const struct world_model *model)
{
	struct json_object *object = json_object_new_object();
	json_object_object_add(object, "name", text(model->name));
	json_object_object_add(object, "uuid", text(model->uuid));
	json_object_object_add(object, "active-on", present_on(world, model, WORLD_ACTIVE));
	json_object_object_add(object, "importing-on", present_on(world, model, WORLD_IMPORTING));
	json_object_object_add(object, "recorded", text(model->recorded ? model->recorded->name : NULL));
	json_object_object_add(object, "mode", text(model->mode));
	json_object_object_add(object, "attempts", attempts(model));
	return object;
}

struct json_object *world_report_json(const struct world *world)
{
	struct json_object *report = json_object_new_object();
	struct json_object *calls = json_object_new_object();
	struct json_object *models = json_object_new_array();
	json_object_object_add(report, "era", text(world->era.name));
	json_object_object_add(report, "now", json_object_new_double(seconds(world, world->now)));
	for (size_t i = 0; i < world->count_count; i++)
		json_object_object_add(
			calls, world->counts[i].method, json_object_new_int64((int64_t)world->counts[i].count));
	json_object_object_add(report, "calls", calls);
	for (size_t what = 0; what < array_length(kinds); what++) {
		struct json_object *list = json_object_new_array();
		for (size_t i = 0; i < world->record_count; i++)
			if (world->records[i].what == (enum world_happening)what)
				json_object_array_add(list, line(world, &world->records[i]));
		json_object_object_add(report, kinds[what].list, list);
	}
	for (size_t i = 0; i < world->model_count; i++)
		json_object_array_add(models, model_truth(world, &world->models[i]));
	json_object_object_add(report, "models", models);
	return report;
}

void world_report(const struct world *world, FILE *to)
{
	struct json_object *report = world_report_json(world);
	fprintf(to, "%s\n", json_object_to_json_string_ext(report, JSON_C_TO_STRING_PRETTY));
	json_object_put(report);
}
