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
#include "plugin/pick.h"
#include "plugin/progress.h"
#include "plugin/report.h"
#include "plugin/witnesses.h"

/* One model of a run. */
struct subject {
	char *typed; /* its word, or what stands for one */
	struct model_word word;
	int64_t started, ended; /* wall clock */
};

struct run {
	const struct options *options;
	struct surroundings *surroundings;
	const struct store *store;
	const char *target;
	size_t parallel; /* most models on their way at once, 0: all */
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
	struct pick pick;
	struct evidence evidence;
	struct progress progress;
	struct live live; /* in place of lines, where it is wanted */
	struct subject *subjects;
	size_t count, capacity;
	bool picks;           /* which models these are is found out on a JIMM that is logged in to */
	struct error *failed; /* why there is no result */
	bool nothing;         /* because there is no model to move, which is no error */
	bool over;            /* nothing more is taken up */
};

/* Chooses the JAAS by the command line and by the models, which are parsed; says so where that is worth a line. Returns 0, or -1 with an
 * error. */
int run_choose(struct run *run, struct error **error);

/* Makes the zeroed `run` ready for the `count` models that `words` name (copied). `options`, `surroundings` and `store` are set by the caller,
 * all borrowed; so is `target` before run_work, and `parallel` is set. The caller owns the storage, which must not move, and calls run_release. Returns 0, or -1
 * with an error. */
int run_begin(struct run *run, char *const *words, size_t count, struct error **error);

/* Adds a model by its word (copied) to those of the run, or takes the one at `index` out again. Not once the engine is there. */
struct subject *run_add(struct run *run, const char *word);
void run_drop(struct run *run, size_t index);

/* Moves the models to `target` and adds what came of it to the report. Returns 0, a status when there is nothing to add, or -1 with an error. */
int run_work(struct run *run, struct report *report, struct error **error);

/* Ends what belongs to these models: run_begin may be called again. Not where the process has split, before its result is out. */
void run_end(struct run *run);

/* Releases all that `run` holds. */
void run_release(struct run *run);

#endif
