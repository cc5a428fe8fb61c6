/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

void preflight_check(const struct engine *engine, struct migration *migration)
{
	const struct jimm_controller *target = step_controller(engine, migration->target_uuid);

	if (engine->administrator && migration->target_uuid == NULL)
		migration_problem(migration, "controller %s is still bootstrapping; try again when it is available",
			migration->target_name);
	if (target != NULL && string_same(target->status, "bootstrapping"))
		migration_problem(migration, "controller %s is still bootstrapping; try again when it is available",
			migration->target_name);
	if (string_given(migration->state.life) && !string_same(migration->state.life, "alive"))
		migration_problem(
			migration, "the model is %s; only a model that is alive can be moved", migration->state.life);
	if (migration->state.job)
		migration_problem(migration,
			"an upgrade of the model is in progress and moves it by itself; wait until it has ended");
	if (migration->state.login_trouble != NULL)
		migration_problem(migration, "cannot log in to the model where it is now, on %s: %s",
			string_given(migration->source_name) ? migration->source_name : migration->source_uuid,
			migration->state.login_trouble);
	if (migration->state.unavailable)
		migration_problem(migration,
			"no controller that JIMM could reach lists the model; make sure that %s is up, then try again",
			string_given(migration->source_name) ? migration->source_name : migration->source_uuid);
}
