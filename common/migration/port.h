/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The port: what the engine asks of the outside, and how the answers come back. The program implements it with real connections;
 * a test may use a simulated JAAS.
 *
 * A request names the model by its index. Each request is answered by exactly one call of an engine function (engine.h): later,
 * never from inside the request, and not after engine_free.
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

/* The index for looks about all models at once. */
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
	LOOK_LOGIN,       /* a fresh login on the model's own path. A socket to the first controller reached is kept for
	                     LOOK_STATUS and watch, one to another controller for LOOK_ARRIVED */
	LOOK_STATUS,      /* Client.FullStatus on the socket to the source */
	LOOK_ARRIVED,     /* Client.FullStatus on the newest socket, which has reached the target */
	LOOK_INFO,        /* ModelManager.ModelInfo: only where the engine knows it to be harmless */
	LOOK_NEIGHBOUR,   /* a login to the model `neighbour_uuid` of the same controller, to be closed at once */
	LOOK_TARGET,      /* the target controller itself, asked with the user's own rights there, not through JIMM */
	LOOK_SOURCE, /* a login to the model on the source controller itself, after one to its /api, with the user's own rights
	                     there: the kind of refusal tells what has become of the model */
	LOOK_SEARCH, /* all controllers that the user can log in to, side by side, each asked as in LOOK_TARGET */
};

/* What the target itself says about the model. */
struct migration_witness {
	enum target_sight sight; /* not TARGET_UNKNOWN */
	const char *version;     /* of the target, as its login told; borrowed, may be NULL */
};

/* Error code for a MigrateModel that was never sent; not one of JIMM's codes. */
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

/* The answer to a look, borrowed for the call; the engine may empty it with call_take. */
struct migration_answer {
	enum migration_look what;
	size_t model;
	int64_t asked; /* when the request was sent; for a dial and a login: when it began */
	/* NULL on success. ERROR_REMOTE is a refusal; every other kind means that nothing was learned. ERROR_REMOTE with the code
	 * "not implemented" means that the peer does not have the call; for LOOK_TARGET and LOOK_SOURCE, that there is nothing to log in
	 * with; for LOOK_SEARCH, that no controller can be logged in to. These three are not asked again then. */
	const struct error *error;
	/* On success, the one that belongs to `what`. */
	struct jimm_controllers *controllers;
	struct controller_models *models;
	struct jimm_models *rows;
	struct model_summaries *summaries;
	struct jimm_model *row;
	const struct login_result *login; /* LOOK_SOURCE: the login to /api, also beside an error if /api let us in */
	const struct client_status *status;
	const struct model_summary *info;
	const struct migration_witness *witness;
	const struct migration_search *search;
};

/* A change that a watched socket has pushed. */
struct migration_push {
	int removed;      /* the source has deleted the model's document */
	const char *word; /* the model's status: "busy", "available"; borrowed, NULL when removed */
	const char *info; /* "migrating: TEXT" */
	int64_t asked;    /* when it was asked for; the change is not older */
};

/* What an earlier run, or one that still goes on, has kept about a move without a decided end. */
struct migration_memory {
	const char *target_uuid, *target_name; /* where to; the UUID may be NULL */
	const char *source_uuid;               /* may be NULL */
	const char *model_uuid;
	const char *migration_id; /* may be NULL */
	int64_t sent;             /* when MigrateModel was sent, in the engine's time */
	int64_t start0, start;    /* as in struct migration */
	bool reached;             /* a login has reached the source */
	unsigned int seen;        /* of enum journal_sign */
	bool held;                /* another process works on it now */
};

/* What to close, not needed any more. */
enum migration_close {
	CLOSE_SOURCE,  /* the connection to the source; a new login may open another one */
	CLOSE_ARRIVED, /* the connection that reached another controller */
	CLOSE_OVER,    /* all that is held for the model: it has ended, or waits for another turn */
};

struct migration_port {
	void *context;
	/* Finds the model that the user's word names in JIMM's list. Returns 0 and sets `*index`, or -1 with an error (unknown,
	 * ambiguous). */
	int (*resolve)(void *context, size_t model, const struct controller_models *models, size_t *index,
		struct error **error);
	/* Makes a look; answered by engine_answered. */
	void (*look)(void *context, size_t model, enum migration_look what);
	/* Watches the socket to the source; answered by any number of engine_pushed and one engine_watch_ended (at once where
	 * the source pushes nothing). */
	void (*watch)(void *context, size_t model);
	/* JIMM.MigrateModel; answered by engine_started. A run calls it at most once for an attempt. */
	void (*start)(void *context, size_t model, const char *uuid, const char *target);
	/* JIMM.UpdateMigratedModel; answered by engine_recorded. */
	void (*record)(void *context, size_t model, const char *uuid, const char *controller);
	/* The journal; it answers at once. recall returns what is kept about a model, borrowed until the next call, or NULL; `uuid`
	 * NULL: the model that the user's word names and JIMM does not list. remember keeps what is known now: before MigrateModel is
	 * sent, it is kept on return; a later change may be lost if the process dies within a second. forget removes it, if no other
	 * process has it: the end is decided. All three may be NULL: then nothing is kept. */
	const struct migration_memory *(*recall)(void *context, size_t model, const char *uuid);
	void (*remember)(void *context, size_t model);
	void (*forget)(void *context, size_t model);
	/* Closes connections of the model. Pending looks and a watch on them are still answered, later, with an error. May be NULL:
	 * then they stay open. */
	void (*close)(void *context, size_t model, enum migration_close what);
	/* Asks to call engine_woken at `at`, in the engine's time (INSTANT_NEVER: not at all). Replaces the previous request. */
	void (*wake_at)(void *context, int64_t at);
};

#endif
