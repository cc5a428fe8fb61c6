/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Juju's own words on how far a migration is, made friendly: which step they belong to, and what to say of it.
 */
#ifndef PLUGIN_PHASE_H
#define PLUGIN_PHASE_H

#include "plugin/journey.h"

struct phase {
	enum journey_step step;
	char *now;     /* owned; what goes on */
	char *result;  /* owned, or NULL: what is worth knowing when the step is done */
	size_t agents; /* how many agents it counts, 0: it does not */
	bool doubtful; /* agents have failed or stayed silent */
	bool failed;   /* the step has failed */
};

/* Reads a text of the newest attempt. `agents` is how many were counted before, or 0; `source` and `target` are names of controllers. A
 * text that is not known belongs to `current` and is said as it is. An abort belongs to JOURNEY_UNDO, with its reason (may be "")
 * in `result`. The caller owns the phase and calls phase_release. */
struct phase phase_read(
	const char *text, enum journey_step current, size_t agents, const char *source, const char *target);

/* Frees what `phase` holds. */
void phase_release(struct phase *phase);

SCOPED_DEFINE_STRUCT(phase, struct phase, phase_release)

#endif
