/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `juju-jaas-migrate __complete WORD...`: what the shells ask when somebody presses Tab. The words are those behind the program's
 * name, the last one the one that is being typed; the answer is candidates.h.
 */
#ifndef PLUGIN_COMPLETE_H
#define PLUGIN_COMPLETE_H

#include "common/base/instant.h"
#include "plugin/surroundings.h"

/* The first word that asks for it. */
#define COMPLETE_VERB "__complete"
/* How long JIMM may take, from the start of the program on, in nanoseconds. */
#define COMPLETE_BUDGET (700 * INSTANT_MILLISECOND)
/* Older lists are asked for again. */
#define COMPLETE_AGE_MAX (10 * INSTANT_MINUTE)
/* How long JIMM is not asked again after a failed attempt, unless somebody has logged in since. */
#define COMPLETE_PAUSE (60 * INSTANT_SECOND)

/* Prints the candidates for `words` (NULL at the end). Cannot fail: what cannot be found out is not offered. Asks no person, prints no
 * message, writes nothing but the catalogue. `surroundings` has no clock and no log yet. */
void complete_run(char *const *words, const struct surroundings *surroundings);

#endif
