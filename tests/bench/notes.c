/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/notes.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/scoped.h"

#define NOTES_READ_SIZE 65536

static const char *text_of(struct json_object *line, const char *key)
{
	struct json_object *value = json_object_object_get(line, key);

	return value != NULL ? json_object_get_string(value) : "";
}

static size_t number_of(struct json_object *line, const char *key)
{
	return (size_t)json_object_get_int64(json_object_object_get(line, key));
}

static void tell(const char *text, note_taken *taken, void *context)
{
	struct json_object *line = json_tokener_parse(text);
	const char *from = text_of(line, "from");

	if (number_of(line, "connection") > 0)
		taken(context, &(struct note){
				       .connection = number_of(line, "connection") - 1,
				       .event = text_of(line, "event"),
				       .from_program = strcmp(from, "client") == 0,
				       .method = text_of(line, "method"),
				       .path = text_of(line, "path"),
				       .door = text_of(line, "door"),
				       .failed = json_object_object_get(line, "error") != NULL,
				       .size = number_of(line, "size"),
				       .at = text_of(line, "at"),
			       });
	json_object_put(line);
}

static void tell_lines(struct notes *notes, note_taken *taken, void *context)
{
	char *line = notes->part;

	for (char *end = NULL; (end = memchr(line, '\n', notes->length - (size_t)(line - notes->part))) != NULL;
		line = end + 1) {
		*end = '\0';
		tell(line, taken, context);
	}
	notes->length -= (size_t)(line - notes->part);
	memmove(notes->part, line, notes->length);
}

int notes_read(struct notes *notes, note_taken *taken, void *context)
{
	for (;;) {
		if (notes->capacity - notes->length < NOTES_READ_SIZE) {
			notes->capacity = notes->capacity * 2 + NOTES_READ_SIZE;
			notes->part = memory_grow(notes->part, notes->capacity, 1);
		}
		ssize_t length = read(notes->descriptor, notes->part + notes->length, NOTES_READ_SIZE);

		if (length < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		if (length == 0)
			return -1;
		notes->length += (size_t)length;
		tell_lines(notes, taken, context);
	}
}

void notes_release(struct notes *notes)
{
	free(notes->part);
	*notes = (struct notes){0};
}
