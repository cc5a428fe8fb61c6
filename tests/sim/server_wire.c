/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_wire.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"

static const char *const secrets[] = {
	"session-token", "client-secret", "credentials", "password", "macaroons", "token", "access-token"};

static struct json_object *parse(const char *text, size_t length)
{
	scoped(string) char *copy = string_copy_length(text, length);
	struct json_object *object = json_tokener_parse(copy);

	if (json_object_is_type(object, json_type_object))
		return object;
	json_object_put(object);
	return json_object_new_object();
}

static struct json_object *begin(int64_t at, const struct wire_connection *connection)
{
	char when[INSTANT_TEXT_SIZE];
	struct json_object *line = json_object_new_object();

	json_object_object_add(line, "at", json_object_new_string(instant_format(at, when)));
	json_object_object_add(line, "connection", json_object_new_int64(connection->number));
	if (connection->door)
		json_object_object_add(line, "door", json_object_new_string(connection->door));
	json_object_object_add(line, "path", json_object_new_string(connection->path ? connection->path : ""));
	return line;
}

static void finish(FILE *log, struct json_object *line)
{
	if (log) {
		fprintf(log, "%s\n", json_object_to_json_string_ext(line, JSON_C_TO_STRING_NOSLASHESCAPE));
		fflush(log);
	}
	json_object_put(line);
}

/* Hides the value of each secret key, at any depth. */
static void hide(struct json_object *value)
{
	size_t count = json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;

	for (size_t i = 0; i < count; i++)
		hide(json_object_array_get_idx(value, i));
	if (!json_object_is_type(value, json_type_object))
		return;
	json_object_object_foreach(value, key, member)
	{
		(void)key;
		hide(member);
	}
	for (size_t i = 0; i < array_length(secrets); i++) {
		if (json_object_object_get(value, secrets[i]))
			json_object_object_add(value, secrets[i], json_object_new_string("..."));
	}
}

static void copy_key(struct json_object *to, struct json_object *from, const char *key, const char *as)
{
	struct json_object *value = json_object_object_get(from, key);

	if (value)
		json_object_object_add(to, as, json_object_get(value));
}

static const char *string_of(struct json_object *object, const char *key)
{
	struct json_object *value = json_object_object_get(object, key);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

void wire_event(FILE *log, int64_t at, const struct wire_connection *connection, const char *event)
{
	struct json_object *line = begin(at, connection);

	json_object_object_add(line, "event", json_object_new_string(event));
	finish(log, line);
}

static void remember(struct wire_connection *connection, int64_t id, const char *method)
{
	if (connection->count >= WIRE_PENDING_MAX)
		return;
	connection->pending = memory_room(
		connection->pending, connection->count, &connection->capacity, sizeof(*connection->pending));
	connection->pending[connection->count++] = (struct wire_pending){id, string_copy(method)};
}

static char *recall(struct wire_connection *connection, int64_t id)
{
	for (size_t i = 0; i < connection->count; i++) {
		if (connection->pending[i].id != id)
			continue;
		char *method = connection->pending[i].method;
		connection->pending[i] = connection->pending[--connection->count];
		return method;
	}
	return string_copy("");
}

struct wire_message wire_request(
	FILE *log, int64_t at, struct wire_connection *connection, const char *text, size_t length)
{
	struct json_object *request = parse(text, length);
	struct json_object *line = begin(at, connection);
	struct json_object *params = json_object_object_get(request, "params");
	struct wire_message message = {
		.method = string_format("%s.%s", string_of(request, "type"), string_of(request, "request"))};

	remember(connection, json_object_get_int64(json_object_object_get(request, "request-id")), message.method);
	hide(params);
	json_object_object_add(line, "from", json_object_new_string("client"));
	copy_key(line, request, "request-id", "id");
	json_object_object_add(line, "method", json_object_new_string(message.method));
	copy_key(line, request, "version", "version");
	json_object_object_add(line, "size", json_object_new_int64((int64_t)length));
	copy_key(line, request, "params", "params");
	finish(log, line);
	json_object_put(request);
	return message;
}

struct wire_message wire_reply(
	FILE *log, int64_t at, struct wire_connection *connection, const char *text, size_t length)
{
	struct json_object *reply = parse(text, length);
	struct json_object *line = begin(at, connection);
	struct wire_message message = {
		.method = recall(connection, json_object_get_int64(json_object_object_get(reply, "request-id"))),
		.failed = *string_of(reply, "error") != '\0',
	};

	json_object_object_add(line, "from", json_object_new_string("server"));
	copy_key(line, reply, "request-id", "id");
	json_object_object_add(line, "method", json_object_new_string(message.method));
	json_object_object_add(line, "size", json_object_new_int64((int64_t)length));
	copy_key(line, reply, "error", "error");
	copy_key(line, reply, "error-code", "error-code");
	finish(log, line);
	json_object_put(reply);
	return message;
}

static struct json_object *begin_exchange(
	int64_t at, const struct wire_connection *connection, const char *from, const char *method)
{
	struct json_object *line = begin(at, connection);

	json_object_object_add(line, "from", json_object_new_string(from));
	json_object_object_add(line, "method", json_object_new_string(method));
	return line;
}

void wire_asked(FILE *log, int64_t at, const struct wire_connection *connection, const char *method, size_t size)
{
	struct json_object *line = begin_exchange(at, connection, "client", method);

	json_object_object_add(line, "size", json_object_new_int64((int64_t)size));
	finish(log, line);
}

void wire_answered(
	FILE *log, int64_t at, const struct wire_connection *connection, const char *method, int status, size_t size)
{
	struct json_object *line = begin_exchange(at, connection, "server", method);

	json_object_object_add(line, "status", json_object_new_int(status));
	json_object_object_add(line, "size", json_object_new_int64((int64_t)size));
	finish(log, line);
}

void wire_message_release(struct wire_message *message)
{
	string_free(message->method);
	*message = (struct wire_message){0};
}

void wire_connection_release(struct wire_connection *connection)
{
	for (size_t i = 0; i < connection->count; i++)
		string_free(connection->pending[i].method);
	free(connection->pending);
	*connection = (struct wire_connection){0};
}
