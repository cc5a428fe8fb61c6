/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/yaml_text.h"

#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"

/* How a value is written. */
enum style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL };

static int is_word(const char *value)
{
	static const char *const words[] = {
		"", "~", "<<", "=", "null", "y", "n", "yes", "no", "on", "off", "true", "false"};

	for (size_t i = 0; i < array_length(words); i++)
		if (strcasecmp(value, words[i]) == 0)
			return 1;
	return 0;
}

/* One or more of `allowed`, and nothing else. */
static int consists_of(const char *value, const char *allowed)
{
	return *value != '\0' && value[strspn(value, allowed)] == '\0';
}

/* 0x1F, 0o17, 0b11, with underscores; Go reads 0b-1, too. */
static int is_based(const char *value)
{
	static const char *const digits[] = {"x0123456789abcdefABCDEF_", "o01234567_", "b01_"};

	if (value[0] != '0')
		return 0;
	for (size_t i = 0; i < array_length(digits); i++)
		if (value[1] == digits[i][0] && consists_of(value + 2 + strspn(value + 2, "+-"), digits[i] + 1))
			return 1;
	return 0;
}

/* 12, 1_000, 1.5, .5, 1e9: digits with at most one point, then maybe an exponent. */
static int is_decimal(const char *value)
{
	size_t whole = strspn(value, DIGITS "_");
	size_t decimals = value[whole] == '.' ? strspn(value + whole + 1, DIGITS "_") : 0;
	const char *rest = value + whole + decimals + (value[whole] == '.');

	if (value[0] == '_' || whole + decimals == 0)
		return 0;
	if (*rest == '\0')
		return 1;
	if (*rest != 'e' && *rest != 'E')
		return 0;
	rest += rest[1] == '+' || rest[1] == '-' ? 2 : 1;
	return consists_of(rest, DIGITS);
}

/* 12:34 and 1:20:30.5, which old readers take for numbers in base 60. */
static int is_sexagesimal(const char *value)
{
	size_t digits = strspn(value, DIGITS "_");
	int parts = 0;

	if (digits == 0 || value[0] == '_')
		return 0;
	for (value += digits; *value == ':'; value += digits + 1, parts++) {
		digits = strspn(value + 1, DIGITS);
		if (digits == 0 || digits > 2 || (digits == 2 && value[1] > '5'))
			return 0;
	}
	return parts > 0 && (*value == '\0' || (*value == '.' && value[1 + strspn(value + 1, DIGITS "_")] == '\0'));
}

/* 2026-01-31, alone or before a time of day. */
static int is_date(const char *value)
{
	size_t month = strspn(value, DIGITS) == 4 && value[4] == '-' ? strspn(value + 5, DIGITS) : 0;

	if (month < 1 || month > 2 || value[5 + month] != '-')
		return 0;
	value += 5 + month + 1;
	size_t day = strspn(value, DIGITS);
	return day >= 1 && day <= 2 && strchr("Tt \t", value[day]) != NULL;
}

static int is_number(const char *value)
{
	const char *number = value + (*value == '+' || *value == '-');

	return is_based(number) || is_decimal(number) || is_sexagesimal(number) || strcasecmp(number, ".inf") == 0 ||
	       strcasecmp(number, ".nan") == 0;
}

/* Go drops every underscore from what begins like a number before it looks closer: "+_1" is 1 to it. */
static int is_number_for_go(const char *value)
{
	if (strchr("+-." DIGITS, *value) == NULL || strchr(value, '_') == NULL)
		return 0;
	scoped(string) char *bare = string_copy(value);
	char *end = bare;
	for (; *value != '\0'; value++)
		if (*value != '_')
			*end++ = *value;
	*end = '\0';
	return is_number(bare);
}

/* True if some reader would not take the value for a text. */
static int is_ambiguous(const char *value)
{
	return is_word(value) || is_number(value) || is_number_for_go(value) || is_date(value);
}

static int is_blank_or_end(char character)
{
	return character == ' ' || character == '\0';
}

/* True if the value begins like something that is no plain text. */
static int begins_with_indicator(const char *value)
{
	if (strchr("[]{},#&*!|>'\"%@`", *value) != NULL)
		return 1;
	if (strchr("-?:", *value) != NULL && is_blank_or_end(value[1]))
		return 1;
	return strncmp(value, "---", 3) == 0 || strncmp(value, "...", 3) == 0;
}

static int needs_quotes(const char *value)
{
	size_t length = strlen(value);

	if (begins_with_indicator(value) || value[0] == ' ' || value[length - 1] == ' ' || value[length - 1] == ':')
		return 1;
	return strstr(value, ": ") != NULL || strstr(value, " #") != NULL;
}

/* True if a YAML text can hold the character without an escape; `size` is 0 for invalid UTF-8. */
static int is_showable(size_t size, unsigned int character)
{
	if (size == 0 || size == 4)
		return 0;
	if (character < 0xA0)
		return character >= 0x20 && character <= 0x7E;
	return character != 0x2028 && character != 0x2029 && character != 0xFEFF && character < 0xFFFE;
}

/* True when every character can be shown as it is, line breaks apart. */
static int all_showable(const char *value)
{
	size_t length = strlen(value);

	for (size_t i = 0, size = 1; i < length; i += size) {
		unsigned int character = 0;

		size = text_utf8(value + i, length - i, &character);
		if (character != '\n' && !is_showable(size, character))
			return 0;
	}
	return 1;
}

/* Several lines make a literal block where no blank or empty line at an edge could get lost. */
static int fits_block(const char *value)
{
	size_t length = strlen(value);

	return value[0] != ' ' && value[0] != '\n' && value[length - 1] != ' ' && strstr(value, " \n") == NULL &&
	       strcmp(value + length - 2, "\n\n") != 0;
}

static enum style choose_style(const char *value)
{
	if (is_ambiguous(value) || !all_showable(value))
		return STYLE_DOUBLE;
	if (strchr(value, '\n') != NULL)
		return fits_block(value) ? STYLE_LITERAL : STYLE_DOUBLE;
	return needs_quotes(value) ? STYLE_SINGLE : STYLE_PLAIN;
}

static void add_single(struct text *text, const char *value)
{
	text_add_string(text, "'");
	for (; *value != '\0'; value++)
		text_add(text, *value == '\'' ? "''" : value, *value == '\'' ? 2 : 1);
	text_add_string(text, "'");
}

static void add_escape(struct text *text, unsigned int character)
{
	static const char controls[][3] = {[7] = "\\a",
		[8] = "\\b",
		[9] = "\\t",
		[10] = "\\n",
		[11] = "\\v",
		[12] = "\\f",
		[13] = "\\r",
		[27] = "\\e"};

	if (character < array_length(controls) && controls[character][0] != '\0')
		text_add_string(text, controls[character]);
	else if (character == 0x2028 || character == 0x2029)
		text_add_string(text, character == 0x2028 ? "\\L" : "\\P");
	else if (character == 0x85)
		text_add_string(text, "\\N");
	else if (character <= 0xFF)
		text_add_format(text, "\\x%02X", character);
	else
		text_add_format(text, character > 0xFFFF ? "\\U%08X" : "\\u%04X", character);
}

static void add_double(struct text *text, const char *value)
{
	size_t length = strlen(value);

	text_add_string(text, "\"");
	for (size_t i = 0, size = 1; i<length; i += size> 0 ? size : 1) {
		unsigned int character = 0;

		size = text_utf8(value + i, length - i, &character);
		if (size == 0)
			add_escape(text, 0xFFFD);
		else if (character == '"' || character == '\\')
			text_add_format(text, "\\%c", (int)character);
		else if (is_showable(size, character))
			text_add(text, value + i, size);
		else
			add_escape(text, character);
	}
	text_add_string(text, "\"");
}

static void add_literal(struct text *text, const char *value, int indent)
{
	size_t length = strlen(value);

	text_add_string(text, value[length - 1] == '\n' ? "|" : "|-");
	for (size_t line = 0; *value != '\0'; value += line + (value[line] == '\n')) {
		line = strcspn(value, "\n");
		text_add_string(text, "\n");
		if (line > 0)
			text_add_format(text, "%*s", indent, "");
		text_add(text, value, line);
	}
}

void yaml_text_add(struct text *text, const char *value, int indent)
{
	switch (choose_style(value)) {
	case STYLE_SINGLE:
		add_single(text, value);
		break;
	case STYLE_DOUBLE:
		add_double(text, value);
		break;
	case STYLE_LITERAL:
		add_literal(text, value, indent);
		break;
	case STYLE_PLAIN:
		text_add_string(text, value);
		break;
	}
}
