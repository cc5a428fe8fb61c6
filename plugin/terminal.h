/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one stream can show: is it a terminal, how large, in colour, in which characters?
 */
#ifndef PLUGIN_TERMINAL_H
#define PLUGIN_TERMINAL_H

/* Columns where nobody knows better, and the least and most that are believed. */
#define TERMINAL_COLUMNS 80
#define TERMINAL_COLUMNS_LEAST 1
#define TERMINAL_COLUMNS_MOST 1000
#define TERMINAL_ROWS 24
#define TERMINAL_ROWS_MOST 1000

/* What the command line says about colour. */
enum terminal_wish { COLOUR_BY_TERMINAL, COLOUR_ALWAYS, COLOUR_NEVER };

/* Colours as juju uses them; PLAIN is none at all. */
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
	int rows;        /* height; TERMINAL_ROWS for what is no terminal */
	int unicode;     /* the locale's characters are UTF-8 */
	int redraws;     /* a terminal on which lines can be drawn over others */
};

/* Looks at an open descriptor and the environment (borrowed). Cannot fail: what is not known is taken as "no". */
void terminal_look(struct terminal *terminal, int descriptor, char *const *environment, enum terminal_wish wish);

/* Tells if a stream gets colours: it is a terminal, NO_COLOR is absent (empty also counts as present) and TERM is not
 * "dumb"; a wish overrides all three. */
int terminal_wants_colour(int is_terminal, char *const *environment, enum terminal_wish wish);

/* Looks at the size again, which the terminal may have changed. */
void terminal_measure(struct terminal *terminal, int descriptor);

/* Tells if the terminal at the open descriptor is this job's to draw on: no shell or other job has taken it over. */
int terminal_is_ours(int descriptor);

/* Tells if the open descriptor takes something now without letting anybody wait: a person can halt a terminal. */
int terminal_takes_more(int descriptor);

/* Tells if the locale's characters are UTF-8: the first of LC_ALL, LC_CTYPE and LANG that is not empty says so. */
int terminal_knows_unicode(char *const *environment);

/* Returns the codes that switch a colour on, "" for COLOUR_PLAIN or when `enabled` is 0. Constant. */
const char *terminal_on(int enabled, enum terminal_colour colour);

/* Returns the codes that switch the same colour off, "" in the same cases. Constant. */
const char *terminal_off(int enabled, enum terminal_colour colour);

#endif
