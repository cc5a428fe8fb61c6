/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/envelope.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/json_weight.h"
#include "common/base/scoped.h"
#include "common/base/secret.h"
#include "common/base/text.h"

#define WRITE_FLAGS (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static void add_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

char *envelope_write(const struct rpc_request *request, int64_t id, size_t *length)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "request-id", json_object_new_int64(id));
	add_string(object, "type", request->facade);
	if (request->version != 0)
		json_object_object_add(object, "version", json_object_new_int(request->version));
	if (request->id != NULL)
		add_string(object, "id", request->id);
	add_string(object, "request", request->method);
	json_object_object_add(object, "params",
		request->params != NULL ? json_object_get(request->params) : json_object_new_object());
	/* The text belongs to the object; it is erased, since params may hold a password or a token. */
	char *text = (char *)(uintptr_t)json_object_to_json_string_length(object, WRITE_FLAGS, length);
	char *copy = string_copy_length(text, *length);
	secret_erase(text, *length);
	json_object_put(object);
	return copy;
}

static int garbage(struct error **error, const char *what)
{
	return error_set(error, ERROR_PROTOCOL, "the answer is %s", what);
}

static int parse(struct json_object **object, const char *text, size_t length, struct error **error)
{
	struct json_tokener *tokener = json_tokener_new_ex(ENVELOPE_DEPTH_MAX);

	if (tokener == NULL)
		return error_set(error, ERROR_FAILED, "cannot read an answer");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*object = json_tokener_parse_ex(tokener, text, (int)length);
	enum json_tokener_error result = json_tokener_get_error(tokener);
	size_t used = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (result == json_tokener_error_depth)
		return garbage(error, "nested too deep");
	if (result == json_tokener_continue)
		return garbage(error, "JSON that breaks off");
	if (result != json_tokener_success || used < length)
		return garbage(error, "no JSON");
	return 0;
}

/* Returns the value of `key` when it has this type, else NULL, for null as for an absent one. */
static struct json_object *member(struct json_object *object, const char *key, enum json_type type)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, type))
		return NULL;
	return value;
}

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value = member(object, key, json_type_string);

	return value != NULL ? json_object_get_string(value) : "";
}

static void fill(struct envelope *envelope)
{
	struct json_object *whole = envelope->whole;
	struct json_object *id = member(whole, "request-id", json_type_int);
	const char *words = text_of(whole, "error");

	envelope->id = id != NULL ? json_object_get_int64(id) : 0;
	if (words[0] != '\0') {
		scoped(string) char *message = text_printable(words);
		scoped(string) char *code = text_printable(text_of(whole, "error-code"));

		/* Combining marks alone leave nothing to show. */
		error_set_remote(&envelope->error, code, message[0] != '\0' ? message : "an error without words");
		envelope->info = member(whole, "error-info", json_type_object);
		return;
	}
	envelope->response = member(whole, "response", json_type_object);
}

int envelope_read(struct envelope *envelope, const char *text, size_t length, struct error **error)
{
	*envelope = (struct envelope){0};
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	if (length == 0)
		return garbage(error, "empty");
	if (text[0] != '{')
		return garbage(error, "no JSON object");
	if (json_weight(text, length) > ENVELOPE_MEMORY_MAX)
		return garbage(error, "too large to be read");
	if (parse(&envelope->whole, text, length, error) != 0) {
		envelope_release(envelope);
		return -1;
	}
	fill(envelope);
	return 0;
}

void envelope_release(struct envelope *envelope)
{
	json_object_put(envelope->whole);
	error_free(envelope->error);
	*envelope = (struct envelope){0};
}
