/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_script.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_door.h"
#include "tests/sim/world_poller.h"
#include "tests/sim/world_token.h"

/* Most controllers, users or models of one world. */
#define WORLD_MOST 4096

#define DEFAULT_START "2026-07-01T10:00:00Z"

static int read_era(struct world *world, struct json_object *script, struct error **error)
{
	const char *name;
	struct json_object *changes;
	if (world_script_text(script, "era", "E3", &name, error) ||
		world_script_member(script, "capabilities", json_type_object, &changes, error))
		return -1;
	const struct world_era *era = world_era_find(name);
	if (!era)
		return error_set(error, ERROR_FAILED, "\"era\": unknown era \"%s\"", name);
	world->era = *era;
	return world_era_change(&world->era, changes, error);
}

/* Puts the versions of "facades" in place of the era's; facades that it does not name stay. */
static void read_facades(struct world *world, struct json_object *changes)
{
	const char *const *usual = world->era.facades;
	size_t count = 0;
	while (usual[count])
		count++;
	world->facades = memory_get(count + 1, sizeof(char *));
	for (size_t i = 0; i < count; i += 2) {
		struct json_object *versions = json_object_object_get(changes, usual[i]);
		world->facades[i] = string_copy(usual[i]);
		world->facades[i + 1] = string_copy(versions ? json_object_get_string(versions) : usual[i + 1]);
	}
	world->era.facades = (const char *const *)world->facades;
}

static int read_jimm(struct world *world, struct json_object *script, struct error **error)
{
	struct json_object *jimm, *seed, *latency, *facades;
	const char *uuid, *dns, *version, *start;
	if (world_script_member(script, "jimm", json_type_object, &jimm, error) ||
		world_script_text(jimm, "uuid", "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11", &uuid, error) ||
		world_script_text(jimm, "dns-name", "jimm.example.com", &dns, error) ||
		world_script_text(jimm, "version", NULL, &version, error) ||
		world_script_member(jimm, "facades", json_type_object, &facades, error) ||
		world_script_length(jimm, "idle", world->era.idle, &world->era.idle, error) ||
		world_script_length(jimm, "dial", 20 * INSTANT_MILLISECOND, &world->dial, error) ||
		world_script_length(jimm, "dial-timeout", 3 * INSTANT_SECOND, &world->dial_timeout, error) ||
		world_script_text(script, "start", DEFAULT_START, &start, error) ||
		world_script_member(script, "seed", json_type_int, &seed, error) ||
		world_script_member(script, "latency", json_type_object, &latency, error))
		return -1;
	world->start = world->now = instant_parse(start);
	if (world->start == INSTANT_NONE)
		return error_set(error, ERROR_FAILED, "\"start\" is no RFC 3339 time");
	read_facades(world, facades);
	world->uuid = string_copy(uuid);
	world->dns_name = string_copy(dns);
	world->random = seed ? (uint64_t)json_object_get_int64(seed) : 1;
	world->asked = (unsigned)(world_random(world) & 1);
	world->latency = json_object_get(latency);
	world->version = string_copy(version ? version : world->era.version);
	world->admin = world->era.external_admin ? string_format("jaas-%s@external", uuid) : string_copy("admin");
	return 0;
}

static int reach_of(const char *name, enum world_reach *reach)
{
	static const char *const names[] = {"up", "down", "refuses"};
	for (size_t i = 0; i < array_length(names); i++) {
		if (!strcmp(names[i], name)) {
			*reach = (enum world_reach)i;
			return 0;
		}
	}
	return -1;
}

static int read_controller(struct world *world, struct json_object *script, struct error **error)
{
	size_t index = world->controller_count;
	struct world_controller *controller = &world->controllers[index];
	scoped(string) char *usual_uuid = string_format("1c9f0000-0000-4000-8000-%012zu", index + 1);
	scoped(string) char *usual_address = string_format("10.0.0.%zu:17070", index + 1);
	struct world_controller *same;
	const char *name, *uuid, *version, *address, *public, *cloud, *region, *status, *reach;
	if (world_script_text(script, "name", NULL, &name, error) ||
		world_script_controller(world, script, "same-as", &same, error) ||
		world_script_text(script, "uuid", same ? same->uuid : usual_uuid, &uuid, error) ||
		world_script_text(script, "agent-version", same ? same->agent_version : "3.6.12", &version, error) ||
		world_script_text(script, "address", same ? same->address : usual_address, &address, error) ||
		world_script_text(script, "public-address", NULL, &public, error) ||
		world_script_text(script, "cloud", "maas", &cloud, error) ||
		world_script_text(script, "region", "default", &region, error) ||
		world_script_text(script, "status", "available", &status, error) ||
		world_script_text(script, "reach", "up", &reach, error) ||
		world_script_flag(script, "credentials", true, &controller->credentials, error))
		return -1;
	if (!name || reach_of(reach, &controller->reach))
		return error_set(error, ERROR_FAILED, "\"controllers\": a name is missing, or \"reach\" is unknown");
	controller->index = index;
	controller->home = same ? same->home : index;
	controller->name = string_copy(name);
	controller->uuid = string_copy(uuid);
	controller->agent_version = string_copy(version);
	controller->address = string_copy(address);
	controller->public_address = string_copy(public);
	controller->cloud = string_copy(cloud);
	controller->region = string_copy(region);
	controller->status = string_copy(status);
	world->controller_count++;
	return world_door_read(controller, script, error);
}

static int read_controllers(struct world *world, struct json_object *script, struct error **error)
{
	struct json_object *list;
	if (world_script_member(script, "controllers", json_type_array, &list, error))
		return -1;
	if (list && (!json_object_array_length(list) || json_object_array_length(list) > WORLD_MOST))
		return error_set(error, ERROR_FAILED, "\"controllers\": none, or too many");
	scoped(json) struct json_object *usual =
		json_tokener_parse("[{\"name\":\"prod-a\"},{\"name\":\"my-controller\"}]");
	list = list ? list : usual;
	size_t count = json_object_array_length(list);
	world->controllers = memory_get(count, sizeof(struct world_controller));
	for (size_t i = 0; i < count; i++)
		if (read_controller(world, json_object_array_get_idx(list, i), error))
			return -1;
	return 0;
}

static int read_user(struct world *world, struct json_object *script, struct error **error)
{
	const char *name, *token;
	char **add_model;
	size_t count;
	bool admin;
	int64_t expires;
	if (world_script_text(script, "name", "alice@canonical.com", &name, error) ||
		world_script_text(script, "token", NULL, &token, error) ||
		world_script_flag(script, "admin", false, &admin, error) ||
		world_script_length(script, "expires", -1, &expires, error) ||
		world_script_names(script, "add-model", &add_model, &count, error))
		return -1;
	struct world_user *user = world_user_get(world, name);
	user->admin = admin;
	for (size_t i = 0; i < count; i++) {
		struct world_controller *controller = world_controller_find(world, add_model[i]);
		if (controller)
			user->add_model[controller->index] = true;
		free(add_model[i]);
	}
	free(add_model);
	scoped(string) char *plain = string_format("token-%s", name);
	scoped(string) char *usual = world_token_encode(plain);
	world_token_add(world, token ? token : usual, user, expires < 0 ? INSTANT_NEVER : world->start + expires);
	return 0;
}

static int read_account(struct world *world, struct json_object *script, struct error **error)
{
	const char *id, *secret;
	bool admin;
	if (world_script_text(script, "client-id", "ci-bot", &id, error) ||
		world_script_text(script, "client-secret", "secret", &secret, error) ||
		world_script_flag(script, "admin", false, &admin, error))
		return -1;
	scoped(string) char *name = string_format("%s@serviceaccount", id);
	struct world_user *user = world_user_get(world, name);
	user->admin = admin;
	string_replace(&user->client_id, id);
	string_replace(&user->client_secret, secret);
	return 0;
}

static int read_list(struct world *world, struct json_object *script, const char *key,
	int (*read)(struct world *world, struct json_object *script, struct error **error), struct error **error)
{
	struct json_object *list;
	if (world_script_member(script, key, json_type_array, &list, error))
		return -1;
	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		if (read(world, json_object_array_get_idx(list, i), error))
			return error_wrap(error, "\"%s\"", key);
	return 0;
}

static int read_users(struct world *world, struct json_object *script, struct error **error)
{
	struct json_object *device;
	const char *user;
	scoped(json) struct json_object *alice = json_tokener_parse("{\"admin\":true}");
	if (!json_object_object_get_ex(script, "users", NULL) && read_user(world, alice, error))
		return -1;
	if (read_list(world, script, "users", read_user, error) ||
		read_list(world, script, "service-accounts", read_account, error) ||
		world_script_member(script, "device", json_type_object, &device, error) ||
		world_script_text(device, "user", "alice@canonical.com", &user, error) ||
		world_script_length(device, "after", 5 * INSTANT_SECOND, &world->device_after, error) ||
		world_script_length(device, "code-life", 15 * INSTANT_MINUTE, &world->device_code, error) ||
		world_script_length(device, "token-life", 360 * INSTANT_MINUTE, &world->device_token, error) ||
		world_script_flag(device, "unavailable", false, &world->device_unavailable, error) ||
		world_script_flag(device, "fails", false, &world->device_fails, error))
		return -1;
	world->device_user = world_user_get(world, user);
	return 0;
}

static int read_poller(struct world *world, struct json_object *script, struct error **error)
{
	struct json_object *poller;
	int64_t first, each;
	if (world_script_member(script, "poller", json_type_object, &poller, error) ||
		world_script_length(poller, "first", 30 * INSTANT_SECOND, &first, error) ||
		world_script_length(poller, "each", 20 * INSTANT_MILLISECOND, &each, error))
		return -1;
	if (world->era.poller)
		world_poller_start(world, world->start + first, each);
	return 0;
}

int world_script_read(struct world *world, const struct json_object *given, struct error **error)
{
	scoped(json) struct json_object *empty = json_object_new_object();
	/* json-c reads through pointers that are not const. */
	struct json_object *script = given ? (struct json_object *)(uintptr_t)given : empty;
	if (!json_object_is_type(script, json_type_object))
		return error_set(error, ERROR_FAILED, "a world is a JSON object");
	if (read_era(world, script, error) || read_jimm(world, script, error) ||
		read_controllers(world, script, error) || read_users(world, script, error) ||
		world_script_models(world, script, error) || read_poller(world, script, error) ||
		world_script_events(world, script, error))
		return -1;
	return 0;
}
