/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the remote: remote.c answers looks, remote_model.c keeps the connections of one model.
 */
#ifndef COMMON_MIGRATION_REMOTE_PRIVATE_H
#define COMMON_MIGRATION_REMOTE_PRIVATE_H

#include "common/base/clock.h"
#include "common/migration/journal.h"
#include "common/migration/remote.h"
#include "common/migration/witness.h"

#define LOOKS (LOOK_SEARCH + 1)

struct remote_model;
struct remote_search;

/* A controller of the store that is asked about a model. */
struct remote_witness {
	struct remote_model *model;
	size_t index; /* in the store */
	struct witness *witness;
	enum target_sight sight;
	int64_t asked; /* of loop_now */
	bool answered; /* or given up */
};

/* The source, while it is asked directly. */
struct remote_direct {
	const struct session_place *place;
	size_t index;        /* in the store */
	struct session *api; /* NULL when nothing is asked */
	struct session *model;
	int64_t asked;
	struct loop_timer deadline;
};

/* One kind of look at one model (or at all): the context of its call, and the answer to be given from the loop when there is
 * nothing to call. */
struct remote_ask {
	struct remote *remote;
	size_t model;
	enum migration_look what;
	struct error *error; /* to be answered by the timer */
	struct loop_timer timer;
};

/* The connections of one model. */
struct remote_model {
	struct remote *remote;
	size_t index;
	char *uuid;
	struct session *opening; /* being dialled or logged in; or open and not yet asked for */
	bool opened;             /* `opening` is open, and waits to be asked for */
	bool wanted;             /* a login has been asked for and not been answered */
	struct session *source;  /* to the controller that hosted the model at first */
	struct session *arrived; /* to the one that it went to */
	char *source_uuid;
	bool asking_source;  /* a status is being asked on `source` */
	bool asking_arrived; /* and on `arrived` */
	bool watching;       /* the engine has not been told the end of the watch */
	char *watcher;
	int watcher_version;
	struct remote_witness target; /* the target, asked directly */
	struct remote_direct direct;
	struct remote_search *search;   /* all controllers, while they are asked */
	struct session *neighbour;      /* to another model of the source, for one login */
	struct loop_timer closing;      /* closes what is not needed any more */
	unsigned int to_close;          /* bit = enum migration_close; 0: that is not set */
	bool asking_target;             /* the target is being asked */
	struct loop_timer pausing;      /* asks for the next change */
	struct loop_timer unwatched;    /* tells that nothing is pushed, or that nothing was started */
	struct loop_timer unrecorded;   /* tells that JIMM could not be told */
	struct loop_timer writing;      /* writes to the journal what is news */
	bool unwritten;                 /* that is set */
	struct journal_entry *entry;    /* as the journal had it at first */
	struct migration_memory memory; /* the same for the engine; borrows from it */
	int lock;                       /* descriptor of the journal's lock plus one, 0 without */
	char *locked;                   /* the model that it is the lock of */
	bool warned;                    /* that the journal cannot be written */
	struct remote_ask asks[LOOKS];
};

struct remote {
	const struct session_place *place;
	size_t count;
	remote_resolve *resolve;
	remote_connected *connected;
	void *context;
	const struct journal *journal; /* or NULL */
	const struct clock *clock;
	struct remote_store store;
	bool look_only;
	void (*logged_in)(void *context, const struct session *session);
	void (*listed)(void *context, const struct migration_answer *answer);
	void (*warn)(void *context, const char *text);
	void (*refresh)(void *context);
	struct engine *engine;
	struct session *api;
	struct error *api_trouble; /* why the newest connection could not be opened, or has ended; or NULL */
	struct login_result login; /* of the first one on /api */
	bool unmask;               /* masking was switched off, to be done again on a new connection */
	struct remote_model *models;
	struct remote_ask asks[LOOKS]; /* about all models */
	struct loop_timer wake;
};

/* Answers a look from the loop, with a copy of `error`. */
void remote_answer_later(struct remote_ask *ask, const struct error *error);

/* Answers a look now. */
void remote_answer(struct remote_ask *ask, struct migration_answer *answer);

/* Begins to connect to the model `uuid` without having been asked. */
void remote_model_foresee(struct remote_model *model, const char *uuid);

/* LOOK_LOGIN: a fresh one. */
void remote_model_login(struct remote_model *model);

/* Answers a login with the connection that was open before it was asked for. */
void remote_model_hand_over(struct remote_model *model);

/* LOOK_STATUS and LOOK_ARRIVED. */
void remote_model_status(struct remote_model *model, enum migration_look what);

/* Watches the socket to the source. */
void remote_model_watch(struct remote_model *model);

/* The journal's part of the port. What is remembered before MigrateModel is sent is written at once, the rest within a second; settle: now.
 * Whoever is killed in that second leaves what was known before it, as if killed earlier. */
const struct migration_memory *remote_recall(void *context, size_t model, const char *uuid);
void remote_remember(void *context, size_t model);
void remote_forget(void *context, size_t model);
void remote_journal_settle(struct remote_model *model);
void remote_journal_release(struct remote_model *model);

/* Finds the store's entry for a controller; the first one with something to log in with, where it is there under two names. `person`: may
 * be asked for it. Returns its place, borrowed, and its index; or NULL. */
const struct session_place *remote_find(const struct remote_store *store, const char *uuid, bool person, size_t *index);

/* LOOK_SOURCE; and gives that up, telling whether it was under way. */
void remote_model_ask_source(struct remote_model *model);
bool remote_model_forget_source(struct remote_model *model);

/* LOOK_TARGET and LOOK_SEARCH. */
void remote_model_target(struct remote_model *model);
void remote_model_search(struct remote_model *model);
void remote_model_unask(struct remote_model *model);
void remote_search_free(struct remote_search *search);

/* The witness for `one`, as witness_new makes it. */
struct witness *remote_witness_new(struct remote_witness *one, const struct session_place *place,
	const char *model_uuid, int64_t dial_timeout, witness_told *told);

/* Answers a look from the loop: there is nobody to ask. */
void remote_model_refuse(struct remote_model *model, enum migration_look what, const char *words);

/* The target and all controllers are not asked any more; what is pending is answered with an error. */
void remote_model_unask_later(struct remote_model *model);

/* LOOK_NEIGHBOUR. */
void remote_model_neighbour(struct remote_model *model);

/* Closes its connections from the loop, and with CLOSE_OVER lets go of all that is held for it. */
void remote_model_close(struct remote_model *model, enum migration_close what);

/* The same at once, if it is still to be done: something is asked again. */
void remote_model_hurry(struct remote_model *model);

void remote_model_release(struct remote_model *model);

#endif
