/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The port: what the engine asks of the outside, and how the answers come back. Real connections stand behind it in the
 * program; a simulated JAAS may stand there in a test.
 *
 * Everything is asked by index of the model. Every request of the port is answered by exactly one call of the engine's
 * functions (engine.h), later, never from inside the request, and not after engine_free.
 */
#ifndef COMMON_MIGRATION_PORT_H
#define COMMON_MIGRATION_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/juju/client.h"
#include "common/juju/controller.h"
#include "common/juju/jimm.h"
#include "common/juju/login_result.h"
#include "common/juju/model_manager.h"
#include "common/migration/verdict.h"

/* For looks that are about all models at once. */
#define MIGRATION_ALL SIZE_MAX

/* Looks that change nothing, in JIMM or in Juju. The first five are about all models. */
enum migration_look {
	LOOK_RIGHTS,      /* JIMM.DisableControllerUUIDMasking: succeeds for an administrator of JIMM */
	LOOK_CONTROLLERS, /* JIMM.ListControllers */
	LOOK_MODELS,      /* Controller.AllModels */
	LOOK_ROWS,        /* JIMM.ListModels */
	LOOK_SUMMARIES,   /* ModelManager.ListModelSummaries */
	LOOK_ROW,         /* JIMM.ModelControllerInfo */
	LOOK_TARGETS,     /* JIMM.ListMigrationTargets */
	LOOK_LOGIN,       /* a fresh login on the model's own path. The first socket that reaches the source is kept for
	                     LOOK_STATUS and watch, a later one for LOOK_ARRIVED */
	LOOK_STATUS,      /* Client.FullStatus on the socket to the source */
	LOOK_ARRIVED,     /* Client.FullStatus on the newest socket, which has reached the target */
	LOOK_INFO,        /* ModelManager.ModelInfo: only where the engine knows it to be harmless */
	LOOK_NEIGHBOUR,   /* a login to the model `neighbour_uuid` of the same controller, to be closed at once */
	LOOK_TARGET,      /* the target controller itself, asked with the user's own rights there, not through JIMM */
	LOOK_SOURCE, /* a login to the model on the source controller itself, after one to its /api, with the user's own rights
	                     there: how it is refused tells what has become of the model */
	LOOK_SEARCH, /* all controllers that the user can log in to, side by side, asked in the same way */
};

/* What the target itself says of the model. */
struct migration_witness {
	enum target_sight sight; /* not TARGET_UNKNOWN */
	const char *version;     /* of the target, as its login told; borrowed, may be NULL */
};

/* The code of a refusal of MigrateModel that is none of JIMM's: the request was never sent. */
#define MIGRATION_NOT_SENT "not sent"

/* Most controllers that one search asks. */
#define MIGRATION_SEARCH_MAX 1000

/* One controller that a search has asked; borrowed. */
struct migration_found {
	const char *name; /* in juju's store */
	const char *uuid;
	enum target_sight sight; /* TARGET_UNKNOWN: it did not tell */
};

struct migration_search {
	const struct migration_found *list; /* in the order of the store */
	size_t count;
};

/* What a look has brought. All of it is borrowed for the call; the engine may empty an answer with call_take. */
struct migration_answer {
	enum migration_look what;
	size_t model;
	int64_t asked; /* when the request was sent; for a dial and a login: when that was begun */
	/* NULL on success. ERROR_REMOTE is a refusal; every other kind means that nothing was learned. A call that this peer
	 * does not have is ERROR_REMOTE with the code "not implemented"; so are LOOK_TARGET and LOOK_SOURCE where there is nothing to log in
	 * with, and LOOK_SEARCH where there is no controller that can be logged in to; they are not asked again then. */
	const struct error *error;
	/* On success, the one that belongs to `what`. */
	struct jimm_controllers *controllers;
	struct controller_models *models;
	struct jimm_models *rows;
	struct model_summaries *summaries;
	struct jimm_model *row;
	const struct login_result
		*login; /* LOOK_SOURCE: the one to /api, also beside an error where that was not refused */
	const struct client_status *status;
	const struct model_summary *info;
	const struct migration_witness *witness;
	const struct migration_search *search;
};

/* What a watched socket has pushed. */
struct migration_push {
	int removed;      /* the source has deleted the model's document */
	const char *word; /* the model's status: "busy", "available"; borrowed, NULL when removed */
	const char *info; /* "migrating: TEXT" */
	int64_t asked;    /* when it was asked for: what is pushed is not older than that */
};

/* What an earlier run, or one that still goes on, has kept of a move that had no decided end. */
struct migration_memory {
	const char *target_uuid, *target_name; /* where to; the UUID may be NULL */
	const char *source_uuid;               /* may be NULL */
	const char *model_uuid;
	const char *migration_id; /* may be NULL */
	int64_t sent;             /* when MigrateModel was sent, of the engine's time */
	int64_t start0, start;    /* as in struct migration */
	bool reached;             /* a login has reached the source */
	unsigned int seen;        /* of enum journal_sign */
	bool held;                /* another process is at it now */
};

/* What is not needed any more. */
enum migration_close {
	CLOSE_SOURCE,  /* the connection to the source; a new login may open another */
	CLOSE_ARRIVED, /* the one that has reached another controller */
	CLOSE_OVER,    /* all that is held for the model: it has ended, or its turn comes again later */
};

struct migration_port {
	void *context;
	/* Finds the model that the user's word names among all that JIMM lists. Returns 0 and its index, or -1 with an error
	 * (unknown, ambiguous). */
	int (*resolve)(void *context, size_t model, const struct controller_models *models, size_t *index,
		struct error **error);
	/* Looks; answered by engine_answered. */
	void (*look)(void *context, size_t model, enum migration_look what);
	/* Watches the socket to the source; answered by any number of engine_pushed and one engine_watch_ended (at once where
	 * the source pushes nothing). */
	void (*watch)(void *context, size_t model);
	/* JIMM.MigrateModel; answered by engine_started. Asked at most once by a run for each attempt. */
	void (*start)(void *context, size_t model, const char *uuid, const char *target);
	/* JIMM.UpdateMigratedModel; answered by engine_recorded. */
	void (*record)(void *context, size_t model, const char *uuid, const char *controller);
	/* The journal, which answers at once. recall: returns what is kept of a model, borrowed until the next call, or NULL; `uuid` NULL: of the
	 * model that the user's word names, which JIMM does not list. remember:
	 * keeps what is known now; called before MigrateModel is sent, then it is kept when it returns; and whenever that has changed, which may
	 * be lost for a second when the process dies. forget: the end is decided.
	 * All three may be NULL: then nothing is kept. */
	const struct migration_memory *(*recall)(void *context, size_t model, const char *uuid);
	void (*remember)(void *context, size_t model);
	void (*forget)(void *context, size_t model);
	/* Closes connections of the model; what is asked over them, and a watch, is answered with an error all the same, later. May be NULL:
	 * then they stay open. */
	void (*close)(void *context, size_t model, enum migration_close what);
	/* Call engine_woken at `at` (of the time that is handed to the engine; INSTANT_NEVER: not at all). Replaces what was
	 * asked before. */
	void (*wake_at)(void *context, int64_t at);
};

#endif
