/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the engine: its state, and the steps that its files call in one another.
 *
 * survey -> queue -> locate -> course (preflight) -> start -> watch (decide) -> verify, and perhaps search. A step ends by calling the
 * next one, or by step_end.
 */
#ifndef COMMON_MIGRATION_STEPS_H
#define COMMON_MIGRATION_STEPS_H

#include "common/migration/engine.h"

/* How many looks are about all models: the first ones of enum migration_look. */
#define SURVEY_LOOKS 5
/* How often failed looks are repeated before the start is given up, and the pause before each. */
#define LOOKS_MAX 8
#define LOOK_PAUSE (3 * INSTANT_SECOND)
/* Up to this age an answer of the model's own controller proves that it has the model. */
#define STATUS_FRESH (5 * INSTANT_SECOND)

/* All migrations in flight, as a heap by `state.due`; and those to which something has happened since the last agenda_work. */
struct agenda {
	struct migration **heap;
	size_t length;
	struct migration **marked;
	size_t marked_length;
};

/* The newest summaries: all of them sorted by UUID, and those not "unavailable" sorted by controller. */
struct newest {
	const struct model_summary **by_uuid, **there;
	size_t there_count;
};

/* Most connections to models at once. */
#define SOCKETS_MAX 16

/* The connections to models. */
struct sockets {
	size_t most, used;
	size_t benched; /* models in flight that go on without a connection to the source */
	struct migration **waiting;
	size_t waiting_count;
};

/* Limits how often JIMM is asked while several models are in flight. */
struct pace {
	int64_t listed;      /* when the summaries were asked for last */
	unsigned int failed; /* how often in a row that failed */
	int64_t admitted;    /* when a model that needed a new list last got its turn */
	int64_t signs;       /* with many in flight: when the next one may log in again to a source that refuses it */
	int64_t slot;        /* with many in flight: when the next watched socket may be asked for its changes */
	int64_t charged;     /* until when the other looks made so far use up what is allowed */
};

/* Why no new models are started for now. */
struct engine_pause {
	unsigned int number; /* of this pause, or of the last one */
	bool on;
	char *reason;
	int64_t since, length, until;
	struct migration *probe; /* the one model that is tried meanwhile, or NULL */
	bool given_up;           /* it has lasted too long: none is put back into the queue any more */
};

struct engine {
	struct migration_port port;
	struct engine_listener listener;
	char *jimm_uuid;
	char *user; /* who is logged in, or NULL */
	char *target;
	bool dry_run, no_wait;
	bool awaits;  /* only the answers to MigrateModel are awaited; nothing is started any more */
	bool several; /* more than one model, each counted once */
	struct migration *migrations;
	size_t count;
	size_t parallel; /* most in flight */
	size_t *queue;   /* indices of the models that wait for their turn; a ring of `count` */
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
	unsigned int again;   /* looks of the survey that failed and will be repeated, bit = enum migration_look */
	int64_t again_at;
	unsigned int failed; /* how often they failed */
	struct error *survey_errors[SURVEY_LOOKS];
	struct jimm_controllers controllers;
	struct controller_models models;
	struct jimm_models rows;
	struct model_summaries summaries;
	struct newest newest;
};

/* ---- engine.c ---- */

/* Asks for a look unless the same one is under way; `migration` is not used for looks about all models. */
void step_look(struct engine *engine, struct migration *migration, enum migration_look what);

/* True while that look is under way. */
bool step_looking(const struct engine *engine, const struct migration *migration, enum migration_look what);

/* True when its end is decided: STAGE_SEARCH or STAGE_ENDED. */
bool step_over(const struct migration *migration);

/* Tells the listener this news of the model, which must be up to date by then: it may read all of `migration`. */
void step_tell(struct engine *engine, struct migration *migration, enum migration_news news);

/* Decides the end of a model, once: another end is ignored. Where that leaves open where the model is, search_begin comes first and this is
 * called again. Takes it out of those in flight, has the journal forget it if nothing is unfinished, and tells NEWS_ENDED. */
void step_end(
	struct engine *engine, struct migration *migration, enum migration_result result, enum migration_cause cause);

/* True if only a login tells this caller where JIMM's row of the model points, neither a call nor the lists. */
bool step_row_by_login(const struct engine *engine, const struct migration *migration);

/* Ends it (or puts it back, pause_unanswered) because JIMM did not tell what is needed; `error` says why. Undecided if the journal has a
 * move of the model, otherwise failed: not started. */
void step_unanswered(struct engine *engine, struct migration *migration, const struct error *error);

/* Has the journal keep what is known, if that has changed since it was last written. */
void step_remember(struct engine *engine, struct migration *migration);

/* Returns JIMM's entry of the controller with this UUID, or NULL; NULL if `uuid` is NULL or "". */
const struct jimm_controller *step_controller(const struct engine *engine, const char *uuid);

/* ---- survey.c: which models, which target ---- */

/* Returns JIMM's entry of the target, or NULL if it lists none. */
const struct jimm_controller *step_target(const struct engine *engine);

/* Issues the looks that are about all models, all at once. */
void survey_begin(struct engine *engine);

/* Returns true if the survey used up the answer; the models must not see it then. */
bool survey_answered(struct engine *engine, const struct migration_answer *answer);

/* Repeats the failed looks that are due. Returns when to come back. */
int64_t survey_step(struct engine *engine);

/* ---- agenda.c: what is to be done when ---- */

/* Allocates room for all models of `engine`; release frees it. */
void agenda_init(struct engine *engine);
void agenda_release(struct engine *engine);

/* Adds a migration that is in flight from now on (due INSTANT_NEVER), removes one that no longer is. */
void agenda_add(struct engine *engine, struct migration *migration);
void agenda_remove(struct engine *engine, struct migration *migration);

/* Sets the instant at which it has to be looked at. */
void agenda_set(struct engine *engine, struct migration *migration, int64_t due);

/* Marks it, or all in flight: something has happened to it. */
void agenda_mark(struct engine *engine, struct migration *migration);
void agenda_mark_all(struct engine *engine);

/* Calls watch_step for those that are due or marked. Returns when to come back. */
int64_t agenda_work(struct engine *engine);

/* ---- sockets.c: the connections to models ----
 * Their number is limited. They go to models that are being located or verified, and to those nearest their end; the others are
 * watched by the lists alone. */

/* `most` connections may be open at once; 0: SOCKETS_MAX. Release frees the list of those that wait. */
void sockets_init(struct engine *engine, size_t most);
void sockets_release(struct engine *engine);

/* Asks the port for a login, at once or as soon as there is room. */
void sockets_login(struct engine *engine, struct migration *migration);

/* Counts the connection that an answered login has opened. */
void sockets_opened(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Call when JIMM leads to the target: a model without a connection to its source cannot get one any more. */
void sockets_moved(struct engine *engine, struct migration *migration);

/* Call when an answer about the model has been handled: closes its connection to the target unless LOOK_ARRIVED is under way. */
void sockets_answered(struct engine *engine, struct migration *migration);

/* Call when it is no longer in flight: gives up its connections, and its wait for one. */
void sockets_end(struct engine *engine, struct migration *migration);

/* Gives free connections to the models that need them most. */
void sockets_serve(struct engine *engine);

/* ---- queue.c: whose turn it is ---- */

/* Queues all that the survey has resolved, in their order, ends duplicates, and admits the first ones. */
void queue_begin(struct engine *engine);

/* Allocates the queue. */
void queue_init(struct engine *engine);

/* Gives models their turn until as many are in flight as may be. `fresh`: see locate_begin. Returns when to come back. */
int64_t queue_admit(struct engine *engine, bool fresh);

/* Takes it out of those in flight, if it is one of them. */
void queue_land(struct engine *engine, struct migration *migration);

/* Puts it back to the end of the queue. Forgets what was seen of it, and has the journal forget it if this run has asked for its
 * start. */
void queue_again(struct engine *engine, struct migration *migration);

/* Ends all models in the queue. */
void queue_close(struct engine *engine, enum migration_cause cause, const char *detail);

/* Ends it because the run is left before it was started. */
void queue_leave(struct engine *engine, struct migration *migration);

/* ---- pause.c: what stands in the way of all ---- */

/* `error` is the refusal of a start of which it is certain that nothing has begun. If it speaks of the target or of JIMM, a pause
 * begins and the model is put back into the queue, if it may be. Returns whether it was put back. */
bool pause_refused(struct engine *engine, struct migration *migration, const struct error *error);

/* The same for a model about which JIMM did not tell what is needed to begin. */
bool pause_unanswered(struct engine *engine, struct migration *migration, const struct error *error);

/* For a model whose only problem is that its controller cannot be reached. Returns whether it was put back. */
bool pause_silent(struct engine *engine, struct migration *migration);

/* Puts back a model that is ready to start, if a pause forbids that. Returns whether it did. */
bool pause_holds(struct engine *engine, struct migration *migration);

/* Returns how many models may be in flight now. */
size_t pause_room(const struct engine *engine);

/* Call when one is given its turn: during a pause it is the one that is tried. */
void pause_admitted(struct engine *engine, struct migration *migration);

/* Call with each news of a model, and when it has ended: either may change the pause. */
void pause_notice(struct engine *engine, struct migration *migration, enum migration_news news);
void pause_ended(struct engine *engine, struct migration *migration);

/* If the pause was given up, ends all models in the queue. Returns when to come back. */
int64_t pause_step(struct engine *engine);

/* ---- newest.c: the newest lists of JIMM ---- */

/* Take over the list of an answer and release the previous one. */
void newest_summaries(struct engine *engine, struct model_summaries *summaries);
void newest_rows(struct engine *engine, struct jimm_models *rows);

/* Releases the summaries. */
void newest_release(struct engine *engine);

/* Return the model's entry, borrowed until the next list, or NULL. */
const struct model_summary *newest_summary(const struct engine *engine, const char *uuid);
const struct jimm_model *newest_row(const struct engine *engine, const char *uuid);

/* Returns another model of the same controller that is not unavailable, or NULL. */
const struct model_summary *newest_neighbour(const struct engine *engine, const struct model_summary *found);

/* ---- locate.c: where a model is ---- */

/* Begins to look where the model is. `fresh`: the survey's lists have just been answered. Otherwise the summaries are asked for again: the
 * survey's may be hours old. */
void locate_begin(struct engine *engine, struct migration *migration, bool fresh);

/* Takes an answer in STAGE_LOCATE. With the last one that is needed it calls course_choose. */
void locate_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Does what is due while a model is located. Returns when to come back. */
int64_t locate_step(struct engine *engine, struct migration *migration);

/* True if the place found so far is the target itself. */
bool locate_at_target(const struct migration *migration);

/* ---- baseline.c: what was there before ---- */

/* Takes the model's entry in the newest summaries as the baseline. */
void baseline_take(struct engine *engine, struct migration *migration);

/* Drops a baseline whose attempt is under way or has succeeded if the source itself does not tell of it: it came from a controller
 * that the model has left and that could not remove its copy. A source that never tells of attempts has no baseline at all. */
void baseline_drop_foreign(struct migration *migration);

/* True if the source's status tells of an attempt and the baseline has none. */
bool baseline_missing(const struct migration *migration);

/* True if the baseline has an attempt that goes on, or that succeeded without JIMM knowing. */
bool baseline_underway(const struct migration *migration);

/* ---- course.c: what to do with a model that has been located ---- */

/* Call when all that is needed has been answered. Starts the move (start_send), takes up one that is running or has ended unrecorded
 * (resume, start_attach, start_adopt), puts the model back into the queue, or ends: it is there already, a check failed, a dry run. */
void course_choose(struct engine *engine, struct migration *migration);

/* ---- resume.c: what the journal tells ---- */

/* Returns what the journal knows of the model, borrowed until the next recall, or NULL. Sets `other_run`. */
const struct migration_memory *resume_recall(struct engine *engine, struct migration *migration);

/* Goes on with the journal's move, or ends it, unless that move is over. Returns whether it did. `base`: class of the newest attempt in
 * the baseline; `gone`: the source refuses logins as after a move. */
bool resume(struct engine *engine, struct migration *migration, const struct migration_memory *memory,
	enum attempt_class base, bool gone);

/* Takes up a model that the journal has and JIMM does not list: JIMM's row will be asked for. */
void resume_unlisted(struct migration *migration, const struct migration_memory *memory);

/* Ends that model with the answer to that look. */
void resume_forgotten(struct engine *engine, struct migration *migration, const struct error *error);

/* JIMM's row names the target already. Ends it as migrated if the journal, or `runs_there` (active on the target), proves that for the
 * journal's move. Returns whether it did. */
bool resume_recorded(
	struct engine *engine, struct migration *migration, const struct migration_memory *memory, bool runs_there);

/* For a start that came to nothing, or left a lock: frees the lock and starts once more, or ends undecided. */
void resume_restart(struct engine *engine, struct migration *migration);

/* Call when JIMM has cleared its lock, or refused to: starts once more, or ends undecided. */
void resume_freed(struct engine *engine, struct migration *migration, const struct error *error);

/* ---- preflight.c ---- */

/* Replaces `checks` by the results of all rules (preflight.h) for what is known now. */
void preflight_check(const struct engine *engine, struct migration *migration);

/* ---- sight.c: what an answer says about the attempt ---- */

/* Takes the attempt that a summary or ModelInfo of the model shows; NULL: none. */
void sight_entry(struct engine *engine, struct migration *migration, const struct model_migration *attempt,
	bool unavailable, int64_t asked);

/* True if the source's newest text may be about this attempt of a list (`text`, and `seen`, its class). */
bool sight_told(const struct migration *migration, const char *text, enum attempt_class seen);

/* True if a baseline of class `seen` is surely the source's: it has told its own status, or only the source can show that class. */
bool sight_sure(const struct migration *migration, enum attempt_class seen);

/* True for the text of a migration that may be over soon. */
bool sight_near_end(const char *text);

/* Keeps the newest text of the source itself, its class, and when it was asked for. */
void sight_tell(struct migration *migration, const char *text, enum attempt_class seen, int64_t asked);

/* Makes the attempt with this start the one that is watched. */
void sight_adopt(struct engine *engine, struct migration *migration, int64_t start);

/* Takes the model's status as told on the socket to the source. */
void sight_status(
	struct engine *engine, struct migration *migration, const char *word, const char *info, int64_t asked);

/* Returns what a source's refusal means: SOURCE_NO_NEWS, SOURCE_GONE, SOURCE_REDIRECT, or SOURCE_DEPARTED for one of the two
 * refusals that make the departure sign. */
enum source_sight sight_refusal(const struct error *error);

/* Notes that the source shows `sight`, asked for at `asked`; ignores it if older or overtaken. */
void sight_source(struct engine *engine, struct migration *migration, enum source_sight sight, int64_t asked);

/* Notes that JIMM's row names this controller; the name may be NULL. */
void sight_row(struct migration *migration, const char *controller_uuid, const char *controller_name, int64_t asked);

/* Returns the model's entry in the newest summaries, or NULL; if found, sets `masked`, `unavailable` and `neighbour_uuid`, among others. */
const struct model_summary *sight_find(const struct engine *engine, struct migration *migration);

/* ---- target.c: what the target itself tells ---- */

/* Takes an answer to LOOK_TARGET, in any stage. */
void target_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Returns what the target shows; TARGET_UNKNOWN if that was asked before the source, or JIMM's row, was first seen as it is now. */
enum target_sight target_current(const struct migration *migration);

/* True while a decision has to wait for what the target says. */
bool target_awaited(const struct engine *engine, const struct migration *migration);

/* True while what the target says can matter. */
bool target_matters(const struct migration *migration);

/* Notes that the target shows `sight`, asked for at `asked`; ignores it if older. */
void target_seen(struct migration *migration, enum target_sight sight, int64_t asked);

/* ---- source.c: what the source itself tells, where JIMM's word leaves open what has become of the model ---- */

/* Asks the source directly, if that is possible and due. */
void source_ask(struct engine *engine, struct migration *migration);

/* Takes an answer to LOOK_SOURCE, in any stage. */
void source_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* ---- search.c: where is it? ---- */

/* If this end leaves open where the model is, asks all controllers first. Returns whether it has begun to. */
bool search_begin(
	struct engine *engine, struct migration *migration, enum migration_result result, enum migration_cause cause);

/* Keeps what they answered, and ends the migration. */
void search_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Ends it without waiting for them any longer. */
void search_leave(struct engine *engine, struct migration *migration);

/* ---- start.c: the beginning of a move ---- */

/* Has the journal keep the move, and sends MigrateModel: the one place where that is done. */
void start_send(struct engine *engine, struct migration *migration);

/* Takes JIMM's answer to MigrateModel: the migration ID, or an error, which may mean that nobody knows. */
void start_answered(struct engine *engine, struct migration *migration, const char *id, const struct error *error);

/* Follows an attempt that is running already: the one of the baseline. */
void start_attach(struct engine *engine, struct migration *migration);

/* Takes up a model that its source has let go before this run began. */
void start_adopt(struct engine *engine, struct migration *migration);

/* ---- watch.c: the attempt until it is decided ---- */

/* Begins STAGE_WATCH: asks at once, and has the source's changes pushed if there is a connection to it. */
void watch_begin(struct engine *engine, struct migration *migration);

/* Takes an answer to a look in STAGE_START and STAGE_WATCH. */
void watch_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Takes a change that the source pushes. */
void watch_pushed(struct engine *engine, struct migration *migration, const struct migration_push *push);

/* Nothing is pushed any more; NULL: the connection goes on all the same. */
void watch_ended(struct engine *engine, struct migration *migration, const struct error *error);

/* Ends it because the run is left, in whatever stage: says only what has been seen so far. */
void watch_leave(struct engine *engine, struct migration *migration);

/* Does what is due for a migration in flight, in any stage. Returns when to come back. */
int64_t watch_step(struct engine *engine, struct migration *migration);

/* ---- logins.c: what a login tells of a watched model, and the departure sign ---- */

/* Takes the answer to LOOK_LOGIN: success, or a refusal, which may be one of the two that make the departure sign. Other failures tell
 * nothing and must not come here. */
void logins_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Takes the answer to LOOK_INFO while `completing`: JIMM was asked so that it finds out where the model is. */
void logins_completed(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Takes the answer to LOOK_NEIGHBOUR. If this run has never reached the source, a login to another model there completes the sign. */
void logins_neighbour(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* ---- record.c: whether JIMM has taken the target for the model's place ---- */

/* Takes JIMM's answer to UpdateMigratedModel, whether that was to record the target or to free a lock. NULL: done. */
void record_answered(struct engine *engine, struct migration *migration, const struct error *error);

/* ---- refusal.c: what a refused start means ---- */

/* True if the refusal speaks of a lock or of a running attempt. */
bool refusal_lock_held(const struct error *error);

/* For such a refusal of our start: watches whether its attempt shows. */
void refusal_watch_lock(struct engine *engine, struct migration *migration, const struct error *error);

/* Asks for the source's status, several times if need be, before the refusal is believed. */
void refusal_look(struct engine *engine, struct migration *migration, const struct error *error);

/* Takes an answer meanwhile. */
void refusal_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Does what is due meanwhile. Returns when to come back. */
int64_t refusal_step(struct engine *engine, struct migration *migration);

/* Ends it with the refusal, or puts it back into the queue (pause_refused). */
void refusal_end(struct engine *engine, struct migration *migration, const struct error *error);

/* ---- decide.c: the table's word, and what follows from it ---- */

/* Asks the table (verdict.h) what the facts known now mean, and does it: records, ends, warns or waits. Does nothing while the target's
 * word is awaited. */
void decide(struct engine *engine, struct migration *migration);

/* Sets `row` and `verdict` to what the table says when we stop watching. */
void decide_leaving(struct engine *engine, struct migration *migration);

/* ---- pace.c: when to look again ---- */

/* Returns from when on the look may be made: with several in flight they must not ask JIMM too often together. */
int64_t pace_allowed(const struct engine *engine, const struct migration *migration, enum migration_look what);

/* Implements engine_watch_slot. */
int64_t pace_slot(struct engine *engine, int64_t now);

/* Counts one more look against that limit. */
void pace_charge(struct engine *engine);

/* Issues the looks that are due. Returns the instant of the next one. */
int64_t pace_step(struct engine *engine, struct migration *migration);

/* ---- verify.c: after JIMM was told ---- */

/* Begins STAGE_VERIFY: JIMM's row and a login to the model have to name the target. */
void verify_begin(struct engine *engine, struct migration *migration);

/* Takes an answer to a look in STAGE_VERIFY and STAGE_SETTLE. */
void verify_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer);

/* Goes on to STAGE_SETTLE when both do, ends when the source has ended too, and ends undecided when they do not in time. */
void verify_step(struct engine *engine, struct migration *migration);

#endif
