/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/preflight.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/base/scoped.h"
#include "common/migration/preflight_rules.h"
#include "common/migration/steps.h"

static const struct preflight_rule rules[] = {
	{"target-status", judge_target_status},
	{"cloud-region", judge_cloud_region},
	{"model-version", judge_model_version},
	{"controller-version", judge_controller_version},
	{"model-access", judge_model_access},
	{"model-login", judge_model_login},
	{"model-listed", judge_model_listed},
	{"model-life", judge_model_life},
	{"model-status", judge_model_status},
	{"agents", judge_agents},
	{"running-migration", judge_running_migration},
	{"earlier-migration", judge_earlier_migration},
	{"upgrade-job", judge_upgrade_job},
	{"migration-lock", judge_migration_lock},
	{"target-name", judge_target_name},
	{"target-copy", judge_target_copy},
};

const struct preflight_rule *preflight_rules(size_t *count)
{
	*count = array_length(rules);
	return rules;
}

enum check_result judge_say(struct text *detail, enum check_result result, const char *format, ...)
{
	char words[PREFLIGHT_DETAIL_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	text_add_string(detail, words);
	return result;
}

/* ---- what is known ---- */

static const char *controller_of(const struct engine *engine, const char *uuid)
{
	const struct jimm_model *row = newest_row(engine, uuid);
	const struct model_summary *entry = engine->administrator ? newest_summary(engine, uuid) : NULL;

	if (row != NULL)
		return row->controller_uuid;
	return entry != NULL && !string_same(entry->controller_uuid, engine->jimm_uuid) ? entry->controller_uuid : NULL;
}

static enum preflight_namesake namesake(const struct engine *engine, const struct migration *migration)
{
	enum preflight_namesake found = NAMESAKE_NONE;

	for (size_t i = 0; i < engine->models.count; i++) {
		const struct controller_model *other = &engine->models.list[i];

		if (!string_same(other->name, migration->name) || !string_same(other->owner, migration->owner) ||
			string_same(other->uuid, migration->uuid))
			continue;
		const char *where = controller_of(engine, other->uuid);
		if (string_given(where) && string_same(where, migration->target_uuid))
			return NAMESAKE_ON_TARGET;
		if (!string_given(where) || migration->target_uuid == NULL)
			found = NAMESAKE_SOMEWHERE;
	}
	return found;
}

static enum preflight_rights rights(const struct engine *engine, const struct migration *migration)
{
	bool mine = engine->user != NULL && string_same(engine->user, migration->owner);

	if (migration->state.row_known && !migration->state.row_unsupported)
		return RIGHTS_ADMINISTRATOR;
	/* JIMM.ListModels came a week before JIMM opened ModelControllerInfo to administrators of the model. Where it exists, a refused
	 * row means no right to it; but builds of that week refused owners too, so this only warns. */
	return migration->state.row_denied && engine->rows_supported && !mine ? RIGHTS_LESS : RIGHTS_NOT_SHOWN;
}

static void take_target(struct preflight_facts *facts, const struct engine *engine, const struct migration *migration)
{
	const struct jimm_controller *target = step_target(engine);

	facts->target.name = migration->target_name;
	facts->target.version = migration->target_version;
	facts->target.version_sure = migration->state.target_asked != 0;
	facts->target.sight = migration->state.target;
	facts->target.trouble = migration->state.target_trouble;
	if (target == NULL)
		return;
	facts->target.listed = true;
	facts->target.status = string_given(target->uuid) ? target->status : "bootstrapping";
	facts->target.cloud = target->cloud;
	facts->target.region = target->region;
}

static void take_model(struct preflight_facts *facts, const struct migration *migration)
{
	facts->model.owner = migration->owner;
	facts->model.name = migration->name;
	facts->model.cloud = migration->cloud;
	facts->model.region = migration->region;
	facts->model.life = migration->state.life;
	facts->model.version = migration->agent_version;
	facts->model.status = migration->state.status_word;
	facts->model.status_info = migration->state.status_info;
	facts->model.login_trouble = migration->state.login_trouble;
	facts->model.unlisted = migration->state.unavailable;
	facts->model.agents_told = migration->state.status_word != NULL;
	facts->model.away = migration->state.away;
	facts->model.away_count = migration->state.away_count;
}

static void take_past(struct preflight_facts *facts, const struct migration *migration)
{
	const char *reason = attempt_reason(migration->state.base_text);

	facts->aborted = attempt_classify(migration->state.base_text, migration->state.base_ended) == ATTEMPT_ABORTED;
	/* Nothing tells where that attempt was to go; what this target shows need not be about it. */
	if (facts->aborted && !attempt_reason_safe(reason))
		facts->abort_reason = string_given(reason) ? reason : "no reason given";
}

static struct preflight_facts gather(const struct engine *engine, const struct migration *migration)
{
	struct preflight_facts facts = {
		.administrator = engine->administrator,
		.old_jimm = migration->old_jimm,
		.source = {string_given(migration->source_name) ? migration->source_name : migration->source_uuid,
			migration->source_version},
		.rights = rights(engine, migration),
		.job = migration->state.job,
		/* Builds older than JIMM.ListModels may have upgrade jobs and not tell about them. */
		.job_told = migration->state.row_known && engine->rows_supported,
		.namesake = namesake(engine, migration),
		.sees_all = engine->administrator ||
			    (string_given(engine->user) && string_same(engine->user, migration->owner)),
	};

	if (migration->state.targets_known)
		facts.advice = migration->state.target_listed ? ADVICE_COUNTED : ADVICE_LEFT_OUT;
	take_target(&facts, engine, migration);
	take_model(&facts, migration);
	take_past(&facts, migration);
	return facts;
}

void preflight_check(const struct engine *engine, struct migration *migration)
{
	struct preflight_facts facts = gather(engine, migration);

	migration_forget_checks(migration);
	for (size_t i = 0; i < array_length(rules); i++) {
		scoped(text) struct text detail;

		text_init(&detail, PREFLIGHT_DETAIL_MAX);
		enum check_result result = rules[i].judge(&facts, &detail);
		migration_check(migration, rules[i].check, result, detail.data != NULL ? detail.data : "");
	}
}
