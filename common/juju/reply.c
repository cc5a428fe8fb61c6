/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/reply.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"
#include "common/base/scoped.h"
#include "common/base/text.h"
#include "common/juju/names.h"

void reply_fail(struct reply *reply, const char *key, const char *what)
{
	if (reply->failed)
		return;
	reply->failed = 1;
	error_set(reply->error, ERROR_PROTOCOL, "cannot make sense of the answer to %s: \"%s\" %s", reply->method, key,
		what);
}

int reply_end(const struct reply *reply)
{
	return reply->failed ? -1 : 0;
}

/* Returns the value at `key`, borrowed; NULL if absent or null. A value of another type fails the reading, and gives NULL. */
static struct json_object *value_of(
	struct reply *reply, struct json_object *from, const char *key, json_type type, const char *otherwise)
{
	struct json_object *value = NULL;

	if (from == NULL || !json_object_object_get_ex(from, key, &value) || value == NULL)
		return NULL;
	if (json_object_get_type(value) == type)
		return value;
	reply_fail(reply, key, otherwise);
	return NULL;
}

static const char *text_of(struct reply *reply, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(reply, from, key, json_type_string, "is no text");
	const char *text = value != NULL ? json_object_get_string(value) : NULL;

	if (text == NULL)
		return "";
	if (strlen(text) == (size_t)json_object_get_string_len(value))
		return text;
	reply_fail(reply, key, "has a NUL in its text");
	return "";
}

char *reply_text(struct reply *reply, struct json_object *from, const char *key)
{
	const char *text = text_of(reply, from, key);

	return text_printable_length(text, strlen(text), REPLY_TEXT_MAX);
}

char *reply_exact(struct reply *reply, struct json_object *from, const char *key, size_t most)
{
	const char *text = text_of(reply, from, key);

	if (strlen(text) <= most)
		return string_copy(text);
	reply_fail(reply, key, "is too long");
	return string_copy("");
}

static char *uuid_from(struct reply *reply, const char *text, const char *key)
{
	scoped(string) char *uuid = string_copy_length(text, strnlen(text, NAMES_UUID_LENGTH + 1));

	for (char *at = uuid; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'F')
			*at = (char)(*at - 'A' + 'a');
	if (*uuid == '\0' || names_is_uuid(uuid))
		return steal(uuid);
	reply_fail(reply, key, "is no UUID");
	return string_copy("");
}

char *reply_uuid(struct reply *reply, struct json_object *from, const char *key)
{
	return uuid_from(reply, text_of(reply, from, key), key);
}

char *reply_tag(struct reply *reply, struct json_object *from, const char *key, const char *kind)
{
	scoped(string) char *tag = reply_text(reply, from, key);
	const char *id = names_id(tag, kind);

	return string_copy(id != NULL ? id : "");
}

char *reply_tag_uuid(struct reply *reply, struct json_object *from, const char *key, const char *kind)
{
	const char *tag = text_of(reply, from, key);
	const char *id = names_id(tag, kind);

	if (id == NULL && *tag != '\0')
		reply_fail(reply, key, "is no tag of the right kind");
	return uuid_from(reply, id != NULL ? id : "", key);
}

char *reply_owner(struct reply *reply, struct json_object *from)
{
	scoped(string) char *tag = reply_text(reply, from, "owner-tag");
	scoped(string) char *qualifier = reply_text(reply, from, "qualifier");

	return names_owner(tag, qualifier);
}

char *reply_require(struct reply *reply, char *text, const char *key)
{
	if (!string_given(text))
		reply_fail(reply, key, "is missing");
	return text;
}

int64_t reply_instant(struct reply *reply, struct json_object *from, const char *key)
{
	return instant_parse(text_of(reply, from, key));
}

int64_t reply_integer(struct reply *reply, struct json_object *from, const char *key)
{
	struct json_object *value = value_of(reply, from, key, json_type_int, "is no integer");

	return value != NULL ? json_object_get_int64(value) : 0;
}

struct json_object *reply_object(struct reply *reply, struct json_object *from, const char *key)
{
	return value_of(reply, from, key, json_type_object, "is no object");
}

struct json_object *reply_list(
	struct reply *reply, struct json_object *from, const char *key, size_t most, size_t *count)
{
	struct json_object *list = value_of(reply, from, key, json_type_array, "is no list");

	*count = list != NULL ? json_object_array_length(list) : 0;
	if (*count <= most)
		return list;
	*count = 0;
	reply_fail(reply, key, "has too many entries");
	return NULL;
}

struct json_object *reply_entry(struct reply *reply, struct json_object *list, size_t index, const char *key)
{
	struct json_object *entry = json_object_array_get_idx(list, index);

	if (entry == NULL || json_object_get_type(entry) == json_type_object)
		return entry;
	reply_fail(reply, key, "has an entry that is no object");
	return NULL;
}

int reply_refusal(struct reply *reply, struct json_object *entry, struct json_object **info, struct error **error)
{
	struct json_object *refusal = reply_object(reply, entry, "error");

	if (refusal == NULL)
		return 0;
	scoped(string) char *message = reply_text(reply, refusal, "message");
	scoped(string) char *code = reply_text(reply, refusal, "code");
	*info = reply_object(reply, refusal, "info");
	/* A refusal without an explanation is a refusal all the same. */
	return error_set_remote(error, code, *message != '\0' ? message : "refused without a reason");
}

struct json_object *reply_single(
	struct reply *reply, struct json_object *response, int inner, struct json_object **info)
{
	size_t count = 0;
	struct json_object *list = reply_list(reply, response, "results", 1, &count);
	struct json_object *entry = count == 1 ? reply_entry(reply, list, 0, "results") : NULL;
	struct error *refusal = NULL;

	if (entry == NULL) {
		reply_fail(reply, "results", "has no entry");
		return NULL;
	}
	int refused = reply_refusal(reply, entry, info, &refusal) != 0;
	if (refused && !reply->failed)
		error_move(reply->error, steal(refusal));
	error_free(refusal);
	reply->failed = reply->failed || refused;
	if (reply->failed || !inner)
		return reply->failed ? NULL : entry;
	struct json_object *result = reply_object(reply, entry, "result");
	if (result == NULL)
		reply_fail(reply, "result", "is missing");
	return result;
}
