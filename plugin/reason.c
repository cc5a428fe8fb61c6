/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/reason.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/shell.h"
#include "common/base/text.h"
#include "plugin/reason_table.h"

/* Most wildcards of one pattern. */
#define HOLES_MAX 2
/* How juju marks texts about the source controller's own machines. */
#define ABOUT_CONTROLLER "controller: "

/* What a wildcard stood for; borrowed from the text. */
struct hole {
	const char *start;
	size_t length;
};

static bool is_hole(char letter)
{
	return letter == '*' || letter == '%';
}

/* Returns how much of `text` a wildcard may take at most. */
static size_t reach(char kind, const char *text)
{
	size_t most = kind == '*' ? strcspn(text, " ,;") : strlen(text);

	return most < REASON_NAME_MAX ? most : REASON_NAME_MAX;
}

/* A text without blanks is a name and goes into commands; no name in juju begins like an option. */
static bool is_name(char kind, const char *text)
{
	return kind != '*' || *text != '-';
}

static bool fits_here(const char *pattern, const char *text, struct hole *holes)
{
	for (; *pattern != '\0' && !is_hole(*pattern); pattern++, text++)
		if (*pattern != *text)
			return false;
	if (*pattern == '\0')
		return true;
	size_t most = is_name(*pattern, text) ? reach(*pattern, text) : 0;
	/* The last wildcard takes as much as it can, any other as little as possible. */
	for (size_t length = pattern[1] == '\0' && most > 0 ? most : 1; length <= most; length++) {
		*holes = (struct hole){text, length};
		if (fits_here(pattern + 1, text + length, holes + 1))
			return true;
	}
	return false;
}

static bool fits(const char *pattern, const char *text, struct hole holes[HOLES_MAX])
{
	if (*pattern == '^')
		return fits_here(pattern + 1, text, holes);
	for (; *text != '\0'; text++)
		if (*text == *pattern && fits_here(pattern, text, holes))
			return true;
	return false;
}

static const struct reason_cause *find(
	const struct reason_cause *causes, size_t count, const char *text, struct hole holes[HOLES_MAX])
{
	for (size_t i = 0; i < count; i++)
		if (fits(causes[i].pattern, text, holes))
			return &causes[i];
	return NULL;
}

/* What the words in braces stand for. */
struct filling {
	const struct reason_names *names;
	const struct hole *holes;
	enum reason_side side;
	bool quoted; /* in commands */
};

static void add_whose(struct text *text, const struct filling *with)
{
	if (with->side == SIDE_MODEL)
		text_add_string(text, "the model");
	else
		text_add_format(text, "controller %s", with->side == SIDE_SOURCE ? with->names->from : with->names->to);
}

static void add_hole(struct text *text, const struct hole *hole, bool quoted)
{
	scoped(string) char *found = string_copy_length(hole->start, hole->length);
	scoped(string) char *word = quoted ? shell_word(found) : NULL;

	text_add_string(text, quoted ? word : found);
}

/* Adds what the word in braces at `at` stands for; returns the length of that word with its braces. */
static size_t add_word(struct text *text, const char *at, const struct filling *with)
{
	size_t length = strcspn(at, "}") + 1;

	if (string_starts(at, "{model}"))
		text_add_string(text, with->names->model);
	else if (string_starts(at, "{from}"))
		text_add_string(text, with->names->from);
	else if (string_starts(at, "{to}"))
		text_add_string(text, with->names->to);
	else if (string_starts(at, "{whose}"))
		add_whose(text, with);
	else
		add_hole(text, &with->holes[at[1] - '1'], with->quoted);
	return length;
}

/* Returns the line that a template makes, or NULL for NULL. */
static char *fill(const char *template, const struct filling *with)
{
	scoped(text) struct text text;

	text_init(&text, REASON_LINE_MAX);
	while (template != NULL && *template != '\0') {
		size_t plain = strcspn(template, "{");

		text_add(&text, template, plain);
		template += plain;
		if (*template == '{')
			template += add_word(&text, template, with);
	}
	return template != NULL ? text_take(&text) : NULL;
}

static const struct reason_beginning *find_beginning(const char *text)
{
	size_t count = 0;
	const struct reason_beginning *beginnings = reason_beginnings(&count);

	for (size_t i = 0; i < count; i++)
		if (string_starts(text, beginnings[i].start))
			return &beginnings[i];
	return NULL;
}

/* Who only has the model cannot mend a controller's own machines. */
static const char *remedy_of(const struct reason_cause *cause, enum reason_side side)
{
	return side == SIDE_MODEL ? cause->remedy : "wait a while, or have an administrator of {whose} fix it";
}

/* Explains by what follows the beginning. Returns false when nothing is known of it. */
static bool by_cause(const char *rest, const struct filling *from, struct reason *reason)
{
	struct filling with = *from;
	struct hole holes[HOLES_MAX + 1] = {{"", 0}};
	size_t count = 0;
	const struct reason_cause *causes = reason_causes(&count);
	const struct reason_cause *cause = find(causes, count, rest, holes);
	bool entity = cause == NULL;

	if (entity) {
		causes = reason_entities(&count);
		cause = find(causes, count, rest, holes);
	}
	if (cause == NULL)
		return false;
	with.holes = holes;
	if (reason->part[0] == '\0' && cause->part != NULL)
		reason->part = cause->part;
	reason->explanation = fill(cause->explanation, &with);
	with.quoted = true;
	reason->remedy = fill(entity ? remedy_of(cause, with.side) : cause->remedy, &with);
	return true;
}

void reason_explain(const char *text, const struct reason_names *names, struct reason *reason)
{
	const char *whole = text != NULL ? text : "";
	const struct reason_beginning *beginning = find_beginning(whole);
	const char *rest = whole + (beginning != NULL ? strlen(beginning->start) : 0);
	struct filling with = {.names = names, .holes = NULL, .side = beginning != NULL ? beginning->side : SIDE_MODEL};

	*reason = (struct reason){.part = beginning != NULL ? beginning->part : ""};
	if (string_starts(rest, ABOUT_CONTROLLER))
		with.side = SIDE_SOURCE;
	bool known = beginning != NULL && beginning->side == SIDE_SOURCE ? false : by_cause(rest, &with, reason);
	if (known || beginning == NULL)
		return;
	reason->explanation = fill(beginning->explanation, &with);
	reason->remedy = fill(beginning->remedy, &with);
}

void reason_release(struct reason *reason)
{
	free(reason->explanation);
	free(reason->remedy);
	*reason = (struct reason){.part = ""};
}
