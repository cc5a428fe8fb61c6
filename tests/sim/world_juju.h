/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Juju controller itself answers about a model, by its version and by who asks. Whether it can be reached is not checked here.
 */
#ifndef TESTS_SIM_WORLD_JUJU_H
#define TESTS_SIM_WORLD_JUJU_H

#include "tests/sim/world_error.h"
#include "tests/sim/world_state.h"

/* A model as one answer shows it. All texts live as long as the world. */
struct world_view {
	struct world_model *model;
	const struct world_controller *host;     /* as JIMM has it recorded */
	const struct world_controller *answered; /* who gave the live part, NULL: nobody did */
	bool database;                           /* only JIMM's database was asked */
	const char *status, *info;
	int64_t since;
	const char *migration; /* text of the newest attempt, NULL: none */
	int64_t start, end;    /* its instants, `end` INSTANT_NONE while it runs */
};

/* The version of the model's own agents, as `controller` tells it. */
const char *world_juju_version(const struct world_model *model, const struct world_controller *controller);

/* How many of the model's machines, the last ones, have agents that `controller` does not see. */
unsigned world_juju_away(const struct world_model *model, const struct world_controller *controller);

/* The checks of Controller.InitiateMigration (world_precheck.c). Returns 0, or -1 with the refusal. */
int world_juju_prechecks(const struct world *world, const struct world_model *model,
	const struct world_controller *source, const struct world_controller *target, const struct world_plan *plan,
	struct world_error *error);

/* ModelManager.ModelInfo asked on `controller` as `asker` (a user's name). Fills the live part of `view`. */
int world_juju_model_info(const struct world *world, struct world_model *model,
	const struct world_controller *controller, const char *asker, struct world_view *view,
	struct world_error *error);

/* ModelManager.ModelStatus in the same way; the answer itself is the model's present state. */
int world_juju_model_status(const struct world *world, struct world_model *model,
	const struct world_controller *controller, const char *asker, struct world_error *error);

/* True when the controller's own lists hold the model. */
bool world_juju_lists(const struct world_model *model, const struct world_controller *controller);

/* Fills the live part of `view` as the controller's summaries show the model. */
void world_juju_summary(const struct world *world, struct world_model *model, const struct world_controller *controller,
	struct world_view *view);

/* True when the model has left the controller by a completed migration and has not come back. */
bool world_juju_migrated(const struct world_model *model, const struct world_controller *controller);

/* A login at the controller's own door to a model that has left it in that way; `user` is that of the tag, NULL without one.
 * Returns -1 with the error. */
int world_juju_login_moved(const struct world_model *model, const struct world_controller *controller, const char *user,
	struct world_error *error);

/* A model login with a token; `allowed` is what JIMM's token says. Returns 0, or -1 with the error. */
int world_juju_login(const struct world *world, const struct world_model *model,
	const struct world_controller *controller, bool allowed, struct world_error *error);

#endif
