/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of juju's and JIMM's words: the tables behind reason.h.
 *
 * In a pattern, "*" stands for a word (without blanks) and "%" for any text; the rest is literal. A pattern fits anywhere in the text, or
 * only at its beginning if it begins with "^". In explanations and remedies, {1} and {2} stand for what the first two of these matched,
 * {model}, {from} and {to} for the names, {whose} for whose machines the text speaks of ("the model" or "controller NAME").
 */
#ifndef PLUGIN_REASON_TABLE_H
#define PLUGIN_REASON_TABLE_H

#include <stddef.h>

/* Whose matters a text speaks of. */
enum reason_side {
	SIDE_MODEL,  /* the model's own */
	SIDE_SOURCE, /* the source controller's: the text behind the beginning is not looked up */
	SIDE_TARGET, /* the target controller's */
};

/* A part of the work, known by how its texts begin. */
struct reason_beginning {
	const char *start; /* what the text begins with; the rest is looked up */
	const char *part;
	enum reason_side side;
	const char *explanation; /* where the rest is not known */
	const char *remedy;
};

/* A cause, known by a piece of the text behind the beginning. The first one that fits counts. */
struct reason_cause {
	const char *pattern;
	const char *part; /* where no beginning told it, else NULL */
	const char *explanation;
	const char *remedy;
};

/* Returns the beginnings, the causes that speak of the model or the target, and those that speak of machines, units and applications, which
 * a controller has as well; and their number in `*count`. Constant. */
const struct reason_beginning *reason_beginnings(size_t *count);
const struct reason_cause *reason_causes(size_t *count);
const struct reason_cause *reason_entities(size_t *count);

#endif
