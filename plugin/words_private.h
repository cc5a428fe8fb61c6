/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the words: what their parts share.
 */
#ifndef PLUGIN_WORDS_PRIVATE_H
#define PLUGIN_WORDS_PRIVATE_H

#include <stdbool.h>

#include "plugin/reason.h"
#include "plugin/words.h"

/* The advice for cases in which nothing may be touched. */
#define WORDS_CALL "touch nothing, call an administrator of both controllers"

/* What has to be done with an inactive copy on the target. No command of juju's does it, only a call. */
#define WORDS_COPY "aborted (MigrationTarget.Abort), never destroyed"

/* ---- words_command.c: names, and commands to type ---- */

/* Returns what to call the controller that the model came from: its name, or its UUID where JIMM does not tell the name. */
const char *words_source(const struct migration *migration);

/* Returns "LEAD: juju jaas-migrate ...", the command that takes the same move up again to `target`. Owned by the caller. */
char *words_again(
	const struct migration *migration, const struct words_about *about, const char *lead, const char *target);

/* Returns "VERB CONTROLLER UUID" as JIMM's administrators type it; NULL: the controller is left open. Owned by the caller. */
char *words_command(const struct migration *migration, const char *verb, const char *controller);

/* Returns the name of the only controller that, asked directly, has it active; borrowed, or NULL. */
const char *words_seen_on(const struct migration *migration);

/* Returns "LEAD: juju jaas-migrate ...", the command for somebody to whom a short name of the model means nothing. Owned by the caller. */
char *words_by_administrator(const struct migration *migration, const char *lead);

/* ---- words_places.c ---- */

/* Adds to the state what the controllers that were asked directly have said. */
void words_add_places(const struct migration *migration, struct words *words);

/* ---- words.c ---- */

/* Takes `text` (foreign, printable, may be NULL or "") for the reason, and explains it. `reason` as from reason_explain. */
void words_take_reason(const struct migration *migration, const struct words_about *about, const char *text,
	struct words *words, struct reason *reason);

/* ---- words_verdict.c ---- */

/* Fills in about an attempt that a verdict has decided (CAUSE_VERDICT). */
void words_by_verdict(const struct migration *migration, const struct words_about *about, struct words *words);

/* ---- words_refused.c ---- */

/* About a start that was refused (CAUSE_REFUSED), or could not be asked for any more (CAUSE_NOT_SENT). */
void words_refused(const struct migration *migration, const struct words_about *about, struct words *words);

/* About a start that was refused because of a lock whose reason cannot be seen (CAUSE_LOCKED). */
void words_locked(const struct migration *migration, const struct words_about *about, struct words *words);

/* About a target that, as JIMM says, does not have the model (CAUSE_RECORD_REFUSED). */
void words_record_refused(const struct migration *migration, const struct words_about *about, struct words *words);

#endif
