/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/nearest.h"

#include <string.h>

#include "common/base/text.h"

/* One mistake is allowed for this many letters of the word, and one in any case. */
#define LETTERS_A_MISTAKE 3
/* Shortest word to which the names that begin with it are near. */
#define BEGINNING_LEAST 3

void nearest_init(struct nearest *nearest, const char *word)
{
	*nearest = (struct nearest){.word = word};
}

static size_t least(size_t one, size_t other)
{
	return one < other ? one : other;
}

/* Returns the number of letters to insert, remove, change, or swap with the next. Keeps 3 rows of the usual table. */
static size_t distance(const char *one, const char *other)
{
	size_t rows[3][NEAREST_NAME_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t width = strlen(other);

	for (size_t j = 0; j <= width; j++)
		last[j] = j;
	for (size_t i = 1; one[i - 1] != '\0'; i++) {
		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			row[j] = last[j - 1] + (one[i - 1] != other[j - 1]);
			row[j] = least(row[j], least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		size_t *free_row = before;
		before = last;
		last = row;
		row = free_row;
	}
	return last[width];
}

static int is_taken(const struct nearest *nearest, const char *name)
{
	for (size_t i = 0; i < nearest->count; i++)
		if (strcmp(nearest->names[i], name) == 0)
			return 1;
	return 0;
}

static void put(struct nearest *nearest, const char *name, size_t far)
{
	size_t at = nearest->count;

	while (at > 0 && nearest->distances[at - 1] > far)
		at--;
	if (at == NEAREST_OFFERED_MAX)
		return;
	nearest->count = least(nearest->count + 1, NEAREST_OFFERED_MAX);
	for (size_t i = nearest->count - 1; i > at; i--) {
		nearest->names[i] = nearest->names[i - 1];
		nearest->distances[i] = nearest->distances[i - 1];
	}
	nearest->names[at] = name;
	nearest->distances[at] = far;
}

void nearest_take(struct nearest *nearest, const char *name)
{
	size_t length = strlen(nearest->word);
	size_t most = length / LETTERS_A_MISTAKE > 1 ? length / LETTERS_A_MISTAKE : 1;

	if (length < 2 || length > NEAREST_NAME_MAX || strlen(name) > NEAREST_NAME_MAX || name[0] == '\0' ||
		strcmp(name, nearest->word) == 0 || is_taken(nearest, name))
		return;
	size_t far = distance(nearest->word, name);
	if (far <= most)
		put(nearest, name, far);
	else if (length >= BEGINNING_LEAST && string_starts(name, nearest->word))
		put(nearest, name, most + 1);
}

char *nearest_text(const struct nearest *nearest)
{
	scoped(text) struct text text;

	text_init(&text, (size_t)(NEAREST_OFFERED_MAX + 1) * NEAREST_NAME_MAX);
	for (size_t i = 0; i < nearest->count; i++) {
		scoped(string) char *shown = text_printable(nearest->names[i]);

		text_add_format(&text, "%s%s", i == 0 ? "" : i + 1 == nearest->count ? " or " : ", ", shown);
	}
	return nearest->count > 0 ? text_take(&text) : NULL;
}
