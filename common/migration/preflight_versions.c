/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/scoped.h"
#include "common/juju/version.h"
#include "common/migration/preflight_rules.h"

/* Versions that a controller of a major version demands of a model of an older one: below `least` every release of it refuses, from
 * `enough` on none does. */
static const struct {
	unsigned int major;
	const char *least, *enough;
} floors[] = {
	{3, "2.9.32", "2.9.43"},
	{4, "3.1.0", "3.6.0"},
};

static bool older(const char *version, const char *than)
{
	struct juju_version one, other;

	return juju_version_parse(version, &one) == 0 && juju_version_parse(than, &other) == 0 &&
	       juju_version_compare(&one, &other) < 0;
}

/* Parses the target's version and another one. Returns whether both are known; else says which is not. */
static bool both(const struct preflight_facts *facts, const char *whose, const char *version, struct juju_version *read,
	struct juju_version *target, struct text *detail)
{
	const char *name = facts->target.name;

	if (!string_given(version))
		judge_say(detail, CHECK_NOT_MADE, "nobody tells the version of %s", whose);
	else if (!string_given(facts->target.version))
		judge_say(detail, CHECK_NOT_MADE, "the version of %s is not known%s", name,
			facts->target.listed ? "" : "; JIMM tells it to its administrators only");
	else if (juju_version_parse(version, read) < 0)
		judge_say(detail, CHECK_NOT_MADE, "\"%s\" of %s is no version that is known", version, whose);
	else if (juju_version_parse(facts->target.version, target) < 0)
		judge_say(detail, CHECK_NOT_MADE, "\"%s\" of %s is no version that is known", facts->target.version,
			name);
	else
		return true;
	return false;
}

/* JIMM's version is from its last visit: a controller that it cannot reach may have been upgraded since. */
static enum check_result too_low(const struct preflight_facts *facts)
{
	bool stale = !facts->target.version_sure && string_same(facts->target.status, "unavailable");

	return stale ? CHECK_WARNING : CHECK_PROBLEM;
}

static enum check_result floor_of(
	const struct preflight_facts *facts, const struct juju_version *target, struct text *detail)
{
	const char *model = facts->model.version;

	for (size_t i = 0; i < array_length(floors); i++) {
		if (floors[i].major != target->major)
			continue;
		if (older(model, floors[i].least))
			return judge_say(detail, CHECK_PROBLEM,
				"the model runs juju %s, too old for %s of %s: upgrade the model to at least %s first",
				model, facts->target.version, facts->target.name, floors[i].least);
		if (older(model, floors[i].enough))
			return judge_say(detail, CHECK_WARNING,
				"the model runs juju %s; some juju %u controllers want %s: if it is refused, upgrade "
				"the model",
				model, target->major, floors[i].enough);
	}
	return judge_say(detail, CHECK_OK, "model %s, %s %s", model, facts->target.name, facts->target.version);
}

enum check_result judge_model_version(const struct preflight_facts *facts, struct text *detail)
{
	struct juju_version model, target;

	if (!both(facts, "the model", facts->model.version, &model, &target, detail))
		return CHECK_NOT_MADE;
	if (juju_version_compare(&model, &target) > 0)
		return judge_say(detail, too_low(facts),
			"controller %s runs juju %s, which is lower than the model's %s: upgrade it first",
			facts->target.name, facts->target.version, facts->model.version);
	if (model.major == target.major)
		return judge_say(detail, CHECK_OK, "model %s, %s %s", facts->model.version, facts->target.name,
			facts->target.version);
	return floor_of(facts, &target, detail);
}

enum check_result judge_controller_version(const struct preflight_facts *facts, struct text *detail)
{
	const char *from = facts->source.name, *to = facts->target.name;
	struct juju_version source, target;

	if (!both(facts, from, facts->source.version, &source, &target, detail))
		return CHECK_NOT_MADE;
	if (juju_version_compare_minor(&source, &target) > 0)
		return judge_say(detail, too_low(facts),
			"%s runs juju %s, lower than %s of %s, where the model is: upgrade it first", to,
			facts->target.version, facts->source.version, from);
	if (source.major >= 4 && target.major == 4 && target.minor == 0)
		return judge_say(detail, too_low(facts),
			"controller %s runs juju %s, which takes no models of juju 4 controllers: upgrade it to 4.1 "
			"first",
			to, facts->target.version);
	if (source.major == 4 && source.minor == 0 && older(facts->source.version, "4.0.13"))
		return judge_say(detail, CHECK_WARNING,
			"models cannot leave juju %s of %s reliably: upgrade it to at least 4.0.13 first",
			facts->source.version, from);
	return judge_say(detail, CHECK_OK, "%s %s, %s %s", from, facts->source.version, to, facts->target.version);
}
