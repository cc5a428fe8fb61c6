/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One simulated run: a world, our process in it (dying and being started again as the scene wants it), and a checker that
 * knows the world's truth. Single-threaded, in virtual time; the same seed gives the same run, step for step.
 */
#ifndef TESTS_STORM_STORM_H
#define TESTS_STORM_STORM_H

#include <stdio.h>

#include "common/base/instant.h"
#include "common/migration/engine.h"
#include "tests/sim/world_call.h"
#include "tests/sim/world_state.h"
#include "tests/storm/scene.h"

/* Rows of the decision table; 0 counts what had none yet. */
#define STORM_ROWS 40
/* Results, and causes, of migration.h. */
#define STORM_RESULTS (RESULT_CONTRADICTION + 1)
#define STORM_CAUSES (CAUSE_DUPLICATE + 1)
#define STORM_VIOLATION_MAX 512
#define STORM_CONTROLLERS 3
/* Our version, as JIMM is told. */
#define STORM_CLIENT "4.0.14"

struct storm;
struct storm_link;

/* What a run can do wrong. */
enum storm_wrong {
	WRONG_NOTHING,
	WRONG_EARLY_RECORD, /* UpdateMigratedModel before the move was irrevocable */
	WRONG_DOUBLE_START, /* MigrateModel while an attempt runs, after the move, or too soon after a lost answer */
	WRONG_RESTART,      /* the same, by a process that could not know of the first one */
	WRONG_MIGRATED,     /* said, and not so */
	WRONG_FAILED,       /* "unchanged" said, and not so */
	WRONG_CHECKS,       /* "cannot be moved" said of one that is on its way or has moved */
	WRONG_NEWS,         /* committed, recorded, verified, split or forgotten said, and not so */
	WRONG_DEADLINE,     /* our own deadline made a failure */
	WRONG_LOOK,         /* a look that could make JIMM forget the model */
	WRONG_PORT,         /* the port's own rules broken */
	WRONG_HASTE,        /* questions without a pause */
	WRONG_ENDLESS,      /* a calm run that does not end */
	WRONG_UNFINISHED,   /* calm runs that leave undecided what can be known */
	WRONG_KINDS,
};

/* What the journal keeps of one model. */
struct storm_entry {
	bool there;
	struct migration_memory memory;
	char *texts[4]; /* of `memory` */
};

/* What the checker remembers of one model that is moved. */
struct storm_model {
	struct world_model *truth;
	struct storm_entry entry;
	struct storm_entry news; /* not yet written */
	int64_t news_due;        /* our clock, when that is done */
	/* By controller: our clock when JIMM's row was last there and the model active there; the same with the model active
	 * nowhere else; and when the row was there. Also when it was active there, and when JIMM did not know the model. */
	int64_t right_at[STORM_CONTROLLERS], alone_at[STORM_CONTROLLERS], row_at[STORM_CONTROLLERS];
	int64_t active_at[STORM_CONTROLLERS];
	int64_t forgotten_at, split_at, committed_at;
	int64_t no_attempt_at; /* none was running */
	struct {
		bool right[STORM_CONTROLLERS], alone[STORM_CONTROLLERS], row[STORM_CONTROLLERS],
			active[STORM_CONTROLLERS];
		bool forgotten, split, committed, idle;
	} held; /* the same things, now */
	/* Our own MigrateModel. */
	int64_t sent_at; /* our clock, INSTANT_NONE: never */
	unsigned int sent_life;
	size_t sent_attempts;         /* that the world had then */
	int64_t sent_began;           /* when the process that sent it began, the world's clock */
	bool unknowing;               /* it was sent of a model whose attempt could not be known */
	bool unanswered;              /* the newest was lost, or is under way */
	enum migration_result result; /* of this life */
	enum migration_cause cause;
	int64_t commits_at; /* the newest attempt has, the world's clock */
	int phase;          /* of the newest attempt, -1 without one: for triggers and the trace */
	const struct world_controller *recorded;
	const char *mode;
	unsigned int presence;
	size_t attempts;
	int row;
	enum migration_stage stage; /* when last looked */
};

/* Milliseconds from the source's commitment to JIMM's knowing, beyond two round trips, in quiet runs; the last bucket takes what is longer. */
#define STORM_DELAYS 20000

/* Counts over many runs. */
struct storm_counts {
	unsigned long runs, lives, steps;
	unsigned long results[STORM_RESULTS][STORM_CAUSES];
	unsigned long verdicts[VERDICT_FORGOTTEN + 1];
	unsigned long rows[STORM_ROWS][STORM_ROWS];
	unsigned long wrongs[WRONG_KINDS];
	unsigned long faults[FAULT_KINDS];
	unsigned int delays[2][STORM_DELAYS]; /* [0] pushed, [1] asked */
	unsigned int tolerated;               /* of enum storm_wrong, by bit: a run goes on after these */
	unsigned long excused;
	unsigned int hasty; /* questions and logins in ten seconds at most, for each of the models of a run */
	unsigned long batches, pauses, put_back; /* runs of several models, and what became of new starts */
};

/* Our process. */
struct storm_process {
	unsigned int life; /* 1 for the first; 0 before it */
	bool alive;
	bool finished; /* its engine is */
	bool leaving;
	bool calm; /* nothing goes wrong any more since before it began */
	struct engine *engine;
	struct storm_link *api;
	/* By model; of the storm, and empty when a life begins. */
	struct storm_link **opening, **source, **arrived;
	bool *wanted;
	const struct world_controller **first; /* controller that a login reached first */
	bool unmask;
	bool paused; /* new starts are, it has said */
	struct world_event *wake;
	int64_t began;         /* our clock */
	int64_t frozen_until;  /* the world's clock */
	unsigned int messages; /* sent in all lives */
	unsigned int hasty;    /* questions and logins since hasty_since, the world's clock */
	int64_t hasty_since;
};

struct crowd;

struct storm {
	struct crowd *crowd; /* what is counted of a run of very many models, or NULL */
	struct scene scene;
	struct chance chance;
	struct world *world;
	struct world_user *user;
	char *token;
	unsigned int tokens;
	struct storm_process process;
	int64_t jumped;     /* by how much our clock is ahead */
	int64_t busy_until; /* effects of faults last until then, the world's clock */
	size_t target;
	struct storm_model *models; /* that are moved */
	bool meddled;               /* other people have touched a model that is moved */
	unsigned int calm_lives;
	bool over;
	struct storm_ask *asks; /* all */
	struct storm_link *links;
	struct storm_effect {
		struct storm *storm;
		struct scene_fault *fault;
	} effects[SCENE_FAULTS_MAX];
	int64_t ran_at; /* when an attempt was last running, the world's clock */
	FILE *trace;
	enum storm_wrong wrong;
	char violation[STORM_VIOLATION_MAX];
	struct storm_counts *counts;
};

/* Runs one seed. `trace` (NULL for none) gets a line for everything that happens. Returns what was wrong first, and writes
 * it to `violation`. */
enum storm_wrong storm_run(
	uint64_t seed, FILE *trace, struct storm_counts *counts, char violation[STORM_VIOLATION_MAX]);

/* The same of a scene that is drawn already (taken over) and of what is counted of it. */
enum storm_wrong storm_play(struct scene *scene, struct crowd *crowd, FILE *trace, struct storm_counts *counts,
	char violation[STORM_VIOLATION_MAX]);

/* Short name of a violation, static. */
const char *storm_wrong_name(enum storm_wrong wrong);

/* The same of how a migration has ended, and why. */
const char *storm_result_name(enum migration_result result);
const char *storm_cause_name(enum migration_cause cause);

/* ---- run.c ---- */

/* Our clock. */
int64_t storm_now(const struct storm *storm);

/* Starts our process once more after `length`. */
void storm_restart_after(struct storm *storm, int64_t length);

/* Our process is gone, at once. */
void storm_kill(struct storm *storm);

/* After /api was connected, or was not. */
void storm_connected(struct storm *storm, bool connected);

/* True when nothing will go wrong any more. */
bool storm_calm(const struct storm *storm);

/* Our process is told to stop watching. */
void storm_leave(struct storm *storm);

/* ---- crowd.c: very many models ---- */

/* Moves `count` of them, at most `parallel` at once, and prints what that took; `faults`: while things go wrong. Returns whether all went
 * well. */
bool crowd_run(size_t count, size_t parallel, bool faults);

/* Something was asked of JIMM, about a model or MIGRATION_ALL; `what` is of enum migration_look or enum ask_what. */
void crowd_asked(struct storm *storm, int what, size_t model);

/* The engine has told something. */
void crowd_told(struct storm *storm, size_t model, enum migration_news news);

/* An attempt has come to another phase. */
void crowd_phase(struct storm *storm, size_t model);

/* True when another life is needed: not all are where they should be. */
bool crowd_undone(const struct storm *storm);

/* ---- trace.c ---- */
void storm_trace(struct storm *storm, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- weather.c ---- */
void weather_begin(struct storm *storm);
void weather_trigger(struct storm *storm, enum scene_trigger trigger, int64_t at);

/* ---- link.c: connections ---- */
struct storm_ask;

struct storm_link {
	struct storm *storm;
	struct storm_link *next; /* of all */
	unsigned int life;
	size_t model;                  /* MIGRATION_ALL on /api */
	struct world_session *session; /* as JIMM has it */
	bool open, ended;              /* as we see it */
	bool cut;                      /* JIMM has closed it */
	int64_t began;
	const struct world_controller *controller; /* that a model's login reached */
	struct storm_ask *asks;                    /* sent over it and not answered */
	struct error *error;                       /* of the login, on its way */
	bool watched;
};

/* Begins to connect. What comes of it: storm_connected, port_opened. */
struct storm_link *link_open(struct storm *storm, size_t model);

/* We close it; what is pending on it is forgotten. NULL is allowed. */
void link_close(struct storm_link *link);

/* The wire breaks. */
void link_break(struct storm_link *link);

/* Draws how long a message is on its way. */
int64_t link_latency(struct storm *storm);

/* True when the event has to wait because our process stands still; it is then queued again. */
bool link_frozen(struct storm *storm, void (*run)(void *context), void *context);

void link_free_all(struct storm *storm);

/* Makes an error as the decoders do of what the world says. */
void link_error(const struct world_error *from, struct error **error);

/* ---- port.c ---- */
struct migration_port port_of(struct storm *storm);

/* A model's login has succeeded, or failed with link->error. */
void port_opened(struct storm_link *link);

/* What is pending on a link that has ended fails. */
void port_fail_all(struct storm_link *link);

/* Nothing pending on it is answered any more. */
void port_forget_all(struct storm_link *link);
void port_free_all(struct storm *storm);

/* ---- journal.c ---- */

/* Adds the journal to the port, unless the scene has none. */
void journal_port(struct storm *storm, struct migration_port *port);
/* Writes what is news of a model that is let go of. */
void journal_settle(struct storm *storm, size_t model);
/* Our process is gone: what it was to write later is lost. */
void journal_killed(struct storm *storm);
/* Our process is stopped: some of that is lost. */
void journal_left(struct storm *storm);
void journal_release_all(struct storm *storm);

/* ---- check.c ---- */
void check_begin(struct storm *storm);
void check_step(struct storm *storm);
void check_life(struct storm *storm);
void check_start(struct storm *storm, size_t model, const char *target);
void check_started(struct storm *storm, size_t model, const struct error *error);
void check_record(struct storm *storm, size_t model, const char *target);
void check_info(struct storm *storm, size_t model, bool could_delete);
void check_told(struct storm *storm, size_t model, const struct migration *migration, enum migration_news news);
void check_left(struct storm *storm);
void check_rows(struct storm *storm);
void check_haste(struct storm *storm);

/* True when another calm run could still bring clarity. */
bool check_undecided(const struct storm *storm);

/* After the last calm run. */
void check_finish(struct storm *storm);

void storm_fail(struct storm *storm, enum storm_wrong wrong, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
