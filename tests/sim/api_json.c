/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/api_json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/sim/world_door.h"

/* Looks like a certificate; for controllers that nobody can dial. */
#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUc2ltdWxhdGVk\n-----END CERTIFICATE-----\n"

void api_put(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add(object, key, value);
}

void api_put_text(struct json_object *object, const char *key, const char *value)
{
	api_put(object, key, json_object_new_string(value));
}

void api_put_flag(struct json_object *object, const char *key, bool value)
{
	api_put(object, key, json_object_new_boolean(value));
}

void api_put_number(struct json_object *object, const char *key, int64_t value)
{
	api_put(object, key, json_object_new_int64(value));
}

void api_put_time(struct json_object *object, const char *key, int64_t instant)
{
	char buffer[INSTANT_TEXT_SIZE];
	api_put(object, key, instant == INSTANT_NONE ? NULL : json_object_new_string(instant_format(instant, buffer)));
}

void api_put_tag(struct json_object *object, const char *key, const char *prefix, const char *value)
{
	scoped(string) char *tag = string_format("%s-%s", prefix, value);
	api_put_text(object, key, tag);
}

struct json_object *api_get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	if (!json_object_is_type(object, json_type_object) || json_object_object_get_ex(object, key, &value))
		return value;
	json_object_object_foreach(object, name, other) if (!strcasecmp(name, key)) value = other;
	return value;
}

const char *api_get_text(struct json_object *object, const char *key)
{
	struct json_object *value = api_get(object, key);
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

struct json_object *api_get_list(struct json_object *object, const char *key)
{
	struct json_object *value = api_get(object, key);
	return json_object_is_type(value, json_type_array) ? value : NULL;
}

struct json_object *api_error(const struct world_error *error, bool info)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "message", error->message);
	api_put_text(object, "code", error->code);
	if (info && error->moved)
		api_put(object, "info", api_redirect_info(error));
	return object;
}

static const char *certificate_of(const struct world_controller *controller)
{
	return controller->door && controller->door->ca ? controller->door->ca : CERTIFICATE;
}

/* The one address, as [[HostPort]]. */
static struct json_object *address_list(const struct world_controller *controller)
{
	struct json_object *port = json_object_new_object();
	struct json_object *machine = json_object_new_array(), *servers = json_object_new_array();
	const char *colon = strrchr(controller->address, ':');
	scoped(string) char *host = string_copy_length(
		controller->address, colon ? (size_t)(colon - controller->address) : strlen(controller->address));
	api_put_text(port, "value", host);
	api_put_text(port, "type", strspn(host, "0123456789.") == strlen(host) ? "ipv4" : "hostname");
	api_put_text(port, "scope", "public");
	api_put_number(port, "port", colon ? atoi(colon + 1) : 17070);
	json_object_array_add(machine, port);
	json_object_array_add(servers, machine);
	return servers;
}

struct json_object *api_redirect_info(const struct world_error *error)
{
	const struct world_attempt *moved = error->moved;
	if (!moved)
		return NULL;
	struct json_object *info = json_object_new_object();
	api_put(info, "servers", address_list(moved->target));
	api_put_text(info, "ca-cert", certificate_of(moved->target));
	if (error->tag)
		api_put_tag(info, "controller-tag", "controller", moved->target->uuid);
	if (moved->alias)
		api_put_text(info, "controller-alias", moved->alias);
	return info;
}

struct json_object *api_status(const char *status, const char *info, int64_t since)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "status", status);
	api_put_text(object, "info", info);
	api_put(object, "data", json_object_new_object());
	api_put_time(object, "since", since);
	return object;
}

struct json_object *api_controller_info(const struct world_controller *controller, int64_t since)
{
	struct json_object *object = json_object_new_object();
	struct json_object *status = json_object_new_object();
	bool starting = !strcmp(controller->status, "bootstrapping");
	struct json_object *addresses = json_object_new_array();
	json_object_array_add(addresses, json_object_new_string(controller->address));
	api_put_text(object, "name", controller->name);
	api_put_text(object, "uuid", starting ? "" : controller->uuid);
	if (controller->public_address)
		api_put_text(object, "public-address", controller->public_address);
	api_put(object, "api-addresses", addresses);
	api_put_text(object, "ca-certificate", certificate_of(controller));
	api_put_tag(object, "cloud-tag", "cloud", controller->cloud);
	api_put_text(object, "cloud-region", controller->region);
	api_put_text(object, "agent-version", starting ? "" : controller->agent_version);
	api_put_text(status, "status", controller->status);
	api_put_text(status, "info", "");
	if (!strcmp(controller->status, "unavailable"))
		api_put_time(status, "since", since);
	api_put(object, "status", status);
	return object;
}

/* Juju 4 lists "qualifier" where older ones list "owner-tag". */
static bool qualified(const struct api_request *request)
{
	return request->version >= (strcmp(request->type, "Controller") ? 11 : 14);
}

void api_put_owner(const struct api_request *request, struct json_object *object, const char *owner)
{
	if (qualified(request))
		api_put_text(object, "qualifier", owner);
	else
		api_put_tag(object, "owner-tag", "user", owner);
}

struct json_object *api_model_controller(const struct world_view *view, bool job)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "model-name", view->model->name);
	api_put_text(object, "model-uuid", view->model->uuid);
	api_put_text(object, "controller-name", view->host->name);
	api_put_text(object, "controller-uuid", view->host->uuid);
	if (job && view->model->job)
		api_put_text(object, "upgrade-to-job-status", view->model->job);
	return object;
}

void api_put_setting(struct json_object *config, const char *key, const char *value, const char *source)
{
	struct json_object *setting = json_object_new_object();
	api_put_text(setting, "value", value);
	api_put_text(setting, "source", source);
	api_put(config, key, setting);
}

struct json_object *api_facades(const char *const *facades)
{
	struct json_object *list = json_object_new_array();
	for (; *facades; facades += 2) {
		struct json_object *facade = json_object_new_object(), *versions = json_object_new_array();
		const char *at = facades[1];
		while (*at) {
			char *end;
			json_object_array_add(versions, json_object_new_int64(strtol(at, &end, 10)));
			at = end;
		}
		api_put_text(facade, "name", facades[0]);
		api_put(facade, "versions", versions);
		json_object_array_add(list, facade);
	}
	return list;
}

bool api_facade_has(const char *const *facades, const char *name, int64_t version, bool *known)
{
	*known = false;
	for (; *facades; facades += 2) {
		if (strcmp(facades[0], name))
			continue;
		*known = true;
		const char *at = facades[1];
		while (*at) {
			char *end;
			if (strtol(at, &end, 10) == version)
				return true;
			at = end;
		}
	}
	return false;
}
