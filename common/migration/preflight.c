/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/migration/steps.h"

/* Reads one number of a version and the point behind it. */
static unsigned long number(const char **version)
{
	char *end = NULL;
	unsigned long value = strtoul(*version, &end, 10);

	*version = *end == '.' ? end + 1 : end;
	return value;
}

/* True when version `one` is lower than `other` in its first `numbers` numbers. */
static bool lower(const char *one, const char *other, int numbers)
{
	for (int i = 0; i < numbers; i++) {
		unsigned long left = number(&one), right = number(&other);

		if (left != right)
			return left < right;
	}
	return false;
}

/* By what JIMM remembers of the target, at most ten minutes old. Juju would refuse the first two, and the third would be aborted
 * when the model is imported. */
static void check_fit(struct migration *migration)
{
	const char *target = migration->target_version;

	if (target != NULL && string_given(migration->agent_version) && lower(target, migration->agent_version, 3))
		migration_problem(migration,
			"controller %s runs juju %s, which is lower than the model's %s: upgrade it first",
			migration->target_name, target, migration->agent_version);
	else if (target != NULL && string_given(migration->source_version) &&
		 lower(target, migration->source_version, 2))
		migration_problem(migration,
			"controller %s runs juju %s, which is lower than %s of the controller that the model is "
			"on: upgrade it first",
			migration->target_name, target, migration->source_version);
	else if (migration->state.targets_known && !migration->state.target_listed)
		migration_problem(migration,
			"JIMM does not count %s among the controllers for the model's cloud and region (%s/%s); give "
			"it that cloud first",
			migration->target_name, migration->cloud != NULL ? migration->cloud : "",
			migration->region != NULL ? migration->region : "");
}

void preflight_check(const struct engine *engine, struct migration *migration)
{
	const struct jimm_controller *target = step_controller(engine, migration->target_uuid);

	if (engine->administrator && migration->target_uuid == NULL)
		migration_problem(migration, "controller %s is still bootstrapping; try again when it is available",
			migration->target_name);
	if (target != NULL && string_same(target->status, "bootstrapping"))
		migration_problem(migration, "controller %s is still bootstrapping; try again when it is available",
			migration->target_name);
	if (migration->problem_count == 0)
		check_fit(migration);
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
	if (migration->state.target == TARGET_IMPORTING)
		migration_problem(migration,
			"%s has an inactive copy of the model, left of an earlier migration; an administrator of %s "
			"has to remove it there first",
			migration->target_name, migration->target_name);
	if (migration->state.unavailable)
		migration_problem(migration,
			"no controller that JIMM could reach lists the model; make sure that %s is up, then try again",
			string_given(migration->source_name) ? migration->source_name : migration->source_uuid);
}
