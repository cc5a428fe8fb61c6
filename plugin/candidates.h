/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Candidates for the end of a command line, as the shells read them: one a line, the value, and perhaps a tab and a description.
 */
#ifndef PLUGIN_CANDIDATES_H
#define PLUGIN_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/base/scoped.h"

/* Most candidates that are offered, longest value and longest description, in bytes. */
#define CANDIDATES_MAX 20000
#define CANDIDATE_VALUE_MAX 1024
#define CANDIDATE_DESCRIPTION_MAX 120

struct candidate {
	char *value;
	char *description; /* "": none */
};

struct candidates {
	const char *before; /* stands before each value; borrowed */
	const char *typed;  /* how each value begins; borrowed */
	bool may_be_dashed; /* a value may begin with a dash */
	struct candidate *list;
	size_t count, capacity;
};

/* Adds `value` with a description (NULL: none) if it begins with what was typed. A value that cannot be printed as it is (control or
 * invisible characters, invalid UTF-8) is left out: it could not be typed either, and might be harmful. Both texts are copied. */
void candidates_add(struct candidates *candidates, const char *value, const char *description);

/* Writes them in order, each value once. */
void candidates_print(struct candidates *candidates, FILE *out);

/* Frees them. */
void candidates_release(struct candidates *candidates);

SCOPED_DEFINE_STRUCT(candidates, struct candidates, candidates_release)

#endif
