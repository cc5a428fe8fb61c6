/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facade ModelManager: models in a list or one by one, with their newest migration. On JIMM's /api and on controllers.
 * `version` is facades_best(..., "ModelManager").
 */
#ifndef COMMON_JUJU_MODEL_MANAGER_H
#define COMMON_JUJU_MODEL_MANAGER_H

#include "common/juju/call.h"
#include "common/juju/controller.h"

/* Most summaries that an answer may hold. */
#define MODEL_SUMMARIES_MAX 200000

/* The newest migration attempt of a model, running or ended. */
struct model_migration {
	char *status;  /* juju's text about the phase */
	int64_t start; /* the only way to tell attempts apart; INSTANT_NONE when not told */
	int64_t end;   /* INSTANT_NONE while it runs; if set, it may be a success or a failure */
};

/* A model as a list or ModelInfo tells it; both have the same keys. */
struct model_summary {
	char *uuid;
	char *name;
	char *owner;           /* without "user-" */
	char *controller_uuid; /* from JIMM: its own UUID while it masks them */
	char *cloud;           /* without "cloud-" */
	char *region;
	char *life;
	char *agent_version;
	char *status; /* "available", "busy", "unavailable" (no controller that was reached lists the model), ... */
	char *status_info;
	int64_t status_since;
	struct model_migration *migration; /* NULL: none shown */
};

struct model_summaries {
	struct model_summary *list;
	size_t count;
	size_t refused;      /* number of entries with an error instead; these do not name the model */
	struct error *error; /* the first of these, NULL without any */
};

typedef void model_summaries_done(void *context, struct model_summaries *answer, const struct call_result *result);
typedef void model_info_done(void *context, struct model_summary *answer, const struct call_result *result);

/* ModelManager.ListModelSummaries for `user` (an id without "user-"; JIMM ignores it). From JIMM: it has no side effect,
 * and since 2025 it merges the answers of all controllers by UUID: an entry means that one of them lists the model, but
 * not which. */
void model_manager_list_summaries(
	struct rpc *rpc, int version, const char *user, model_summaries_done *done, void *context);

/* ModelManager.ListModels for `user`. Directly from a controller: the models that the user has any right on; a superuser gets all. A
 * juju 3 controller leaves out models that are still being imported, so a listed one has been activated. Through JIMM, one controller
 * that is down fails the whole call: use Controller.AllModels there. */
void model_manager_list_models(
	struct rpc *rpc, int version, const char *user, controller_models_done *done, void *context);

/* ModelManager.ModelInfo of one model. NOT A READ when it goes through JIMM: on builds of 2025 and 2026 it may complete a
 * migration (move JIMM's row), drop JIMM's migration lock after an older failed attempt, or DELETE the model and all
 * permissions on it from JIMM when the recorded controller denies it. Through JIMM, call it only where summaries never carry
 * a migration although the model says that it migrates (builds of 2024: harmless there), or as a non-administrator who owns
 * the model, after a model login was refused with the code "model migrating" (which proves the lock). Never call it between
 * sending a MigrateModel and its answer. Directly from a controller it is a plain read. */
void model_manager_model_info(struct rpc *rpc, int version, const char *uuid, model_info_done *done, void *context);

/* Release what they hold and leave it empty. */
void model_summaries_release(struct model_summaries *summaries);
void model_summary_release(struct model_summary *summary);

#endif
