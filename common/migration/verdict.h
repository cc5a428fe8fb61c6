/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict: what may be said and done, given what the two sides show. A pure function over a table of 39 rows; the first
 * row that fits wins.
 *
 * It takes three inputs: the source's side, as seen directly or through JIMM (S); the target's side (T), "unknown" when
 * nobody can ask it; and what was seen of the attempt before (H). Nothing is guessed: what the table does not decide stays
 * as it was.
 */
#ifndef COMMON_MIGRATION_VERDICT_H
#define COMMON_MIGRATION_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/instant.h"

/* How long after MigrateModel was sent its attempt may still appear: the one constant for every question "did it start?". */
#define START_WINDOW (6 * INSTANT_MINUTE)
/* How long JIMM is given to finish by itself, and a doubtful state to become clear. */
#define VERDICT_PATIENCE (150 * INSTANT_SECOND)

/* Where JIMM's own record of the model points. */
enum row_sight {
	ROW_UNKNOWN,   /* not asked, or no usable answer */
	ROW_SOURCE,    /* the controller that hosted the model when the attempt began */
	ROW_TARGET,    /* the target: "moved" */
	ROW_ELSEWHERE, /* neither */
	ROW_FORGOTTEN, /* JIMM knew the model before and does not any more */
};

/* What the source shows now. */
enum source_sight {
	SOURCE_NONE,    /* nothing that any row is about */
	SOURCE_NO_NEWS, /* unreachable, timed out, upgrading, session expired: says nothing */
	SOURCE_RESULT,  /* the model, without a new attempt */
	SOURCE_BLIND,   /* the model, on a juju 4 source, which never shows an attempt */
	SOURCE_RUNNING, /* from here to SOURCE_REAPFAILED: a new attempt, see attempt.h */
	SOURCE_EDGE,
	SOURCE_COMMITTED,
	SOURCE_LATE,
	SOURCE_ABORTING,
	SOURCE_ABORTED,
	SOURCE_REAPFAILED,
	SOURCE_REDIRECT, /* code "redirection required": the source says that the model moved away */
	SOURCE_DEPARTED, /* the departure sign: a model login that worked before is refused twice as after a completed move */
	SOURCE_GONE, /* refused, not found or "internal server error": the model is not there any more, for unknown reasons */
};

/* What the target shows, asked after the source was first seen as it is now. */
enum target_sight {
	TARGET_UNKNOWN,   /* nobody can ask, or no answer in time */
	TARGET_NONE,      /* no such model */
	TARGET_IMPORTING, /* a copy that is not active */
	TARGET_ACTIVE,
};

struct verdict_facts {
	bool leaving; /* our own deadline, or a signal */
	enum row_sight row;
	enum source_sight source;
	enum target_sight target;
	/* How long `target` has been seen unchanged, in nanoseconds. */
	int64_t target_for;
	/* JIMM calls the model unavailable although another model of the same controller is not. */
	bool unavailable_alone;
	/* The target is, or as far as known may be, juju 4.1 or newer, which activates after the source commits. */
	bool target_maybe_41;
	/* The target is known to be juju 4.1 or newer, which has no window in which both sides can be active. */
	bool target_known_41;
	/* Both sides were asked again later, and a doubtful sight has not changed. */
	bool confirmed;
	/* An abort with this reason cannot have come after the activation. */
	bool reason_safe;
	/* JIMM's row was asked for after the attempt was seen to have ended (aborted). */
	bool row_after_end;
	/* MigrateModel was sent less than START_WINDOW ago. */
	bool within_start_window;
	/* `source` was asked for after START_WINDOW had passed, and at most 30 s ago. */
	bool result_fresh;
	/* Two logins to the model, at least five seconds apart, were refused. */
	bool gone_twice;

	/* What was seen of the attempt so far. */
	bool had_any; /* any sight of a new attempt at all */
	bool had_edge;
	bool had_committed; /* SOURCE_COMMITTED or anything that implies it */
	bool had_late;
	bool had_redirect; /* a redirect or the departure sign */
	bool had_departed; /* a row with VERDICT_DEPARTED has fitted before */
	bool had_reapfailed;
	bool had_aborted;
	/* The attempt is ours (started by this run, or by one that wrote our journal): its target is surely the one asked for. */
	bool own;
	/* An attempt is known at all: started, attached to, or in the journal. */
	bool attempt_known;
	/* The caller may tell JIMM (is an administrator of JIMM). */
	bool may_record;
};

enum verdict {
	VERDICT_LAST,        /* no change: the last verdict stands */
	VERDICT_STARTING,    /* MigrateModel is on its way, nothing is visible yet */
	VERDICT_NOT_STARTED, /* the start did not happen */
	VERDICT_RUNNING,
	VERDICT_EDGE,             /* the target is being activated: neither success nor failure can be claimed */
	VERDICT_FAILING,          /* aborting */
	VERDICT_COMMITTED,        /* irrevocable */
	VERDICT_DEPARTED,         /* the source has let the model go: irrevocable */
	VERDICT_MIGRATED,         /* on the target, and JIMM points there */
	VERDICT_ALREADY_RECORDED, /* JIMM points at the target; not verified that the model runs there */
	VERDICT_FAILED,           /* on the source, unchanged; no copy on the target */
	VERDICT_FAILED_LEFTOVER,  /* on the source, unchanged; an inactive copy was left on the target */
	VERDICT_FAILED_UNASKED,   /* on the source, unchanged; the target could not be asked */
	VERDICT_UNDECIDED,        /* nobody can say yet */
	VERDICT_CONTRADICTION,    /* what is seen cannot be true */
	VERDICT_SPLIT,            /* active on both sides, or JIMM points at the wrong one of the two */
	VERDICT_FORGOTTEN,        /* JIMM has lost the model */
};

/* What to do about it; bits, several may be set. */
enum verdict_act {
	ACT_POLL = 1 << 0,      /* go on looking */
	ACT_BACK_OFF = 1 << 1,  /* look again after a pause, log in again */
	ACT_ASK_AGAIN = 1 << 2, /* ask both sides once more, 10 or 15 s later, then decide with `confirmed` */
	ACT_ASK_ROW = 1 << 3,   /* ask for JIMM's row, then decide with `row_after_end` */
	ACT_RECORD = 1 << 4,    /* tell JIMM that the model is on the target */
	ACT_VERIFY = 1 << 5,    /* moved: check it, then the run is done */
	ACT_STOP = 1 << 6,      /* the end: report */
	ACT_ALARM = 1 << 7,     /* say it loudly, at once */
	ACT_SIGN = 1 << 8,      /* look for the departure sign and for a moved row, for VERDICT_PATIENCE at most */
	ACT_WAIT_JIMM =
		1 << 9, /* not an administrator: give JIMM VERDICT_PATIENCE to record by itself, then hand over */
	ACT_RESTART = 1 << 10, /* free JIMM's lock and start once more */
};

struct verdict_result {
	int row; /* number of the table's row, 1 to 39 */
	enum verdict verdict;
	unsigned int acts; /* of enum verdict_act */
};

/* Returns the first row of the table that fits `facts`. Never fails. */
struct verdict_result verdict_decide(const struct verdict_facts *facts);

/* Returns a short name for people who read logs ("migrated", "contradiction"), static. */
const char *verdict_name(enum verdict verdict);

#endif
