/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the logs say about migrations that were aborted. They are read once, after all migrations of a run have ended, and for a short time
 * only. The model's log comes through JIMM; the source controller's from that controller itself, if the user can log in there with a
 * password.
 */
#ifndef PLUGIN_EVIDENCE_H
#define PLUGIN_EVIDENCE_H

#include <stdbool.h>

#include "common/login/controller_log.h"
#include "common/migration/engine.h"
#include "common/migration/remote.h"
#include "common/store/store.h"
#include "plugin/log_lines.h"

/* Most models whose logs are read; all at the same time. */
#define EVIDENCE_MODELS_MAX 4

/* About one migration. */
struct evidence_item {
	struct evidence *evidence;
	const struct migration *migration; /* borrowed */
	struct log_reader *reader;         /* NULL when it is over */
	struct controller_log *source_reader;
	struct log_lines lines, source_lines;
};

/* Where the logs are. All of it is borrowed until evidence_release. */
struct evidence_plan {
	const struct engine *engine;
	size_t count;                      /* of its migrations */
	const struct session_place *place; /* of the JAAS */
	struct remote_store witnesses;     /* the plain controllers */
	const struct store *store;         /* which models juju remembers */
	void (*done)(void *context);
	void *context;
};

struct evidence {
	struct evidence_plan plan;
	struct evidence_item items[EVIDENCE_MODELS_MAX];
	size_t count;
	size_t open; /* readers */
};

/* Begins to read. The caller owns the storage, zeroed at first, and must not move it. Returns true when `done(context)` will be called,
 * from the loop, once everything has been read; false when there is nothing to read. A further call before evidence_release begins nothing;
 * it returns true while there is still something to be read. */
bool evidence_begin(struct evidence *evidence, const struct evidence_plan *plan);

/* Hands over the lines found about a migration: of the model's log, and of the source controller's. The caller owns them
 * (log_lines_release); either may be empty. */
void evidence_take(struct evidence *evidence, const struct migration *migration, struct log_lines *lines,
	struct log_lines *source_lines);

/* Stops reading and frees everything. Call before the loop is freed. */
void evidence_release(struct evidence *evidence);

#endif
