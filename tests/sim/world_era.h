/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a JIMM of some time can do, as one table: nothing else in the world asks for an era by name.
 */
#ifndef TESTS_SIM_WORLD_ERA_H
#define TESTS_SIM_WORLD_ERA_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"

struct json_object;

struct world_era {
	const char *name;
	const char *version;        /* what JIMM.Version says */
	const char *const *facades; /* name, versions, name, versions, ..., NULL */
	int64_t idle;               /* /api is cut after this long without Ping */
	bool migrate_by_tag;        /* MigrateModel wants model-<uuid>, later <uuid> or owner/name */
	bool lock;                  /* the row's migration mode is set by MigrateModel */
	bool alias;                 /* the target's JIMM name goes along to the source */
	bool completes;             /* ModelInfo moves a locked row on a redirect */
	bool lists_live;            /* ListModels and ListModelSummaries ask the controllers */
	bool refusal_code;          /* Juju's code of a refused MigrateModel passes */
	bool refusal_text;          /* refusals say their cause; the first controller never serves for an empty name */
	bool controller_info;       /* JIMM.ModelControllerInfo */
	bool controller_info_for_all; /* ... for administrators of the model */
	bool list_models;             /* JIMM.ListModels */
	bool list_targets;            /* JIMM.ListMigrationTargets */
	bool show_controller;         /* JIMM.ShowController */
	bool controllers_by_right;    /* ListControllers shows others what they may add models to, and no "jaas" */
	bool model_migrating;         /* code `model migrating` on the model endpoint */
	bool asks_as_caller;          /* ModelInfo asks the controller as the calling user */
	bool external_admin;          /* JIMM's own user on controllers is jaas-<uuid>@external, earlier admin */
	bool model_info_deletes;      /* ModelInfo forgets a model that its controller denies */
	bool model_status_deletes;    /* so does ModelStatus on `not found` */
	bool poller;                  /* a poller looks at every model each minute */
	bool poller_deletes;          /* ... and forgets those that their controllers deny */
	bool deletes_dying_only;      /* ... but only dying ones */
	bool start_gap_panics;        /* locked, asked, and no attempt there yet: a panic */
	bool fatal_login;             /* code `fatal login error` exists */
	bool login_cause;             /* `connection failed` comes with the controller's own text */
	bool version_gate;            /* /model refuses clients older than the controller */
};

/* Returns the era of this name ("E0", "E1", "E1d", "E2", "E3", "E3+", "2024", "2026"), or NULL. */
const struct world_era *world_era_find(const char *name);

/* Changes the entries of `era` that `capabilities` names ({"lock": false, ...}, names as above with "-" for "_"; borrowed,
 * NULL for none). Returns 0, or -1 for an unknown name or a value that is no boolean. */
int world_era_change(struct world_era *era, struct json_object *capabilities, struct error **error);

#endif
