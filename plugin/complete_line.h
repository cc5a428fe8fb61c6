/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command line that is being typed, and what can stand at its end. Pure. Words are taken apart as in options.h, but none is refused.
 */
#ifndef PLUGIN_COMPLETE_LINE_H
#define PLUGIN_COMPLETE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "plugin/options.h"

/* More options than the table has. */
#define COMPLETE_OPTIONS_MAX 64

/* What can stand at the end of the line. */
enum complete_want {
	WANT_NOTHING,
	WANT_OPTION,
	WANT_BOOLEAN,
	WANT_FORMAT,
	WANT_DURATION,
	WANT_PARALLEL,
	WANT_FILE,
	WANT_JAAS,       /* a name of juju's store */
	WANT_MODEL,      /* a model, by name, owner/name or UUID */
	WANT_CONTROLLER, /* JIMM's name for a controller */
	WANT_TARGET,     /* likewise, but only one that the line's models can move to */
};

struct complete_line {
	enum complete_want want;
	char *before;       /* the start of the last word that is not completed ("--format="); never NULL */
	const char *typed;  /* the rest of it, which is to be completed; borrowed */
	bool may_be_dashed; /* a word that begins with a dash is no option here */
	bool options_ended;
	bool given[COMPLETE_OPTIONS_MAX]; /* options on the line, by row of the table */
	const char *controller;           /* -c, -m, --all-from as typed, borrowed; or NULL */
	const char *model;
	const char *all_from;
	const char **
		words; /* words before the last one that are neither options nor their values; the texts are borrowed */
	size_t count;
};

/* Takes `words` apart (NULL at the end; the last word is the one being typed; no words count as one empty word). The caller owns the
 * storage (complete_line_release), and `words` must outlive it. */
void complete_line_read(struct complete_line *line, char *const *words);

/* Frees what it holds. */
void complete_line_release(struct complete_line *line);

SCOPED_DEFINE_STRUCT(complete_line, struct complete_line, complete_line_release)

#endif
