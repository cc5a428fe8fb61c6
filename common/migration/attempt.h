/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What juju's own status texts say of one migration attempt.
 *
 * Juju (2.9 to 3.6) never gives a client the phase, only a text and, once the attempt is over, an end time. The texts are
 * matched by their beginnings, because juju adds counts and reasons to them. An end time alone decides nothing: it is set
 * after an abort and after a failed clean-up of a move that succeeded.
 */
#ifndef COMMON_MIGRATION_ATTEMPT_H
#define COMMON_MIGRATION_ATTEMPT_H

#include <stdbool.h>

/* In the order in which an attempt can go through them; ABORTING and ABORTED branch off before COMMITTED. */
enum attempt_class {
	ATTEMPT_NONE,         /* no text, or one that says nothing about an attempt of the source */
	ATTEMPT_RUNNING,      /* may still be aborted */
	ATTEMPT_EDGE,         /* the target is being activated: may be aborted and yet be active there */
	ATTEMPT_COMMITTED,    /* the source has stored SUCCESS: it can never abort again */
	ATTEMPT_LATE,         /* committed, and the agents' wait is over too: logs are sent, or the source cleans up */
	ATTEMPT_REAPFAILED,   /* moved; the source could not remove its copy */
	ATTEMPT_EARLIER_DONE, /* an attempt that ended well in an earlier life of the model on this controller */
	ATTEMPT_ABORTING,     /* the abort has begun, its end is not stored yet */
	ATTEMPT_ABORTED,      /* over; the source goes on with the model */
};

/* Returns the class of a status text of ModelInfo or ListModelSummaries; `ended` tells whether an end time came with it. NULL
 * and "" give ATTEMPT_NONE. */
enum attempt_class attempt_classify(const char *text, bool ended);

/* Returns the class of a model status ("migrating: TEXT", and the status word beside it) as pushed by AllWatcher or asked
 * by FullStatus. These carry no end time: an abort and a failed clean-up count as over when the word is no longer "busy". ATTEMPT_NONE when
 * the text is not about a migration. */
enum attempt_class attempt_classify_status(const char *word, const char *info);

/* True for the text with which a juju 4 target shows its own side of an import: its start moves, and it says nothing of the
 * source's attempt. */
bool attempt_target_view(const char *text);

/* Returns what follows "migrating: " in a model status (borrowed from it), or NULL when it is not about a migration. */
const char *attempt_text(const char *info);

/* Returns the reason in an abort's text, borrowed from it: "" when juju gave none (after a restart of the source's controller), or when the text is no
 * abort's. */
const char *attempt_reason(const char *text);

/* True when an abort with this reason cannot have come after the target was activated. A "validating," reason is not
 * safe: a restarted worker validates again against a target that may already be active. */
bool attempt_reason_safe(const char *reason);

/* True for ATTEMPT_COMMITTED, ATTEMPT_LATE and ATTEMPT_REAPFAILED: the move cannot be undone. */
bool attempt_irrevocable(enum attempt_class seen);

#endif
