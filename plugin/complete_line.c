/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/complete_line.h"

#include <stdlib.h>
#include <string.h>

/* What kind of value each option takes. */
static const struct {
	const char *name;
	enum complete_want want;
} values[] = {
	{"all-from", WANT_CONTROLLER},
	{"controller", WANT_JAAS},
	{"format", WANT_FORMAT},
	{"log-file", WANT_FILE},
	{"model", WANT_MODEL},
	{"output", WANT_FILE},
	{"parallel", WANT_PARALLEL},
	{"timeout", WANT_DURATION},
};

static enum complete_want want_of(const struct option_row *row)
{
	if (row->type == OPTION_BOOLEAN)
		return WANT_BOOLEAN;
	for (size_t i = 0; i < array_length(values); i++)
		if (strcmp(values[i].name, row->name) == 0)
			return values[i].want;
	return WANT_NOTHING;
}

static const struct option_row *find_row(const char *name, size_t length, char letter)
{
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	for (size_t i = 0; i < count && i < COMPLETE_OPTIONS_MAX; i++)
		if (letter != '\0' ? table[i].letter == letter
				   : strlen(table[i].name) == length && memcmp(table[i].name, name, length) == 0)
			return &table[i];
	return NULL;
}

static bool *given(struct complete_line *line, const struct option_row *row)
{
	size_t count = 0;

	return &line->given[row - options_table(&count)];
}

static bool is_given(struct complete_line *line, const char *name)
{
	const struct option_row *row = find_row(name, strlen(name), '\0');

	return row != NULL && *given(line, row);
}

static void set_value(struct complete_line *line, const struct option_row *row, const char *value)
{
	if (value[0] == '\0')
		value = NULL;
	if (strcmp(row->name, "controller") == 0)
		line->controller = value;
	else if (strcmp(row->name, "model") == 0)
		line->model = value;
	else if (strcmp(row->name, "all-from") == 0)
		line->all_from = value;
}

/* A parsed word that begins with a dash. */
struct dashed {
	const struct option_row
		*row;      /* the option that has or needs a value, or the only one; NULL: none that we know */
	const char *value; /* in the word itself, or NULL */
};

static struct dashed read_long(const char *word)
{
	size_t length = strcspn(word + 2, "=");
	struct dashed dashed = {find_row(word + 2, length, '\0'), NULL};

	if (word[2 + length] == '=')
		dashed.value = word + 2 + length + 1;
	return dashed;
}

/* Marks its letters as given, except one that has a value: that one is returned. */
static struct dashed read_short(struct complete_line *line, const char *word)
{
	struct dashed dashed = {NULL, NULL};

	for (const char *at = word + 1; *at != '\0'; at++) {
		dashed.row = find_row("", 0, *at);
		if (dashed.row == NULL)
			break;
		if (dashed.row->type != OPTION_BOOLEAN) {
			dashed.value = at[1] != '\0' ? at + 1 : NULL;
			break;
		}
		*given(line, dashed.row) = true;
	}
	return dashed;
}

static bool is_dashed(const struct complete_line *line, const char *word)
{
	return !line->options_ended && word[0] == '-' && word[1] != '\0';
}

/* Takes one of the words before the last. Returns the option whose value the next word is, or NULL. */
static const struct option_row *take(struct complete_line *line, const char *word)
{
	if (!is_dashed(line, word)) {
		line->words[line->count++] = word;
		return NULL;
	}
	if (strcmp(word, "--") == 0) {
		line->options_ended = true;
		return NULL;
	}
	const struct dashed dashed = word[1] == '-' ? read_long(word) : read_short(line, word);
	if (dashed.row == NULL)
		return NULL;
	*given(line, dashed.row) = true;
	if (dashed.row->type == OPTION_BOOLEAN)
		return NULL;
	if (dashed.value == NULL)
		return dashed.row;
	set_value(line, dashed.row, dashed.value);
	return NULL;
}

static enum complete_want want_word(struct complete_line *line)
{
	if (is_given(line, "resume") || is_given(line, "forget"))
		return WANT_NOTHING;
	if (line->all_from != NULL)
		return line->count == 0 ? WANT_TARGET : WANT_NOTHING;
	return line->count == 0 && line->model == NULL ? WANT_MODEL : WANT_TARGET;
}

/* The last word begins with a dash. */
static void want_dashed(struct complete_line *line, const char *word)
{
	bool before[COMPLETE_OPTIONS_MAX];

	memcpy(before, line->given, sizeof(before));
	const struct dashed dashed = word[1] == '-' ? read_long(word) : read_short(line, word);
	line->want = WANT_OPTION;
	if (dashed.row != NULL && dashed.value != NULL) {
		line->want = want_of(dashed.row);
		line->typed = dashed.value;
	} else {
		/* It may be the option itself that is being typed. */
		memcpy(line->given, before, sizeof(before));
	}
}

void complete_line_read(struct complete_line *line, char *const *words)
{
	const struct option_row *pending = NULL;
	size_t count = 0;

	while (words[count] != NULL)
		count++;
	*line = (struct complete_line){.words = memory_get(count, sizeof(*line->words))};
	for (size_t i = 0; i + 1 < count; i++) {
		if (pending == NULL) {
			pending = take(line, words[i]);
			continue;
		}
		set_value(line, pending, words[i]);
		pending = NULL;
	}
	const char *last = count > 0 ? words[count - 1] : "";
	line->typed = last;
	if (pending != NULL)
		line->want = want_of(pending);
	else if (!line->options_ended && strcmp(last, "-") == 0)
		line->want = WANT_OPTION;
	else if (is_dashed(line, last))
		want_dashed(line, last);
	else
		line->want = want_word(line);
	line->may_be_dashed = pending != NULL || line->typed != last || line->options_ended;
	line->before = string_copy_length(last, (size_t)(line->typed - last));
}

void complete_line_release(struct complete_line *line)
{
	free(line->before);
	free(line->words);
	*line = (struct complete_line){0};
}
