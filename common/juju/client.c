/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/client.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "common/juju/reply.h"

/* The state of a walk through machines and units. */
struct walk {
	struct reply *reply;
	struct client_status *status;
	size_t capacity; /* of status->away */
};

static void see_agent(struct walk *walk, const char *name, struct json_object *from, int unit)
{
	struct client_status *status = walk->status;
	scoped(string) char *state = reply_text(walk->reply, reply_object(walk->reply, from, "agent-status"), "status");
	int works =
		unit ? strcmp(state, "idle") == 0 || strcmp(state, "executing") == 0 : strcmp(state, "started") == 0;

	*(unit ? &status->units : &status->machines) += 1;
	if (works)
		return;
	status->away = memory_room(status->away, status->away_count, &walk->capacity, sizeof(*status->away));
	status->away[status->away_count++] =
		(struct client_agent){.name = text_printable(name), .status = steal(state), .unit = unit};
}

/* Counts all agents of the map at `key`, and those nested in them at `nested` (containers in machines, subordinates in
 * units). */
static void see_agents(
	struct walk *walk, struct json_object *from, const char *key, const char *nested, int unit, int depth)
{
	struct json_object *map = reply_object(walk->reply, from, key);

	if (map == NULL)
		return;
	if (depth > CLIENT_NESTING_MAX || json_object_object_length(map) > CLIENT_AGENTS_MAX) {
		reply_fail(
			walk->reply, key, depth > CLIENT_NESTING_MAX ? "is nested too deeply" : "has too many entries");
		return;
	}
	json_object_object_foreach(map, name, entry)
	{
		if (walk->reply->failed)
			return;
		if (entry != NULL && json_object_get_type(entry) != json_type_object)
			reply_fail(walk->reply, key, "has an entry that is no object");
		see_agent(walk, name, entry, unit);
		see_agents(walk, entry, nested, nested, unit, depth + 1);
	}
}

static void see_units(struct walk *walk, struct json_object *response)
{
	struct json_object *applications = reply_object(walk->reply, response, "applications");

	if (applications == NULL)
		return;
	if (json_object_object_length(applications) > CLIENT_AGENTS_MAX) {
		reply_fail(walk->reply, "applications", "has too many entries");
		return;
	}
	json_object_object_foreach(applications, name, application)
	{
		(void)name;
		if (application != NULL && json_object_get_type(application) != json_type_object)
			reply_fail(walk->reply, "applications", "has an entry that is no object");
		else
			see_agents(walk, application, "units", "subordinates", 1, 1);
	}
}

static int decode_status(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "Client.FullStatus", .error = error};
	struct client_status *status = answer;
	struct walk walk = {.reply = &reply, .status = status};
	struct json_object *model = reply_object(&reply, response, "model");
	struct json_object *state = reply_object(&reply, model, "model-status");

	(void)info;
	if (model == NULL)
		reply_fail(&reply, "model", "is missing");
	status->name = reply_text(&reply, model, "name");
	status->version = reply_text(&reply, model, "version");
	status->status = reply_text(&reply, state, "status");
	status->status_info = reply_text(&reply, state, "info");
	status->status_since = reply_instant(&reply, state, "since");
	see_agents(&walk, response, "machines", "containers", 0, 1);
	see_units(&walk, response);
	return reply_end(&reply);
}

char *client_status_away(const struct client_status *status)
{
	scoped(text) struct text names;

	text_init(&names, CLIENT_AWAY_MAX);
	for (size_t i = 0; i < status->away_count && i < CLIENT_AWAY_NAMED; i++)
		text_add_format(&names, "%s%s %s (%s)", i > 0 ? ", " : "", status->away[i].unit ? "unit" : "machine",
			status->away[i].name,
			string_given(status->away[i].status) ? status->away[i].status : "unknown");
	if (status->away_count > CLIENT_AWAY_NAMED)
		text_add_string(&names, ", ...");
	return status->away_count > 0 ? text_take(&names) : NULL;
}

void client_status_release(struct client_status *status)
{
	for (size_t i = 0; i < status->away_count; i++) {
		free(status->away[i].name);
		free(status->away[i].status);
	}
	free(status->away);
	free(status->name);
	free(status->version);
	free(status->status);
	free(status->status_info);
	*status = (struct client_status){0};
}

static void release_status(void *answer)
{
	client_status_release(answer);
}

static void deliver_status(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((client_status_done *)done)(context, answer, result);
}

/* The answer of WatchAll. */
struct watcher {
	char *id;
};

static int decode_watcher(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "Client.WatchAll", .error = error};
	struct watcher *watcher = answer;

	(void)info;
	watcher->id =
		reply_require(&reply, reply_exact(&reply, response, "watcher-id", CLIENT_WATCHER_ID_MAX), "watcher-id");
	return reply_end(&reply);
}

static void release_watcher(void *answer)
{
	free(((struct watcher *)answer)->id);
}

static void deliver_watcher(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((client_watcher_done *)done)(context, answer != NULL ? ((struct watcher *)answer)->id : NULL, result);
}

void client_full_status(struct rpc *rpc, int version, client_status_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "Client",
		.method = "FullStatus",
		.timeout = CALL_TIMEOUT,
		.size = sizeof(struct client_status),
		.decode = decode_status,
		.release = release_status,
		.deliver = deliver_status,
	};
	struct json_object *params = json_object_new_object();

	json_object_object_add(params, "patterns", NULL);
	call_plain(rpc, &method, version, params, (call_any *)done, context);
}

void client_watch_all(struct rpc *rpc, int version, client_watcher_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "Client",
		.method = "WatchAll",
		.timeout = CALL_TIMEOUT,
		.size = sizeof(struct watcher),
		.decode = decode_watcher,
		.release = release_watcher,
		.deliver = deliver_watcher,
	};

	call_plain(rpc, &method, version, NULL, (call_any *)done, context);
}
