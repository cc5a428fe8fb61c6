/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run: models on their way to one target controller, from the login to what came of each. It puts together what takes part in it and tells
 * what happens while it goes on; what is said of its end is the caller's.
 */
#ifndef PLUGIN_RUN_H
#define PLUGIN_RUN_H

#include <stdbool.h>

#include "common/migration/remote.h"
#include "common/store/choose.h"
#include "common/store/store.h"
#include "plugin/catalogue.h"
#include "plugin/credentials.h"
#include "plugin/departure.h"
#include "plugin/evidence.h"
#include "plugin/live.h"
#include "plugin/progress.h"
#include "plugin/report.h"
#include "plugin/witnesses.h"

/* One model of a run. */
struct subject {
	struct model_word word;
	int64_t started, ended; /* wall clock */
};

struct run {
	const struct options *options;
	struct surroundings *surroundings;
	const struct store *store;
	char *const *words; /* the models as typed, or their UUIDs */
	const char *target;
	struct choose_result jaas;
	struct remember remember;
	struct credentials credentials;
	struct witnesses witnesses;
	const struct session_place *place;
	struct journal journal;
	struct catalogue catalogue; /* what JIMM has listed, for the shells */
	struct loop *loop;
	struct remote *remote;
	struct engine *engine;
	struct departure departure;
	struct evidence evidence;
	struct progress progress;
	struct live live; /* in place of lines, where it is wanted */
	struct subject *subjects;
	size_t count;
	struct error *failed; /* why there is no result */
	bool over;            /* nothing more is taken up */
};

/* Chooses the JAAS by the command line and by the models, which are parsed; says so where that is worth a line. Returns 0, or -1 with an
 * error. */
int run_choose(struct run *run, struct error **error);

/* Makes the zeroed `run` ready for `count` models. `options`, `surroundings` and `store` are set by the caller, all borrowed; so are `words`
 * and `target` before run_work. The caller owns the storage, which must not move, and calls run_release. Returns 0, or -1 with an error. */
int run_begin(struct run *run, size_t count, struct error **error);

/* Moves `words` to `target` and adds what came of it to the report. Returns 0, a status when there is nothing to add, or -1 with an error. */
int run_work(struct run *run, struct report *report, struct error **error);

/* Ends what belongs to these models: run_begin may be called again. Not where the process has split, before its result is out. */
void run_end(struct run *run);

/* Releases all that `run` holds. */
void run_release(struct run *run);

#endif
