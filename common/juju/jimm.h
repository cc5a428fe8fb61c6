/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facade JIMM, version 4: JIMM's own calls, served on its /api only.
 */
#ifndef COMMON_JUJU_JIMM_H
#define COMMON_JUJU_JIMM_H

#include "common/juju/call.h"

/* Most controllers and models that an answer may list. */
#define JIMM_CONTROLLERS_MAX 10000
#define JIMM_MODELS_MAX 200000

/* A controller as JIMM last saw it: status and version are up to ten minutes old. */
struct jimm_controller {
	char *name;
	char *uuid;  /* "" while bootstrapping; not unique: one controller may be known under two names */
	char *cloud; /* without "cloud-" */
	char *region;
	char *agent_version; /* "" while bootstrapping */
	char *status;        /* "available", "deprecated", "unavailable", "bootstrapping" */
	char *status_info;
	int64_t status_since; /* with "unavailable" */
	char *public_address;
};

struct jimm_controllers {
	struct jimm_controller *list; /* by name */
	size_t count;
};

/* Where JIMM's database says that a model lives. */
struct jimm_model {
	char *name;
	char *uuid;
	char *controller_name;
	char *controller_uuid;
	char *upgrade_state; /* state of the job that moves and upgrades the model, "" without one */
	int upgrade_active;  /* that job has not ended: it owns the model's migration */
};

struct jimm_models {
	struct jimm_model *list;
	size_t count;
};

typedef void jimm_controllers_done(void *context, struct jimm_controllers *answer, const struct call_result *result);
typedef void jimm_model_done(void *context, struct jimm_model *answer, const struct call_result *result);
typedef void jimm_models_done(void *context, struct jimm_models *answer, const struct call_result *result);

/* `migration_id` is borrowed; NULL on failure. No call accepts it: it is for showing. */
typedef void jimm_migrate_done(void *context, const char *migration_id, const struct call_result *result);

/* JIMM.ListControllers. An administrator gets all; others, by age of JIMM, one pseudo entry "jaas" with JIMM's own
 * UUID or the controllers on which they may add models (perhaps none). */
void jimm_list_controllers(struct rpc *rpc, jimm_controllers_done *done, void *context);

/* JIMM.DisableControllerUUIDMasking: from its answer on the controller UUIDs in model infos and summaries on this
 * connection are the hosting controllers' own instead of JIMM's. Administrators only ("unauthorized access"), and
 * so a test for being one that costs nothing. */
void jimm_disable_controller_uuid_masking(struct rpc *rpc, call_done *done, void *context);

/* JIMM.MigrateModel for one model (`uuid`) to the controller that JIMM calls `target` (never empty: an old JIMM
 * would take any). Sent with the bare UUID; a JIMM before 2025 refuses that without any effect as "not a valid
 * tag", then the request is sent once more, in its form. The refusal of the one entry is the error. Both strings
 * are borrowed for this call. No answer (ERROR_NETWORK, ERROR_TIMEOUT, ERROR_PROTOCOL) means that it may have
 * started. Keep the connection open until `done`: JIMM gives the request up with it. */
void jimm_migrate_model(struct rpc *rpc, const char *uuid, const char *target, jimm_migrate_done *done, void *context);

/* JIMM.UpdateMigratedModel: points JIMM at `target`, which must know the model (a copy that is still being
 * imported is enough, so the caller decides when). Administrators only: message "unauthorized"; message
 * "permission denied" means that the target does not have the model. May be repeated; nothing changes when it
 * fails. */
void jimm_update_migrated_model(struct rpc *rpc, const char *uuid, const char *target, call_done *done, void *context);

/* JIMM.ModelControllerInfo for a model given as UUID or owner/name; read from JIMM's database, without side
 * effects. Since 2026-01-26 ("not implemented" before) for administrators of JIMM, since 2026-06-11 for those of
 * the model. */
void jimm_model_controller_info(struct rpc *rpc, const char *model, jimm_model_done *done, void *context);

/* JIMM.ListModels: the same for all models that the caller can read, since 2026-06-03. */
void jimm_list_models(struct rpc *rpc, jimm_models_done *done, void *context);

/* JIMM.ListMigrationTargets: controllers to which JIMM thinks that the model could go, by cloud, region and
 * version only. Administrators, since 2025-08-07. */
void jimm_list_migration_targets(struct rpc *rpc, const char *uuid, jimm_controllers_done *done, void *context);

/* Release what they hold and leave it empty. */
void jimm_controllers_release(struct jimm_controllers *controllers);
void jimm_model_release(struct jimm_model *model);
void jimm_models_release(struct jimm_models *models);

#endif
