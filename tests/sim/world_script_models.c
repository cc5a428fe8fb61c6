/* SPDX-License-Identifier: Apache-2.0 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_migration.h"
#include "tests/sim/world_script.h"

/* Most models of one world, and most plans or machines of one model. */
#define MODELS_MOST 4096
#define PLANS_MOST 64
#define MACHINES_MOST 1000

static void grant(struct world_model *model, const char *user, enum world_right right)
{
	model->grants =
		memory_room(model->grants, model->grant_count, &model->grant_capacity, sizeof(struct world_grant));
	model->grants[model->grant_count++] = (struct world_grant){.user = string_copy(user), .right = right};
}

static int read_rights(struct world_model *model, struct json_object *script, struct error **error)
{
	static const char *const rights[] = {"stranger", "reader", "writer", "administrator"};
	struct json_object *users;
	if (world_script_member(script, "users", json_type_object, &users, error))
		return -1;
	if (users) {
		json_object_object_foreach(users, name, value)
		{
			size_t right = 0;
			const char *word = json_object_get_string(value);
			while (right < array_length(rights) && (!word || strcmp(rights[right], word)))
				right++;
			if (right == array_length(rights))
				return error_set(error, ERROR_FAILED, "\"users\": unknown right of \"%s\"", name);
			grant(model, name, (enum world_right)right);
		}
	}
	grant(model, model->owner, WORLD_ADMINISTRATOR);
	return 0;
}

static int read_listed(struct world *world, struct world_model *model, struct json_object *script, struct error **error)
{
	if (world_script_names(script, "juju-users", &model->listed, &model->listed_count, error))
		return -1;
	if (json_object_object_get_ex(script, "juju-users", NULL))
		return 0;
	free(model->listed);
	model->listed = memory_get(2, sizeof(char *));
	model->listed[0] = string_copy(model->owner);
	model->listed[1] = string_copy(world->admin);
	model->listed_count = 2;
	return 0;
}

static int read_plans(
	struct world_model *model, struct json_object *script, struct json_object *usual, struct error **error)
{
	struct json_object *list;
	if (world_script_member(script, "migrations", json_type_array, &list, error))
		return -1;
	size_t count = list ? json_object_array_length(list) : 0;
	if (count > PLANS_MOST)
		return error_set(error, ERROR_FAILED, "\"migrations\": too many");
	model->plans = memory_get(count ? count : 1, sizeof(struct world_plan));
	model->plan_count = count ? count : 1;
	for (size_t i = 0; i < model->plan_count; i++)
		if (world_plan_read(&model->plans[i], count ? json_object_array_get_idx(list, i) : usual, error))
			return error_wrap(error, "migration %zu", i + 1);
	return 0;
}

static int read_copies(struct world *world, struct world_model *model, struct json_object *script, struct error **error)
{
	struct json_object *copies;
	if (world_script_member(script, "copies", json_type_object, &copies, error))
		return -1;
	if (!copies)
		return 0;
	json_object_object_foreach(copies, name, value)
	{
		struct world_controller *controller = world_controller_find(world, name);
		const char *state = json_object_get_string(value);
		if (!controller || !state)
			return error_set(error, ERROR_FAILED, "\"copies\": no controller \"%s\"", name);
		world_at(model, controller)->presence = !strcmp(state, "importing") ? WORLD_IMPORTING : WORLD_ACTIVE;
	}
	return 0;
}

static int read_places(struct world *world, struct world_model *model, struct json_object *script, struct error **error)
{
	struct world_controller *host;
	const char *recorded;
	if (world_script_controller(world, script, "controller", &host, error) ||
		world_script_text(script, "recorded", NULL, &recorded, error))
		return -1;
	host = host ? host : &world->controllers[0];
	model->recorded = recorded && *recorded ? world_controller_find(world, recorded) : recorded ? NULL : host;
	if (recorded && *recorded && !model->recorded)
		return error_set(error, ERROR_FAILED, "\"recorded\": no controller \"%s\"", recorded);
	model->places = memory_get(world->controller_count, sizeof(struct world_place));
	for (size_t i = 0; i < world->controller_count; i++)
		model->places[i] = (struct world_place){.status = "available", .info = "", .since = world->start};
	world_at(model, host)->presence = WORLD_ACTIVE;
	return read_copies(world, model, script, error);
}

static int read_past(struct world *world, struct world_model *model, struct json_object *script, struct error **error)
{
	struct json_object *past;
	struct world_controller *from, *to;
	const char *outcome, *reason;
	int64_t start, end;
	if (world_script_member(script, "past", json_type_object, &past, error))
		return -1;
	if (!past)
		return 0;
	if (world_script_text(past, "outcome", "aborted", &outcome, error) ||
		world_script_text(past, "reason", "target prechecks failed: model is dying", &reason, error) ||
		world_script_controller(world, past, "from", &from, error) ||
		world_script_controller(world, past, "to", &to, error) ||
		world_script_length(past, "start", 600 * INSTANT_SECOND, &start, error) ||
		world_script_length(past, "end", 540 * INSTANT_SECOND, &end, error))
		return -1;
	enum world_phase phase = !strcmp(outcome, "done")          ? WORLD_DONE
				 : !strcmp(outcome, "reap-failed") ? WORLD_REAPFAILED
								   : WORLD_ABORTDONE;
	scoped(string) char *text =
		phase == WORLD_DONE ? string_copy("successful, removing model from source controller")
		: phase == WORLD_REAPFAILED
			? string_format("removing exported model failed: %s", reason)
			: string_format("aborted, removing model from target controller: %s", reason);
	from = from ? from : model->recorded ? model->recorded : &world->controllers[0];
	to = to ? to : &world->controllers[world->controller_count - 1];
	world_attempt_past(world, model, from, to, phase, text, world->start - start, world->start - end);
	return 0;
}

static int read_applications(struct world_model *model, struct json_object *script, struct error **error)
{
	struct json_object *machines, *down;
	if (world_script_member(script, "machines", json_type_int, &machines, error) ||
		world_script_member(script, "agents-down", json_type_int, &down, error) ||
		world_script_names(script, "applications", &model->applications, &model->application_count, error))
		return -1;
	model->machines = machines ? (unsigned)json_object_get_int(machines) : 2;
	model->down = down ? (unsigned)json_object_get_int(down) : 0;
	if (model->machines > MACHINES_MOST || model->down > model->machines)
		return error_set(error, ERROR_FAILED, "\"machines\" or \"agents-down\": too many");
	if (json_object_object_get_ex(script, "applications", NULL))
		return 0;
	model->applications = memory_get(1, sizeof(char *));
	model->applications[0] = string_copy("ubuntu");
	model->application_count = 1;
	return 0;
}

static const char *kept_word(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word))
		words++;
	return *words;
}

static int read_row(struct world_model *model, struct json_object *script, struct error **error)
{
	static const char *const modes[] = {"", "migrating-internally", "exporting", "importing", NULL};
	static const char *const lives[] = {"alive", "dying", "dead", NULL};
	static const char *const credentials[] = {"valid", "invalid", "revoked", NULL};
	const char *mode, *life, *job, *credential, *version;
	if (world_script_text(script, "mode", "", &mode, error) ||
		world_script_text(script, "life", "alive", &life, error) ||
		world_script_text(script, "job", NULL, &job, error) ||
		world_script_text(script, "credential", "valid", &credential, error) ||
		world_script_text(script, "agent-version", NULL, &version, error))
		return -1;
	model->credential = kept_word(credential, credentials);
	model->agent_version = string_copy(version);
	model->mode = kept_word(mode, modes);
	model->life = kept_word(life, lives);
	if (!model->mode || !model->life || !model->credential)
		return error_set(error, ERROR_FAILED, "unknown \"mode\", \"life\" or \"credential\"");
	model->job = string_given(job) ? string_copy(job) : NULL;
	return 0;
}

int world_script_log(struct json_object *script, struct json_object **records, struct error **error)
{
	struct json_object *log;
	int64_t at;
	if (world_script_member(script, "log", json_type_array, &log, error))
		return -1;
	for (size_t i = 0; log && i < json_object_array_length(log); i++)
		if (world_script_length(json_object_array_get_idx(log, i), "at", 0, &at, error))
			return -1;
	*records = json_object_get(log);
	return 0;
}

/* Wherever it is, juju calls a model without a valid credential so. */
static void suspend(const struct world *world, struct world_model *model)
{
	for (size_t i = 0; i < world->controller_count && strcmp(model->credential, "valid") != 0; i++) {
		model->places[i].status = "suspended";
		model->places[i].info = "suspended since cloud credential is not valid";
	}
}

static int read_model(struct world *world, struct json_object *script, struct json_object *usual, struct error **error)
{
	struct world_model *model = &world->models[world->model_count];
	scoped(string) char *usual_uuid = string_format("5f0c9a52-0d0e-4e55-8f0b-%012zu", world->model_count + 1);
	const char *name, *uuid, *owner, *cloud, *region;
	model->index = world->model_count++;
	if (world_script_text(script, "name", "my-model", &name, error) ||
		world_script_text(script, "uuid", usual_uuid, &uuid, error) ||
		world_script_text(script, "owner", "alice@canonical.com", &owner, error) ||
		read_places(world, model, script, error))
		return -1;
	const struct world_controller *host = model->recorded ? model->recorded : &world->controllers[0];
	if (world_script_text(script, "cloud", host->cloud, &cloud, error) ||
		world_script_text(script, "region", host->region, &region, error))
		return -1;
	model->name = string_copy(name);
	model->uuid = string_copy(uuid);
	model->owner = string_copy(owner);
	model->cloud = string_copy(cloud);
	model->region = string_copy(region);
	if (read_row(model, script, error) || read_rights(model, script, error) ||
		read_listed(world, model, script, error) || read_applications(model, script, error) ||
		read_plans(model, script, usual, error) || read_past(world, model, script, error) ||
		world_script_log(script, &model->log, error))
		return -1;
	suspend(world, model);
	return 0;
}

int world_script_models(struct world *world, struct json_object *script, struct error **error)
{
	struct json_object *list, *usual;
	if (world_script_member(script, "models", json_type_array, &list, error) ||
		world_script_member(script, "migration", json_type_object, &usual, error))
		return -1;
	scoped(json) struct json_object *one = json_tokener_parse("[{}]");
	list = list ? list : one;
	size_t count = json_object_array_length(list);
	if (count > MODELS_MOST)
		return error_set(error, ERROR_FAILED, "\"models\": too many");
	world->models = memory_get(count, sizeof(struct world_model));
	for (size_t i = 0; i < count; i++)
		if (read_model(world, json_object_array_get_idx(list, i), usual, error))
			return error_wrap(error, "\"models\" %zu", i + 1);
	return 0;
}
