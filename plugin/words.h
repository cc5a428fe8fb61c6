/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words for what happened to a model: one sentence for a person, with the cause and what to do next.
 */
#ifndef PLUGIN_WORDS_H
#define PLUGIN_WORDS_H

#include "common/migration/engine.h"

/* What the sentences name beside the migration itself. */
struct words_about {
	const char *jaas; /* name of the JAAS entry in juju's store */
};

/* Returns what to call the model: "owner/name" where known, else as typed. Owned by the caller (free()). */
char *words_model(const struct migration *migration);

/* Returns the sentence about how a migration ended (stage STAGE_ENDED), without a full stop; owned by the caller (free()). */
char *words_outcome(const struct migration *migration, const struct words_about *about);

/* Returns the line that tells a piece of news while it goes on, owned by the caller (free()); NULL when it needs none. */
char *words_news(const struct migration *migration, enum migration_news news);

#endif
