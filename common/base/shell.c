/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/shell.h"

#include <ctype.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/text.h"

/* Four bytes for each quote, and two for the quotes around. */
#define WORD_MAX (4 * TEXT_SHOWN_MAX + 2)

/* zsh expands "=x" at the start of a word, fish "%x"; all of them "~". */
static int is_plain(char byte, int first)
{
	return isalnum((unsigned char)byte) || strchr(first ? "_/.-" : "_/.-:@+,=%", byte) != NULL;
}

char *shell_word(const char *text)
{
	scoped(string) char *shown = text_printable(text);
	scoped(text) struct text word = {.ceiling = WORD_MAX};
	size_t plain = 0;

	while (shown[plain] != '\0' && is_plain(shown[plain], plain == 0))
		plain++;
	if (plain > 0 && shown[plain] == '\0')
		return string_copy(shown);
	text_add_string(&word, "'");
	for (const char *at = shown; *at != '\0'; at++) {
		/* Inside quotes a backslash escapes in fish only; outside all shells agree. */
		if (*at == '\'' || *at == '\\')
			text_add_format(&word, "'\\%c'", *at);
		else
			text_add(&word, at, 1);
	}
	text_add_string(&word, "'");
	return text_take(&word);
}

const char *shell_dashes(const char *one, const char *other)
{
	return string_starts(one, "-") || string_starts(other, "-") ? "-- " : "";
}
