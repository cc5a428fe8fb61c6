/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result of a run: one record for each model, written as a table, as YAML or as JSON, and the exit status that
 * follows from it.
 *
 * The document is a promise to programs: {"migrations":[record,...],"errors":[text,...]}, the same for one model and for many, for success
 * and for failure. A record has the keys model, model-uuid, from, to, migration-id, result, message, state, reason, reason-part, remedy,
 * started, ended, jimm-updated, agents-away, log and source-log, in this order; what is empty is absent. The message says what happened (in
 * one line; a list of problems follows behind line breaks), the state how the model and JIMM's record are now, the reason what juju or JIMM
 * have said in their own words, the part of the work that it belongs to is a word of reason.h ("target-prechecks"), and the remedy is what
 * to do next. agents-away is the number of agents that are not back after the move; log is a list of {"time", "entity", "severity",
 * "module", "message"}, what agents have logged while a migration failed; source-log is the same from the log of the source controller
 * itself.
 *
 * The record of a dry run has more keys behind these, which say what would be done: located-by (the call that told where the model
 * is), model-version, from-version, to-version (of juju), cloud, region, and checks, a list of {"check", "result", "detail"}. A
 * check's result is "ok", "problem" (nothing would be started), "warning" or "not-made" (the detail says why).
 */
#ifndef PLUGIN_REPORT_H
#define PLUGIN_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/migration/migration.h"
#include "plugin/log_lines.h"
#include "plugin/options.h"
#include "plugin/surroundings.h"

/* Most bytes of a whole document. */
#define REPORT_BYTES_MAX (256U << 20)

/* Whether JIMM was told. */
enum report_answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

/* What the run has left undone for a model because it stopped first. */
enum report_left {
	LEFT_NOT,       /* nothing, or what the remedy says */
	LEFT_GOES_ON,   /* its move goes on in Juju, or may: another run can take it up */
	LEFT_UNSTARTED, /* its turn had not come */
};

/* One thing that was looked at. */
struct report_check {
	const char *check; /* static */
	enum check_result result;
	char *detail;
};

/* What a dry run has found. Texts as in struct report_record. */
struct report_plan {
	char *located_by;
	char *model_version, *from_version, *to_version;
	char *cloud, *region;
	struct report_check *checks;
	size_t check_count;
};

/* One model. Every text may be NULL (unknown or empty: the key is absent) and belongs to the record. */
struct report_record {
	char *model; /* owner/name where known, else as typed */
	char *model_uuid;
	char *from;         /* JIMM's name of the source controller */
	char *to;           /* JIMM's name of the target controller */
	char *migration_id; /* <model-uuid>:<n> */
	char *message;      /* for people; line breaks are kept */
	char *state;        /* of the model and of JIMM's record; one line, as the next ones */
	char *reason;       /* juju's or JIMM's own words */
	char *reason_part;  /* which part of the work it belongs to */
	char *remedy;       /* what to do next */
	enum migration_result result;
	enum report_left left;           /* no part of the document */
	enum report_answer jimm_updated; /* ANSWER_UNKNOWN: the key is absent */
	int64_t started;                 /* nanoseconds since 1970 UTC, or INSTANT_NONE */
	int64_t ended;                   /* the same */
	size_t agents_away;              /* not back on the target; 0: the key is absent */
	struct log_lines log;            /* what explains a failure, of the model's agents; empty: the key is absent */
	struct log_lines source_log;     /* the same of the source controller itself */
	struct report_plan *plan;        /* of a dry run, owned; else NULL */
};

struct report {
	struct report_record *records;
	size_t record_count;
	size_t record_capacity;
	char **errors; /* what failed for no model in particular */
	size_t error_count;
	size_t error_capacity;
};

/* What ended the run, where that decides about the exit status. */
enum report_end {
	END_PLAIN,      /* it came to its end, or a deadline, SIGTERM or SIGHUP ended it */
	END_NO_WAIT,    /* only the start was asked for */
	END_INTERRUPTED /* SIGINT */
};

/* Makes `report` empty; the caller owns the storage and calls report_release. */
void report_init(struct report *report);

/* Frees what `report` holds. */
void report_release(struct report *report);

/* Adds a record and returns it: borrowed, good until the next one is added. It is RESULT_UNDECIDED without times; the
 * caller fills it (string_replace). */
struct report_record *report_add(struct report *report);

/* Adds a copy of an error text. */
void report_add_error(struct report *report, const char *text);

/* Returns the exit status that a result alone stands for: 0 migrated, already there, planned; 1 failed; 3 undecided,
 * running; 4 not recorded; 5 contradiction. */
int report_result_status(enum migration_result result);

/* Returns the exit status of the whole run: the first of 5, 4, 3, 1, 0 that a record or error (1) asks for. A running
 * move counts as 0 after END_NO_WAIT; after END_INTERRUPTED 130 takes the place of 3, and of 0 where there is no record. */
int report_status(const struct report *report, enum report_end end);

/* True when the record's message is an error, and so said on stderr instead of below the table: every result whose status is not 0, except
 * a migration that is still running. */
int report_is_error(const struct report_record *record);

/* Returns the number of models for each result, "9 migrated, 1 failed, 2 not started"; owned by the caller (free()). */
char *report_counts(const struct report *report);

/* Returns a record as text for a person: its message, and below it labelled lines with state, reason, remedy and log. The last line has no
 * line break. Printable, owned by the caller (free()). */
char *report_text(const struct report_record *record);

/* Returns the word for a check's result ("not-made"). Constant. */
const char *report_check_word(enum check_result result);

/* Returns the word for a result ("already-there"). Constant. */
const char *report_result_word(enum migration_result result);

/* Adds the whole document in `format` to `text`. `colour`: switch colours on in the table. The errors are no part of the
 * table: they are said on stderr. Returns 0, or -1 when it does not fit. */
int report_write(const struct report *report, enum options_format format, int colour, struct text *text);

/* Writes the document where the command line wants it: into the file of -o (replaced as a whole, without colours), or on
 * stdout. Flushes and checks. Returns 0, or -1 with an error ("cannot write ..."), as when the disk is full. */
int report_publish(const struct report *report, const struct options *options, struct surroundings *surroundings,
	struct error **error);

SCOPED_DEFINE_STRUCT(report, struct report, report_release)

#endif
