/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/json_weight.h"

/* Measured with json-c 0.16 on 64 bits. An object starts with a table for 16 members; when two thirds are filled it
 * moves to one of twice the size, and for a moment has both. */
#define OBJECT_BYTES 800
#define OBJECT_MEMBERS 10
#define MEMBER_BYTES 128
#define MEMBER_BYTES_MORE 160
#define ARRAY_BYTES 144
#define ELEMENT_BYTES 112

struct level {
	char kind; /* '{', '[', or 0 for none */
	size_t count;
};

static size_t weight_of(const struct level *level)
{
	size_t more = level->count > OBJECT_MEMBERS ? level->count - OBJECT_MEMBERS : 0;

	if (level->kind == '{')
		return OBJECT_BYTES + level->count * MEMBER_BYTES + more * MEMBER_BYTES_MORE;
	return ARRAY_BYTES + level->count * ELEMENT_BYTES;
}

/* Returns the index of the quote that ends the string whose first quote is at `at`. */
static size_t end_of_string(const char *text, size_t length, size_t at)
{
	for (at++; at < length && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at;
}

size_t json_weight(const char *text, size_t length)
{
	struct level levels[JSON_WEIGHT_DEPTH] = {{.kind = '['}};
	size_t depth = 0;
	size_t weight = length;

	for (size_t i = 0; i < length; i++) {
		char byte = text[i];

		if (byte == '"') {
			i = end_of_string(text, length, i);
		} else if (byte == ',') {
			levels[depth].count++;
		} else if ((byte == '{' || byte == '[') && depth + 1 < JSON_WEIGHT_DEPTH) {
			levels[++depth] = (struct level){.kind = byte, .count = 1};
		} else if (byte == '{' || byte == '[') {
			weight += OBJECT_BYTES;
		} else if ((byte == '}' || byte == ']') && depth > 0) {
			weight += weight_of(&levels[depth--]);
		}
	}
	for (; depth > 0; depth--)
		weight += weight_of(&levels[depth]);
	return weight + weight_of(&levels[0]);
}
