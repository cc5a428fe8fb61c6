/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/quote.h"

#include <string.h>

#include "common/base/text.h"

static const char *short_escape(unsigned int character)
{
	static const struct {
		unsigned int character;
		const char *escape;
	} escapes[] = {
		{'"', "\\\""},
		{'\\', "\\\\"},
		{'\a', "\\a"},
		{'\b', "\\b"},
		{'\f', "\\f"},
		{'\n', "\\n"},
		{'\r', "\\r"},
		{'\t', "\\t"},
		{'\v', "\\v"},
	};

	for (size_t i = 0; i < array_length(escapes); i++)
		if (escapes[i].character == character)
			return escapes[i].escape;
	return NULL;
}

/* What text_printable would change is invisible or harmful. */
static int can_be_shown(const char *bytes, size_t size)
{
	scoped(string) char *shown = text_printable_length(bytes, size, size);

	return strlen(shown) == size && memcmp(shown, bytes, size) == 0;
}

static void add_character(struct text *text, const char *bytes, size_t size, unsigned int character)
{
	const char *escape = size > 0 ? short_escape(character) : NULL;

	if (size == 0)
		text_add_format(text, "\\x%02x", (unsigned int)(unsigned char)bytes[0]);
	else if (escape != NULL)
		text_add_string(text, escape);
	else if (character < 0x80 && (character < 0x20 || character == 0x7F))
		text_add_format(text, "\\x%02x", character);
	else if (can_be_shown(bytes, size))
		text_add(text, bytes, size);
	else
		text_add_format(text, character > 0xFFFF ? "\\U%08x" : "\\u%04x", character);
}

static void add_byte(struct text *text, unsigned int byte)
{
	if (byte == '"' || byte == '\\')
		text_add_format(text, "\\%c", (int)byte);
	else if (byte < 0x20 || byte >= 0x7F)
		text_add_format(text, "\\x%02x", byte);
	else
		text_add_format(text, "%c", (int)byte);
}

static char *quoted(const char *word, int bytewise)
{
	scoped(text) struct text text;
	size_t length = strlen(word);

	text_init(&text, TEXT_SHOWN_MAX);
	for (size_t i = 0, size = 1; i < length && !text.full; i += size > 0 ? size : 1) {
		unsigned int character = 0;

		size = bytewise ? 1 : text_utf8(word + i, length - i, &character);
		if (bytewise)
			add_byte(&text, (unsigned char)word[i]);
		else
			add_character(&text, word + i, size, character);
	}
	return string_format("\"%s%s\"", text.length > 0 ? text.data : "", text.full ? "..." : "");
}

char *quote_word(const char *word)
{
	return quoted(word, 0);
}

char *quote_bytes(const char *word)
{
	return quoted(word, 1);
}
