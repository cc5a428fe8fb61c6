/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sentences that tell a person about a model: what happened, the state things are in, why, and what to do next; one line each.
 */
#ifndef PLUGIN_WORDS_H
#define PLUGIN_WORDS_H

#include "common/migration/engine.h"

/* What the sentences name beside the migration itself. */
struct words_about {
	const char *jaas;   /* name of the JAAS entry in juju's store */
	const char *option; /* the same as -c has it, or NULL: -c was not given */
};

/* About the end of one migration. Lines without a full stop; with usual names none of ours is longer than two lines of a
 * terminal of 80 columns. Each belongs to the words, and is NULL where there is nothing to say, but for the message. */
struct words {
	char *message;    /* what happened; listed problems follow behind line breaks */
	char *state;      /* in which state the model and JIMM's record are now */
	char *reason;     /* what juju or JIMM have said about it, in their own words */
	const char *part; /* of the work that the reason belongs to, see reason.h; "" where not known. Static */
	char *remedy;     /* what to do next */
	bool file_named;  /* by `remedy`: the journal's file about this move, whose path may be added */
};

/* True for a migration that this run has ended with but left as it was: still on its way, or not started because the run ended first or
 * something stood in the way of all starts. */
bool words_left(const struct migration *migration);

/* Returns what to call the model: "owner/name" where known, else as typed. Owned by the caller (free()). */
char *words_model(const struct migration *migration);

/* Returns what to give to juju's -m for it: "JAAS:owner/name". Owned by the caller (free()). */
char *words_model_option(const struct migration *migration, const struct words_about *about);

/* Fills `words` about how a migration ended (stage STAGE_ENDED); the caller owns them (words_release). */
void words_outcome(const struct migration *migration, const struct words_about *about, struct words *words);

/* Frees what `words` hold and leaves them empty. */
void words_release(struct words *words);

/* Returns the line that tells a piece of news during a move, owned by the caller (free()); NULL when it needs none. */
char *words_news(const struct migration *migration, enum migration_news news);

SCOPED_DEFINE_STRUCT(words, struct words, words_release)

#endif
