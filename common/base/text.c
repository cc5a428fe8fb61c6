/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most marks on one letter; no language needs more. */
#define MARKS_MAX 4

void text_init(struct text *text, size_t ceiling)
{
	*text = (struct text){.ceiling = ceiling};
}

void text_release(struct text *text)
{
	size_t ceiling = text->ceiling;

	free(text->data);
	text_init(text, ceiling);
}

static void text_reserve(struct text *text, size_t length)
{
	size_t capacity = text->capacity > 0 ? text->capacity : 64;

	while (capacity < length + 1)
		capacity *= 2;
	if (capacity == text->capacity)
		return;
	text->data = memory_grow(text->data, capacity, 1);
	text->capacity = capacity;
}

int text_add(struct text *text, const void *bytes, size_t length)
{
	if (text->full || length > text->ceiling - text->length) {
		text->full = 1;
		return -1;
	}
	text_reserve(text, text->length + length);
	if (length > 0)
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
	return 0;
}

int text_add_string(struct text *text, const char *string)
{
	return text_add(text, string, strlen(string));
}

int text_add_format(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || text->full || (size_t)length > text->ceiling - text->length) {
		text->full = 1;
		return -1;
	}
	text_reserve(text, text->length + (size_t)length);
	va_start(arguments, format);
	vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	text->length += (size_t)length;
	return 0;
}

char *text_take(struct text *text)
{
	char *data = text->data != NULL ? text->data : string_copy("");

	text_init(text, text->ceiling);
	return data;
}

static int utf8_continues(const char *bytes, size_t count)
{
	for (size_t i = 1; i <= count; i++)
		if (((unsigned char)bytes[i] & 0xC0) != 0x80)
			return 0;
	return 1;
}

size_t text_utf8(const char *bytes, size_t length, unsigned int *character)
{
	static const unsigned int least[] = {0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)bytes[0];
	size_t more = first < 0x80 ? 0 : first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;

	if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || more >= length || !utf8_continues(bytes, more))
		return 0;
	unsigned int value = more > 0 ? first & (0x3FU >> more) : first;
	for (size_t i = 1; i <= more; i++)
		value = value << 6 | ((unsigned char)bytes[i] & 0x3FU);
	if (value < least[more] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*character = value;
	return more + 1;
}

static int within(const unsigned int (*ranges)[2], size_t count, unsigned int character)
{
	for (size_t i = 0; i < count; i++)
		if (character >= ranges[i][0] && character <= ranges[i][1])
			return 1;
	return 0;
}

/* Characters that show nothing but change how their neighbours are shown: zero width, bidirectional controls, variation
 * selectors, tags, byte order marks, line and paragraph separators. */
static int invisible(unsigned int character)
{
	static const unsigned int ranges[][2] = {
		{0xAD, 0xAD},
		{0x61C, 0x61C},
		{0x115F, 0x1160},
		{0x17B4, 0x17B5},
		{0x180B, 0x180F},
		{0x200B, 0x200F},
		{0x2028, 0x202E},
		{0x2060, 0x206F},
		{0x3164, 0x3164},
		{0xFE00, 0xFE0F},
		{0xFEFF, 0xFEFF},
		{0xFFA0, 0xFFA0},
		{0xFFF0, 0xFFFB},
		{0x1D173, 0x1D17A},
		{0xE0000, 0xE0FFF},
	};

	return within(ranges, array_length(ranges), character);
}

/* Marks above and below a letter, from the blocks that hold nothing else. */
static int is_mark(unsigned int character)
{
	static const unsigned int ranges[][2] = {
		{0x300, 0x36F},
		{0x483, 0x489},
		{0x591, 0x5BD},
		{0x610, 0x61A},
		{0x64B, 0x65F},
		{0x6D6, 0x6DC},
		{0xE31, 0xE31},
		{0xE34, 0xE3A},
		{0xE47, 0xE4E},
		{0x1AB0, 0x1AFF},
		{0x1DC0, 0x1DFF},
		{0x20D0, 0x20FF},
		{0xFE20, 0xFE2F},
	};

	return within(ranges, array_length(ranges), character);
}

static void add_shown(struct text *out, const char *bytes, size_t size, unsigned int character)
{
	if (size == 0)
		text_add(out, "?", 1);
	else if (character == '\n' || character == '\t' || character == '\r')
		text_add(out, " ", 1);
	else if (character < 0x20 || (character >= 0x7F && character < 0xA0))
		text_add(out, "?", 1);
	else if (!invisible(character))
		text_add(out, bytes, size);
}

/* Returns the length of the plain ASCII at the beginning; nearly all text is nothing else. */
static size_t plain_length(const char *bytes, size_t length)
{
	size_t plain = 0;

	while (plain < length && bytes[plain] >= 0x20 && bytes[plain] < 0x7F)
		plain++;
	return plain;
}

char *text_printable_length(const char *foreign, size_t length, size_t most)
{
	scoped(text) struct text out;
	size_t whole = 0; /* length that may stay when "..." has to follow */
	size_t marks = MARKS_MAX;

	text_init(&out, most);
	/* Without spare room: there are thousands of these, and they stay in memory. */
	if (length > 0 && length <= most && plain_length(foreign, length) == length)
		return string_copy_length(foreign, length);
	for (size_t i = 0; i < length && !out.full;) {
		unsigned int character = 0;
		size_t room = most > out.length + 3 ? most - out.length - 3 : 0;
		size_t plain = plain_length(foreign + i, length - i < room ? length - i : room);

		if (plain > 0) {
			text_add(&out, foreign + i, plain);
			i += plain;
			marks = 0;
			continue;
		}
		size_t size = text_utf8(foreign + i, length - i, &character);

		if (out.length + 3 <= most)
			whole = out.length;
		if (size == 0 || !invisible(character))
			marks = size > 0 && is_mark(character) ? marks + 1 : 0;
		/* Without a letter, or in great number, they would cover their neighbours. */
		if (marks <= MARKS_MAX)
			add_shown(&out, foreign + i, size, character);
		i += size > 0 ? size : 1;
	}
	if (out.full) {
		out.full = 0;
		out.length = whole;
		text_add(&out, "...", most < 3 ? most : 3);
	}
	return text_take(&out);
}

char *text_printable_lines(const char *text, size_t most)
{
	scoped(text) struct text out = {.ceiling = most};

	for (const char *line = text; line != NULL; line = strchr(line, '\n') != NULL ? strchr(line, '\n') + 1 : NULL) {
		size_t room = most - out.length;
		scoped(string) char *shown = text_printable_length(line, strcspn(line, "\n"), room > 0 ? room - 1 : 0);

		text_add_format(&out, "%s%s", line != text ? "\n" : "", shown);
	}
	return text_take(&out);
}

char *text_printable(const char *foreign)
{
	return text_printable_length(foreign, foreign != NULL ? strlen(foreign) : 0, TEXT_SHOWN_MAX);
}

size_t text_columns(const char *string)
{
	size_t columns = 0;

	for (; *string != '\0'; string++)
		columns += ((unsigned char)*string & 0xC0) != 0x80;
	return columns;
}
