/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the engine: its own state, and the steps that its files do for one another. Not for anybody else.
 *
 * survey -> locate -> (preflight) -> watch -> verify. A step ends by calling the next one, or by step_end.
 */
#ifndef COMMON_MIGRATION_STEPS_H
#define COMMON_MIGRATION_STEPS_H

#include "common/migration/engine.h"

/* How many of the looks are about all models: the first of enum migration_look. */
#define SURVEY_LOOKS 5
/* How often looks that brought nothing are made again before the start is given up, and how long after. */
#define LOOKS_MAX 8
#define LOOK_PAUSE (3 * INSTANT_SECOND)
/* How old a word of the model's own controller may be to say that it has the model. */
#define STATUS_FRESH (5 * INSTANT_SECOND)

/* All that are in flight, by the instant at which each has to be looked at; and those to which something has happened meanwhile. */
struct agenda {
	struct migration **heap;
	size_t length;
	struct migration **marked;
	size_t marked_length;
};

/* The newest summaries, sorted: all by UUID, and those that are not unavailable by controller. */
struct newest {
	const struct model_summary **by_uuid, **there;
	size_t there_count;
};

/* Most connections to models at once. */
#define SOCKETS_MAX 16

/* The connections to models. */
struct sockets {
	size_t most, used;
	size_t benched; /* models that go on without */
	struct migration **waiting;
	size_t waiting_count;
};

/* How often JIMM is asked with several in flight. */
struct pace {
	int64_t listed;      /* when the summaries were asked for last */
	unsigned int failed; /* how often in a row in vain */
	int64_t admitted;    /* when one was given its turn last that needed a new list */
	int64_t signs;       /* when the next of many may log in again to a source that refuses it */
	int64_t slot;        /* when the next of many watched sockets may be asked again */
	int64_t charged;     /* until when what was asked otherwise is paid for */
};

/* Why no new ones are started. */
struct engine_pause {
	unsigned int number; /* of the pause, or of the newest one */
	bool on;
	char *reason;
	int64_t since, length, until;
	struct migration *probe; /* the one that is tried, or NULL */
	bool given_up;           /* it has lasted too long: nobody is put back any more */
};

struct engine {
	struct migration_port port;
	struct engine_listener listener;
	char *jimm_uuid;
	char *user; /* who is logged in, or NULL */
	char *target;
	bool dry_run, no_wait;
	bool several; /* models, each counted once */
	struct migration *migrations;
	size_t count;
	size_t parallel; /* most in flight */
	size_t *queue;   /* indices of the models whose turn is to come; a ring of `count` */
	size_t queue_first, queue_length;
	struct agenda agenda;
	struct sockets sockets;
	struct pace pace;
	struct engine_pause pause;
	size_t ended;
	int64_t now;
	bool administrator;
	bool rows_supported; /* JIMM.ListModels is there */
	unsigned int surveyed;
	unsigned int pending; /* looks about all models under way */
	unsigned int
		again; /* those of the survey that have told nothing and are made again, bit = enum migration_look */
	int64_t again_at;
	unsigned int failed; /* how often that was so */
	struct error *survey_errors[SURVEY_LOOKS];
	struct jimm_controllers controllers;
	struct controller_models models;
	struct jimm_models rows;
	struct model_summaries summaries;
	struct newest newest;
};

/* ---- engine.c ---- */

/* Asks for a look unless one of that kind is under way; `migration` is not used for looks about all models. */
void step_look(struct engine *engine, struct migration *migration, enum migration_look what);

/* True while such a look is under way. */
bool step_looking(const struct engine *engine, const struct migration *migration, enum migration_look what);

/* True when how it ends is clear: nothing is to be done for it any more. */
bool step_over(const struct migration *migration);

void step_tell(struct engine *engine, struct migration *migration, enum migration_news news);

void step_end(
	struct engine *engine, struct migration *migration, enum migration_result result, enum migration_cause cause);

/* True where neither a call nor the lists tell this caller where JIMM's row of the model points: a login does. */
bool step_row_by_login(const struct engine *engine, const struct migration *migration);

/* Ends it because JIMM does not tell what is needed, whatever `error` says of the reason. Nothing is known of a move that an earlier run has
 * begun; without one nothing is claimed but that it was not started. */
void step_unanswered(struct engine *engine, struct migration *migration, const struct error *error);

/* Has the journal keep what is known, if that has changed since. */
void step_remember(struct engine *engine, struct migration *migration);

/* Returns the entry of the controller with this UUID, or NULL; for "" and NULL too. */
const struct jimm_controller *step_controller(const struct engine *engine, const char *uuid);

/* ---- survey.c: which models, which target ---- */

/* Returns JIMM's entry of the target, or NULL where it lists none. */
const struct jimm_controller *step_target(const struct engine *engine);
void survey_begin(struct engine *engine);

/* Returns whether the answer was the survey's, and for nobody else. */
bool survey_answered(struct engine *engine, const struct migration_answer *answer);

/* Makes the looks again that are due, and returns when to come back. */
int64_t survey_step(struct engine *engine);

/* ---- agenda.c: what is to be done when ---- */
void agenda_init(struct engine *engine);
void agenda_release(struct engine *engine);

/* It is in flight from now on, or not any more. */
void agenda_add(struct engine *engine, struct migration *migration);
void agenda_remove(struct engine *engine, struct migration *migration);

/* It has to be looked at at `due`. */
void agenda_set(struct engine *engine, struct migration *migration, int64_t due);

/* Something has happened to it, or to all that are in flight. */
void agenda_mark(struct engine *engine, struct migration *migration);
void agenda_mark_all(struct engine *engine);

/* Does what is due, and for those that are marked. Returns when to come back. */
int64_t agenda_work(struct engine *engine);

/* ---- sockets.c: the connections to models ----
 * There are never more than so many. They are for those that are located or verified just now and for those that are nearest their
 * end; the others are watched by the lists alone. */
void sockets_init(struct engine *engine, size_t most);
void sockets_release(struct engine *engine);

/* Asks the port for a login, or has it wait until there is room. */
void sockets_login(struct engine *engine, struct migration *migration);

/* The login was answered. */
void sockets_opened(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* JIMM leads to the target now. */
void sockets_moved(struct engine *engine, struct migration *migration);

/* The engine has seen the answer to a look; a connection to where the model has arrived is of no use after it. */
void sockets_answered(struct engine *engine, struct migration *migration);

/* It is not in flight any more. */
void sockets_end(struct engine *engine, struct migration *migration);

/* Gives what is free to who needs it most. */
void sockets_serve(struct engine *engine);

/* ---- queue.c: whose turn it is ---- */

/* Queues all that the survey has resolved, in their order, and ends those that are there twice. */
void queue_begin(struct engine *engine);

/* Room for all. */
void queue_init(struct engine *engine);

/* Gives as many as may be in flight their turn. `fresh`: see locate_begin. Returns when to come back. */
int64_t queue_admit(struct engine *engine, bool fresh);

/* It is not in flight any more. */
void queue_land(struct engine *engine, struct migration *migration);

/* Puts it back: its turn will come again, after all others. Nothing that was seen of it counts any more, and the journal forgets it if
 * this run has asked for its start. */
void queue_again(struct engine *engine, struct migration *migration);

/* Ends all whose turn has not come. */
void queue_close(struct engine *engine, enum migration_cause cause, const char *detail);

/* The run is left before its turn has come, or before anything was started. */
void queue_leave(struct engine *engine, struct migration *migration);

/* ---- pause.c: what stands in the way of all ---- */

/* `error` is the refusal of a start, of a model of which is certain that nothing has begun. If it speaks of the target or of JIMM, no
 * new ones are started for now, and this one is put back into the queue. Returns whether it is. */
bool pause_refused(struct engine *engine, struct migration *migration, const struct error *error);

/* The same for a model of which JIMM has not told what is needed to begin. */
bool pause_unanswered(struct engine *engine, struct migration *migration, const struct error *error);

/* It cannot be reached where it is, which is all that the checks have found. Returns whether it was put back. */
bool pause_silent(struct engine *engine, struct migration *migration);

/* It could be started now, but nothing is for now; so it is put back. Returns whether it was. */
bool pause_holds(struct engine *engine, struct migration *migration);

/* How many may be in flight now. */
size_t pause_room(const struct engine *engine);

/* One is given its turn. */
void pause_admitted(struct engine *engine, struct migration *migration);

/* What has come of it. */
void pause_notice(struct engine *engine, struct migration *migration, enum migration_news news);
void pause_ended(struct engine *engine, struct migration *migration);

/* Gives up, if it is time to. Returns when to come back. */
int64_t pause_step(struct engine *engine);

/* ---- newest.c: the newest lists of JIMM ---- */

/* Take over what an answer has brought; the one before is released. */
void newest_summaries(struct engine *engine, struct model_summaries *summaries);
void newest_rows(struct engine *engine, struct jimm_models *rows);

/* Releases the summaries. */
void newest_release(struct engine *engine);

/* Return what they tell of the model, borrowed until the next list, or NULL. */
const struct model_summary *newest_summary(const struct engine *engine, const char *uuid);
const struct jimm_model *newest_row(const struct engine *engine, const char *uuid);

/* Returns another model of the same controller that is not unavailable, or NULL. */
const struct model_summary *newest_neighbour(const struct engine *engine, const struct model_summary *found);

/* ---- locate.c: where a model is, and what was there before ---- */

/* `fresh`: the lists of the survey have just been answered. Else they are asked for again, since what they say may be hours old. */
void locate_begin(struct engine *engine, struct migration *migration, bool fresh);
void locate_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Does what is due while a model is located, and returns when to come back. */
int64_t locate_step(struct engine *engine, struct migration *migration);

/* Takes the model's entry in the newest summaries as the baseline. */
void locate_baseline(struct engine *engine, struct migration *migration);

/* ---- resume.c: what the journal tells ---- */

/* What is kept of the model, or NULL. */
const struct migration_memory *resume_recall(struct engine *engine, struct migration *migration);

/* Goes on from there, if there is anything to go on with. Returns whether it did. `base` is the class of the newest attempt in the
 * baseline, `gone`: the source refuses logins. */
bool resume(struct engine *engine, struct migration *migration, const struct migration_memory *memory,
	enum attempt_class base, bool gone);

/* JIMM does not list a model that the journal has: its row will be asked for. */
void resume_unlisted(struct migration *migration, const struct migration_memory *memory);

/* And what the answer means. */
void resume_forgotten(struct engine *engine, struct migration *migration, const struct error *error);

/* The row names the target already. Returns whether the journal decides what that means. */
bool resume_recorded(
	struct engine *engine, struct migration *migration, const struct migration_memory *memory, bool runs_there);

/* Nothing came of a start, or a lock is left of one: frees it and starts once more, or ends undecided. */
void resume_restart(struct engine *engine, struct migration *migration);

/* JIMM has cleared its lock, or refused to. */
void resume_freed(struct engine *engine, struct migration *migration, const struct error *error);

/* ---- preflight.c ---- */

/* Makes all checks (preflight.h) with what is known now. */
void preflight_check(const struct engine *engine, struct migration *migration);

/* ---- sight.c: what an answer says about the attempt ---- */

/* A summary (or a ModelInfo) of the model. */
void sight_entry(struct engine *engine, struct migration *migration, const struct model_migration *attempt,
	bool unavailable, int64_t asked);

/* True when the source's own newest word is about this attempt of a list (`seen`: its class), as far as words can tell. */
bool sight_told(const struct migration *migration, const char *text, enum attempt_class seen);

/* True when a baseline of class `seen` is surely the source's: it has told of the attempt itself, or what is shown can be nobody else's. */
bool sight_sure(const struct migration *migration, enum attempt_class seen);

/* True for the texts of a migration that may be over soon. */
bool sight_near_end(const char *text);

/* Keeps the source's own newest word. */
void sight_tell(struct migration *migration, const char *text, enum attempt_class seen, int64_t asked);

/* The attempt with this start is the one that is watched. */
void sight_adopt(struct engine *engine, struct migration *migration, int64_t start);

/* The model's status on the socket to the source. */
void sight_status(
	struct engine *engine, struct migration *migration, const char *word, const char *info, int64_t asked);

/* A source's refusal. Returns what it means: SOURCE_NO_NEWS, SOURCE_GONE, SOURCE_REDIRECT, or SOURCE_DEPARTED for a
 * refusal that is one of the two that make the departure sign. */
enum source_sight sight_refusal(const struct error *error);

/* The source shows `sight`, asked at `asked`. */
void sight_source(struct engine *engine, struct migration *migration, enum source_sight sight, int64_t asked);

/* JIMM's row names this controller. */
void sight_row(struct migration *migration, const char *controller_uuid, const char *controller_name, int64_t asked);

/* Returns the entry of the model in the newest summaries, or NULL; sets the migration's "masked" and "unavailable". */
const struct model_summary *sight_find(const struct engine *engine, struct migration *migration);

/* ---- target.c: what the target itself tells ---- */

/* An answer to LOOK_TARGET, in any stage. */
void target_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Returns what the target shows, as far as it was asked after the source, or JIMM's row, was first seen as it is now. */
enum target_sight target_current(const struct migration *migration);

/* True while a decision has to wait for what the target says. */
bool target_awaited(const struct engine *engine, const struct migration *migration);

/* True while what the target says can matter. */
bool target_matters(const struct migration *migration);

/* The target shows `sight`, asked at `asked`. */
void target_seen(struct migration *migration, enum target_sight sight, int64_t asked);

/* ---- source.c: what the source itself tells, where JIMM's word leaves open what has become of the model ---- */

/* Asks it, if it can be asked and the time has come. */
void source_ask(struct engine *engine, struct migration *migration);

/* An answer to LOOK_SOURCE, in any stage. */
void source_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* ---- search.c: where is it? ---- */

/* Asks all controllers that can be asked before a migration ends whose model nobody can place. Returns whether it has begun to. */
bool search_begin(
	struct engine *engine, struct migration *migration, enum migration_result result, enum migration_cause cause);

/* What they say, and the end. */
void search_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* We stop waiting for them. */
void search_leave(struct engine *engine, struct migration *migration);

/* ---- watch.c: the attempt until it is decided ---- */
void watch_start(struct engine *engine, struct migration *migration);
void watch_attach(struct engine *engine, struct migration *migration);

/* Takes up a model that its source has let go before this run began. */
void watch_adopt(struct engine *engine, struct migration *migration);
void watch_begin(struct engine *engine, struct migration *migration);
void watch_started(struct engine *engine, struct migration *migration, const char *id, const struct error *error);
void watch_recorded(struct engine *engine, struct migration *migration, const struct error *error);
void watch_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);
void watch_pushed(struct engine *engine, struct migration *migration, const struct migration_push *push);
void watch_ended(struct engine *engine, struct migration *migration, const struct error *error);
void watch_leave(struct engine *engine, struct migration *migration);

/* Does what is due for a migration that is watched, and returns when to come back. */
int64_t watch_step(struct engine *engine, struct migration *migration);

/* ---- refusal.c: what a refused start means ---- */

/* True when the refusal speaks of a lock or of an attempt that runs. */
bool refusal_lock_held(const struct error *error);

/* Such a refusal of our start: watches whether its attempt shows. */
void refusal_watch_lock(struct engine *engine, struct migration *migration, const struct error *error);

/* Looks at the source, again and again for a while, before the refusal is believed. */
void refusal_look(struct engine *engine, struct migration *migration, const struct error *error);

/* An answer while that is looked at. */
void refusal_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Does what is due meanwhile, and returns when to come back. */
int64_t refusal_step(struct engine *engine, struct migration *migration);

/* Ends with the refusal. */
void refusal_end(struct engine *engine, struct migration *migration, const struct error *error);

/* ---- decide.c: the table's word, and what follows from it ---- */
void decide(struct engine *engine, struct migration *migration);

/* What the table says when we stop watching. */
void decide_leaving(struct engine *engine, struct migration *migration);

/* ---- pace.c: when to look again ---- */

/* Returns from when on the look may be made: with several in flight JIMM is not asked too often by all of them together. */
int64_t pace_allowed(const struct engine *engine, const struct migration *migration, enum migration_look what);

/* For engine_watch_slot. */
int64_t pace_slot(struct engine *engine, int64_t now);

/* One more was made. */
void pace_charge(struct engine *engine);

/* Issues the looks that are due. Returns the instant of the next one. */
int64_t pace_step(struct engine *engine, struct migration *migration);

/* ---- verify.c: after JIMM was told ---- */
void verify_begin(struct engine *engine, struct migration *migration);
void verify_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);
void verify_step(struct engine *engine, struct migration *migration);

#endif
