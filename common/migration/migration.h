/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One migration: a model on its way to a target controller, as far as this run knows. The engine writes it, everybody else
 * only reads it.
 */
#ifndef COMMON_MIGRATION_MIGRATION_H
#define COMMON_MIGRATION_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/instant.h"
#include "common/migration/attempt.h"
#include "common/migration/verdict.h"

enum migration_stage {
	STAGE_SURVEY, /* which model, which controllers */
	STAGE_QUEUED, /* known by its UUID; as many as may be are in flight before it */
	STAGE_LOCATE, /* where it is now, what may stand in the way */
	STAGE_START,  /* MigrateModel sent, not answered */
	STAGE_WATCH,  /* until the attempt is decided */
	STAGE_VERIFY, /* JIMM was told; is it so? */
	STAGE_SETTLE, /* moved and verified; the source cleans up */
	STAGE_SEARCH, /* how it ends is clear; where the model is, is being asked */
	STAGE_ENDED,  /* `result` is final */
};

/* How it ended; the words of the result document. */
enum migration_result {
	RESULT_NONE, /* not ended; or CAUSE_DUPLICATE, which has no result of its own */
	RESULT_PLANNED,
	RESULT_MIGRATED,
	RESULT_ALREADY_THERE,
	RESULT_FAILED,        /* not moved, unchanged */
	RESULT_UNDECIDED,     /* */
	RESULT_RUNNING,       /* goes on without us */
	RESULT_NOT_RECORDED,  /* moved, but JIMM has to be told by an administrator */
	RESULT_CONTRADICTION, /* do not touch, call someone */
};

/* Why it ended so; picks the sentence for people. */
enum migration_cause {
	CAUSE_NONE,
	CAUSE_UNKNOWN_MODEL,   /* `detail`: the resolver's words */
	CAUSE_UNKNOWN_TARGET,  /* `detail`: the known ones */
	CAUSE_NO_ANSWER,       /* JIMM did not answer what was needed; `detail`: its words */
	CAUSE_NOT_LOCATED,     /* nobody told where the model is; `detail` */
	CAUSE_ROW_DISAGREES,   /* JIMM's record and the model's own login name different controllers */
	CAUSE_CHECKS,          /* `checks` */
	CAUSE_ALREADY_THERE,   /* */
	CAUSE_WOULD_START,     /* a dry run that found nothing in the way */
	CAUSE_ACCEPTED,        /* started, not waited for */
	CAUSE_REFUSED,         /* MigrateModel was refused; `detail`: the words */
	CAUSE_NOT_SENT,        /* the connection to JIMM had ended when it was to be sent */
	CAUSE_THERE_OR_TWICE,  /* the same, to a caller who cannot tell if that is where the model is now */
	CAUSE_OLD_ABORT,       /* a dry run after an abort that may have left the target active; `detail` */
	CAUSE_ACTIVE_TWICE,    /* refused because a copy of the model is active on the target already */
	CAUSE_OTHER_TARGET,    /* an earlier move to another controller has no decided end; `detail`: that controller */
	CAUSE_OUT_OF_SIGHT,    /* nothing can be learned of the model any more; `detail` */
	CAUSE_UNLISTED,        /* begun to move by an earlier run, and not listed by JIMM any more */
	CAUSE_OTHER_RUN,       /* another run is about to start it */
	CAUSE_LOCKED,          /* refused because of a migration that nobody can see */
	CAUSE_VERDICT,         /* `verdict`, with `detail` as the reason of an abort */
	CAUSE_LEFT,            /* we stopped watching */
	CAUSE_CANNOT_KNOW,     /* a dry run of a caller who is not told which controllers there are */
	CAUSE_RUNNING_UNSEEN,  /* the model says that it migrates, and no list shows the attempt */
	CAUSE_TARGET_SILENT,   /* JIMM points at the target, and the model cannot be reached there; `detail` */
	CAUSE_LEFT_ASKED,      /* we stopped watching before anything showed whether it began */
	CAUSE_LEFT_BEFORE,     /* we stopped before anything was started */
	CAUSE_SIGN_MISSING,    /* gone from the source, and nothing proves where to */
	CAUSE_FOREIGN,         /* somebody else has started another attempt meanwhile */
	CAUSE_LOGIN_LOST,      /* the session ended and could not be renewed; `detail` */
	CAUSE_RECORD_REFUSED,  /* the target does not have the model, says JIMM */
	CAUSE_TARGET_UNPROVED, /* JIMM points at the target; that the model is active there is not proved */
	CAUSE_NOT_ACTIVE, /* JIMM points at the target already, and the target says that the model is not active there */
	CAUSE_COPY_GONE,  /* of an attempt that its source does not show: its copy has gone from the target again */
	CAUSE_BLIND_COPY, /* a source that shows no attempts, and a copy on the target: one may be running */
	CAUSE_NOT_STARTED, /* we stopped, among several, before its turn came: nothing was asked for, nothing is known to have begun */
	CAUSE_PAUSED, /* never started: what stood in the way of all lasted too long; `detail`: juju's or JIMM's words about that */
	CAUSE_DUPLICATE, /* an earlier word of this run names the same model; `detail`: that word. RESULT_NONE: see there */
};

/* A controller that was asked directly whether it has the model. */
struct migration_place {
	char *name; /* in juju's store */
	char *uuid;
	enum target_sight sight;
};

enum check_result {
	CHECK_OK,
	CHECK_PROBLEM,  /* nothing is started */
	CHECK_WARNING,  /* it may go wrong, or not */
	CHECK_NOT_MADE, /* nobody tells what it needs */
};

/* One thing that was looked at before the start. */
struct migration_check {
	const char *check; /* its name, static */
	enum check_result result;
	char *detail; /* one line, printable: what was found; or why and what to do */
};

struct migration {
	char *word; /* as the user typed it */
	enum migration_stage stage;
	enum migration_result result;
	enum migration_cause cause;
	char *detail; /* see enum migration_cause; printable, may be NULL */

	char *nearest; /* with CAUSE_UNKNOWN_TARGET: the controllers that may have been meant, or NULL */
	char *uuid, *name, *owner;
	char *cloud, *region, *agent_version;
	char *source_name, *source_uuid; /* the name is "" where JIMM does not tell it */
	char *source_version;            /* as its own login told, or NULL */
	char *target_name, *target_uuid; /* the UUID is NULL where JIMM does not tell it */
	char *target_version;            /* as JIMM last saw it, or as a login told after the move; or NULL */
	const char *located_by;          /* the call that told, static */
	struct migration_check *checks;  /* empty until they were made */
	size_t check_count, check_capacity;

	bool administrator;   /* of JIMM: may tell it where the model is */
	char *neighbour_uuid; /* another model of the source, for LOOK_NEIGHBOUR; or NULL */
	bool old_jimm;        /* no JIMM.ListMigrationTargets: nothing completes by itself, no lock */

	bool resumed;       /* from the journal: what we or another run of ours has begun */
	bool other_run;     /* another process is at it */
	bool restarted;     /* the first start did not happen; this is the second */
	bool attached;      /* to an attempt that somebody else, or an earlier run, has started */
	char *migration_id; /* or NULL */
	char *text;         /* juju's newest words about the attempt, or NULL */
	enum verdict verdict;
	int row;                        /* of the decision table, 0 before the first verdict */
	bool recorded;                  /* JIMM's row points at the target */
	bool verified;                  /* and a login to the model reached the target */
	bool residue;                   /* the source could not remove its copy */
	bool source_unfinished;         /* we stopped waiting for the source's clean-up */
	size_t agents_away;             /* on the target, after the move */
	char *agents_named;             /* the first few of those that are away, or NULL */
	size_t agents;                  /* all of them */
	struct migration_place *places; /* that were asked in the end, where JIMM left open where the model is */
	size_t place_count;
	char *trouble; /* why the newest look brought nothing, or NULL */

	/* What only the engine needs. */
	struct {
		unsigned int pending; /* looks under way, bit = enum migration_look */
		unsigned int failed;  /* looks in a row that brought nothing */
		bool no_news;         /* the newest look was one of these */
		int64_t retry_at;     /* after these */
		bool row_known;       /* source_uuid is what JIMM's record says */
		bool row_unsupported; /* this JIMM has no ModelControllerInfo for us */
		bool row_denied;      /* for want of rights */
		bool login_done, status_done, info_done;
		char *status_word, *status_info; /* of the model on the source, before the start; or NULL */
		char *away;                      /* agents that do not work then, the first few; or NULL */
		size_t away_count;
		int64_t status_asked;   /* of the newest that was answered */
		bool login_was_source;  /* a login has reached the source: makes the departure sign possible */
		bool status_migrating;  /* the source's status told of a migration before we had started one */
		bool flying;            /* counted among those in flight */
		bool marked;            /* something has happened to it */
		int64_t due;            /* when it has to be looked at without that */
		size_t place;           /* on the agenda */
		bool dialling, waiting; /* a login is under way, or waits for room */
		bool socket_source, socket_arrived; /* are open, as far as is known */
		char *first_uuid;                   /* of the controller that the first login has reached */
		bool benched;                       /* goes on without a connection to the source */
		unsigned int turns;                 /* how often its turn has come */
		unsigned int pauses;                /* how many pauses it has begun */
		unsigned int paused; /* number of the newest one that has put it back into the queue, 0: none */
		int64_t begun;       /* when its turn came; what was asked before is no baseline */
		bool listed;         /* the baseline has been taken */
		bool list_awaited;   /* another one has been asked for */
		bool rows_awaited;   /* the list of JIMM's rows that takes the place of the call for one */
		unsigned int again;  /* looks to be made again, bit = enum migration_look */
		int64_t again_at;
		unsigned int rebased; /* how often the baseline was taken again */
		int64_t rebase_at;    /* when to take it again, 0: not */
		bool masked;          /* the newest summary's controller UUID is JIMM's own */
		bool unavailable, unavailable_alone;
		char *life;
		char *login_uuid; /* the controller that the newest login reached */
		char *login_trouble;
		enum source_sight login_sight; /* what a refused login means */
		bool job;                      /* an upgrade-to job owns the model's migration */
		char *base_text;               /* of the newest attempt before ours, or NULL */
		bool base_ended;               /* */

		int64_t start0;  /* of the newest attempt before ours, INSTANT_NONE without one */
		int64_t foreign; /* of one that another controller shows that the model has left, INSTANT_NONE */
		enum attempt_class told; /* the newest word about an attempt on the socket to the source */
		char *told_text;
		int64_t told_asked;
		int64_t start;      /* of the attempt that is watched, INSTANT_NONE until seen */
		int64_t start_seen; /* when it was first seen; what was asked before says nothing of it */
		int64_t text_asked; /* of the newest text */
		bool ours;          /* we have started it */
		bool locked;        /* a start was refused because of a lock whose attempt nobody can see */
		bool unlisted;      /* the journal knows it, and JIMM does not list it */
		bool foreign_lock;  /* not JIMM's own of an internal move: nothing that we may clear */
		struct error *
			refusal; /* of the start, while it is looked whether an attempt is the reason for it; or NULL */
		bool freeing;    /* JIMM is being told that the source still hosts the model, which clears its lock */
		unsigned int written;     /* digest of what the journal holds, see step_remember */
		int64_t learned;          /* when anything was learned of the model last */
		int64_t text_changed;     /* when the text changed last */
		bool stalled;             /* that was said */
		int64_t login_lost_since; /* the session has expired, since then */
		bool targets_known;       /* JIMM has told to which controllers it thinks that the model can go */
		bool target_listed;       /* and this one is among them */
		int64_t probe_at;         /* no login or row look for its own sake before this */
		bool lost;                /* the answer to MigrateModel did not come */
		int64_t sent;             /* when MigrateModel was sent */
		int64_t blind_vote;       /* when a list first lacked the attempt that the source told of, 0: never */
		bool summaries_blind;   /* this JIMM's summaries never carry a migration: ModelInfo is harmless there */
		bool carried;           /* a summary has carried a migration: their lack of one means something */
		bool status_late;       /* and of one that has reached its target: ModelInfo is not harmless then */
		bool status_running;    /* the source's status tells of an attempt that has not ended */
		int64_t running_since;  /* when the newest text of a running attempt was asked for */
		int alarm_row;          /* of what is seen and cannot be, or 0 */
		int64_t alarm_since;    /* since then */
		int64_t nothing_since;  /* nothing that is seen is a part of a move, since then, or 0 */
		int64_t last_sign;      /* of an attempt on a source that shows none */
		int64_t unproved_since; /* JIMM points at the target, nothing proves yet that it is active there */
		bool pushed;            /* a watcher tells of changes */
		bool running_text;      /* the newest text on the socket was of a running attempt */
		bool near_end;          /* validating or later: look more often */
		bool socket_lost;       /* to the source, after JIMM was told: it cannot be opened again */
		bool source_over;       /* the source has let the model go */
		int64_t idle_since;     /* the source's status is no longer busy though the model is still there */

		bool searched;
		enum migration_result result; /* while STAGE_SEARCH lasts */
		enum migration_cause cause;
		enum source_sight sight;
		int64_t sight_asked, sight_since;
		enum row_sight row;
		int64_t row_asked;
		int64_t row_since; /* when JIMM's row was first seen to name the target, by nobody of ours */
		enum target_sight target;
		int64_t target_asked, target_since;
		char *target_trouble; /* why it could not be asked before the start, or NULL */
		bool witness;         /* the target can be asked by itself */
		unsigned int unheard; /* how often in a row it could not be reached */
		int64_t next_target;
		bool source_mute; /* the source cannot be asked by itself */
		bool source_denies; /* it says itself that it does not have the model, and that no migration has taken it away */
		int64_t source_sign; /* when the first of two refusals was asked for by which it says that one has, 0 without one */
		int64_t next_source;
		bool imported;       /* a copy that is not active has been seen there since the start */
		int64_t clean_asked; /* when the first of two clean summary entries was asked for, INSTANT_NONE */
		bool confirmed;
		int64_t confirm_at;
		bool had_any, had_edge, had_committed, had_late, had_redirect, had_departed, had_reapfailed,
			had_aborted;
		int64_t end_seen; /* when the end of an abort was first seen */

		int64_t next_summary, next_status, next_login, next_row;
		unsigned int refused_logins; /* in a row, five seconds apart */
		int64_t signs_since;         /* of the first departure sign in a row, 0 without one */
		int64_t first_refused_login;
		int64_t gone_since, wait_jimm_since;
		bool completing; /* JIMM was asked for the model so that it finds out where it is */
		bool recording;
		int64_t record_at; /* not before */
		unsigned int records_failed;
		int64_t record_denied; /* when the target was first said not to have it */
		bool arrived;          /* the target's status has been seen */
		int64_t verify_since, settle_since, second_look;
	} state;
};

/* Sets up a zeroed one. */
void migration_init(struct migration *migration);

/* True for the versions of a Mongo based juju (2.9, 3.x), which shows its migrations and lists a model on the target only once it is
 * active there. False for juju 4, and for NULL and "": not known. */
bool migration_juju_3(const char *version);

/* True for a version that is known not to be one of these: juju 4, which never shows a migration. */
bool migration_blind(const char *version);

/* Releases what `migration` holds. */
void migration_release(struct migration *migration);

/* Makes it one of which nothing has been seen yet, but for what it is and where it is to go. */
void migration_renew(struct migration *migration);

/* Replaces the detail by a copy of `text` (may be NULL). */
void migration_detail(struct migration *migration, const char *text);

/* Empties the checks. */
void migration_forget_checks(struct migration *migration);

/* Adds to the checks; `check` must be static, `detail` is copied. */
void migration_check(struct migration *migration, const char *check, enum check_result result, const char *detail);

/* Returns how many of the checks have this result. */
size_t migration_checks(const struct migration *migration, enum check_result result);

/* Ends it: `result`, `cause`. */
void migration_end(struct migration *migration, enum migration_result result, enum migration_cause cause);

#endif
