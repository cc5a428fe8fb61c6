/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/api_log.h"

#include <json-c/json.h>
#include <string.h>

#include "tests/sim/base64.h"
#include "tests/sim/world_script.h"

/* Longest user name and password together. */
#define PAIR_MAX 4096

const struct world_model *api_log_of(struct world *world, const char *path)
{
	if (!string_starts(path, "/model/"))
		return NULL;
	const char *start = path + strlen("/model/"), *slash = strchr(start, '/');
	if (!slash || strcmp(slash, "/log") != 0)
		return NULL;
	scoped(string) char *uuid = string_copy_length(start, (size_t)(slash - start));
	return world_model_find(world, uuid);
}

static bool lets_in(const struct world *world, const char *authorization)
{
	unsigned char pair[PAIR_MAX + 1];
	long length = string_starts(authorization, "Basic ")
			      ? base64_read(authorization + strlen("Basic "), pair, PAIR_MAX)
			      : -1;
	if (length < 0)
		return false;
	pair[length] = '\0';
	const char *colon = strchr((const char *)pair, ':');
	for (size_t i = 0; colon && i < world->token_count; i++)
		if (!strcmp(world->tokens[i].value, colon + 1))
			return world->tokens[i].expires > world->now;
	return false;
}

static void send_text(const struct api_callbacks *callbacks, void *context, const char *text)
{
	callbacks->send(context, text, strlen(text));
}

/* Nothing has been logged yet that lies in the future. */
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
	for (int i = 0; i < count; i++)
		send_text(callbacks, context, json_object_to_json_string(sent));
}

void api_log_send(struct world *world, const struct world_model *model, const char *authorization,
	const struct api_callbacks *callbacks, void *context)
{
	if (!lets_in(world, authorization)) {
		send_text(callbacks, context,
			"{\"error\":{\"message\":\"unauthorized\",\"code\":\"unauthorized access\"}}");
		callbacks->close(context, 1000);
		return;
	}
	send_text(callbacks, context, "{}");
	bool stays = false;
	for (size_t i = 0; model->log && i < json_object_array_length(model->log); i++) {
		struct json_object *record = json_object_array_get_idx(model->log, i);
		stays |= json_object_get_boolean(json_object_object_get(record, "stays"));
		send_record(world, record, callbacks, context);
	}
	if (!stays)
		callbacks->close(context, 1000);
}
