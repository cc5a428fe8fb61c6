/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run: models on their way to one target controller, from the login to the result of each. It holds the parts that work together
 * (session, engine, display, journal), and tells what happens meanwhile; printing the results is left to the caller.
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

/* So many different troubles of a model are told once each, until there is other news or this time has passed. */
#define SUBJECT_TROUBLES 4
#define SUBJECT_TROUBLES_FOR (10 * INSTANT_MINUTE)

/* One model of a run. */
struct subject {
	char *typed; /* the model as typed; owner/name or UUID where it was not typed */
	struct model_word word;
	int64_t started, ended;           /* wall clock */
	char *troubles[SUBJECT_TROUBLES]; /* told since `troubles_since`; the newest overwrites the oldest */
	size_t trouble_count;
	int64_t troubles_since; /* wall clock */
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
	bool picks;           /* the models are found out after the login (pick.h), not named */
	struct error *failed; /* why there is no result, or NULL */
	bool nothing;         /* there is no result since there is no model to move, which is no error */
	bool over;            /* nothing new is begun any more */
};

/* Makes `run` ready for the `count` models that `words` name (copied). The caller owns the storage, which must not move, has zeroed it, has
 * set `options`, `surroundings` and `store`, sets `target` and `parallel` before run_work (all borrowed), and calls run_release. Returns 0,
 * or -1 with an error. */
int run_begin(struct run *run, char *const *words, size_t count, struct error **error);

/* run_add adds a model by its word (copied) and returns it, borrowed; run_drop takes the one at `index` out again. Not once the engine has
 * been made. */
struct subject *run_add(struct run *run, const char *word);
void run_drop(struct run *run, size_t index);

/* Parses the models' words and chooses the JAAS (choose_jaas); says which one where that was a guess. May be called before
 * run_begin when no model is named. Returns 0, or -1 with an error. */
int run_choose(struct run *run, struct error **error);

/* Moves the models to `target` and adds a record for each to the report. Returns 0; an exit status when there is no record to add; or -1
 * with an error. */
int run_work(struct run *run, struct report *report, struct error **error);

/* Releases what belongs to these models; run_begin may be called again then. Goes on to hold signals back (departure_release). Where the
 * process has split (departure.h), only after its result is out. */
void run_end(struct run *run);

/* Releases all that `run` holds. */
void run_release(struct run *run);

#endif
