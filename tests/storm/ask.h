/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question of the engine on its way: to JIMM, into the world, and back as the typed answer that the decoders make.
 */
#ifndef TESTS_STORM_ASK_H
#define TESTS_STORM_ASK_H

#include "common/juju/all_watcher.h"
#include "tests/sim/world_watch.h"
#include "tests/storm/storm.h"

/* What is asked besides looks. */
enum ask_what {
	ASK_START = LOOK_SEARCH + 1,
	ASK_RECORD,
	ASK_WATCH, /* Client.WatchAll */
	ASK_NEXT,  /* AllWatcher.Next */
	ASK_LATER, /* nothing is asked: an answer that is there already */
};

struct ask_answer {
	struct error *error;
	struct jimm_controllers controllers;
	struct controller_models models;
	struct jimm_models rows;
	struct model_summaries summaries;
	struct jimm_model row;
	struct client_status status;
	struct model_summary info;
	struct migration_witness witness;
	struct migration_search search;
	struct migration_found found[STORM_CONTROLLERS];
	char *id; /* of a migration */
	bool changed, removed;
	char *word, *words; /* pushed */
};

struct storm_ask {
	struct storm *storm;
	struct storm_ask *next;      /* of all */
	struct storm_ask *link_next; /* of those pending on the link */
	struct storm_link *link;     /* NULL: not asked over any */
	unsigned int life;
	int what; /* enum migration_look or enum ask_what */
	int look; /* ASK_LATER: that is answered */
	size_t model;
	int64_t asked;
	bool answered; /* or forgotten */
	bool lost;     /* the answer will be */
	bool doubled;
	bool tagged; /* MigrateModel in its old form */
	char *target;
	struct world_watcher *watcher;
	const struct world_controller *controller; /* that a neighbour's login reached, or our own */
	struct ask_answer answer;
};

/* Name of the call, static. */
const char *ask_name(int what);

/* Returns a new question about `model` over `link` (NULL: over none), owned by the storm. */
struct storm_ask *ask_new(struct storm *storm, struct storm_link *link, int what, size_t model);

/* Sends it off. */
void ask_send(struct storm_ask *ask);

/* True while the process that has asked waits for the answer. */
bool ask_ours(const struct storm_ask *ask);

/* Tells the engine the answer. */
void ask_tell(struct storm_ask *ask);

/* Answers from the loop what was not asked at all. `error` is taken over. */
void ask_later(struct storm *storm, int look, size_t model, struct error *error);

/* Returns the error of a connection that has ended, owned by the caller. */
struct error *ask_no_connection(void);

/* The question has come to JIMM: does what JIMM does, fills the answer, and calls ask_answered. */
void ask_serve(struct storm_ask *ask);

/* The answer leaves JIMM. */
void ask_answered(struct storm_ask *ask);

void ask_release(struct ask_answer *answer);

#endif
