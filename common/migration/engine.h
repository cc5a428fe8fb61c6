/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine: a state machine that moves any number of models to one target controller. It owns no socket and no clock. It
 * is told what happened and what time it is, and asks for what it needs through a port (port.h).
 *
 * Models get their turn in the order of their words, at most `parallel` at once; one that ends makes room for the next. A word
 * that names the same model as an earlier one ends at once (CAUSE_DUPLICATE). When the run is left, one of several models that
 * was not started ends with CAUSE_NOT_STARTED.
 *
 * Its promises: MigrateModel is sent once for an attempt and never again on a guess. JIMM is told (UpdateMigratedModel) as
 * soon as the source cannot go back any more, and never before. No look is made that could make JIMM forget a model. What is
 * not known is called undecided.
 */
#ifndef COMMON_MIGRATION_ENGINE_H
#define COMMON_MIGRATION_ENGINE_H

#include "common/migration/migration.h"
#include "common/migration/port.h"

struct engine;

/* What the listener is told of. */
enum migration_news {
	NEWS_LOCATED,   /* found where the model is, and no check found a problem */
	NEWS_STARTED,   /* MigrateModel was accepted, or a running attempt was found (`attached`) */
	NEWS_LOST,      /* MigrateModel was sent, and its answer was lost */
	NEWS_RESUMED,   /* taken up from the journal (`other_run`: beside another process) */
	NEWS_LOCKED,    /* refused because of a lock; watching whether its attempt shows */
	NEWS_RESTARTED, /* the start did not happen: the lock is freed, and it is started once more */
	NEWS_STALLED,   /* irrevocable, and the text has not changed for long */
	NEWS_TEXT,      /* juju's text has changed */
	NEWS_COMMITTED, /* the move is irrevocable */
	NEWS_RECORDING, /* JIMM is being told */
	NEWS_RECORDED,  /* JIMM points at the target */
	NEWS_VERIFIED,  /* and a login reached the model on the target */
	NEWS_TROUBLE,   /* a look failed (`trouble`); it will be repeated */
	NEWS_ALARM,     /* what is seen cannot be true (`verdict`, `row`); may be watched on */
	NEWS_ENDED,     /* `result` is final */
	NEWS_PAUSED,    /* no model is started for now: this one met a failure that would meet all (`trouble`) */
	NEWS_CONTINUED, /* models are started again */
};

struct engine_listener {
	void *context;
	/* Called from inside the engine's functions; must call none that takes `now`. */
	void (*told)(void *context, const struct migration *migration, enum migration_news news);
	/* Every migration has ended. Must not free the engine. */
	void (*finished)(void *context);
};

/* What to do; borrowed only for the call of engine_new. */
struct engine_plan {
	const char *jimm_uuid;    /* JIMM's own, as its login told */
	const char *user;         /* who has logged in, without "user-"; may be NULL */
	const char *const *words; /* the models as typed, for messages; resolved through the port */
	size_t count;
	size_t parallel;    /* most models in flight (from their turn to their end) at once; 0: all */
	const char *target; /* a controller's name in JIMM, or its UUID; not empty */
	size_t sockets;     /* most connections to models at once, 2 or more; 0: 16 */
	bool dry_run;       /* end before MigrateModel; then up to 16 are looked at side by side */
	bool no_wait;       /* end when MigrateModel was accepted */
};

/* Returns an engine, owned by the caller (engine_free). `port` and `listener` are copied. */
struct engine *engine_new(
	const struct engine_plan *plan, const struct migration_port *port, const struct engine_listener *listener);

/* Releases the engine; no request may be answered afterwards. NULL is allowed. */
void engine_free(struct engine *engine);

/* Begins; the login to JIMM must have succeeded. `now` here and below: nanoseconds of a clock that never goes back. */
void engine_begin(struct engine *engine, int64_t now);

/* A look was answered. */
void engine_answered(struct engine *engine, const struct migration_answer *answer, int64_t now);

/* The watched socket has pushed a change. */
void engine_pushed(struct engine *engine, size_t model, const struct migration_push *push, int64_t now);

/* Nothing will be pushed (any more); `error` says why, NULL where the source has no watcher at all. */
void engine_watch_ended(struct engine *engine, size_t model, const struct error *error, int64_t now);

/* MigrateModel was answered: with an id, or with an error (ERROR_REMOTE: refused; other kinds: it may have been started). */
void engine_started(
	struct engine *engine, size_t model, const char *migration_id, const struct error *error, int64_t now);

/* UpdateMigratedModel was answered. */
void engine_recorded(struct engine *engine, size_t model, const struct error *error, int64_t now);

/* Returns from when on the port may ask a watched socket for its next change (AllWatcher.Next): `now`, or with many in flight a slot of
 * its own; changes until then come in one answer. Call it once for each AllWatcher.Next. */
int64_t engine_watch_slot(struct engine *engine, int64_t now);

/* The instant given to wake_at has come. */
void engine_woken(struct engine *engine, int64_t now);

/* Stops watching: every migration ends with what is known now. A MigrateModel that JIMM has not answered stays unanswered: see
 * engine_start_pending. */
void engine_leave(struct engine *engine, int64_t now);

/* Ends all migrations as engine_leave does, except those whose MigrateModel JIMM has not answered yet. From then on nothing is started any
 * more, whatever the answers are: a refused model is not put back into the queue. */
void engine_await_starts(struct engine *engine, int64_t now);

/* True while a MigrateModel is unanswered: to close its socket now would leave JIMM's lock stuck. */
bool engine_start_pending(const struct engine *engine);

/* True when every migration has ended. */
bool engine_finished(const struct engine *engine);

/* Returns the migration of the plan's word `index`, borrowed. */
const struct migration *engine_migration(const struct engine *engine, size_t index);

SCOPED_DEFINE(engine, struct engine *, engine_free)

#endif
