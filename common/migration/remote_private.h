/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the remote: remote.c answers looks, remote_model.c keeps the connections of one model.
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
	int64_t asked; /* as loop_now */
	bool answered; /* or given up */
};

/* The source, while it is asked directly (LOOK_SOURCE). */
struct remote_direct {
	const struct session_place *place;
	size_t index;        /* in the store */
	struct session *api; /* NULL when nothing is asked */
	struct session *model;
	int64_t asked;
	struct loop_timer deadline;
};

/* One kind of look at one model, or at all of them: the context of its call, and a timer for an answer that does not come from a
 * call. */
struct remote_ask {
	struct remote *remote;
	size_t model;
	enum migration_look what;
	struct error *error; /* the answer that the timer gives; NULL: a login that is open */
	struct loop_timer timer;
};

/* The connections of one model. */
struct remote_model {
	struct remote *remote;
	size_t index;
	char *uuid;
	struct session *opening; /* being dialled or logged in, or open and not yet asked for */
	bool opened;             /* `opening` is open, and was not handed over yet */
	bool wanted;             /* a login has been asked for and not answered */
	struct session *source;  /* to the controller that hosted the model at first */
	struct session *arrived; /* to another controller, where it went */
	char *source_uuid;
	bool asking_source;  /* a status is being asked for on `source` */
	bool asking_arrived; /* and on `arrived` */
	bool watching;       /* the engine has not been told yet that the watch ended */
	char *watcher;
	int watcher_version;
	struct remote_witness target; /* the target, asked directly */
	struct remote_direct direct;
	struct remote_search *search;   /* while all controllers are asked, else NULL */
	struct session *neighbour;      /* to another model of the source, for one login */
	struct loop_timer closing;      /* closes what `to_close` says */
	unsigned int to_close;          /* bit = enum migration_close; 0: that timer is not set */
	bool asking_target;             /* the target is being asked */
	struct loop_timer pausing;      /* asks the watcher for the next change */
	struct loop_timer unwatched;    /* tells the engine that nothing is pushed, or that MigrateModel was not sent */
	struct loop_timer unrecorded;   /* tells the engine that UpdateMigratedModel was not sent */
	struct loop_timer writing;      /* writes changes to the journal */
	bool unwritten;                 /* there are such changes */
	struct journal_entry *entry;    /* as the journal had it when last recalled, or NULL */
	struct migration_memory memory; /* the same for the engine; borrows from `entry` */
	int lock;                       /* descriptor of the journal's lock plus one, 0 without */
	char *locked;                   /* UUID of the model whose lock it is */
	bool warned;                    /* has warned that the journal cannot be written */
	bool unreadable; /* the journal has a file of this model that makes no sense, and is left alone */
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
	struct error *api_trouble; /* why the newest connection failed to open or has ended, or NULL */
	struct login_result login; /* result of the first login on /api */
	bool unmask;               /* masking was switched off; a new connection has to do so again */
	struct remote_model *models;
	struct remote_ask asks[LOOKS]; /* about all models */
	struct loop_timer wake;
};

/* Answers a look from the loop, with a copy of `error`; NULL: a login, with the connection that is open. */
void remote_answer_later(struct remote_ask *ask, const struct error *error);

/* Answers a look now. */
void remote_answer(struct remote_ask *ask, struct migration_answer *answer);

/* Begins to connect to the model `uuid` before a login to it is asked for. */
void remote_model_foresee(struct remote_model *model, const char *uuid);

/* LOOK_LOGIN. The first one takes the connection of remote_model_foresee. */
void remote_model_login(struct remote_model *model);

/* Answers LOOK_LOGIN with the connection `opening`, which is open now. */
void remote_model_hand_over(struct remote_model *model);

/* LOOK_STATUS and LOOK_ARRIVED. */
void remote_model_status(struct remote_model *model, enum migration_look what);

/* Watches the socket to the source. */
void remote_model_watch(struct remote_model *model);

/* The journal's part of the port. Before MigrateModel is sent, remember writes at once; later, within a second, or when settle is called.
 * A process killed in that second leaves the previous entry, as if it had been killed earlier. */
const struct migration_memory *remote_recall(void *context, size_t model, const char *uuid);
void remote_remember(void *context, size_t model);
void remote_forget(void *context, size_t model);
void remote_journal_settle(struct remote_model *model);
void remote_journal_release(struct remote_model *model);

/* Finds the store's entry for a controller; if it has several names, the first entry with something to log in with. `person`: a person
 * may be asked for a password. Returns its place, borrowed, and sets `*index`; or returns NULL. */
const struct session_place *remote_find(const struct remote_store *store, const char *uuid, bool person, size_t *index);

/* LOOK_SOURCE; and gives it up without an answer: returns whether it was under way. */
void remote_model_ask_source(struct remote_model *model);
bool remote_model_forget_source(struct remote_model *model);

/* LOOK_TARGET and LOOK_SEARCH; unask gives up these and LOOK_SOURCE without an answer. */
void remote_model_target(struct remote_model *model);
void remote_model_search(struct remote_model *model);
void remote_model_unask(struct remote_model *model);
void remote_search_free(struct remote_search *search);

/* Returns a new witness for `one`, owned by the caller (witness_free). */
struct witness *remote_witness_new(struct remote_witness *one, const struct session_place *place,
	const char *model_uuid, int64_t dial_timeout, witness_told *told);

/* Answers a look from the loop with "not implemented" and `words`: there is nobody to ask. */
void remote_model_refuse(struct remote_model *model, enum migration_look what, const char *words);

/* Gives up LOOK_TARGET, LOOK_SOURCE and LOOK_SEARCH; answers those under way with an error, from the loop. */
void remote_model_unask_later(struct remote_model *model);

/* LOOK_NEIGHBOUR. */
void remote_model_neighbour(struct remote_model *model);

/* Closes its connections from the loop; with CLOSE_OVER releases all else that is held for it. */
void remote_model_close(struct remote_model *model, enum migration_close what);

/* Does at once what remote_model_close has left to the loop: call it before something is asked again. */
void remote_model_hurry(struct remote_model *model);

void remote_model_release(struct remote_model *model);

#endif
