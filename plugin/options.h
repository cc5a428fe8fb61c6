/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: one table of options, and the parser that it drives.
 *
 * The help text is made from the same table, so that what is parsed and what is told cannot differ. Words are parsed
 * as juju's own commands do it: options and other words mix freely, "--" ends the options, a lone "-" or an empty word is
 * no option, long names are never abbreviated, the last occurrence wins.
 */
#ifndef PLUGIN_OPTIONS_H
#define PLUGIN_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/scoped.h"

/* How many moves are in flight at once where nobody says it, and the most that may be. */
#define OPTIONS_PARALLEL 4
#define OPTIONS_PARALLEL_MAX 1000

/* What the command line asks for. */
enum options_request {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_DESCRIPTION,
	OPTIONS_VERSION,
	OPTIONS_TARGETS /* there is one model and no target: an error, but one that can be helped with */
};

/* How the result is written. */
enum options_format { FORMAT_TABULAR, FORMAT_YAML, FORMAT_JSON };

struct options {
	enum options_request request; /* help wins over all other words; the rest is not to be relied on then */
	char **models;                /* what -m says, then the words before the last; each as typed, none empty */
	size_t model_count;           /* at least 1 for OPTIONS_RUN without `all_from`, `resume` and `forget` */
	char *target;     /* the last word: the target controller, as typed; never empty; NULL for OPTIONS_TARGETS */
	char *model;      /* -m as typed (it is in `models` too), or NULL */
	char *controller; /* -c as typed, or NULL */
	char *all_from;   /* a controller, as typed: all models that it hosts; then none is named; or NULL */
	char *output;     /* -o as typed ("~/" not expanded), or NULL: stdout */
	char *logging_config; /* --logging-config, or NULL */
	char *log_file;       /* --log-file, or NULL */
	enum options_format format;
	int parallel;    /* most moves in flight at once, from 1 to OPTIONS_PARALLEL_MAX */
	int64_t timeout; /* stop watching after so many nanoseconds; 0: never. Never negative */
	int resume;      /* take up every unfinished move of the journal; then there are no models and no target */
	int remember;    /* keep what this run logs in with, and juju's store does not hold, in the keyring */
	int forget;      /* remove it from there; then there are no models and no target, and nothing is moved */
	int dry_run;     /* check and print the plan, start nothing */
	int no_wait;     /* start, print the migration id, leave */
	int no_prompt;   /* ask no question before all models of a controller are moved */
	int no_browser;  /* accepted, as by juju's commands, and not used: nothing here opens a browser */
	int color;       /* colours even where there is no terminal; never together with no_color */
	int no_color;    /* no colours */
	int quiet;       /* nothing but warnings and errors; never together with verbose */
	int verbose;     /* more lines */
	int debug;       /* log on stderr, from DEBUG on */
	int show_log;    /* log on stderr */
	int help;        /* these three are what `request` was made from */
	int description;
	int version;
};

/* What a value of an option is; the default is the type's zero, but for OPTION_STRING (none) and OPTION_PARALLEL (OPTIONS_PARALLEL). */
enum option_type { OPTION_BOOLEAN, OPTION_STRING, OPTION_DURATION, OPTION_FORMAT, OPTION_PARALLEL };

/* Where the help lists an option. */
enum option_listing {
	LISTED,        /* among the command's own */
	LISTED_GLOBAL, /* among those that every juju command has */
	LISTED_LONG,   /* among the latter, by its long name alone */
	NOT_LISTED     /* works, but is not in the help */
};

/* One row of the option table. */
struct option_row {
	const char *name;      /* long name without dashes */
	char letter;           /* short name, or 0 */
	enum option_type type; /* what lies at `place` */
	enum option_listing listing;
	size_t place;      /* offset in struct options: int, char *, int64_t or enum options_format */
	const char *usage; /* one line without a full stop */
};

/* Returns the option table, sorted as the help lists it (by the shortest name without dashes, in byte order), and its
 * length in `*count`. Borrowed, constant. */
const struct option_row *options_table(size_t *count);

/* Parses the words after the program's name (NULL at the end). Returns the options, owned by the caller
 * (options_free), or NULL with an error: ERROR_USAGE (exit status 2) for all wrong words, ERROR_FAILED (1) for quiet and
 * verbose at once; the texts are juju's. A request for help anywhere among the words overrides errors. `-m` or `-c` with
 * an empty value count as not given. */
struct options *options_parse(char *const *words, struct error **error);

/* Returns what --format calls a format. Constant. */
const char *options_format_name(enum options_format format);

/* Releases options; NULL is allowed. */
void options_free(struct options *options);

SCOPED_DEFINE(options, struct options *, options_free)

#endif
