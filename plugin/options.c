/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "plugin/duration.h"
#include "plugin/quote.h"

/* Longest list of words in one message, in bytes. */
#define WORDS_SHOWN_MAX 1024

/* The owned text at an OPTION_STRING's place. */
static char **string_at(struct options *options, const struct option_row *row)
{
	return (char **)(void *)((char *)options + row->place);
}

/* Releases the values that are texts: all of them, or only the empty ones, which count as not given. */
static void drop_strings(struct options *options, int only_empty)
{
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	for (size_t i = 0; i < count; i++)
		if (table[i].type == OPTION_STRING && !(only_empty && string_given(*string_at(options, &table[i]))))
			string_replace(string_at(options, &table[i]), NULL);
}

void options_free(struct options *options)
{
	if (options == NULL)
		return;
	drop_strings(options, 0);
	for (size_t i = 0; i < options->model_count; i++)
		free(options->models[i]);
	free(options->models);
	free(options->target);
	free(options);
}

/* The words that are being parsed. */
struct reader {
	char *const *next;  /* the word to be looked at next */
	const char **words; /* those that are no options, borrowed */
	size_t count;
	int options_ended; /* after "--" */
	struct options *options;
};

/* One option as it was typed. */
struct found {
	const struct option_row *row;
	char shown[64];    /* with its dashes, as error texts name it */
	const char *value; /* borrowed, or NULL: none was typed with it */
};

static int refuse(const struct found *found, const char *value, const char *why, struct error **error)
{
	scoped(string) char *quoted = quote_word(value);

	return error_set(error, ERROR_USAGE, "invalid value %s for option %s: %s", quoted, found->shown, why);
}

static int set_boolean(int *place, const struct found *found, const char *value, struct error **error)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
	static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};

	for (size_t i = 0; i < array_length(yes); i++) {
		if (strcmp(value, yes[i]) != 0 && strcmp(value, no[i]) != 0)
			continue;
		*place = strcmp(value, yes[i]) == 0;
		return 0;
	}
	scoped(string) char *quoted = quote_word(value);
	scoped(string) char *why = string_format("strconv.ParseBool: parsing %s: invalid syntax", quoted);
	return refuse(found, value, why, error);
}

static int set_duration(int64_t *place, const struct found *found, const char *value, struct error **error)
{
	scoped(error) struct error *wrong = NULL;
	int64_t duration = 0;

	if (duration_parse(value, &duration, &wrong) < 0)
		return refuse(found, value, wrong->message, error);
	if (duration < 0)
		return refuse(found, value, "a time to wait cannot be negative", error);
	*place = duration;
	return 0;
}

static int set_parallel(int *place, const struct found *found, const char *value, struct error **error)
{
	char *end = NULL;

	errno = 0;
	/* As Go reads it: with 0x, and a leading 0 for octal, but without blanks. */
	long number = strtol(value, &end, 0);
	if (value[0] == '\0' || strchr(" \t\n\v\f\r", value[0]) != NULL || *end != '\0') {
		scoped(string) char *quoted = quote_word(value);
		scoped(string) char *why = string_format("strconv.ParseInt: parsing %s: invalid syntax", quoted);
		return refuse(found, value, why, error);
	}
	if (errno != 0 || number < 1 || number > OPTIONS_PARALLEL_MAX) {
		scoped(string) char *why = string_format("it must be from 1 to %d", OPTIONS_PARALLEL_MAX);
		return refuse(found, value, why, error);
	}
	*place = (int)number;
	return 0;
}

static int set_format(enum options_format *place, const struct found *found, const char *value, struct error **error)
{
	static const enum options_format formats[] = {FORMAT_TABULAR, FORMAT_YAML, FORMAT_JSON};

	for (size_t i = 0; i < array_length(formats); i++) {
		if (strcmp(value, options_format_name(formats[i])) != 0)
			continue;
		*place = formats[i];
		return 0;
	}
	scoped(string) char *quoted = quote_word(value);
	scoped(string) char *why = string_format("unknown format %s", quoted);
	return refuse(found, value, why, error);
}

static int set_value(struct options *options, const struct found *found, const char *value, struct error **error)
{
	void *place = (char *)options + found->row->place;

	switch (found->row->type) {
	case OPTION_BOOLEAN:
		return set_boolean(place, found, value, error);
	case OPTION_DURATION:
		return set_duration(place, found, value, error);
	case OPTION_FORMAT:
		return set_format(place, found, value, error);
	case OPTION_PARALLEL:
		return set_parallel(place, found, value, error);
	case OPTION_STRING:
		break;
	}
	string_replace(string_at(options, found->row), value);
	return 0;
}

/* Sets what was found; an option that needs a value and was typed without one takes the next word, whatever it is. */
static int take_found(struct reader *reader, const struct found *found, struct error **error)
{
	const char *value = found->value;

	if (value == NULL && found->row->type == OPTION_BOOLEAN)
		value = "true";
	if (value == NULL && *reader->next == NULL)
		return error_set(error, ERROR_USAGE, "option needs an argument: %s", found->shown);
	if (value == NULL)
		value = *reader->next++;
	return set_value(reader->options, found, value, error);
}

static const struct option_row *find_row(const char *name, size_t length, unsigned int letter)
{
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	for (size_t i = 0; i < count; i++) {
		const struct option_row *row = &table[i];
		int same = letter != 0 ? letter == (unsigned char)row->letter
				       : strlen(row->name) == length && memcmp(row->name, name, length) == 0;
		if (same)
			return row;
	}
	return NULL;
}

static int undefined(const char *dashes, const char *name, size_t length, struct error **error)
{
	scoped(string) char *shown = text_printable_length(name, length, TEXT_SHOWN_MAX);

	return error_set(error, ERROR_USAGE, "option provided but not defined: %s%s", dashes, shown);
}

/* "--name" or "--name=value". */
static int take_long(struct reader *reader, const char *word, struct error **error)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	struct found found = {.value = name[length] == '=' ? name + length + 1 : NULL};

	if (length == 0) {
		scoped(string) char *quoted = quote_word(word);
		return error_set(error, ERROR_USAGE, "empty option in argument %s", quoted);
	}
	found.row = find_row(name, length, 0);
	if (found.row == NULL)
		return undefined("--", name, length, error);
	snprintf(found.shown, sizeof(found.shown), "--%s", found.row->name);
	return take_found(reader, &found, error);
}

/* "-x value", "-xvalue", or several letters without values, "-vB". */
static int take_short(struct reader *reader, const char *word, struct error **error)
{
	for (const char *at = word + 1; *at != '\0'; at++) {
		unsigned int letter = 0;
		size_t size = text_utf8(at, strlen(at), &letter);
		struct found found = {.row = size == 1 ? find_row("", 0, letter) : NULL};

		if (found.row == NULL)
			return undefined("-", at, size > 0 ? size : 1, error);
		snprintf(found.shown, sizeof(found.shown), "-%c", *at);
		/* "-v=false" gives "-v" a value, as it does for juju: "=false", which is none. */
		int has_value = found.row->type != OPTION_BOOLEAN || at[1] == '=';
		if (has_value && at[1] != '\0')
			found.value = at + 1;
		if (take_found(reader, &found, error) < 0)
			return -1;
		if (has_value)
			break;
	}
	return 0;
}

static int take_word(struct reader *reader, struct error **error)
{
	const char *word = *reader->next++;

	if (reader->options_ended || word[0] != '-' || word[1] == '\0') {
		reader->words[reader->count++] = word;
		return 0;
	}
	if (strcmp(word, "--") == 0) {
		reader->options_ended = 1;
		return 0;
	}
	return word[1] == '-' ? take_long(reader, word, error) : take_short(reader, word, error);
}

static int check_together(const struct options *options, struct error **error)
{
	if (options->color && options->no_color)
		return error_set(error, ERROR_USAGE, "cannot mix --no-color and --color");
	/* --forget does nothing but remove, which nobody expects of a dry run. */
	if (options->forget && (options->remember || options->resume || options->dry_run))
		return error_set(error, ERROR_USAGE, "cannot mix --forget and --%s",
			options->remember ? "remember"
			: options->resume ? "resume"
					  : "dry-run");
	if (options->all_from != NULL && (options->resume || options->forget))
		return error_set(
			error, ERROR_USAGE, "cannot mix --all-from and --%s", options->resume ? "resume" : "forget");
	if (options->quiet && options->verbose)
		return error_set(error, ERROR_FAILED,
			"\"verbose\" and \"quiet\" flags clash, please use one or the other, not both");
	return 0;
}

static int refuse_list(const char *const *words, size_t count, struct error **error)
{
	scoped(text) struct text list = {.ceiling = WORDS_SHOWN_MAX};

	for (size_t i = 0; i < count; i++) {
		scoped(string) char *quoted = quote_word(words[i]);

		text_add_format(&list, "%s%s", i > 0 ? " " : "", quoted);
	}
	return error_set(error, ERROR_USAGE, "unrecognized args: [%s]", list.data != NULL ? list.data : "");
}

/* --resume takes its models from the journal, and --forget concerns no model: neither takes a word. */
static int refuse_words(const struct options *options, const char *const *words, size_t count, struct error **error)
{
	if (count > 0)
		return refuse_list(words, count, error);
	if (options->model == NULL)
		return 0;
	return error_set(error, ERROR_USAGE,
		options->resume ? "--resume takes up what is unfinished and takes no model"
				: "--forget removes what the keyring holds and takes no model");
}

/* With --all-from only the target is named; the models are those of the controller. */
static int take_target(struct options *options, const char *const *words, size_t count, struct error **error)
{
	if (options->model != NULL)
		return error_set(error, ERROR_USAGE, "--all-from moves all models of a controller and takes no model");
	if (count == 0 || words[0][0] == '\0')
		return error_set(error, ERROR_USAGE, "target controller not specified");
	if (count > 1)
		return refuse_list(words + 1, count - 1, error);
	if (string_same(options->all_from, words[0]))
		return error_set(error, ERROR_USAGE, "--all-from and the target name the same controller");
	options->target = string_copy(words[0]);
	return 0;
}

/* The words are models and, last, the target; -m stands before them. */
static int split_words(struct options *options, const char *const *words, size_t count, struct error **error)
{
	options->models = memory_get(count + 1, sizeof(*options->models));
	if (options->model != NULL)
		options->models[options->model_count++] = string_copy(options->model);
	for (size_t i = 0; i + 1 < count; i++) {
		if (words[i][0] == '\0')
			return error_set(error, ERROR_USAGE, "model not specified");
		options->models[options->model_count++] = string_copy(words[i]);
	}
	if (count == 0 && options->model == NULL)
		return error_set(error, ERROR_USAGE, "model not specified");
	if (options->model_count + count == 1 && (count == 0 || words[0][0] != '\0')) {
		options->request = OPTIONS_TARGETS;
		if (count == 1)
			options->models[options->model_count++] = string_copy(words[0]);
		return 0;
	}
	if (options->model_count == 0 || count == 0 || words[count - 1][0] == '\0')
		return error_set(error, ERROR_USAGE, "target controller not specified");
	options->target = string_copy(words[count - 1]);
	return 0;
}

static int take_words(struct options *options, const char *const *words, size_t count, struct error **error)
{
	if (options->resume || options->forget)
		return refuse_words(options, words, count, error);
	if (options->all_from != NULL)
		return take_target(options, words, count, error);
	return split_words(options, words, count, error);
}

/* Decides what is asked for, once all words have been seen; `wrong` is the first error among them, or NULL. */
static int settle(
	struct options *options, const char *const *words, size_t count, struct error **wrong, struct error **error)
{
	scoped(error) struct error *clash = NULL;

	drop_strings(options, 1);
	if (options->help) {
		options->request = OPTIONS_HELP;
		return 0;
	}
	if (*wrong != NULL)
		return error_move(error, steal(*wrong));
	if (options->description || options->version) {
		options->request = options->description ? OPTIONS_DESCRIPTION : OPTIONS_VERSION;
		return 0;
	}
	if (take_words(options, words, count, error) < 0)
		return -1;
	if (check_together(options, &clash) == 0)
		return 0;
	if (options->request == OPTIONS_TARGETS)
		return error_set(error, ERROR_USAGE, "target controller not specified");
	return error_move(error, steal(clash));
}

struct options *options_parse(char *const *words, struct error **error)
{
	scoped(options) struct options *options = memory_get(1, sizeof(*options));
	scoped(error) struct error *wrong = NULL;
	size_t count = 0;

	options->parallel = OPTIONS_PARALLEL;
	while (words[count] != NULL)
		count++;
	struct reader reader = {.next = words, .words = memory_get(count, sizeof(*reader.words)), .options = options};
	/* All words are looked at even behind a wrong one: help may be asked for at the very end. */
	while (*reader.next != NULL)
		take_word(&reader, wrong == NULL ? &wrong : NULL);
	int settled = settle(options, reader.words, reader.count, &wrong, error);
	free(reader.words);
	return settled < 0 ? NULL : steal(options);
}
