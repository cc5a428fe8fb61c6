/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "tests/sim/api_json.h"

static void migrate_next(struct api_request *request);

static void migrate_done(void *context, const struct world_outcome *outcome)
{
	struct api_request *request = context;
	struct json_object *result = json_object_new_object();
	if (outcome->model)
		api_put_tag(result, "model-tag", "model", outcome->model->uuid);
	else
		api_put_text(result, "model-tag", "");
	if (outcome->error)
		api_put(result, "error", api_error(outcome->error, false));
	api_put_text(result, "migration-id", outcome->text ? outcome->text : "");
	json_object_array_add(request->results, result);
	request->index++;
	migrate_next(request);
}

/* The specs are carried out one after the other. */
static void migrate_next(struct api_request *request)
{
	struct json_object *specs = api_get_list(request->params, "specs");
	if (!specs || request->index >= json_object_array_length(specs)) {
		struct json_object *response = json_object_new_object();
		api_put(response, "results", json_object_get(request->results));
		api_answer(request, response);
		return;
	}
	struct json_object *spec = json_object_array_get_idx(specs, request->index);
	world_migrate_model(request->conversation->session, api_get_text(spec, "model-tag"),
		api_get_text(spec, "target-controller"), (struct world_reply){migrate_done, request});
}

static void migrate(struct api_request *request)
{
	request->results = json_object_new_array();
	migrate_next(request);
}

static void update_done(void *context, const struct world_outcome *outcome)
{
	if (outcome->error)
		api_fail(context, outcome->error);
	else
		api_answer(context, NULL);
}

static void update(struct api_request *request)
{
	world_update_migrated_model(request->conversation->session, api_get_text(request->params, "model-tag"),
		api_get_text(request->params, "target-controller"), (struct world_reply){update_done, request});
}

const struct api_method api_migrate_methods[] = {
	{"JIMM", "MigrateModel", migrate, 0},
	{"JIMM", "UpdateMigratedModel", update, 0},
	{0},
};
