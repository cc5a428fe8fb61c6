/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/model_word.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Most bytes of a typed text shown in a message. */
#define SHOWN_MAX 120

/* True if a UUID can begin with `text` (up to 36 characters). */
static int begins_uuid(const char *text)
{
	size_t i = 0;

	for (; i < MODEL_WORD_UUID_LENGTH && text[i] != '\0'; i++) {
		int dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (strchr(dash ? "-" : DIGITS "abcdef", text[i]) == NULL)
			return 0;
	}
	return text[i] == '\0';
}

int model_word_uuid(const char *text)
{
	return strlen(text) == MODEL_WORD_UUID_LENGTH && begins_uuid(text);
}

int model_word_name(const char *text)
{
	return text[0] != '\0' && text[0] != '-' && text[strspn(text, LOWER DIGITS "-")] == '\0';
}

static int alphanumeric(char character)
{
	return character != '\0' && strchr(LOWER UPPER DIGITS, character) != NULL;
}

static int user_part(const char *text, size_t length)
{
	return length >= 2 && strspn(text, LOWER UPPER DIGITS ".+-") >= length && alphanumeric(text[0]) &&
	       alphanumeric(text[length - 1]);
}

int model_word_user(const char *text)
{
	size_t local = strcspn(text, "@");

	if (!user_part(text, local))
		return 0;
	return text[local] == '\0' || user_part(text + local + 1, strlen(text + local + 1));
}

void model_word_cut_local(char *user)
{
	char *domain = strchr(user, '@');

	if (domain != NULL && strcmp(domain, "@local") == 0)
		*domain = '\0';
}

static int refuse(const char *text, const char *cause, struct error **error)
{
	scoped(string) char *shown = text_printable_length(text, strlen(text), SHOWN_MAX);

	return error_set(error, ERROR_USAGE, "cannot take \"%s\" for a model: %s", shown, cause);
}

static int checked(const struct model_word *word, struct error **error)
{
	if (word->name[0] == '\0')
		return refuse(word->text, "no model name in it; give <name>, <owner>/<name> or a UUID", error);
	if (strchr(word->name, '/') != NULL)
		return refuse(word->text, "more than one \"/\" in it; give <owner>/<name>", error);
	if (!model_word_name(word->name))
		return refuse(word->text,
			"a model name has lower-case letters, digits and \"-\" only, and does not begin with \"-\"",
			error);
	return 0;
}

int model_word_parse(const char *text, struct model_word *word, struct error **error)
{
	scoped(model_word) struct model_word read = {0};

	*word = read;
	if (strlen(text) > MODEL_WORD_MAX)
		return refuse(text, "too long", error);
	const char *colon = strchr(text, ':');
	const char *rest = colon != NULL ? colon + 1 : text;
	const char *slash = strchr(rest, '/');
	read.text = string_copy(text);
	read.controller = string_copy_length(text, colon != NULL ? (size_t)(colon - text) : 0);
	read.owner = string_copy_length(rest, slash != NULL ? (size_t)(slash - rest) : 0);
	read.name = string_copy(slash != NULL ? slash + 1 : rest);
	if (checked(&read, error) != 0)
		return -1;
	if (slash != NULL && !model_word_user(read.owner))
		return refuse(text, "what stands before the \"/\" is no user name", error);
	model_word_cut_local(read.owner);
	read.prefix = slash == NULL && strlen(read.name) >= MODEL_WORD_PREFIX_MIN && begins_uuid(read.name);
	read.whole = read.prefix && strlen(read.name) == MODEL_WORD_UUID_LENGTH;
	*word = read;
	read = (struct model_word){0};
	return 0;
}

void model_word_release(struct model_word *word)
{
	free(word->text);
	free(word->controller);
	free(word->owner);
	free(word->name);
	*word = (struct model_word){0};
}
