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

/* A controller as JIMM last saw it: status and version may be ten minutes old. */
struct jimm_controller {
	char *name;
	char *uuid;  /* "" while bootstrapping; not unique: one controller may be known under two names */
	char *cloud; /* without "cloud-" */
	char *region;
	char *agent_version; /* "" while bootstrapping */
	char *status;        /* "available", "deprecated", "unavailable", "bootstrapping" */
	char *status_info;
	int64_t status_since; /* only with "unavailable" */
	char *public_address;
};

struct jimm_controllers {
	struct jimm_controller *list; /* sorted by name */
	size_t count;
};

/* Where a model lives, by JIMM's database. */
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

/* `migration_id` is borrowed; NULL on failure. It is only for display: no call accepts it. */
typedef void jimm_migrate_done(void *context, const char *migration_id, const struct call_result *result);

/* JIMM.ListControllers. An administrator gets all; others get a single entry "jaas" with JIMM's own UUID from an older
 * JIMM, and the controllers on which they may add models (perhaps none) from a newer one. */
void jimm_list_controllers(struct rpc *rpc, jimm_controllers_done *done, void *context);

/* JIMM.DisableControllerUUIDMasking: once it is answered, model infos and summaries on this connection carry the hosting
 * controllers' own UUIDs instead of JIMM's. Administrators only (others: "unauthorized access"), so it is also a test for
 * being one, at no cost. */
void jimm_disable_controller_uuid_masking(struct rpc *rpc, call_done *done, void *context);

/* JIMM.MigrateModel of the model `uuid` to the controller that JIMM calls `target` (never empty: an old JIMM would take
 * any). Sent with the bare UUID; a JIMM before 2025 refuses that without any effect as "not a valid tag", then it is sent
 * once more, with a tag. The error is the refusal of the one entry. Both strings are borrowed for this call. No answer
 * (ERROR_NETWORK, ERROR_TIMEOUT, ERROR_PROTOCOL) means that the migration may have started. Keep the connection open until
 * `done`: JIMM gives up the request with its connection. */
void jimm_migrate_model(struct rpc *rpc, const char *uuid, const char *target, jimm_migrate_done *done, void *context);

/* JIMM.UpdateMigratedModel: points JIMM at `target`, which must know the model. A copy that is still being imported is
 * enough for JIMM, so the caller has to decide when. Administrators only (others: message "unauthorized"). Message
 * "permission denied" means that the target does not have the model. May be repeated; changes nothing when it fails. */
void jimm_update_migrated_model(struct rpc *rpc, const char *uuid, const char *target, call_done *done, void *context);

/* JIMM.ModelControllerInfo of a model given as UUID or owner/name; from JIMM's database, without side effects. For
 * administrators of JIMM since 2026-01-26 ("not implemented" before), for those of the model since 2026-06-11. */
void jimm_model_controller_info(struct rpc *rpc, const char *model, jimm_model_done *done, void *context);

/* JIMM.ListModels (since 2026-06-03): the same for all models that the caller can read. */
void jimm_list_models(struct rpc *rpc, jimm_models_done *done, void *context);

/* JIMM.ListMigrationTargets (since 2025-08-07, administrators only): the controllers that could take the model, judged by
 * cloud, region and version only. */
void jimm_list_migration_targets(struct rpc *rpc, const char *uuid, jimm_controllers_done *done, void *context);

/* Release what they hold and leave it empty. */
void jimm_controllers_release(struct jimm_controllers *controllers);
void jimm_model_release(struct jimm_model *model);
void jimm_models_release(struct jimm_models *models);

#endif
