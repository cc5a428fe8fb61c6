/* SPDX-License-Identifier: Apache-2.0 */
/* What juju checks before it makes an attempt, and its words for what is wrong. */
#include <string.h>

#include "common/juju/version.h"
#include "tests/sim/world_juju.h"
#include "tests/sim/world_migration.h"

#define SOURCE "source prechecks failed: "

static struct juju_version version_of(const char *text)
{
	struct juju_version version = {0};
	juju_version_parse(text, &version);
	return version;
}

static int model_prechecks(
	const struct world_model *model, const struct world_controller *source, struct world_error *error)
{
	unsigned away = world_juju_away(model, source);
	if (world_at(model, source)->presence == WORLD_IMPORTING)
		return world_fail(error, "", SOURCE "model is being imported as part of another migration");
	if (strcmp(model->life, "alive"))
		return world_fail(error, "", SOURCE "model is %s", model->life);
	if (!strcmp(model->credential, "revoked"))
		return world_fail(error, "", SOURCE "model has revoked credentials");
	if (away)
		return world_fail(error, "", SOURCE "machine %u agent not functioning at this time (down)",
			model->machines - away);
	return 0;
}

static int version_prechecks(const struct world_model *model, const struct world_controller *source,
	const struct world_controller *target, const char *prefix, struct world_error *error)
{
	const char *text = world_juju_version(model, source);
	struct juju_version own = version_of(text), from = version_of(source->agent_version);
	struct juju_version to = version_of(target->agent_version);
	const char *least = to.major >= 4 ? "3.1.0" : "2.9.43";
	struct juju_version floor = version_of(least);
	if (juju_version_compare(&own, &to) > 0)
		return world_fail(error, "", "%smodel has higher version than target controller (%s > %s)", prefix,
			text, target->agent_version);
	if (juju_version_compare_minor(&from, &to) > 0)
		return world_fail(error, "", "%ssource controller has higher version than target controller (%s > %s)",
			prefix, source->agent_version, target->agent_version);
	if (own.major < to.major && juju_version_compare(&own, &floor) < 0)
		return world_fail(error, "",
			"%smodel must be upgraded to at least version %s before being migrated to a controller with "
			"version %s",
			prefix, least, target->agent_version);
	return 0;
}

static bool name_taken(
	const struct world *world, const struct world_model *model, const struct world_controller *target)
{
	for (size_t i = 0; i < world->model_count; i++) {
		const struct world_model *other = &world->models[i];
		if (world_at(other, target)->presence != WORLD_ABSENT && !strcmp(other->name, model->name) &&
			!strcmp(other->owner, model->owner))
			return true;
	}
	return false;
}

static int target_prechecks(const struct world *world, const struct world_model *model,
	const struct world_controller *source, const struct world_controller *target, struct world_error *error)
{
	bool is_new = world_major(target) >= 4;
	const char *prefix =
		is_new ? "target prechecks failed: migration target prechecks failed: " : "target prechecks failed: ";
	if (is_new && strcmp(model->cloud, target->cloud))
		return world_fail(
			error, "", "%smodel's cloud \"%s\" not found on target controller", prefix, model->cloud);
	if (version_prechecks(model, source, target, prefix, error))
		return -1;
	if (source == target || world_at(model, target)->presence == WORLD_ACTIVE)
		return world_fail(error, "", "%smodel with same UUID already exists (%s)", prefix, model->uuid);
	if (name_taken(world, model, target))
		return world_fail(error, "", "%smodel named \"%s\" already exists", prefix, model->name);
	return 0;
}

/* Juju 4.0 cannot take what a juju 4 source sends. */
static bool too_old_for(const struct world_controller *source, const struct world_controller *target)
{
	struct juju_version to = version_of(target->agent_version);
	return world_major(source) >= 4 && to.major == 4 && to.minor == 0;
}

int world_juju_prechecks(const struct world *world, const struct world_model *model,
	const struct world_controller *source, const struct world_controller *target, const struct world_plan *plan,
	struct world_error *error)
{
	const struct world_place *place = world_at(model, source);
	if (place->presence == WORLD_ABSENT)
		return world_major(source) >= 4 ? world_fail(error, "not found", "model \"%s\" not found", model->uuid)
						: world_fail(error, "not found", "model not found");
	if (model_prechecks(model, source, error))
		return -1;
	if (plan->refuse && string_starts(plan->refuse, "source prechecks failed"))
		return world_fail(error, plan->refuse_code, "%s", plan->refuse);
	if (target->reach != WORLD_UP)
		return world_fail(error, "", "connect to target controller: dial tcp %s: connect: connection refused",
			target->address);
	if (too_old_for(source, target))
		return world_fail(error, "", "target controller does not support the model migration of this source");
	if (target_prechecks(world, model, source, target, error))
		return -1;
	if (plan->refuse)
		return world_fail(error, plan->refuse_code, "%s", plan->refuse);
	if (place->attempt && world_attempt_runs(place->attempt))
		return world_fail(error, "",
			world_major(source) >= 4 ? "model already has an active migration"
						 : "failed to create migration: already in progress");
	return 0;
}
