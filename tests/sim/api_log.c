/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/api_log.h"

#include <json-c/json.h>
#include <string.h>

#include "tests/sim/base64.h"
#include "tests/sim/world_door.h"
#include "tests/sim/world_script.h"

/* Longest user name and password together. */
#define PAIR_MAX 4096

/* Returns the UUID in the path of a log, owned by the caller; NULL for every other path. */
static char *uuid_of(const char *path)
{
	if (!string_starts(path, "/model/"))
		return NULL;
	const char *start = path + strlen("/model/"), *slash = strchr(start, '/');
	return slash && !strcmp(slash, "/log") ? string_copy_length(start, (size_t)(slash - start)) : NULL;
}

const struct world_model *api_log_of(struct world *world, const char *path)
{
	scoped(string) char *uuid = uuid_of(path);
	return uuid ? world_model_find(world, uuid) : NULL;
}

bool api_log_at_door(const char *path)
{
	scoped(string) char *uuid = uuid_of(path);
	return uuid != NULL;
}

/* Decodes and splits HTTP Basic credentials. Returns the password within `pair`, or NULL. */
static const char *split_pair(const char *authorization, char pair[PAIR_MAX + 1])
{
	long length = string_starts(authorization, "Basic ")
			      ? base64_read(authorization + strlen("Basic "), (unsigned char *)pair, PAIR_MAX)
			      : -1;
	if (length < 0)
		return NULL;
	pair[length] = '\0';
	char *colon = strchr(pair, ':');
	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

static bool lets_in(const struct world *world, const struct world_model *model, const char *authorization)
{
	char pair[PAIR_MAX + 1];
	const char *token = split_pair(authorization, pair);
	for (size_t i = 0; token && i < world->token_count; i++)
		if (!strcmp(world->tokens[i].value, token))
			return world->tokens[i].expires > world->now &&
			       world_right_of(model, world->tokens[i].user) >= WORLD_READER;
	return false;
}

/* Each message is a line: juju reads the first one up to its line break. */
static void send_line(const struct api_callbacks *callbacks, void *context, const char *text)
{
	scoped(string) char *line = string_format("%s\n", text);
	callbacks->send(context, line, strlen(line));
}

/* Records with a time in the future have not been logged yet. */
static void send_record(
	const struct world *world, struct json_object *record, const struct api_callbacks *callbacks, void *context)
{
	int64_t at = 0;
	char time[INSTANT_TEXT_SIZE];
	struct json_object *repeat = json_object_object_get(record, "repeat");
	int count = repeat ? json_object_get_int(repeat) : 1;
	scoped(json) struct json_object *sent = json_object_new_object();
	static const char *const keys[] = {"tag", "sev", "mod", "msg"};

	world_script_length(record, "at", 0, &at, NULL);
	if (world->start + at > world->now)
		return;
	json_object_object_add(sent, "ts", json_object_new_string(instant_format(world->start + at, time)));
	for (size_t i = 0; i < array_length(keys); i++)
		json_object_object_add(sent, keys[i], json_object_get(json_object_object_get(record, keys[i])));
	json_object_object_add(sent, "loc", json_object_new_string("worker.go:285"));
	for (int i = 0; i < count; i++)
		send_line(callbacks, context, json_object_to_json_string(sent));
}

static void send_log(
	const struct world *world, struct json_object *log, const struct api_callbacks *callbacks, void *context)
{
	send_line(callbacks, context, "{}");
	bool stays = false;
	for (size_t i = 0; log && i < json_object_array_length(log); i++) {
		struct json_object *record = json_object_array_get_idx(log, i);
		stays |= json_object_get_boolean(json_object_object_get(record, "stays"));
		send_record(world, record, callbacks, context);
	}
	if (!stays)
		callbacks->close(context, 1000);
}

static void refuse(const char *message, const char *code, const struct api_callbacks *callbacks, void *context)
{
	scoped(string) char *text = string_format("{\"error\":{\"message\":\"%s\",\"code\":\"%s\"}}", message, code);
	send_line(callbacks, context, text);
	callbacks->close(context, 1000);
}

void api_log_send(struct world *world, const struct world_model *model, const char *authorization,
	const struct api_callbacks *callbacks, void *context)
{
	if (lets_in(world, model, authorization))
		send_log(world, model->log, callbacks, context);
	else
		refuse("unauthorized", "unauthorized access", callbacks, context);
}

static const struct world_account *account_of(const struct world_controller *controller, const char *authorization)
{
	char pair[PAIR_MAX + 1];
	const char *password = split_pair(authorization, pair);
	const struct world_account *account = password && string_starts(pair, "user-")
						      ? world_account_find(controller, pair + strlen("user-"))
						      : NULL;
	bool right = account && account->password && !strcmp(account->password, password);
	return right ? account : NULL;
}

void api_log_send_direct(struct world *world, const struct world_controller *controller, const char *path,
	const char *authorization, const struct api_callbacks *callbacks, void *context)
{
	scoped(string) char *uuid = uuid_of(path);
	const struct world_account *account = account_of(controller, authorization);
	struct world_model *model = world_model_find(world, uuid);
	bool own = !strcmp(uuid, controller->door->model_uuid);
	if (!account)
		refuse("invalid entity name or password", "unauthorized access", callbacks, context);
	else if (!own && (!model || world_at(model, controller)->presence == WORLD_ABSENT))
		refuse("unknown model", "model not found", callbacks, context);
	else if (!(own ? world_account_superuser(account) : world_account_right(model, account) >= WORLD_READER))
		refuse("permission denied", "unauthorized access", callbacks, context);
	else
		send_log(world, own ? controller->door->log : model->log, callbacks, context);
}
