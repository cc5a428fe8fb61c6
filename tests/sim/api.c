/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/api.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/api_json.h"
#include "tests/sim/world_door.h"
#include "tests/sim/world_pending.h"
#include "tests/sim/world_script.h"

/* Most levels of JSON that are accepted. */
#define JSON_DEPTH 32
/* Latency that the script does not set. */
#define LATENCY (2 * INSTANT_MILLISECOND)
#define CLOSE_NORMAL 1000
#define CLOSE_TOO_BIG 1009

static void arrive(struct api_request *request);

static void end_conversation(struct api_conversation *conversation, int code)
{
	if (conversation->ended)
		return;
	conversation->ended = true;
	conversation->callbacks.close(conversation->context, code);
}

static void session_cut(void *context, int code)
{
	end_conversation(context, code);
}

/* Returns the UUID in "/model/<uuid>/api", "" if it is malformed, NULL for another path; owned by the caller. */
static char *path_uuid(const char *path)
{
	if (!string_starts(path, "/model/"))
		return NULL;
	const char *start = path + strlen("/model/"), *slash = strchr(start, '/');
	if (!slash || strcmp(slash, "/api"))
		return NULL;
	char *uuid = string_copy_length(start, (size_t)(slash - start));
	if (!world_is_uuid(uuid))
		*uuid = '\0';
	return uuid;
}

static int refusal_status(const char *path, bool down)
{
	scoped(string) char *uuid = path_uuid(path);
	if (!uuid && strcmp(path, "/api"))
		return 404;
	if (uuid && !*uuid)
		return 400;
	return down ? 503 : 0;
}

int api_refusal_status(struct world *world, const char *path)
{
	return refusal_status(path, world->down);
}

int api_direct_refusal_status(const struct world_controller *controller, const char *path)
{
	return refusal_status(path, !strcmp(controller->door->health, "stopping"));
}

static struct api_conversation *conversation_new(
	struct world *world, const char *host, const struct api_callbacks *callbacks, void *context)
{
	struct api_conversation *conversation = memory_get(1, sizeof(*conversation));
	conversation->world = world;
	conversation->host = string_copy(host);
	conversation->callbacks = *callbacks;
	conversation->context = context;
	return conversation;
}

struct api_conversation *api_open(struct world *world, const char *path, const char *client_version,
	const struct api_callbacks *callbacks, void *context)
{
	if (api_refusal_status(world, path))
		return NULL;
	scoped(string) char *uuid = path_uuid(path);
	struct api_conversation *conversation = conversation_new(world, NULL, callbacks, context);
	conversation->session = world_session_open(world, uuid, client_version, session_cut, conversation);
	return conversation;
}

struct api_conversation *api_open_direct(struct world *world, struct world_controller *controller, const char *path,
	const char *host, const struct api_callbacks *callbacks, void *context)
{
	if (api_direct_refusal_status(controller, path))
		return NULL;
	scoped(string) char *uuid = path_uuid(path);
	struct api_conversation *conversation = conversation_new(world, host, callbacks, context);
	conversation->session = world_session_open_direct(world, controller, uuid, session_cut, conversation);
	return conversation;
}

/* Call when nothing refers to it any more. */
static void conversation_free(struct api_conversation *conversation)
{
	free(conversation->host);
	free(conversation);
}

static void request_free(struct api_request *request)
{
	struct api_conversation *conversation = request->conversation;
	if (request->previous)
		request->previous->next = request->next;
	else
		conversation->first = request->next;
	if (request->next)
		request->next->previous = request->previous;
	else
		conversation->last = request->previous;
	if (conversation->admin == request)
		conversation->admin = NULL;
	world_queue_cancel(&conversation->world->queue, &request->event);
	json_object_put(request->results);
	json_object_put(request->message);
	free(request->answer);
	free(request);
}

void api_closed(struct api_conversation *conversation)
{
	if (!conversation)
		return;
	world_session_close(conversation->session);
	while (conversation->first)
		request_free(conversation->first);
	/* Who receives an answer may close the conversation then: whoever delivers the answer frees it. */
	conversation->ended = true;
	conversation->gone = true;
	if (!conversation->delivering)
		conversation_free(conversation);
}

static int64_t latency_of(const struct api_request *request)
{
	struct json_object *script = request->conversation->world->latency;
	int64_t length = LATENCY, jitter;
	scoped(string) char *full = string_format("%s.%s", request->type, request->method);
	if (!script)
		return length;
	world_script_length(script, "default", length, &length, NULL);
	world_script_length(script, request->method, length, &length, NULL);
	world_script_length(script, full, length, &length, NULL);
	world_script_length(script, "jitter", 0, &jitter, NULL);
	if (jitter > 0)
		length += (int64_t)(world_random(request->conversation->world) % (uint64_t)jitter);
	return length;
}

/* Lets the requests that waited behind an Admin call go on, up to the next such call. */
static void release_waiting(struct api_conversation *conversation)
{
	struct api_request *request = conversation->first;
	while (request && !conversation->admin && !conversation->ended) {
		struct api_request *next = request->next;
		if (request->waits) {
			request->waits = false;
			arrive(request);
		}
		request = next;
	}
}

static void deliver(void *context)
{
	struct api_request *request = context;
	struct api_conversation *conversation = request->conversation;
	scoped(string) char *answer = steal(request->answer);
	bool ends = request->ends;
	request->event = NULL;
	request_free(request);
	if (conversation->ended)
		return;
	conversation->delivering = true;
	conversation->callbacks.send(conversation->context, answer, strlen(answer));
	conversation->delivering = false;
	if (conversation->gone)
		conversation_free(conversation);
	else if (ends)
		end_conversation(conversation, CLOSE_NORMAL);
	else
		release_waiting(conversation);
}

static void send_off(struct api_request *request, struct json_object *reply)
{
	struct world *world = request->conversation->world;
	int64_t latency = latency_of(request);
	request->answer = string_format("%s\n", json_object_to_json_string_ext(reply, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(reply);
	request->event = world_after(world, latency - latency / 2, deliver, request);
}

void api_answer(struct api_request *request, struct json_object *response)
{
	struct json_object *reply = json_object_new_object();
	api_put_number(reply, "request-id", request->id);
	api_put(reply, "response", response ? response : json_object_new_object());
	send_off(request, reply);
}

void api_fail(struct api_request *request, const struct world_error *error)
{
	struct json_object *reply = json_object_new_object();
	struct json_object *info = request->conversation->session->uuid ? api_redirect_info(error) : NULL;
	api_put_number(reply, "request-id", request->id);
	api_put_text(reply, "error", error->message);
	if (*error->code)
		api_put_text(reply, "error-code", error->code);
	if (error->server) {
		info = info ? info : json_object_new_object();
		api_put_text(info, "server-version", error->server);
	}
	if (info)
		api_put(reply, "error-info", info);
	if (!error->proxy)
		api_put(reply, "response", json_object_new_object());
	request->ends = error->ends;
	send_off(request, reply);
}

static void run_request(void *context)
{
	struct api_request *request = context;
	request->event = NULL;
	request->handler->run(request);
}

/* Called when the request's turn has come. */
static void arrive(struct api_request *request)
{
	struct api_conversation *conversation = request->conversation;
	struct world_error error;
	if (conversation->session->uuid && !conversation->session->direct && !strcmp(request->type, "Admin"))
		conversation->admin = request;
	request->handler = api_method_find(request, &error);
	if (!request->handler) {
		api_fail(request, &error);
		return;
	}
	request->event = world_after(conversation->world, latency_of(request) / 2, run_request, request);
}

static void route_failed(void *context)
{
	struct api_request *request = context;
	struct world_error error;
	request->event = NULL;
	world_error_clear(&error);
	world_session_route(request->conversation->session, &error);
	if (!*error.message)
		world_fail(&error, "", "connection is shut down");
	error.proxy = error.ends = true;
	api_fail(request, &error);
}

static int64_t number_of(struct json_object *message, const char *key)
{
	struct json_object *value = api_get(message, key);
	return json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : 0;
}

static struct api_request *request_new(struct api_conversation *conversation, struct json_object *message)
{
	struct api_request *request = memory_get(1, sizeof(*request));
	struct json_object *params = api_get(message, "params");
	request->conversation = conversation;
	request->message = message;
	request->id = number_of(message, "request-id");
	request->version = number_of(message, "version");
	request->type = api_get_text(message, "type");
	request->method = api_get_text(message, "request");
	request->object = api_get_text(message, "id");
	request->params = json_object_is_type(params, json_type_object) ? params : NULL;
	request->previous = conversation->last;
	if (request->previous)
		request->previous->next = request;
	else
		conversation->first = request;
	conversation->last = request;
	return request;
}

static void take(struct api_conversation *conversation, struct json_object *message)
{
	struct world_session *session = conversation->session;
	struct world_error error;
	struct api_request *request = request_new(conversation, message);
	scoped(string) char *full = string_format("%s.%s", request->type, request->method);
	world_counted(conversation->world, full);
	if (session->uuid && !session->model && !session->direct) {
		world_error_clear(&error);
		if (world_session_route(session, &error)) {
			const struct world_model *model = world_model_find(conversation->world, session->uuid);
			int64_t length =
				model && model->recorded ? world_dial_length(conversation->world, model->recorded) : 0;
			request->event = world_after(conversation->world, length, route_failed, request);
			return;
		}
	}
	if (conversation->admin)
		request->waits = true;
	else
		arrive(request);
}

static struct json_object *parse(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	struct json_object *message = json_tokener_parse_ex(tokener, text, (int)length);
	if (json_tokener_get_error(tokener) != json_tokener_success) {
		json_object_put(message);
		message = NULL;
	}
	json_tokener_free(tokener);
	if (message && !json_object_is_type(message, json_type_object)) {
		json_object_put(message);
		message = NULL;
	}
	return message;
}

void api_receive(struct api_conversation *conversation, const char *text, size_t length)
{
	if (conversation->ended)
		return;
	if (length > API_MESSAGE_MAX) {
		end_conversation(conversation, CLOSE_TOO_BIG);
		return;
	}
	struct json_object *message = parse(text, length);
	if (!message) {
		/* A message that cannot be parsed ends the connection without an answer. */
		end_conversation(conversation, CLOSE_NORMAL);
		return;
	}
	/* Without a number it is an older dialect; without a method, the answer to a request that nobody made. */
	int64_t id = number_of(message, "request-id");
	if (id <= 0 || (!*api_get_text(message, "type") && !*api_get_text(message, "request"))) {
		json_object_put(message);
		const struct world_controller *controller = conversation->session->direct;
		if (id <= 0 && controller && world_major(controller) >= 4)
			end_conversation(conversation, CLOSE_NORMAL);
		return;
	}
	take(conversation, message);
}
