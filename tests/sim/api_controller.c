/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/sim/api_json.h"

/* `one` makes the entry of one entity; `tag` is what the peer named. */

static void answer_each(
	struct api_request *request, struct json_object *(*one)(const struct api_request *request, const char *tag))
{
	struct json_object *entities = api_get_list(request->params, "entities");
	struct json_object *response = json_object_new_object(), *results = json_object_new_array();
	for (size_t i = 0; entities && i < json_object_array_length(entities); i++) {
		const char *tag = api_get_text(json_object_array_get_idx(entities, i), "tag");
		json_object_array_add(results, one(request, tag));
	}
	api_put(response, "results", results);
	api_answer(request, response);
}

static struct json_object *refused(const char *code, const char *message)
{
	struct json_object *entry = json_object_new_object();
	struct world_error error;
	world_fail(&error, code, "%s", message);
	api_put(entry, "error", api_error(&error, false));
	return entry;
}

/* Only an administrator may ask about other users. */
static const struct world_user *user_meant(const struct api_request *request, const char *tag)
{
	const struct world_session *session = request->conversation->session;
	const char *name = string_starts(tag, "user-") ? tag + strlen("user-") : tag;
	if (!strcmp(name, session->user->name))
		return session->user;
	return session->user->admin ? world_user_find(session->world, name) : NULL;
}

static struct json_object *one_access(const struct api_request *request, const char *tag)
{
	const struct world_user *user = user_meant(request, tag);
	if (!user)
		return refused("unauthorized access", "unauthorized");
	struct json_object *entry = json_object_new_object(), *result = json_object_new_object();
	api_put_tag(result, "user-tag", "user", user->name);
	api_put_text(result, "access", user->admin ? "superuser" : "login");
	api_put(entry, "result", result);
	return entry;
}

static void controller_access(struct api_request *request)
{
	answer_each(request, one_access);
}

static struct json_object *one_user(const struct api_request *request, const char *tag)
{
	const struct world_user *user = user_meant(request, tag);
	if (!user)
		return refused("unauthorized access", "unauthorized");
	struct json_object *entry = json_object_new_object(), *result = json_object_new_object();
	scoped(string) char *display = string_copy_length(user->name, strcspn(user->name, "@"));
	api_put_text(result, "username", user->name);
	api_put_text(result, "display-name", display);
	api_put_text(result, "access", user->admin ? "superuser" : "login");
	api_put_time(result, "date-created", request->conversation->world->start);
	api_put_time(result, "last-connection", request->conversation->world->start);
	api_put_flag(result, "disabled", false);
	api_put(entry, "result", result);
	return entry;
}

static void user_info(struct api_request *request)
{
	answer_each(request, one_user);
}

static struct json_object *cloud_of(const struct world_controller *controller)
{
	struct json_object *cloud = json_object_new_object(), *regions = json_object_new_array();
	struct json_object *region = json_object_new_object(), *types = json_object_new_array();
	api_put_text(cloud, "type", controller->cloud);
	json_object_array_add(types, json_object_new_string("oauth1"));
	api_put(cloud, "auth-types", types);
	api_put_text(region, "name", controller->region);
	json_object_array_add(regions, region);
	api_put(cloud, "regions", regions);
	return cloud;
}

/* JIMM is asked about all controllers, a controller at its own door about itself. */
static bool is_asked(const struct api_request *request, const struct world_controller *controller)
{
	const struct world_controller *direct = request->conversation->session->direct;
	return !direct || direct == controller;
}

static void clouds(struct api_request *request)
{
	const struct world *world = request->conversation->world;
	struct json_object *response = json_object_new_object(), *map = json_object_new_object();
	for (size_t i = 0; i < world->controller_count; i++) {
		scoped(string) char *tag = string_format("cloud-%s", world->controllers[i].cloud);
		if (is_asked(request, &world->controllers[i]))
			api_put(map, tag, cloud_of(&world->controllers[i]));
	}
	api_put(response, "clouds", map);
	api_answer(request, response);
}

static struct json_object *one_cloud(const struct api_request *request, const char *tag)
{
	const struct world *world = request->conversation->world;
	for (size_t i = 0; i < world->controller_count; i++) {
		if (!is_asked(request, &world->controllers[i]) || !string_starts(tag, "cloud-") ||
			strcmp(tag + strlen("cloud-"), world->controllers[i].cloud))
			continue;
		struct json_object *entry = json_object_new_object();
		api_put(entry, "cloud", cloud_of(&world->controllers[i]));
		return entry;
	}
	return refused("not found", "cloud not found");
}

static void cloud(struct api_request *request)
{
	answer_each(request, one_cloud);
}

static void jimm_config(struct api_request *request)
{
	const struct world *world = request->conversation->world;
	struct json_object *response = json_object_new_object(), *config = json_object_new_object();
	api_put_text(config, "controller-uuid", world->uuid);
	api_put(response, "config", config);
	api_answer(request, response);
}

/* What "juju show-controller" and "juju migrate" ask. JIMM has no identity provider of that kind, and no such database. */
static void identity_provider(struct api_request *request)
{
	struct json_object *response = json_object_new_object();
	api_put_text(response, "result", "");
	api_answer(request, response);
}

static void controller_version(struct api_request *request)
{
	struct json_object *response = json_object_new_object();
	api_put_text(response, "version", api_lowest_version(request->conversation->world));
	api_put_text(response, "git-commit", "unknown commit");
	api_answer(request, response);
}

static void mongo_version(struct api_request *request)
{
	struct world_error error;
	world_fail(&error, "not supported", "not supported");
	api_fail(request, &error);
}

/* Of the controller model that JIMM does not have: only what the caller prints. */
static void model_config(struct api_request *request)
{
	struct json_object *response = json_object_new_object(), *config = json_object_new_object();
	api_put_setting(config, "agent-version", API_JIMM_CLAIMS, "jimm");
	api_put(response, "config", config);
	api_answer(request, response);
}

const struct api_method api_controller_methods[] = {
	{"Controller", "GetControllerAccess", controller_access, 0},
	{"Controller", "ControllerConfig", jimm_config, 0},
	{"Controller", "ControllerVersion", controller_version, 0},
	{"Controller", "IdentityProviderURL", identity_provider, 0},
	{"Controller", "MongoVersion", mongo_version, 0},
	{"ModelConfig", "ModelGet", model_config, 0},
	{"UserManager", "UserInfo", user_info, 0},
	{0},
};

const struct api_method api_cloud_methods[] = {
	{"Cloud", "Clouds", clouds, 0},
	{"Cloud", "Cloud", cloud, 0},
	{0},
};
