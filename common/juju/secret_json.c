/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/secret_json.h"

#include <string.h>

/* Deepest nesting that is parsed: a set of macaroons takes five. */
#define DEPTH_MAX 16
/* Most bytes that are parsed. */
#define TEXT_MAX (1U << 20)

/* Marks texts that have the hook: setting it a second time would make json-c run it at once. */
static const char guarded[] = "guarded";

static void erase_text(struct json_object *text, void *mark)
{
	(void)mark;
	secret_erase((char *)(uintptr_t)json_object_get_string(text), (size_t)json_object_get_string_len(text));
}

struct json_object *secret_json(const struct secret *secret)
{
	struct json_object *text = json_object_new_string(secret_given(secret) ? secret_reveal(secret) : "");

	secret_json_guard(text);
	return text;
}

/* json-c has bounded the depth while parsing. NOLINTNEXTLINE(misc-no-recursion) */
void secret_json_guard(struct json_object *value)
{
	if (json_object_is_type(value, json_type_string) && json_object_get_userdata(value) != guarded)
		json_object_set_userdata(value, (void *)(uintptr_t)guarded, erase_text);
	for (size_t i = 0; json_object_is_type(value, json_type_array) && i < json_object_array_length(value); i++)
		secret_json_guard(json_object_array_get_idx(value, i));
	if (!json_object_is_type(value, json_type_object))
		return;
	json_object_object_foreach(value, key, item)
	{
		(void)key;
		secret_json_guard(item);
	}
}

struct json_object *secret_json_parse(const struct secret *text)
{
	const char *bytes = secret_reveal(text);
	size_t length = strlen(bytes);
	struct json_tokener *tokener = length <= TEXT_MAX ? json_tokener_new_ex(DEPTH_MAX) : NULL;

	if (tokener == NULL)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	struct json_object *value = json_tokener_parse_ex(tokener, bytes, (int)length + 1);
	int whole = json_tokener_get_error(tokener) == json_tokener_success &&
		    json_tokener_get_parse_end(tokener) >= length;
	json_tokener_free(tokener);
	secret_json_guard(value);
	if (whole)
		return value;
	json_object_put(value);
	return NULL;
}

struct secret *secret_json_write(struct json_object *value)
{
	size_t length = 0;
	const char *text = json_object_to_json_string_length(
		value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
	struct secret *written = secret_new(text, length);

	/* json-c keeps this text with `value`, where no hook would erase it. */
	secret_erase((char *)(uintptr_t)text, length);
	return written;
}

struct secret *secret_of_reply(struct reply *reply, struct json_object *from, const char *key, size_t most)
{
	struct json_object *value = NULL;

	if (from == NULL || !json_object_object_get_ex(from, key, &value) || value == NULL)
		return NULL;
	if (!json_object_is_type(value, json_type_string)) {
		reply_fail(reply, key, "is no text");
		return NULL;
	}
	secret_json_guard(value);
	size_t length = (size_t)json_object_get_string_len(value);
	if (length > most || strlen(json_object_get_string(value)) != length) {
		reply_fail(reply, key, "is too long or no text");
		return NULL;
	}
	return length > 0 ? secret_new(json_object_get_string(value), length) : NULL;
}
