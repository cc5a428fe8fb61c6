/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one stream can show: is it a terminal, how wide, in colour?
 */
#ifndef PLUGIN_TERMINAL_H
#define PLUGIN_TERMINAL_H

/* Columns where nobody knows better, and the least and most that are believed. */
#define TERMINAL_COLUMNS 80
#define TERMINAL_COLUMNS_LEAST 20
#define TERMINAL_COLUMNS_MOST 1000

/* What the command line says about colour. */
enum terminal_wish { COLOUR_BY_TERMINAL, COLOUR_ALWAYS, COLOUR_NEVER };

/* Colours by juju's habits; PLAIN is none at all. */
enum terminal_colour {
	COLOUR_PLAIN,
	COLOUR_ERROR,   /* the word ERROR */
	COLOUR_WARNING, /* the word WARNING */
	COLOUR_GOOD,    /* green */
	COLOUR_BAD,     /* red */
	COLOUR_PENDING, /* yellow */
	COLOUR_HEADING  /* bold */
};

struct terminal {
	int is_terminal; /* a person may be looking */
	int colour;      /* colours are wanted */
	int columns;     /* width; TERMINAL_COLUMNS for what is no terminal */
};

/* Looks at an open descriptor and the environment (borrowed). Cannot fail: what is not known is taken as "no". */
void terminal_look(struct terminal *terminal, int descriptor, char *const *environment, enum terminal_wish wish);

/* Tells if a stream gets colours: it is a terminal, NO_COLOR is absent (empty also counts as present) and TERM is not
 * "dumb"; a wish overrides all three. */
int terminal_wants_colour(int is_terminal, char *const *environment, enum terminal_wish wish);

/* Returns the codes that switch a colour on, "" for COLOUR_PLAIN or when `enabled` is 0. Constant. */
const char *terminal_on(int enabled, enum terminal_colour colour);

/* Returns the codes that switch the same colour off, "" in the same cases. Constant. */
const char *terminal_off(int enabled, enum terminal_colour colour);

#endif
