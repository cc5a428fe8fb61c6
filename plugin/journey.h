/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The move of one model as a person follows it: its steps, which lie ahead, run or are done, with a time and a few words for each.
 *
 * A journey is told what happened and when; it prints nothing. Times are when this program learned of a thing, in nanoseconds of a
 * clock that never goes back.
 */
#ifndef PLUGIN_JOURNEY_H
#define PLUGIN_JOURNEY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/migration/engine.h"

/* In the order in which they are shown. From PAUSE to CLEAN they are juju's own, one after the other, except for TELL: JIMM is
 * told while juju goes on. */
enum journey_step {
	JOURNEY_LOGIN,
	JOURNEY_CHECK,  /* which model, where it is, what stands in the way */
	JOURNEY_START,  /* until juju has begun */
	JOURNEY_MOVE,   /* all that juju does, as long as it does not show what */
	JOURNEY_PAUSE,  /* juju's QUIESCE */
	JOURNEY_COPY,   /* IMPORT, PROCESSRELATIONS */
	JOURNEY_TRY,    /* VALIDATION */
	JOURNEY_SWITCH, /* SUCCESS */
	JOURNEY_TELL,   /* JIMM is told, and asked whether it is so */
	JOURNEY_LOGS,   /* LOGTRANSFER */
	JOURNEY_CLEAN,  /* REAP */
	JOURNEY_UNDO,   /* ABORT */
	JOURNEY_STEPS
};

enum journey_state {
	JOURNEY_HIDDEN, /* has no part in this journey, as far as known */
	JOURNEY_AHEAD,
	JOURNEY_RUNNING,
	JOURNEY_DONE,
	JOURNEY_FAILED,
	JOURNEY_LEFT /* was running when we stopped looking */
};

/* Where a journey is among others. */
enum journey_place {
	JOURNEY_FLYING,  /* on its way */
	JOURNEY_WAITING, /* its turn has not come */
	JOURNEY_OVER,    /* `result` says how */
	JOURNEY_DROPPED, /* not shown: an earlier word of the run names the same model */
};

struct journey_leg {
	enum journey_state state;
	bool doubtful;        /* done, but not as it should have been */
	int64_t begun, ended; /* INSTANT_NONE: nobody saw it */
	char *now;            /* what goes on in it, or why it failed; may be NULL */
	char *result;         /* what is worth knowing once it is done; may be NULL */
};

struct journey {
	enum journey_place place;
	enum migration_result result;
	char *model;           /* owner/name once known, else the word it was given by */
	char *source, *target; /* controllers, NULL before they are known */
	int64_t begun, ended;  /* `ended` is INSTANT_NONE until the end */
	struct journey_leg legs[JOURNEY_STEPS];
	size_t agents; /* how many juju waits for, 0 before it has told */
	bool started;  /* juju has begun */
	bool committed;
	char *note; /* what else is to be known now, or NULL */
};

/* Makes `journey` ready: a model by the word it was called with, on its way since `now`, logging in. The caller owns the storage and
 * calls journey_release. */
void journey_init(struct journey *journey, const char *word, int64_t now);

/* Frees what `journey` holds. */
void journey_release(struct journey *journey);

/* The login to `jaas` is done. */
void journey_logged_in(struct journey *journey, const char *jaas, int64_t now);

/* The journey waits for its turn among others; or its turn has come at `now`, and its time begins. */
void journey_wait(struct journey *journey);
void journey_set_out(struct journey *journey, int64_t now);

/* Takes a piece of news in; `migration` is borrowed for the call. */
void journey_news(struct journey *journey, const struct migration *migration, enum migration_news news, int64_t now);

/* Returns the step that tells most of where the model is: the last one that runs, else the last one that has failed or was left, else
 * the last one that is done. */
enum journey_step journey_at(const struct journey *journey);

#endif
