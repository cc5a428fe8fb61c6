/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/api_json.h"

/* The entry that is shown to a caller who may see no controller. */
static struct json_object *pseudo_controller(const struct world *world)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "name", "jaas");
	api_put_text(object, "uuid", world->uuid);
	api_put_text(object, "agent-version", API_JIMM_CLAIMS);
	api_put(object, "status", api_status("available", "", INSTANT_NONE));
	return object;
}

static struct json_object *controllers_answer(
	const struct world *world, const struct world_controller *const *controllers, size_t count, bool pseudo)
{
	struct json_object *response = json_object_new_object(), *list = NULL;
	if (count || pseudo)
		list = json_object_new_array();
	if (pseudo)
		json_object_array_add(list, pseudo_controller(world));
	for (size_t i = 0; i < count; i++)
		json_object_array_add(list, api_controller_info(controllers[i], world->start));
	api_put(response, "controllers", list);
	return response;
}

static void list_controllers(struct api_request *request)
{
	const struct world_session *session = request->conversation->session;
	const struct world_controller **controllers =
		memory_get(session->world->controller_count, sizeof(*controllers));
	bool pseudo;
	size_t count = world_list_controllers(session, controllers, &pseudo);
	api_answer(request, controllers_answer(session->world, controllers, count, pseudo));
	free(controllers);
}

static void list_targets(struct api_request *request)
{
	struct world_session *session = request->conversation->session;
	const struct world_controller **controllers =
		memory_get(session->world->controller_count, sizeof(*controllers));
	struct world_error error;
	size_t count;
	if (world_migration_targets(session, api_get_text(request->params, "model-tag"), controllers, &count, &error))
		api_fail(request, &error);
	else
		api_answer(request, controllers_answer(session->world, controllers, count, false));
	free(controllers);
}

static void show_controller(struct api_request *request)
{
	const struct world_session *session = request->conversation->session;
	const char *name = api_get_text(request->params, "controller-name");
	const struct world_controller *controller = world_controller_find(session->world, name);
	struct world_error error;
	if (!controller)
		world_fail(&error, "not found", "controller not found");
	else if (!session->user->admin && !session->user->add_model[controller->index])
		world_fail(&error, "unauthorized access", "unauthorized");
	else {
		api_answer(request, api_controller_info(controller, session->world->start));
		return;
	}
	api_fail(request, &error);
}

static void unmask(struct api_request *request)
{
	struct world_error error;
	if (world_unmask(request->conversation->session, &error))
		api_fail(request, &error);
	else
		api_answer(request, NULL);
}

static struct json_object *job_status(const char *state)
{
	struct json_object *object = json_object_new_object(), *detail = json_object_new_object();
	api_put_text(detail, "state", state);
	api_put_number(detail, "attempt", 1);
	api_put_number(detail, "max_attempts", 3);
	api_put(object, "detail", detail);
	api_put_text(object, "info", "");
	return object;
}

static void model_controller(struct api_request *request)
{
	struct world_error error;
	struct world_view view;
	if (world_model_controller_info(
		    request->conversation->session, api_get_text(request->params, "model"), &view, &error)) {
		api_fail(request, &error);
		return;
	}
	struct json_object *object = api_model_controller(&view, false);
	if (view.model->job)
		api_put(object, "upgrade-to-job-status", job_status(view.model->job));
	api_answer(request, object);
}

static void list_models(struct api_request *request)
{
	struct json_object *response = json_object_new_object(), *list = NULL;
	struct world_views views;
	world_all_models(request->conversation->session, &views);
	if (views.count)
		list = json_object_new_array();
	for (size_t i = 0; i < views.count; i++)
		json_object_array_add(list, api_model_controller(&views.items[i], true));
	api_put(response, "models", list);
	world_views_release(&views);
	api_answer(request, response);
}

static void full_model_status(struct api_request *request)
{
	struct world_error error;
	struct world_view view;
	struct world_session *session = request->conversation->session;
	if (world_full_model_status(session, api_get_text(request->params, "ModelTag"), &view, &error))
		api_fail(request, &error);
	else
		api_answer(request, api_full_status(session->world, &view));
}

static void version(struct api_request *request)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "version", request->conversation->world->version);
	api_put_text(object, "commit", "unknown commit");
	api_answer(request, object);
}

const struct api_method api_jimm_methods[] = {
	{"JIMM", "ListControllers", list_controllers, 0},
	{"JIMM", "DisableControllerUUIDMasking", unmask, 0},
	{"JIMM", "FullModelStatus", full_model_status, 0},
	{"JIMM", "Version", version, 0},
	{"JIMM", "ModelControllerInfo", model_controller, offsetof(struct world_era, controller_info)},
	{"JIMM", "ListModels", list_models, offsetof(struct world_era, list_models)},
	{"JIMM", "ListMigrationTargets", list_targets, offsetof(struct world_era, list_targets)},
	{"JIMM", "ShowController", show_controller, offsetof(struct world_era, show_controller)},
	{0},
};
