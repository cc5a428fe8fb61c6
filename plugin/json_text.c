/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/json_text.h"

#include <string.h>

static int must_escape(unsigned int character)
{
	return character < 0x20 || character == '<' || character == '>' || character == '&' || character == 0x2028 ||
	       character == 0x2029;
}

static void add_character(struct text *text, const char *bytes, size_t size, unsigned int character)
{
	if (size == 0)
		text_add_string(text, "\\ufffd");
	else if (character == '"' || character == '\\')
		text_add_format(text, "\\%c", (int)character);
	else if (character == '\n')
		text_add_string(text, "\\n");
	else if (character == '\r')
		text_add_string(text, "\\r");
	else if (character == '\t')
		text_add_string(text, "\\t");
	else if (must_escape(character))
		text_add_format(text, "\\u%04x", character);
	else
		text_add(text, bytes, size);
}

void json_text_add(struct text *text, const char *value)
{
	size_t length = strlen(value);

	text_add_string(text, "\"");
	for (size_t i = 0, size = 1; i<length; i += size> 0 ? size : 1) {
		unsigned int character = 0;

		size = text_utf8(value + i, length - i, &character);
		add_character(text, value + i, size, character);
	}
	text_add_string(text, "\"");
}
