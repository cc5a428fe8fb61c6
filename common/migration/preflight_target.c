/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/preflight_rules.h"

#include "common/base/scoped.h"

enum check_result judge_target_status(const struct preflight_facts *facts, struct text *detail)
{
	const char *name = facts->target.name, *status = facts->target.status;

	if (!facts->target.listed)
		return judge_say(detail, CHECK_NOT_MADE,
			"JIMM tells its administrators only whether it has a controller %s", name);
	if (string_same(status, "bootstrapping"))
		return judge_say(detail, CHECK_PROBLEM,
			"controller %s is still bootstrapping; try again when it is available", name);
	if (string_same(status, "available"))
		return judge_say(detail, CHECK_OK, "available");
	if (string_same(status, "unavailable"))
		return judge_say(detail, CHECK_WARNING,
			"JIMM could not reach %s when it last tried; if it is down, the start is refused", name);
	if (string_same(status, "deprecated"))
		return judge_say(detail, CHECK_WARNING,
			"JIMM calls %s deprecated; choose another controller if this one is to be given up", name);
	return judge_say(detail, CHECK_WARNING, "JIMM calls %s \"%s\"", name, string_given(status) ? status : "");
}

static char *place(const char *cloud, const char *region)
{
	return string_format("%s%s%s", cloud, string_given(region) ? "/" : "", string_given(region) ? region : "");
}

/* Compares with the controller's own cloud; clouds added to it later are known only to it and to JIMM's list of targets. */
static bool own_cloud(const struct preflight_facts *facts)
{
	bool same_region = !string_given(facts->target.region) || !string_given(facts->model.region) ||
			   string_same(facts->target.region, facts->model.region);

	return same_region && string_given(facts->target.cloud) && string_same(facts->target.cloud, facts->model.cloud);
}

enum check_result judge_cloud_region(const struct preflight_facts *facts, struct text *detail)
{
	const char *name = facts->target.name;

	if (!string_given(facts->model.cloud))
		return judge_say(detail, CHECK_NOT_MADE, "JIMM does not tell the model's cloud");
	scoped(string) char *wanted = place(facts->model.cloud, facts->model.region);
	if (facts->advice == ADVICE_COUNTED || own_cloud(facts))
		return judge_say(detail, CHECK_OK, "%s", wanted);
	if (facts->advice == ADVICE_LEFT_OUT)
		return judge_say(detail, CHECK_WARNING,
			"JIMM does not list %s for %s; juju aborts the move where that cloud is missing: add it first",
			name, wanted);
	if (!string_given(facts->target.cloud))
		return judge_say(
			detail, CHECK_NOT_MADE, "JIMM tells its administrators only which clouds %s has", name);
	scoped(string) char *own = place(facts->target.cloud, facts->target.region);
	return judge_say(detail, CHECK_WARNING,
		"the model is on %s, %s on %s; juju aborts the move where that cloud is missing: add it first", wanted,
		name, own);
}

enum check_result judge_target_name(const struct preflight_facts *facts, struct text *detail)
{
	const char *name = facts->target.name;

	if (facts->namesake == NAMESAKE_ON_TARGET)
		return judge_say(detail, CHECK_PROBLEM,
			"%s has another model %s of %s already: rename or remove that one first", name,
			facts->model.name, facts->model.owner);
	if (facts->namesake == NAMESAKE_SOMEWHERE)
		return judge_say(detail, CHECK_WARNING,
			"%s has another model %s, JIMM does not tell where; on %s it would be in the way",
			facts->model.owner, facts->model.name, name);
	if (!facts->sees_all)
		return judge_say(detail, CHECK_NOT_MADE, "JIMM does not show you all models of %s",
			string_given(facts->model.owner) ? facts->model.owner : "the owner");
	return judge_say(detail, CHECK_OK, "JIMM knows no other model %s of %s", facts->model.name, facts->model.owner);
}

enum check_result judge_target_copy(const struct preflight_facts *facts, struct text *detail)
{
	const char *name = facts->target.name;

	switch (facts->target.sight) {
	case TARGET_IMPORTING:
		return judge_say(detail, CHECK_PROBLEM,
			"%s has an inactive copy, which must be aborted there first "
			"(MigrationTarget.Abort), never destroyed",
			name);
	case TARGET_ACTIVE:
		return judge_say(detail, CHECK_PROBLEM,
			"%s has an active copy of the model; touch nothing, call an administrator of both controllers",
			name);
	case TARGET_NONE:
		return judge_say(detail, CHECK_OK, "%s itself says that it has no copy of the model", name);
	default:
		return judge_say(detail, CHECK_NOT_MADE, "%s was not asked: %s", name,
			string_given(facts->target.trouble) ? facts->target.trouble : "no answer in time");
	}
}
