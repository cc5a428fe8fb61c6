/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What "juju migrate" asks a controller itself, behind the back of whoever manages it.
 */
#include <string.h>

#include "common/juju/version.h"
#include "tests/sim/api_json.h"
#include "tests/sim/world_door.h"
#include "tests/sim/world_migration.h"

static void next_spec(struct api_request *request);

/* Older controllers ignore the key, and migrate. */
static bool knows_dry_runs(const struct world_controller *controller)
{
	struct juju_version own = {0}, since = {0};
	juju_version_parse(controller->agent_version, &own);
	juju_version_parse(own.major >= 4 ? "4.0.2" : "3.6.14", &since);
	return juju_version_compare(&own, &since) >= 0;
}

/* A password is looked at where the target has a door; macaroons are taken as they are. */
static int target_lets_in(const struct world_controller *target, struct json_object *info, struct world_error *error)
{
	const char *tag = api_get_text(info, "auth-tag"), *password = api_get_text(info, "password");
	const struct world_account *account =
		target->door && string_starts(tag, "user-") ? world_account_find(target, tag + strlen("user-")) : NULL;
	if (!target->door || !*password)
		return 0;
	if (!account || !account->password || strcmp(account->password, password) != 0)
		return world_fail(error, "",
			"connect to target controller: invalid entity name or password (unauthorized access)");
	if (!world_account_superuser(account))
		return world_fail(error, "", "target prechecks failed: permission denied");
	return 0;
}

static struct world_controller *target_of(
	const struct world *world, struct json_object *info, struct world_error *error)
{
	const char *tag = api_get_text(info, "controller-tag");
	for (size_t i = 0; i < world->controller_count; i++) {
		struct world_controller *target = &world->controllers[i];
		if (string_starts(tag, "controller-") && !strcmp(tag + strlen("controller-"), target->uuid))
			return target_lets_in(target, info, error) ? NULL : target;
	}
	world_fail(error, "", "connect to target controller: unable to connect to API");
	return NULL;
}

static struct json_object *spec_of(const struct api_request *request)
{
	struct json_object *specs = api_get_list(request->params, "specs");
	bool more = specs && request->index < json_object_array_length(specs);
	return more ? json_object_array_get_idx(specs, request->index) : NULL;
}

static struct world_model *model_of(const struct api_request *request, struct json_object *spec)
{
	const char *tag = api_get_text(spec, "model-tag");
	return string_starts(tag, "model-") ? world_model_find(request->conversation->world, tag + strlen("model-"))
					    : NULL;
}

/* Returns the id of the migration, "" after a dry run, NULL with the error. */
static const char *initiate(struct api_request *request, struct json_object *spec, struct world_error *error)
{
	struct world *world = request->conversation->world;
	struct world_controller *source = request->conversation->session->direct;
	struct json_object *info = json_object_object_get(spec, "target-info");
	struct world_model *model = model_of(request, spec);
	const char *alias = api_get_text(info, "controller-alias");
	bool dry = json_object_get_boolean(json_object_object_get(request->params, "dry-run"));
	if (!model) {
		world_fail(error, "not found", "model not found");
		return NULL;
	}
	struct world_controller *target = target_of(world, info, error);
	if (!target)
		return NULL;
	if (dry && knows_dry_runs(source))
		return world_juju_prechecks(world, model, source, target, world_plan_next(model), error) ? NULL : "";
	const struct world_attempt *attempt =
		world_initiate(world, model, source, target, *alias ? alias : NULL, error);
	return attempt ? attempt->id : NULL;
}

static void prechecked(void *context)
{
	struct api_request *request = context;
	struct json_object *spec = spec_of(request), *result = json_object_new_object();
	struct world_error error;
	request->event = NULL;
	const char *id = initiate(request, spec, &error);
	api_put_text(result, "model-tag", api_get_text(spec, "model-tag"));
	if (!id)
		api_put(result, "error", api_error(&error, false));
	api_put_text(result, "migration-id", id ? id : "");
	json_object_array_add(request->results, result);
	request->index++;
	next_spec(request);
}

/* The specs are carried out one after the other, each as long as its checks take. */
static void next_spec(struct api_request *request)
{
	struct json_object *spec = spec_of(request), *response;
	if (spec) {
		const struct world_model *model = model_of(request, spec);
		int64_t length = model ? world_plan_next(model)->lengths[WORLD_PRECHECKS] : 0;
		request->event = world_after(request->conversation->world, length, prechecked, request);
		return;
	}
	response = json_object_new_object();
	api_put(response, "results", json_object_get(request->results));
	api_answer(request, response);
}

static void initiate_migration(struct api_request *request)
{
	struct world_error error;
	if (world_account_superuser(request->conversation->session->account)) {
		request->results = json_object_new_array();
		next_spec(request);
		return;
	}
	world_fail(&error, "unauthorized access", "permission denied");
	api_fail(request, &error);
}

const struct api_method api_direct_migrate_methods[] = {
	{"Controller", "InitiateMigration", initiate_migration, 0},
	{0},
};
