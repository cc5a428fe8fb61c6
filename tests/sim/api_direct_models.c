/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a controller answers about its models and users on its own door.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/api_json.h"
#include "tests/sim/world_door.h"
#include "tests/sim/world_migration.h"

static const struct world_session *session_of(const struct api_request *request)
{
	return request->conversation->session;
}

static bool superuser(const struct api_request *request)
{
	return world_account_superuser(session_of(request)->account);
}

static void deny(struct api_request *request)
{
	struct world_error error;
	world_fail(&error, "unauthorized access", "permission denied");
	api_fail(request, &error);
}

/* Returns the account whose list is asked for; NULL if the request was refused. */
static const struct world_account *account_meant(struct api_request *request, const char *key)
{
	const struct world_account *own = session_of(request)->account;
	const char *tag = api_get_text(request->params, key);
	struct world_error error;
	if (!string_starts(tag, "user-")) {
		world_fail(&error, "", "\"%.100s\" is not a valid user tag", tag);
		api_fail(request, &error);
		return NULL;
	}
	const struct world_account *account = world_account_find(session_of(request)->direct, tag + strlen("user-"));
	if (account == own || (account && superuser(request)))
		return account;
	deny(request);
	return NULL;
}

static void add_view(struct world_views *views, const struct world_view *view)
{
	views->items = memory_room(views->items, views->count, &views->capacity, sizeof(struct world_view));
	views->items[views->count++] = *view;
}

static void collect(const struct world_session *session, const struct world_account *account, bool importing_too,
	struct world_views *views)
{
	struct world *world = session->world;
	*views = (struct world_views){0};
	for (size_t i = 0; i < world->model_count; i++) {
		struct world_model *model = &world->models[i];
		bool here = importing_too ? world_at(model, session->direct)->presence != WORLD_ABSENT
					  : world_juju_lists(model, session->direct);
		if (!here || (account && world_account_right(model, account) < WORLD_READER))
			continue;
		struct world_view view = {.model = model, .host = session->direct};
		world_juju_summary(world, model, session->direct, &view);
		add_view(views, &view);
	}
}

/* A caller who may see everything is shown the controller's own model, too. */
static void answer_models(struct api_request *request, struct world_views *views)
{
	struct json_object *response = api_user_models(request, views), *list = api_get_list(response, "user-models");
	struct json_object *entry = json_object_new_object(), *model = json_object_new_object();
	api_put_text(model, "name", "controller");
	api_put_text(model, "uuid", session_of(request)->direct->door->model_uuid);
	api_put_text(model, "type", "iaas");
	api_put_owner(request, model, "admin");
	api_put(entry, "model", model);
	api_put(entry, "last-connection", NULL);
	if (!list)
		api_put(response, "user-models", list = json_object_new_array());
	json_object_array_add(list, entry);
	api_answer(request, response);
	world_views_release(views);
}

static void list_models(struct api_request *request)
{
	struct world_views views;
	const struct world_account *account = account_meant(request, "tag");
	if (!account)
		return;
	collect(session_of(request), account, false, &views);
	if (world_account_superuser(account)) {
		answer_models(request, &views);
		return;
	}
	api_answer(request, api_user_models(request, &views));
	world_views_release(&views);
}

static void all_models(struct api_request *request)
{
	struct world_views views;
	if (!superuser(request)) {
		deny(request);
		return;
	}
	collect(session_of(request), NULL, true, &views);
	answer_models(request, &views);
}

/* Unless all models are asked for, a superuser is shown those that list that user. */
static bool own_model(const struct world_model *model, const struct world_account *account)
{
	struct world_account plain = {.name = account->name, .access = "login"};
	return world_account_right(model, &plain) >= WORLD_READER;
}

static void list_summaries(struct api_request *request)
{
	struct json_object *response = json_object_new_object(), *list = NULL, *all = NULL;
	struct world_views views;
	const struct world_account *account = account_meant(request, "user-tag");
	if (!account) {
		json_object_put(response);
		return;
	}
	json_object_object_get_ex(request->params, "all", &all);
	collect(session_of(request), account, false, &views);
	for (size_t i = 0; i < views.count; i++) {
		if (!json_object_get_boolean(all) && !own_model(views.items[i].model, account))
			continue;
		list = list ? list : json_object_new_array();
		json_object_array_add(list, api_summary(request, &views.items[i]));
	}
	api_put(response, "results", list);
	world_views_release(&views);
	api_answer(request, response);
}

static void answer_each(
	struct api_request *request, struct json_object *(*one)(const struct api_request *request, const char *tag))
{
	struct json_object *entities = api_get_list(request->params, "entities");
	struct json_object *response = json_object_new_object(), *results = json_object_new_array();
	for (size_t i = 0; entities && i < json_object_array_length(entities); i++)
		json_object_array_add(
			results, one(request, api_get_text(json_object_array_get_idx(entities, i), "tag")));
	api_put(response, "results", results);
	api_answer(request, response);
}

static struct json_object *refused(const struct world_error *error)
{
	struct json_object *entry = json_object_new_object();
	api_put(entry, "error", api_error(error, true));
	return entry;
}

static struct world_model *model_tagged(const struct api_request *request, const char *tag)
{
	return string_starts(tag, "model-") ? world_model_find(session_of(request)->world, tag + strlen("model-"))
					    : NULL;
}

/* A 4.x target tells nothing of the model before the import itself is done. */
static bool still_unknown(const struct world_model *model, const struct world_controller *controller)
{
	const struct world_attempt *attempt = world_newest(model);
	return world_major(controller) >= 4 && world_at(model, controller)->presence == WORLD_IMPORTING && attempt &&
	       world_attempt_runs(attempt) && attempt->target->home == controller->home &&
	       attempt->steps[attempt->step].kind == WORLD_IMPORT_MODEL;
}

/* A user whom the controller has never listed is told nothing, whatever there is. */
static bool may_know(const struct api_request *request, const struct world_model *model)
{
	const struct world_session *session = session_of(request);
	return model && (world_at(model, session->direct)->presence == WORLD_ABSENT ||
				world_account_right(model, session->account) >= WORLD_READER);
}

static struct json_object *one_info(const struct api_request *request, const char *tag)
{
	const struct world_session *session = session_of(request);
	struct world_model *model = model_tagged(request, tag);
	struct world_error error;
	struct world_view view = {.model = model, .host = session->direct};
	if (!may_know(request, model))
		world_fail(&error, "unauthorized access", "permission denied");
	else if (still_unknown(model, session->direct))
		world_fail(&error, "not found", "model \"%s\" not found", model->uuid);
	else if (!world_juju_model_info(session->world, model, session->direct, session->account->name, &view, &error))
		return api_model_info(request, &view);
	return refused(&error);
}

static void model_info(struct api_request *request)
{
	answer_each(request, one_info);
}

static struct json_object *one_status(const struct api_request *request, const char *tag)
{
	const struct world_session *session = session_of(request);
	struct world_model *model = model_tagged(request, tag);
	struct world_error error;
	bool here = model && world_at(model, session->direct)->presence != WORLD_ABSENT;
	if (!model)
		world_fail(&error, "not found", "model \"%.100s\" not found", tag);
	else if (here && world_account_right(model, session->account) < WORLD_ADMINISTRATOR)
		world_fail(&error, "unauthorized access", "permission denied");
	else if (!here && !strcmp(request->type, "Controller"))
		world_fail(&error, "not found", "model \"%s\" not found", model->uuid);
	else if (!world_juju_model_status(session->world, model, session->direct, session->account->name, &error))
		return api_model_status(request, model);
	return refused(&error);
}

static void model_status(struct api_request *request)
{
	answer_each(request, one_status);
}

static void put_user(const struct api_request *request, struct json_object *results, const char *name)
{
	struct json_object *entry = json_object_new_object(), *result = json_object_new_object();
	const struct world_account *account = world_account_find(session_of(request)->direct, name);
	struct world_error error;
	if (account != session_of(request)->account && !superuser(request)) {
		world_fail(&error, "unauthorized access", "permission denied");
	} else if (!account) {
		world_fail(&error, "user not found", "user \"%.100s\" not found", name);
	} else {
		scoped(string) char *display = string_copy_length(account->name, strcspn(account->name, "@"));
		api_put_text(result, "username", account->name);
		api_put_text(result, "display-name", display);
		api_put_text(result, "access", account->access);
		api_put_text(result, "created-by", "admin");
		api_put_time(result, "date-created", session_of(request)->world->start);
		api_put_time(result, "last-connection", session_of(request)->world->start);
		api_put_flag(result, "disabled", false);
		api_put(entry, "result", result);
		json_object_array_add(results, entry);
		return;
	}
	json_object_put(result);
	api_put(entry, "error", api_error(&error, false));
	json_object_array_add(results, entry);
}

/* Without names: all users that the caller may see. */
static void user_info(struct api_request *request)
{
	struct json_object *response = json_object_new_object(), *results = json_object_new_array();
	struct json_object *entities = api_get_list(request->params, "entities");
	const struct world_door *door = session_of(request)->direct->door;
	size_t count = entities ? json_object_array_length(entities) : 0;
	for (size_t i = 0; i < count; i++) {
		const char *tag = api_get_text(json_object_array_get_idx(entities, i), "tag");
		put_user(request, results, string_starts(tag, "user-") ? tag + strlen("user-") : tag);
	}
	for (size_t i = 0; !count && i < door->account_count; i++)
		if (superuser(request) || &door->accounts[i] == session_of(request)->account)
			put_user(request, results, door->accounts[i].name);
	api_put(response, "results", results);
	api_answer(request, response);
}

static struct json_object *one_access(const struct api_request *request, const char *tag)
{
	const struct world_session *session = session_of(request);
	const struct world_account *account =
		string_starts(tag, "user-") ? world_account_find(session->direct, tag + strlen("user-")) : NULL;
	struct world_error error;
	world_fail(&error, "unauthorized access", "permission denied");
	if (!account || (account != session->account && !superuser(request)))
		return refused(&error);
	struct json_object *entry = json_object_new_object(), *result = json_object_new_object();
	api_put_tag(result, "user-tag", "user", account->name);
	api_put_text(result, "access", account->access);
	api_put(entry, "result", result);
	return entry;
}

static void controller_access(struct api_request *request)
{
	answer_each(request, one_access);
}

static void controller_config(struct api_request *request)
{
	struct json_object *response = json_object_new_object(), *config = json_object_new_object();
	api_put_text(config, "controller-uuid", session_of(request)->direct->uuid);
	api_put_number(config, "api-port", session_of(request)->direct->door->port);
	api_put(response, "config", config);
	api_answer(request, response);
}

/* What "juju show-controller" asks beside its models. */
static void controller_version(struct api_request *request)
{
	struct json_object *response = json_object_new_object();
	api_put_text(response, "version", session_of(request)->direct->agent_version);
	api_put_text(response, "git-commit", "");
	api_answer(request, response);
}

/* Controllers of juju 4 have another database. */
static void mongo_version(struct api_request *request)
{
	struct world_error error;
	if (world_major(session_of(request)->direct) >= 4) {
		world_fail(&error, "not supported", "not supported");
		api_fail(request, &error);
		return;
	}
	if (!superuser(request)) {
		deny(request);
		return;
	}
	struct json_object *response = json_object_new_object();
	api_put_text(response, "result", "4.4.24");
	api_answer(request, response);
}

/* Of the controller's own model. */
static void model_config(struct api_request *request)
{
	const struct world_controller *controller = session_of(request)->direct;
	if (!superuser(request)) {
		deny(request);
		return;
	}
	struct json_object *response = json_object_new_object(), *config = json_object_new_object();
	api_put_setting(config, "agent-version", controller->agent_version, "model");
	api_put_setting(config, "name", "controller", "model");
	api_put_setting(config, "type", controller->cloud, "model");
	api_put_setting(config, "uuid", controller->door->model_uuid, "model");
	api_put(response, "config", config);
	api_answer(request, response);
}

static void identity_provider(struct api_request *request)
{
	const struct world_door *door = session_of(request)->direct->door;
	struct json_object *response = json_object_new_object();
	scoped(string) char *url = string_format("https://127.0.0.1:%d/identity", door->port);
	api_put_text(response, "result", door->external ? url : "");
	api_answer(request, response);
}

static void ping(struct api_request *request)
{
	api_answer(request, NULL);
}

const struct api_method api_direct_methods[] = {
	{"ModelManager", "ListModels", list_models, 0},
	{"ModelManager", "ListModelSummaries", list_summaries, 0},
	{"ModelManager", "ModelInfo", model_info, 0},
	{"ModelManager", "ModelStatus", model_status, 0},
	{"Controller", "AllModels", all_models, 0},
	{"Controller", "ModelStatus", model_status, 0},
	{"Controller", "ControllerConfig", controller_config, 0},
	{"Controller", "ControllerVersion", controller_version, 0},
	{"Controller", "IdentityProviderURL", identity_provider, 0},
	{"Controller", "MongoVersion", mongo_version, 0},
	{"Controller", "GetControllerAccess", controller_access, 0},
	{"ModelConfig", "ModelGet", model_config, 0},
	{"UserManager", "UserInfo", user_info, 0},
	{"Pinger", "Ping", ping, 0},
	{0},
};
