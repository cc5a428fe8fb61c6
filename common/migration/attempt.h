/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What juju's own status texts say about one migration attempt.
 *
 * Juju (2.9 to 3.6) never gives a client the phase, only a text and, once the attempt is over, an end time. The texts are
 * matched by their beginnings, because juju adds counts and reasons to them. An end time alone decides nothing: it is set
 * after an abort, and also after the failed clean-up of a move that succeeded.
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
	ATTEMPT_LATE,         /* committed, and no longer waiting for agents: logs are sent, or the source cleans up */
	ATTEMPT_REAPFAILED,   /* moved; the source could not remove its copy */
	ATTEMPT_EARLIER_DONE, /* a finished success: the model was on this controller before, and left it */
	ATTEMPT_ABORTING,     /* the abort has begun, and has not ended yet */
	ATTEMPT_ABORTED,      /* over; the source goes on with the model */
};

/* Returns the class of a status text of ModelInfo or ListModelSummaries; `ended`: an end time came with it. ATTEMPT_NONE for NULL
 * and "". */
enum attempt_class attempt_classify(const char *text, bool ended);

/* Returns the class of a model's status, from FullStatus or AllWatcher: `word` is the status, `info` its text ("migrating: TEXT"). These
 * carry no end time: an abort and a failed clean-up count as ended when `word` is no longer "busy". ATTEMPT_NONE when the text is not
 * about a migration. */
enum attempt_class attempt_classify_status(const char *word, const char *info);

/* True for the text that a juju 4 target shows of its own import. Its start time changes, and it says nothing about the source's
 * attempt. */
bool attempt_target_view(const char *text);

/* Returns what follows "migrating: " in a model status (borrowed from it), or NULL when it is not about a migration. */
const char *attempt_text(const char *info);

/* Returns the reason in an abort's text, borrowed from it; "" if juju gave none (after a restart of the source's controller), or if
 * `text` is not of an abort. */
const char *attempt_reason(const char *text);

/* True if an abort with this reason cannot have come after the target was activated. Reasons that begin with "validating," are not
 * safe: a restarted worker validates again, when the target may already be active. */
bool attempt_reason_safe(const char *reason);

/* True for ATTEMPT_COMMITTED, ATTEMPT_LATE and ATTEMPT_REAPFAILED: the move cannot be undone. */
bool attempt_irrevocable(enum attempt_class seen);

#endif
