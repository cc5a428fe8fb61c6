/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the names that a misspelt word may stand for.
 */
#ifndef COMMON_BASE_NEAREST_H
#define COMMON_BASE_NEAREST_H

#include <stddef.h>

/* Longest name that is compared, in bytes, and most names that are offered. */
#define NEAREST_NAME_MAX 255
#define NEAREST_OFFERED_MAX 3

/* Collects the names that are nearest to a word. Borrows them. */
struct nearest {
	const char *word;
	const char *names[NEAREST_OFFERED_MAX]; /* the nearest first; at the same distance in the order they came */
	size_t distances[NEAREST_OFFERED_MAX];
	size_t count;
};

/* Begins to look for what is near `word` (borrowed). */
void nearest_init(struct nearest *nearest, const char *word);

/* Takes `name` (borrowed) if it is near the word: it begins with the word (of 3 letters or more), or differs in missing,
 * additional, wrong or swapped letters, at most a third of the word's, or one. The word itself, and names taken before, are
 * ignored. */
void nearest_take(struct nearest *nearest, const char *name);

/* Returns "a, b or c", owned by the caller (free()), printable; NULL when nothing is near. */
char *nearest_text(const struct nearest *nearest);

#endif
