/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source controller's own migration worker: prechecks, phases and their texts, and what each does to the model on
 * both controllers.
 */
#ifndef TESTS_SIM_WORLD_MIGRATION_H
#define TESTS_SIM_WORLD_MIGRATION_H

#include "tests/sim/world_error.h"
#include "tests/sim/world_state.h"

/* Returns the plan that the model's next attempt will follow; borrowed. */
const struct world_plan *world_plan_next(const struct world_model *model);

/* What Controller.InitiateMigration does after its prechecks: creates an attempt from `source` to `target` and
 * returns it, owned by the world, or returns NULL with the refusal. Uses up a plan in either case. `alias` may be NULL. */
struct world_attempt *world_initiate(struct world *world, struct world_model *model, struct world_controller *source,
	struct world_controller *target, const char *alias, struct world_error *error);

/* Adds an attempt of earlier days that ended in `phase` (ABORTDONE, REAPFAILED or DONE) with `text`. */
struct world_attempt *world_attempt_past(struct world *world, struct world_model *model,
	struct world_controller *source, struct world_controller *target, enum world_phase phase, const char *text,
	int64_t start, int64_t end);

/* True while the attempt has not ended. */
bool world_attempt_runs(const struct world_attempt *attempt);

/* True from the moment at which the source has stored SUCCESS: it can never abort again. */
bool world_attempt_committed(const struct world_attempt *attempt);

/* Aborts a running attempt that has not committed, for this reason. */
void world_attempt_abort(struct world_attempt *attempt, const char *reason);

/* Call when the source controller is up again: it repeats the phase. */
void world_attempt_restarted(struct world_attempt *attempt);

/* Stops the attempt's clock (its source controller is gone); world_attempt_restarted goes on. */
void world_attempt_halted(struct world_attempt *attempt);

/* Releases an attempt. */
void world_attempt_free(struct world_attempt *attempt);

/* Writes all steps of an attempt as its plan wants them. */
void world_steps_build(struct world_attempt *attempt);

/* Adds the steps of an abort after the step `last` and drops those that followed it. */
void world_steps_abort(struct world_attempt *attempt, size_t last, const char *reason);

#endif
