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
	STAGE_SURVEY, /* asking JIMM which models and controllers it has */
	STAGE_QUEUED, /* its UUID is known; waits for its turn */
	STAGE_LOCATE, /* finding out where it is now, and making the checks */
	STAGE_START,  /* MigrateModel sent, not answered */
	STAGE_WATCH,  /* until the attempt is decided */
	STAGE_VERIFY, /* JIMM's row points at the target; verifying that */
	STAGE_SETTLE, /* moved and verified; the source cleans up */
	STAGE_SEARCH, /* its end is decided; all controllers are asked where the model is */
	STAGE_ENDED,  /* `result` is final */
};

/* How it ended; the words of the result document. */
enum migration_result {
	RESULT_NONE, /* not ended; or CAUSE_DUPLICATE, which has no result of its own */
	RESULT_PLANNED,
	RESULT_MIGRATED,
	RESULT_ALREADY_THERE,
	RESULT_FAILED,        /* not moved, unchanged */
	RESULT_UNDECIDED,     /* nobody knows: it may or may not have moved */
	RESULT_RUNNING,       /* goes on without us */
	RESULT_NOT_RECORDED,  /* moved, but JIMM has to be told by an administrator */
	RESULT_CONTRADICTION, /* do not touch, call someone */
};

/* Why it ended that way; selects the sentence for people. */
enum migration_cause {
	CAUSE_NONE,
	CAUSE_UNKNOWN_MODEL,   /* `detail`: the resolver's message */
	CAUSE_UNKNOWN_TARGET,  /* `detail`: the known controllers */
	CAUSE_NO_ANSWER,       /* JIMM did not answer a needed look; `detail`: the error */
	CAUSE_NOT_LOCATED,     /* nothing told where the model is; `detail` */
	CAUSE_ROW_DISAGREES,   /* JIMM's record and the model's own login name different controllers */
	CAUSE_CHECKS,          /* see `checks` */
	CAUSE_ALREADY_THERE,   /* nothing to move */
	CAUSE_WOULD_START,     /* a dry run that found nothing in the way */
	CAUSE_ACCEPTED,        /* started, not waited for */
	CAUSE_REFUSED,         /* MigrateModel was refused; `detail`: the refusal */
	CAUSE_NOT_SENT,        /* MigrateModel was not sent: the connection to JIMM had ended */
	CAUSE_THERE_OR_TWICE,  /* as CAUSE_ACTIVE_TWICE, but the model may be hosted there already */
	CAUSE_OLD_ABORT,       /* a dry run after an abort that may have left the target active; `detail` */
	CAUSE_ACTIVE_TWICE,    /* a copy of the model is already active on the target */
	CAUSE_OTHER_TARGET,    /* an earlier move to another controller has no decided end; `detail`: that controller */
	CAUSE_OUT_OF_SIGHT,    /* nothing can be learned about the model any more; `detail` */
	CAUSE_UNLISTED,        /* an earlier run began to move it; JIMM does not list it any more */
	CAUSE_OTHER_RUN,       /* another run is about to start it */
	CAUSE_LOCKED,          /* refused because of a lock or a migration that nothing shows */
	CAUSE_VERDICT,         /* see `verdict`; `detail`: the reason of an abort */
	CAUSE_LEFT,            /* we stopped watching */
	CAUSE_CANNOT_KNOW,     /* a dry run of a caller who is not told which controllers there are */
	CAUSE_RUNNING_UNSEEN,  /* the model says that it migrates, and no list shows the attempt */
	CAUSE_TARGET_SILENT,   /* JIMM points at the target, and the model cannot be reached there; `detail` */
	CAUSE_LEFT_ASKED,      /* we stopped watching before anything showed whether it began */
	CAUSE_LEFT_BEFORE,     /* we stopped before anything was started */
	CAUSE_SIGN_MISSING,    /* gone from the source, and nothing proves where it went */
	CAUSE_FOREIGN,         /* somebody else has started another attempt meanwhile */
	CAUSE_LOGIN_LOST,      /* the session ended and could not be renewed; `detail` */
	CAUSE_RECORD_REFUSED,  /* JIMM says that the target does not have the model */
	CAUSE_TARGET_UNPROVED, /* JIMM points at the target; nothing proves that the model is active there */
	CAUSE_NOT_ACTIVE,      /* JIMM points at the target, which says that the model is not active there */
	CAUSE_COPY_GONE,       /* the source shows no attempts, and the copy has gone from the target again */
	CAUSE_BLIND_COPY,      /* the source shows no attempts, and the target has a copy: one may be running */
	CAUSE_NOT_STARTED, /* one of several; we stopped before it was started, and nothing is known to have begun */
	CAUSE_PAUSED,    /* never started: what held up all models lasted too long; `detail`: what juju or JIMM said */
	CAUSE_DUPLICATE, /* an earlier word of this run names the same model; `detail`: that word. Has RESULT_NONE */
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
	CHECK_NOT_MADE, /* what it needs was not told */
};

/* One check, made before the start. */
struct migration_check {
	const char *check; /* its name, static */
	enum check_result result;
	char *detail; /* one printable line: what was found, or what is wrong and what to do */
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
	char *target_version;            /* as JIMM last saw it, or as a login to the target told; or NULL */
	const char *located_by;          /* the call that told where it is, static */
	struct migration_check *checks;  /* empty until they were made */
	size_t check_count, check_capacity;

	bool administrator;   /* of JIMM: may tell it where the model is */
	char *neighbour_uuid; /* another model of the source, for LOOK_NEIGHBOUR; or NULL */
	bool old_jimm;        /* no JIMM.ListMigrationTargets: no lock, and it records no move by itself */

	bool resumed;       /* taken up from the journal: an earlier or a parallel run began it */
	bool other_run;     /* another process works on it */
	bool restarted;     /* the first start did not happen; this is the second */
	bool attached;      /* watches an attempt that somebody else or an earlier run started */
	char *migration_id; /* or NULL */
	char *text;         /* juju's newest words about the attempt, or NULL */
	enum verdict verdict;
	int row;                        /* of the decision table, 0 before the first verdict */
	bool recorded;                  /* JIMM's row points at the target */
	bool verified;                  /* and a login to the model reached the target */
	bool residue;                   /* the source could not remove its copy */
	bool source_unfinished;         /* we stopped waiting for the source's clean-up */
	size_t agents_away;             /* do not work on the target after the move */
	char *agents_named;             /* the first few of those, or NULL */
	size_t agents;                  /* all agents there */
	struct migration_place *places; /* asked at the end, when JIMM left open where the model is */
	size_t place_count;
	char *trouble; /* why the newest look failed, or NULL */

	/* What only the engine needs. */
	struct {
		/* Its turn: queue.c, agenda.c, pause.c. */
		bool flying;         /* its turn has come and not ended */
		bool marked;         /* is on the agenda's list of marked ones */
		int64_t due;         /* when it has to be looked at even if not marked */
		size_t place;        /* index in the agenda's heap */
		unsigned int turns;  /* how often its turn has come */
		int64_t begun;       /* when its turn came; answers asked for earlier are no baseline */
		unsigned int pauses; /* in how many pauses it was put back for a failure of its own */
		unsigned int paused; /* number of the newest of these, 0: none */

		/* Looks. */
		unsigned int pending; /* under way, bit = enum migration_look */
		unsigned int failed;  /* in a row that failed */
		bool no_news;         /* the newest failed */
		unsigned int again;   /* to be made again, bit = enum migration_look */
		int64_t again_at;
		int64_t learned;          /* when anything was last learned about the model */
		int64_t login_lost_since; /* since when the session has been expired, or 0 */
		int64_t next_summary, next_status, next_login, next_row, next_target, next_source;
		int64_t probe_at; /* no look that is only for JIMM's row before this */

		/* Connections to the model: sockets.c. */
		bool dialling, waiting;             /* a login is under way, or waits for room */
		bool socket_source, socket_arrived; /* are open, as far as is known */
		bool benched;                       /* goes on without a connection to the source */
		bool socket_lost; /* the one to the source, after JIMM was told: it cannot be reopened */
		char *first_uuid; /* of the controller that the first login has reached */

		/* The newest login, and what the model says of itself before the start. */
		bool login_done, status_done, info_done;
		char *login_uuid; /* the controller that the newest login reached */
		char *login_trouble;
		enum source_sight login_sight;   /* what a refused login means */
		bool login_was_source;           /* a login has reached the source: makes the departure sign possible */
		bool info_empty;                 /* ModelInfo was asked before all else, and showed no attempt */
		char *status_word, *status_info; /* the model's status on the source before the start, or NULL */
		int64_t status_asked;            /* when the newest answered status was asked for */
		bool status_migrating;           /* it told of a migration before we had started one */
		bool status_running;             /* it tells of an attempt that was not aborted */
		bool status_late;                /* it tells of an activation or later: ModelInfo is not harmless */
		char *away;                      /* the first few agents that do not work then, or NULL */
		size_t away_count;

		/* What JIMM tells before the start. */
		bool row_known;       /* source_uuid is what JIMM's record says */
		bool row_unsupported; /* this JIMM has no ModelControllerInfo for us */
		bool row_denied;      /* refused for lack of rights */
		bool rows_awaited;    /* waits for LOOK_ROWS, which replaces LOOK_ROW */
		bool masked;          /* the newest summary's controller UUID is JIMM's own */
		bool unavailable, unavailable_alone;
		char *life;
		bool job;           /* an upgrade-to job owns the model's migration */
		bool targets_known; /* JIMM has listed the controllers that it thinks can take the model */
		bool target_listed; /* and the target is among them */
		bool unlisted;      /* the journal knows it, and JIMM does not list it */

		/* The baseline, the newest attempt before ours: baseline.c. */
		bool listed;       /* it has been taken */
		bool list_awaited; /* a list for a new one has been asked for */
		char *base_text;   /* that attempt's text, or NULL */
		bool base_ended;   /* it shows an end */
		int64_t start0;    /* its start, or INSTANT_NONE */
		int64_t foreign; /* start of an attempt shown by a controller that the model has left, or INSTANT_NONE */
		unsigned int rebased; /* how often the baseline was taken again */
		int64_t rebase_at;    /* when to take it again, 0: not */

		/* The request to start: start.c, refusal.c. */
		int64_t sent;          /* when MigrateModel was sent */
		bool ours;             /* we have started it */
		bool lost;             /* the answer to MigrateModel did not come */
		struct error *refusal; /* refusal of the start, while we check whether an attempt caused it; or NULL */
		bool locked;           /* a start was refused because of a lock whose attempt nobody can see */
		bool foreign_lock;     /* not JIMM's own lock of an internal move: we may not clear it */
		bool freeing; /* JIMM is being told that the source still hosts the model, which clears its lock */
		unsigned int written; /* digest of what the journal holds, see step_remember */

		/* The attempt, as the source tells of it on the socket and in lists: sight.c. */
		enum attempt_class told; /* class of the newest text on the socket */
		char *told_text;
		int64_t told_asked;
		bool pushed;           /* a watcher tells of changes */
		bool running_text;     /* the newest text there was of a running attempt */
		int64_t running_since; /* when the first running text, or the first after blind_vote, was asked for */
		int64_t start;         /* start of the watched attempt, INSTANT_NONE until seen */
		int64_t start_seen;    /* when it was first seen; answers asked for earlier are not about it */
		int64_t text_asked;    /* when the newest text was asked for */
		int64_t text_changed;  /* when the text changed last */
		bool stalled;          /* NEWS_STALLED was told since then */
		bool near_end;         /* validating or later: look more often */
		bool carried;          /* a summary has carried a migration: one without means something */
		int64_t blind_vote;    /* when a list first lacked the attempt that the source told of, 0: never */
		bool summaries_blind;  /* this JIMM's summaries never carry a migration: ModelInfo is harmless there */
		int64_t clean_asked;   /* when the first of two clean summary entries was asked for, or INSTANT_NONE */

		/* What the decision table looks at. */
		enum source_sight sight;
		int64_t sight_asked, sight_since;
		enum row_sight row;
		int64_t row_asked;
		int64_t row_since; /* when JIMM's row was first seen at the target without our recording it */
		enum target_sight target;
		int64_t target_asked, target_since;
		bool had_any, had_edge, had_committed, had_late, had_redirect, had_departed, had_reapfailed,
			had_aborted;
		int64_t end_seen; /* when the end of an abort was first seen */
		bool confirmed;
		int64_t confirm_at;

		/* How long to go on with a doubtful verdict: decide.c. */
		int alarm_row;          /* row of the alarm that lasts, or 0 */
		int64_t alarm_since;    /* when that alarm began */
		int64_t nothing_since;  /* since when nothing seen is part of a move, or 0 */
		int64_t unproved_since; /* since when JIMM points at the target without proof that it is active there */
		int64_t last_sign;      /* when an attempt that the source does not show last gave a sign */
		bool given_up;          /* such an attempt was watched in vain: it has probably been aborted */

		/* The target and the source, asked directly: target.c, source.c. */
		bool witness;         /* the target can be asked */
		char *target_trouble; /* why it could not be asked before the start, or NULL */
		unsigned int unheard; /* how often in a row it did not answer */
		bool imported;        /* an inactive copy has been seen there since the start */
		bool source_mute;     /* the source cannot be asked */
		bool source_denies;   /* it says that it does not have the model, and not as after a migration */
		int64_t source_sign;  /* when the first of two refusals that do say so was asked for, or 0 */

		/* Gone from the source: logins.c. */
		int64_t gone_since, wait_jimm_since;
		unsigned int refused_logins; /* in a row, not counting any less than five seconds after the first */
		int64_t first_refused_login;
		int64_t signs_since; /* when the first departure sign in a row was asked for, or 0 */
		bool completing;     /* ModelInfo was asked so that JIMM finds out where the model is */

		/* JIMM is told, and the move verified: record.c, verify.c. */
		bool recording;
		int64_t record_at; /* no UpdateMigratedModel before this */
		unsigned int records_failed;
		int64_t record_denied; /* when JIMM first said that the target does not have it, or 0 */
		bool arrived;          /* LOOK_ARRIVED was answered */
		bool source_over;      /* the source has let the model go */
		int64_t idle_since;    /* since when the source is not busy though the model is still there, or 0 */
		int64_t verify_since, settle_since, second_look;

		/* All controllers are asked where it is: search.c. */
		bool searched;
		enum migration_result result; /* while STAGE_SEARCH lasts */
		enum migration_cause cause;
	} state;
};

/* Initialises `migration`, which must be zeroed. */
void migration_init(struct migration *migration);

/* True for the versions of a Mongo based juju (2.9, 3.x), which shows its migrations and lists a model on the target only once it is
 * active there. False for juju 4, and for NULL and "" (not known). */
bool migration_juju_3(const char *version);

/* Returns the UUID of the controller whose connection shows the model's source, where the first login to the model has reached `first`:
 * a run that takes up an earlier move may reach only the target. */
const char *migration_watched(const struct migration *migration, const char *first);

/* True for a known version that is not one of those: juju 4, which never shows a migration. */
bool migration_blind(const char *version);

/* Releases what `migration` holds. */
void migration_release(struct migration *migration);

/* Forgets all that was seen of it. Keeps the model, the target, pending looks, that it was restarted, and the counts of turns and pauses. */
void migration_renew(struct migration *migration);

/* Replaces the detail by a copy of `text` (may be NULL). */
void migration_detail(struct migration *migration, const char *text);

/* Empties the checks. */
void migration_forget_checks(struct migration *migration);

/* Adds a check; `check` must be static, `detail` is copied. */
void migration_check(struct migration *migration, const char *check, enum check_result result, const char *detail);

/* Returns how many of the checks have this result. */
size_t migration_checks(const struct migration *migration, enum check_result result);

/* Ends it (STAGE_ENDED) with this result and cause. */
void migration_end(struct migration *migration, enum migration_result result, enum migration_cause cause);

#endif
