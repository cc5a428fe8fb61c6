/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "tests/sim/api_json.h"
#include "tests/sim/world_door.h"

static const char *const access_words[] = {"", "read", "write", "admin"};

/* Returns the UUID of the model's controller, as the caller is shown it. */
static const char *shown_controller(const struct world_session *session, const struct world_view *view)
{
	return session->unmasked || session->direct ? view->host->uuid : session->world->uuid;
}

static enum world_right right_of(const struct world_session *session, const struct world_model *model)
{
	return session->direct ? world_account_right(model, session->account) : world_right_of(model, session->user);
}

static void put_migration(struct json_object *object, const struct world_view *view)
{
	if (!view->migration)
		return;
	struct json_object *migration = json_object_new_object();
	api_put_text(migration, "status", view->migration);
	api_put_time(migration, "start", view->start);
	if (view->end != INSTANT_NONE)
		api_put_time(migration, "end", view->end);
	api_put(object, "migration", migration);
}

static void put_model(const struct api_request *request, struct json_object *object, const struct world_view *view)
{
	const struct world_model *model = view->model;
	scoped(string) char *credential = string_format("%s_%s_default", model->cloud, model->owner);
	struct json_object *sla = json_object_new_object();
	api_put_text(object, "name", model->name);
	api_put_text(object, "uuid", model->uuid);
	api_put_text(object, "type", "iaas");
	api_put_text(object, "controller-uuid", shown_controller(request->conversation->session, view));
	api_put_flag(object, "is-controller", false);
	api_put_text(object, "provider-type", model->cloud);
	api_put_tag(object, "cloud-tag", "cloud", model->cloud);
	api_put_text(object, "cloud-region", model->region);
	api_put_tag(object, "cloud-credential-tag", "cloudcred", credential);
	api_put_owner(request, object, model->owner);
	api_put_text(object, "life", model->life);
	api_put_text(sla, "level", "unsupported");
	api_put_text(sla, "owner", "");
	api_put(object, "sla", sla);
	api_put_text(object, "agent-version", world_juju_version(model, view->host));
	put_migration(object, view);
}

struct json_object *api_summary(const struct api_request *request, const struct world_view *view)
{
	const struct world_session *session = request->conversation->session;
	struct json_object *entry = json_object_new_object(), *object = json_object_new_object();
	struct json_object *counts = json_object_new_array(), *count = json_object_new_object();
	put_model(request, object, view);
	if (view->answered || view->database)
		api_put(object, "status", api_status(view->status, view->info, view->since));
	else
		api_put(object, "status", api_status("unavailable", "", INSTANT_NONE));
	api_put_text(object, "user-access", access_words[right_of(session, view->model)]);
	api_put(object, "last-connection", NULL);
	api_put_text(count, "entity", "machines");
	api_put_number(count, "count", view->model->machines);
	json_object_array_add(counts, count);
	api_put(object, "counts", counts);
	api_put(entry, "result", object);
	return entry;
}

static void list_summaries(struct api_request *request)
{
	struct json_object *response = json_object_new_object(), *list = NULL;
	struct world_views views;
	world_list_summaries(request->conversation->session, &views);
	if (views.count)
		list = json_object_new_array();
	for (size_t i = 0; i < views.count; i++)
		json_object_array_add(list, api_summary(request, &views.items[i]));
	api_put(response, "results", list);
	world_views_release(&views);
	api_answer(request, response);
}

struct json_object *api_user_models(const struct api_request *request, const struct world_views *views)
{
	struct json_object *response = json_object_new_object(), *list = NULL;
	if (views->count)
		list = json_object_new_array();
	for (size_t i = 0; i < views->count; i++) {
		struct json_object *entry = json_object_new_object(), *model = json_object_new_object();
		api_put_text(model, "name", views->items[i].model->name);
		api_put_text(model, "uuid", views->items[i].model->uuid);
		api_put_text(model, "type", "iaas");
		api_put_owner(request, model, views->items[i].model->owner);
		api_put(entry, "model", model);
		api_put(entry, "last-connection", NULL);
		json_object_array_add(list, entry);
	}
	api_put(response, "user-models", list);
	return response;
}

static void all_models(struct api_request *request)
{
	struct world_views views;
	world_all_models(request->conversation->session, &views);
	api_answer(request, api_user_models(request, &views));
	world_views_release(&views);
}

static void list_models(struct api_request *request)
{
	struct world_views views;
	struct world_error error;
	if (world_list_models(request->conversation->session, &views, &error)) {
		api_fail(request, &error);
		return;
	}
	struct json_object *response = api_user_models(request, &views);
	world_views_release(&views);
	api_answer(request, response);
}

/* Calls about a list of entities: handled one after the other, `results` in the same order. */
static void next_entity(struct api_request *request);

static void add_result(struct api_request *request, struct json_object *entry)
{
	json_object_array_add(request->results, entry);
	request->index++;
	next_entity(request);
}

static void add_user(struct json_object *list, const char *name, enum world_right right)
{
	struct json_object *user = json_object_new_object();
	api_put_text(user, "user", name);
	api_put_text(user, "display-name", "");
	api_put(user, "last-connection", NULL);
	api_put_text(user, "access", access_words[right]);
	json_object_array_add(list, user);
}

/* JIMM shows its own grants, a controller its own list. */
static struct json_object *users_of(const struct world_session *session, const struct world_model *model)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; session->direct && i < model->listed_count; i++)
		add_user(list, model->listed[i],
			strcmp(model->listed[i], model->owner) ? WORLD_READER : WORLD_ADMINISTRATOR);
	for (size_t i = 0; !session->direct && i < model->grant_count; i++)
		add_user(list, model->grants[i].user, model->grants[i].right);
	return list;
}

static struct json_object *machines_of(const struct world_model *model)
{
	struct json_object *list = json_object_new_array();
	for (unsigned i = 0; i < model->machines; i++) {
		struct json_object *machine = json_object_new_object();
		char id[16];
		snprintf(id, sizeof(id), "%u", i);
		api_put_text(machine, "id", id);
		api_put_text(machine, "status", "started");
		json_object_array_add(list, machine);
	}
	return list;
}

struct json_object *api_model_info(const struct api_request *request, const struct world_view *view)
{
	struct json_object *entry = json_object_new_object(), *object = json_object_new_object();
	put_model(request, object, view);
	api_put(object, "status", api_status(view->status, view->info, view->since));
	api_put(object, "users", users_of(request->conversation->session, view->model));
	api_put(object, "machines", machines_of(view->model));
	api_put(object, "secret-backends", NULL);
	api_put(entry, "result", object);
	return entry;
}

struct json_object *api_model_status(const struct api_request *request, const struct world_model *model)
{
	struct json_object *entry = json_object_new_object();
	api_put_tag(entry, "model-tag", "model", model->uuid);
	api_put_text(entry, "life", model->life);
	api_put_text(entry, "type", "iaas");
	api_put_number(entry, "hosted-machine-count", model->machines);
	api_put_number(entry, "application-count", (int64_t)model->application_count);
	api_put_number(entry, "unit-count", (int64_t)model->application_count);
	api_put_owner(request, entry, model->owner);
	api_put_flag(entry, "is-controller", false);
	return entry;
}

static struct json_object *refused(const struct world_error *error)
{
	struct json_object *entry = json_object_new_object();
	api_put(entry, "error", api_error(error, false));
	return entry;
}

static void info_done(void *context, const struct world_outcome *outcome)
{
	struct api_request *request = context;
	add_result(request, outcome->error ? refused(outcome->error) : api_model_info(request, outcome->view));
}

static void status_done(void *context, const struct world_outcome *outcome)
{
	struct api_request *request = context;
	add_result(request, outcome->error ? refused(outcome->error) : api_model_status(request, outcome->model));
}

static void next_entity(struct api_request *request)
{
	struct json_object *entities = api_get_list(request->params, "entities");
	struct world_session *session = request->conversation->session;
	size_t count = entities ? json_object_array_length(entities) : 0;
	if (request->index >= count) {
		struct json_object *response = json_object_new_object();
		api_put(response, "results", json_object_get(request->results));
		api_answer(request, response);
		return;
	}
	const char *tag = api_get_text(json_object_array_get_idx(entities, request->index), "tag");
	if (!strcmp(request->method, "ModelInfo"))
		world_model_info(session, tag, (struct world_reply){info_done, request});
	else
		world_model_status(session, tag, (struct world_reply){status_done, request});
}

static void over_entities(struct api_request *request)
{
	request->results = json_object_new_array();
	next_entity(request);
}

const struct api_method api_models_methods[] = {
	{"ModelManager", "ListModelSummaries", list_summaries, 0},
	{"ModelManager", "ListModels", list_models, 0},
	{"ModelManager", "ModelInfo", over_entities, 0},
	{"ModelManager", "ModelStatus", over_entities, 0},
	{"Controller", "ModelStatus", over_entities, 0},
	{"Controller", "AllModels", all_models, 0},
	{0},
};
