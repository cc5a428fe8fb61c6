/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/all_watcher.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/reply.h"

/* A delta is a list of three: kind, "change" or "remove", and the entity. */
enum { DELTA_KIND, DELTA_WHAT, DELTA_ENTITY, DELTA_LENGTH };

static int is_delta(struct json_object *delta)
{
	return json_object_get_type(delta) == json_type_array && json_object_array_length(delta) >= DELTA_LENGTH;
}

static const char *word(struct json_object *delta, size_t index)
{
	struct json_object *value = json_object_array_get_idx(delta, index);

	return json_object_get_type(value) == json_type_string ? json_object_get_string(value) : NULL;
}

static void read_model(struct reply *reply, struct json_object *from, struct all_watcher_delta *delta)
{
	struct json_object *status = reply_object(reply, from, "status");

	delta->uuid = reply_uuid(reply, from, "model-uuid");
	delta->name = reply_text(reply, from, "name");
	delta->life = reply_text(reply, from, "life");
	delta->status = reply_text(reply, status, "current");
	delta->status_info = reply_text(reply, status, "message");
	delta->status_since = reply_instant(reply, status, "since");
}

static void read_delta(struct reply *reply, struct json_object *from, struct all_watcher_deltas *deltas)
{
	const char *kind = is_delta(from) ? word(from, DELTA_KIND) : NULL;
	const char *what = is_delta(from) ? word(from, DELTA_WHAT) : NULL;

	if (kind == NULL || what == NULL) {
		reply_fail(reply, "deltas", "has an entry that is no change");
	} else if (strcmp(kind, "model") == 0) {
		struct all_watcher_delta *delta = &deltas->list[deltas->count++];

		read_model(reply, reply_entry(reply, from, DELTA_ENTITY, "deltas"), delta);
		delta->removed = strcmp(what, "remove") == 0;
	}
}

static size_t count_models(struct json_object *list, size_t count)
{
	size_t models = 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *delta = json_object_array_get_idx(list, i);

		models += is_delta(delta) && string_same(word(delta, DELTA_KIND), "model");
	}
	return models;
}

static int decode_next(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "AllWatcher.Next", .error = error};
	struct all_watcher_deltas *deltas = answer;
	size_t count = 0;
	struct json_object *list = reply_list(&reply, response, "deltas", ALL_WATCHER_DELTAS_MAX, &count);

	(void)info;
	deltas->list = memory_get(count_models(list, count), sizeof(*deltas->list));
	for (size_t i = 0; i < count && !reply.failed; i++)
		read_delta(&reply, json_object_array_get_idx(list, i), deltas);
	return reply_end(&reply);
}

void all_watcher_deltas_release(struct all_watcher_deltas *deltas)
{
	for (size_t i = 0; i < deltas->count; i++) {
		free(deltas->list[i].uuid);
		free(deltas->list[i].name);
		free(deltas->list[i].life);
		free(deltas->list[i].status);
		free(deltas->list[i].status_info);
	}
	free(deltas->list);
	*deltas = (struct all_watcher_deltas){0};
}

static void release_deltas(void *answer)
{
	all_watcher_deltas_release(answer);
}

static void deliver_deltas(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((all_watcher_done *)done)(context, answer, result);
}

void all_watcher_next(struct rpc *rpc, int version, const char *watcher_id, all_watcher_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "AllWatcher",
		.method = "Next",
		.timeout = INSTANT_NEVER,
		.size = sizeof(struct all_watcher_deltas),
		.decode = decode_next,
		.release = release_deltas,
		.deliver = deliver_deltas,
	};

	call_send(rpc, &(struct call){
			       .method = &method,
			       .version = version,
			       .id = watcher_id,
			       .done = (call_any *)done,
			       .context = context,
		       });
}
