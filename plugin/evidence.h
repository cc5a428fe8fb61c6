/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the logs say of migrations that were aborted: read once, when all of a run have ended, and for a short time.
 */
#ifndef PLUGIN_EVIDENCE_H
#define PLUGIN_EVIDENCE_H

#include <stdbool.h>

#include "common/login/log_reader.h"
#include "common/migration/engine.h"
#include "plugin/log_lines.h"

/* Most models whose logs are read, side by side. */
#define EVIDENCE_MODELS_MAX 4

/* About one migration. */
struct evidence_item {
	struct evidence *evidence;
	const struct migration *migration; /* borrowed */
	struct log_reader *reader;         /* NULL when it is over */
	struct log_lines lines;
};

struct evidence {
	const struct log *log;
	struct evidence_item items[EVIDENCE_MODELS_MAX];
	size_t count;
	size_t open; /* readers */
	void (*done)(void *context);
	void *context;
};

/* Reads for the `count` migrations of `engine`, through the JAAS `place`; both are borrowed until evidence_release. The caller owns the
 * storage, which may be all zero, and must not move it. Returns true when `done(context)` will be called, from the loop, as soon as
 * nothing more is to be read; false when there is nothing to read, and nothing to wait for. What was begun is not begun again before evidence_release. */
bool evidence_begin(struct evidence *evidence, const struct engine *engine, size_t count,
	const struct session_place *place, void (*done)(void *context), void *context);

/* Gives the lines about a migration away, owned by the caller (log_lines_release and free()); NULL when there are none. */
struct log_lines *evidence_take(struct evidence *evidence, const struct migration *migration);

/* Ends what is still being read and frees all; before the loop is freed. */
void evidence_release(struct evidence *evidence);

#endif
