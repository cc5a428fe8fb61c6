/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/columns.h"

#include <string.h>

#include "common/base/text.h"

/* Characters from here on may be wide, except those that is_narrow lists. */
#define WIDE_FROM 0x1100

/* Letters with accents, punctuation, arrows, signs and borders take one column each. */
static bool is_narrow(unsigned int character)
{
	return character < WIDE_FROM || (character >= 0x1E00 && character < 0x2300) ||
	       (character >= 0x2500 && character < 0x2600) || character == 0x2713 || character == 0x2717;
}

/* Returns how many bytes the first character of a printable string has, and sets `*columns` to its columns. */
static size_t next(const char *string, size_t *columns)
{
	unsigned int character = 0;
	size_t size = text_utf8(string, strnlen(string, 4), &character);

	*columns = size == 0 || is_narrow(character) ? 1 : 2;
	return size > 0 ? size : 1;
}

/* Returns how many bytes of `string` fit into `most` columns. */
static size_t bytes_within(const char *string, size_t most)
{
	size_t bytes = 0, columns = 0;

	while (string[bytes] != '\0') {
		size_t more = 0, size = next(string + bytes, &more);

		if (columns + more > most)
			break;
		columns += more;
		bytes += size;
	}
	return bytes;
}

size_t columns_count(const char *string)
{
	size_t columns = 0;

	while (*string != '\0') {
		size_t more = 0;

		string += next(string, &more);
		columns += more;
	}
	return columns;
}

/* In place: no character grows. */
static void make_ascii(char *string)
{
	size_t to = 0;

	for (const char *from = string; *from != '\0';) {
		size_t columns = 0, size = next(from, &columns);

		string[to] = *from;
		if (size > 1 || (unsigned char)*from >= 0x80)
			string[to] = '?';
		to++;
		from += size;
	}
	string[to] = '\0';
}

char *columns_fit(const char *text, size_t most, bool unicode)
{
	scoped(string) char *shown = text_printable(text);
	const char *ellipsis = unicode ? "\xE2\x80\xA6" : "...";

	if (!unicode)
		make_ascii(shown);
	if (columns_count(shown) <= most)
		return steal(shown);
	if (most < columns_count(ellipsis))
		return string_copy_length("...", most);
	size_t bytes = bytes_within(shown, most - columns_count(ellipsis));
	while (bytes > 0 && shown[bytes - 1] == ' ')
		bytes--;
	shown[bytes] = '\0';
	return string_format("%s%s", shown, ellipsis);
}

size_t columns_line(const char *text, size_t most)
{
	size_t bytes = bytes_within(text, most), columns = 0;

	if (text[bytes] == '\0')
		return bytes;
	for (size_t end = bytes; end > 0; end--)
		if (text[end] == ' ')
			return end;
	return bytes > 0 ? bytes : next(text, &columns);
}
