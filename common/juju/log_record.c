/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/log_record.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "common/juju/reply.h"

/* A record is flat, except for its labels. */
#define DEPTH_MAX 8

SCOPED_DEFINE(value, struct json_object *, json_object_put)

SCOPED_DEFINE(tokener, struct json_tokener *, json_tokener_free)

/* Parses a message. Returns its object, owned by the caller, or NULL with an error. */
static struct json_object *parse(const char *text, size_t length, struct error **error)
{
	scoped(tokener) struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *value = length <= LOG_RECORD_BYTES_MAX && tokener != NULL
					    ? json_tokener_parse_ex(tokener, text, (int)length)
					    : NULL;

	if (value != NULL && json_object_is_type(value, json_type_object))
		return value;
	json_object_put(value);
	error_set(error, ERROR_PROTOCOL, "the log stream has sent something that is not a record");
	return NULL;
}

int log_record_begin(const char *text, size_t length, struct error **error)
{
	scoped(value) struct json_object *value = parse(text, length, error);
	struct reply reply = {"log", 0, error};
	scoped(error) struct error *refusal = NULL;
	struct json_object *info = NULL;

	if (value == NULL)
		return -1;
	/* A refusal that makes no sense has set the error already. */
	if (reply_refusal(&reply, value, &info, &refusal) != 0 && !reply.failed)
		return error_move(error, steal(refusal));
	return reply_end(&reply);
}

int log_record_read(const char *text, size_t length, struct log_record *record, struct error **error)
{
	scoped(value) struct json_object *value = parse(text, length, error);
	struct reply reply = {"log", 0, error};

	*record = (struct log_record){.time = INSTANT_NONE};
	if (value == NULL)
		return -1;
	record->entity = reply_text(&reply, value, "tag");
	record->severity = reply_text(&reply, value, "sev");
	record->module = reply_text(&reply, value, "mod");
	record->message = reply_text(&reply, value, "msg");
	record->time = reply_instant(&reply, value, "ts");
	return reply_end(&reply);
}

void log_record_release(struct log_record *record)
{
	free(record->entity);
	free(record->severity);
	free(record->module);
	free(record->message);
	*record = (struct log_record){.time = INSTANT_NONE};
}
