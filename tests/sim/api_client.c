/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/api_json.h"
#include "tests/sim/world_watch.h"

static void full_status(struct api_request *request)
{
	struct world_error error;
	struct world_view view;
	if (world_full_status(request->conversation->session, &view, &error))
		api_fail(request, &error);
	else
		api_answer(request, api_full_status(request->conversation->world, &view));
}

static void watch_all(struct api_request *request)
{
	struct world_error error;
	struct world_watcher *watcher = world_watch_open(request->conversation->session, &error);
	if (!watcher) {
		api_fail(request, &error);
		return;
	}
	struct json_object *response = json_object_new_object();
	char id[16];
	snprintf(id, sizeof(id), "%u", watcher->id);
	api_put_text(response, "watcher-id", id);
	api_answer(request, response);
}

static void told(void *context, struct world_watcher *watcher, const struct world_error *error)
{
	struct api_request *request = context;
	const struct world *world = request->conversation->world;
	struct world_error absent;
	struct world_view view;
	if (error) {
		api_fail(request, error);
		return;
	}
	struct json_object *response = json_object_new_object(), *deltas = json_object_new_array();
	bool there = !world_full_status(watcher->session, &view, &absent);
	if (there && watcher->delta.first) {
		json_object_put(deltas);
		deltas = api_first_deltas(world, &view);
	} else if (there && watcher->delta.changed) {
		json_object_array_add(deltas, api_model_delta(world, &view));
	}
	if (watcher->delta.removed)
		json_object_array_add(deltas, api_removed_delta(watcher->session->model));
	watcher->delta = (struct world_delta){0};
	api_put(response, "deltas", deltas);
	api_answer(request, response);
}

static struct world_watcher *watcher_of(struct api_request *request)
{
	struct world_watcher *watcher =
		world_watch_find(request->conversation->session, (unsigned)strtoul(request->object, NULL, 10));
	struct world_error error;
	if (watcher)
		return watcher;
	world_fail(&error, "not found", "unknown watcher id");
	api_fail(request, &error);
	return NULL;
}

static void next(struct api_request *request)
{
	struct world_watcher *watcher = watcher_of(request);
	struct world_error error;
	if (watcher && world_watch_next(watcher, told, request, &error))
		api_fail(request, &error);
}

static void stop(struct api_request *request)
{
	struct world_watcher *watcher = watcher_of(request);
	if (!watcher)
		return;
	world_watch_stop(watcher);
	api_answer(request, NULL);
}

/* What "juju status" asks beside the status, unless it is for a table; no model has any storage. */
static void list_storage(struct api_request *request)
{
	struct json_object *filters = api_get_list(request->params, "filters");
	struct json_object *response = json_object_new_object(), *results = json_object_new_array();
	for (size_t i = 0; filters && i < json_object_array_length(filters); i++)
		json_object_array_add(results, json_object_new_object());
	/* Go leaves empty lists out. */
	if (json_object_array_length(results))
		api_put(response, "results", json_object_get(results));
	json_object_put(results);
	api_answer(request, response);
}

static void model_config(struct api_request *request)
{
	const struct world_session *session = request->conversation->session;
	struct json_object *response = json_object_new_object(), *config = json_object_new_object();
	api_put_setting(config, "agent-version", world_juju_version(session->model, session->controller), "model");
	api_put_setting(config, "name", session->model->name, "model");
	api_put_setting(config, "type", session->model->cloud, "model");
	api_put_setting(config, "uuid", session->model->uuid, "model");
	api_put(response, "config", config);
	api_answer(request, response);
}

static void ping(struct api_request *request)
{
	api_answer(request, NULL);
}

const struct api_method api_client_methods[] = {
	{"Client", "FullStatus", full_status, 0},
	{"Client", "WatchAll", watch_all, 0},
	{"AllWatcher", "Next", next, 0},
	{"AllWatcher", "Stop", stop, 0},
	{"ModelConfig", "ModelGet", model_config, 0},
	{"Pinger", "Ping", ping, 0},
	{"Storage", "ListFilesystems", list_storage, 0},
	{"Storage", "ListStorageDetails", list_storage, 0},
	{"Storage", "ListVolumes", list_storage, 0},
	{0},
};
