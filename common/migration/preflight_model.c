/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/scoped.h"
#include "common/migration/preflight_rules.h"

enum check_result judge_model_access(const struct preflight_facts *facts, struct text *detail)
{
	if (facts->administrator)
		return judge_say(detail, CHECK_OK, "you are an administrator of JIMM");
	if (facts->rights == RIGHTS_ADMINISTRATOR)
		return judge_say(detail, CHECK_OK, "you are an administrator of the model");
	if (facts->rights == RIGHTS_LESS)
		return judge_say(detail, CHECK_WARNING,
			"JIMM does not show that you are an administrator of the model, as who moves it must be: if it "
			"refuses, ask for that right");
	return judge_say(detail, CHECK_NOT_MADE, "JIMM does not tell whether you are an administrator of the model");
}

enum check_result judge_model_life(const struct preflight_facts *facts, struct text *detail)
{
	if (!string_given(facts->model.life))
		return judge_say(detail, CHECK_NOT_MADE, "JIMM does not tell whether the model is alive");
	if (string_same(facts->model.life, "alive"))
		return judge_say(detail, CHECK_OK, "alive");
	return judge_say(
		detail, CHECK_PROBLEM, "the model is %s; only a model that is alive can be moved", facts->model.life);
}

enum check_result judge_model_login(const struct preflight_facts *facts, struct text *detail)
{
	if (!string_given(facts->model.login_trouble))
		return judge_say(detail, CHECK_OK, "reached on %s", facts->source.name);
	return judge_say(detail, CHECK_PROBLEM, "cannot log in to the model where it is now, on %s: %s",
		facts->source.name, facts->model.login_trouble);
}

enum check_result judge_model_listed(const struct preflight_facts *facts, struct text *detail)
{
	if (facts->model.unlisted)
		return judge_say(detail, CHECK_PROBLEM,
			"no controller that JIMM could reach lists the model; make sure that %s is up, then try again",
			facts->source.name);
	return judge_say(detail, CHECK_OK, "in JIMM's list of models");
}

enum check_result judge_model_status(const struct preflight_facts *facts, struct text *detail)
{
	const char *info = facts->model.status_info;

	if (!string_given(facts->model.status))
		return judge_say(detail, CHECK_NOT_MADE, "the model's own status was not told");
	/* Juju calls a model with an invalid credential suspended, but refuses to move it only if the credential was revoked. */
	if (string_same(facts->model.status, "suspended"))
		return judge_say(detail, CHECK_WARNING,
			"the model is suspended%s%s; if juju refuses, update its credential first",
			string_given(info) ? ": " : "", info != NULL ? info : "");
	return judge_say(detail, CHECK_OK, "%s", facts->model.status);
}

enum check_result judge_agents(const struct preflight_facts *facts, struct text *detail)
{
	if (!facts->model.agents_told)
		return judge_say(detail, CHECK_NOT_MADE, "the model's own status was not told");
	if (facts->model.away_count == 0)
		return judge_say(detail, CHECK_OK, "all of them work");
	return judge_say(detail, CHECK_PROBLEM, "%zu agent%s not work: %s; bring back or remove those",
		facts->model.away_count, facts->model.away_count == 1 ? " does" : "s do", facts->model.away);
}

enum check_result judge_running_migration(const struct preflight_facts *facts, struct text *detail)
{
	if (migration_juju_3(facts->source.version))
		return judge_say(detail, CHECK_OK, "none");
	if (migration_blind(facts->source.version))
		return judge_say(detail, CHECK_NOT_MADE, "juju %s of %s does not show its migrations",
			facts->source.version, facts->source.name);
	return judge_say(detail, CHECK_NOT_MADE, "%s did not tell", facts->source.name);
}

enum check_result judge_earlier_migration(const struct preflight_facts *facts, struct text *detail)
{
	if (string_given(facts->abort_reason))
		return judge_say(detail, CHECK_NOT_MADE,
			"the last one was aborted (%s) when its target may have been active already: look whether "
			"\"juju models\" lists it there",
			facts->abort_reason);
	if (facts->aborted)
		return judge_say(detail, CHECK_OK, "aborted, the model has stayed where it was");
	if (migration_juju_3(facts->source.version))
		return judge_say(detail, CHECK_OK, "nothing is left of one");
	return judge_say(detail, CHECK_NOT_MADE,
		migration_blind(facts->source.version) ? "%s does not show its migrations" : "%s did not tell",
		facts->source.name);
}

enum check_result judge_upgrade_job(const struct preflight_facts *facts, struct text *detail)
{
	if (facts->job)
		return judge_say(detail, CHECK_PROBLEM,
			"an upgrade of the model is in progress and moves it by itself; wait until it has ended");
	if (facts->job_told || facts->old_jimm)
		return judge_say(detail, CHECK_OK, "none");
	return judge_say(detail, CHECK_NOT_MADE, "JIMM does not tell you of its upgrade jobs");
}

enum check_result judge_migration_lock(const struct preflight_facts *facts, struct text *detail)
{
	if (facts->old_jimm)
		return judge_say(detail, CHECK_OK, "this JIMM has none");
	return judge_say(detail, CHECK_NOT_MADE, "JIMM shows its lock on a model only to a start");
}
