/* SPDX-License-Identifier: Apache-2.0 */
/* Each check by itself: a move that nothing stands in the way of, and what becomes of it when one thing is different. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/base/scoped.h"
#include "common/migration/preflight.h"

#define SETTINGS_MAX 4

/* One fact that is different. */
struct setting {
	enum { SET_NOTHING, SET_TEXT, SET_FLAG, SET_WORD, SET_COUNT } kind;
	size_t offset;
	const char *text;
	unsigned int value;
};

#define AT(field) offsetof(struct preflight_facts, field)
#define TEXT(field, value)                    \
	{                                     \
		SET_TEXT, AT(field), value, 0 \
	}
#define FLAG(field, value)                       \
	{                                        \
		SET_FLAG, AT(field), NULL, value \
	}
#define WORD(field, value)                       \
	{                                        \
		SET_WORD, AT(field), NULL, value \
	}
#define COUNT(field, value)                       \
	{                                         \
		SET_COUNT, AT(field), NULL, value \
	}

/* An administrator of JIMM, everything told, and nothing in the way. */
static const struct preflight_facts usual = {
	.administrator = true,
	.target = {"my-controller", true, "available", "maas", "default", "3.6.12", false, TARGET_NONE, NULL},
	.source = {"prod-a", "3.6.12"},
	.model = {.owner = "alice@canonical.com",
		.name = "my-model",
		.cloud = "maas",
		.region = "default",
		.life = "alive",
		.version = "3.6.12",
		.status = "available",
		.agents_told = true},
	.advice = ADVICE_COUNTED,
	.job_told = true,
	.sees_all = true,
};

static const struct {
	const char *check;
	struct setting settings[SETTINGS_MAX];
	enum check_result result;
	const char *detail;
} cases[] = {
	{"target-status", {{0}}, CHECK_OK, "available"},
	{"target-status", {TEXT(target.status, "bootstrapping")}, CHECK_PROBLEM,
		"controller my-controller is still bootstrapping; try again when it is available"},
	{"target-status", {TEXT(target.status, "unavailable")}, CHECK_WARNING,
		"JIMM could not reach my-controller when it last tried; if it is down, the start is refused"},
	{"target-status", {TEXT(target.status, "deprecated")}, CHECK_WARNING,
		"JIMM calls my-controller deprecated; choose another controller if this one is to be given up"},
	{"target-status", {TEXT(target.status, "tired")}, CHECK_WARNING, "JIMM calls my-controller \"tired\""},
	{"target-status", {TEXT(target.status, NULL)}, CHECK_WARNING, "JIMM calls my-controller \"\""},
	{"target-status", {FLAG(target.listed, false), TEXT(target.status, NULL)}, CHECK_NOT_MADE,
		"JIMM tells its administrators only whether it has a controller my-controller"},

	{"cloud-region", {{0}}, CHECK_OK, "maas/default"},
	{"cloud-region", {TEXT(target.cloud, "aws")}, CHECK_OK, "maas/default"},
	{"cloud-region", {WORD(advice, ADVICE_LEFT_OUT)}, CHECK_OK, "maas/default"},
	{"cloud-region", {WORD(advice, ADVICE_LEFT_OUT), TEXT(target.region, "")}, CHECK_OK, "maas/default"},
	{"cloud-region", {WORD(advice, ADVICE_LEFT_OUT), TEXT(target.cloud, "aws")}, CHECK_WARNING,
		"JIMM does not list my-controller for maas/default; juju aborts the move where that cloud is missing: "
		"add it first"},
	{"cloud-region", {WORD(advice, ADVICE_NOT_TOLD), TEXT(target.region, "north")}, CHECK_WARNING,
		"the model is on maas/default, my-controller on maas/north; juju aborts the move where that cloud is "
		"missing: add it first"},
	{"cloud-region", {WORD(advice, ADVICE_NOT_TOLD), TEXT(target.cloud, NULL)}, CHECK_NOT_MADE,
		"JIMM tells its administrators only which clouds my-controller has"},
	{"cloud-region", {TEXT(model.cloud, NULL)}, CHECK_NOT_MADE, "JIMM does not tell the model's cloud"},
	{"cloud-region", {TEXT(model.region, "")}, CHECK_OK, "maas"},

	{"model-version", {{0}}, CHECK_OK, "model 3.6.12, my-controller 3.6.12"},
	{"model-version", {TEXT(model.version, "3.6.13")}, CHECK_PROBLEM,
		"controller my-controller runs juju 3.6.12, which is lower than the model's 3.6.13: upgrade it first"},
	{"model-version", {TEXT(model.version, "3.6-rc2")}, CHECK_OK, "model 3.6-rc2, my-controller 3.6.12"},
	{"model-version", {TEXT(model.version, "3.6.12.1")}, CHECK_PROBLEM,
		"controller my-controller runs juju 3.6.12, which is lower than the model's 3.6.12.1: upgrade it "
		"first"},
	{"model-version", {TEXT(model.version, "3.6.13"), TEXT(target.status, "unavailable")}, CHECK_WARNING,
		"controller my-controller runs juju 3.6.12, which is lower than the model's 3.6.13: upgrade it first"},
	{"model-version",
		{TEXT(model.version, "3.6.13"), TEXT(target.status, "unavailable"), FLAG(target.version_sure, true)},
		CHECK_PROBLEM,
		"controller my-controller runs juju 3.6.12, which is lower than the model's 3.6.13: upgrade it first"},
	{"model-version", {TEXT(model.version, "2.9.31")}, CHECK_PROBLEM,
		"the model runs juju 2.9.31, too old for 3.6.12 of my-controller: upgrade the model to at least 2.9.32 "
		"first"},
	{"model-version", {TEXT(model.version, "2.9.32")}, CHECK_WARNING,
		"the model runs juju 2.9.32; some juju 3 controllers want 2.9.43: if it is refused, upgrade the "
		"model"},
	{"model-version", {TEXT(model.version, "2.9.43")}, CHECK_OK, "model 2.9.43, my-controller 3.6.12"},
	{"model-version", {TEXT(target.version, "4.0.2")}, CHECK_OK, "model 3.6.12, my-controller 4.0.2"},
	{"model-version", {TEXT(target.version, "4.0.2"), TEXT(model.version, "2.9.51")}, CHECK_PROBLEM,
		"the model runs juju 2.9.51, too old for 4.0.2 of my-controller: upgrade the model to at least 3.1.0 "
		"first"},
	{"model-version", {TEXT(target.version, "4.0.2"), TEXT(model.version, "3.5.4")}, CHECK_WARNING,
		"the model runs juju 3.5.4; some juju 4 controllers want 3.6.0: if it is refused, upgrade the model"},
	{"model-version", {TEXT(model.version, NULL)}, CHECK_NOT_MADE, "nobody tells the version of the model"},
	{"model-version", {TEXT(target.version, NULL)}, CHECK_NOT_MADE, "the version of my-controller is not known"},
	{"model-version", {TEXT(target.version, NULL), FLAG(target.listed, false)}, CHECK_NOT_MADE,
		"the version of my-controller is not known; JIMM tells it to its administrators only"},
	{"model-version", {TEXT(model.version, "new")}, CHECK_NOT_MADE,
		"\"new\" of the model is no version that is known"},
	{"model-version", {TEXT(target.version, "new")}, CHECK_NOT_MADE,
		"\"new\" of my-controller is no version that is known"},

	{"controller-version", {{0}}, CHECK_OK, "prod-a 3.6.12, my-controller 3.6.12"},
	{"controller-version", {TEXT(source.version, "3.6.14")}, CHECK_OK, "prod-a 3.6.14, my-controller 3.6.12"},
	{"controller-version", {TEXT(target.version, "3.5.9")}, CHECK_PROBLEM,
		"my-controller runs juju 3.5.9, lower than 3.6.12 of prod-a, where the model is: upgrade it first"},
	{"controller-version", {TEXT(target.version, "3.5.9"), TEXT(target.status, "unavailable")}, CHECK_WARNING,
		"my-controller runs juju 3.5.9, lower than 3.6.12 of prod-a, where the model is: upgrade it first"},
	{"controller-version", {TEXT(target.version, "4.0.14")}, CHECK_OK, "prod-a 3.6.12, my-controller 4.0.14"},
	{"controller-version", {TEXT(source.version, "4.0.14"), TEXT(target.version, "4.0.14")}, CHECK_PROBLEM,
		"controller my-controller runs juju 4.0.14, which takes no models of juju 4 controllers: upgrade it to "
		"4.1 first"},
	{"controller-version", {TEXT(source.version, "4.0.14"), TEXT(target.version, "4.1.0")}, CHECK_OK,
		"prod-a 4.0.14, my-controller 4.1.0"},
	{"controller-version", {TEXT(source.version, "4.0.14"), TEXT(target.version, "4.1-beta2")}, CHECK_OK,
		"prod-a 4.0.14, my-controller 4.1-beta2"},
	{"controller-version", {TEXT(source.version, "4.0.12"), TEXT(target.version, "4.1.0")}, CHECK_WARNING,
		"models cannot leave juju 4.0.12 of prod-a reliably: upgrade it to at least 4.0.13 first"},
	{"controller-version", {TEXT(source.version, "4.1.0")}, CHECK_PROBLEM,
		"my-controller runs juju 3.6.12, lower than 4.1.0 of prod-a, where the model is: upgrade it first"},
	{"controller-version", {TEXT(source.version, NULL)}, CHECK_NOT_MADE, "nobody tells the version of prod-a"},
	{"controller-version", {TEXT(target.version, "")}, CHECK_NOT_MADE, "the version of my-controller is not known"},

	{"model-access", {{0}}, CHECK_OK, "you are an administrator of JIMM"},
	{"model-access", {FLAG(administrator, false), WORD(rights, RIGHTS_ADMINISTRATOR)}, CHECK_OK,
		"you are an administrator of the model"},
	{"model-access", {FLAG(administrator, false), WORD(rights, RIGHTS_LESS)}, CHECK_WARNING,
		"JIMM does not show that you are an administrator of the model, as who moves it must be: if it "
		"refuses, ask for that right"},
	{"model-access", {FLAG(administrator, false)}, CHECK_NOT_MADE,
		"JIMM does not tell whether you are an administrator of the model"},

	{"model-login", {{0}}, CHECK_OK, "reached on prod-a"},
	{"model-login", {TEXT(model.login_trouble, "connection refused")}, CHECK_PROBLEM,
		"cannot log in to the model where it is now, on prod-a: connection refused"},
	{"model-listed", {{0}}, CHECK_OK, "in JIMM's list of models"},
	{"model-listed", {FLAG(model.unlisted, true)}, CHECK_PROBLEM,
		"no controller that JIMM could reach lists the model; make sure that prod-a is up, then try again"},
	{"model-life", {{0}}, CHECK_OK, "alive"},
	{"model-life", {TEXT(model.life, "dying")}, CHECK_PROBLEM,
		"the model is dying; only a model that is alive can be moved"},
	{"model-life", {TEXT(model.life, "dead")}, CHECK_PROBLEM,
		"the model is dead; only a model that is alive can be moved"},
	{"model-life", {TEXT(model.life, NULL)}, CHECK_NOT_MADE, "JIMM does not tell whether the model is alive"},
	{"model-status", {{0}}, CHECK_OK, "available"},
	{"model-status", {TEXT(model.status, "suspended"), TEXT(model.status_info, "credential is not valid")},
		CHECK_WARNING,
		"the model is suspended: credential is not valid; if juju refuses, update its credential first"},
	{"model-status", {TEXT(model.status, "suspended")}, CHECK_WARNING,
		"the model is suspended; if juju refuses, update its credential first"},
	{"model-status", {TEXT(model.status, NULL)}, CHECK_NOT_MADE, "the model's own status was not told"},
	{"agents", {{0}}, CHECK_OK, "all of them work"},
	{"agents", {COUNT(model.away_count, 1), TEXT(model.away, "machine 0 (down)")}, CHECK_PROBLEM,
		"1 agent does not work: machine 0 (down); bring back or remove those"},
	{"agents", {COUNT(model.away_count, 2), TEXT(model.away, "machine 0 (down), unit a/0 (lost)")}, CHECK_PROBLEM,
		"2 agents do not work: machine 0 (down), unit a/0 (lost); bring back or remove those"},
	{"agents", {FLAG(model.agents_told, false)}, CHECK_NOT_MADE, "the model's own status was not told"},

	{"running-migration", {{0}}, CHECK_OK, "none"},
	{"running-migration", {TEXT(source.version, "2.9.51")}, CHECK_OK, "none"},
	{"running-migration", {TEXT(source.version, "4.1.0")}, CHECK_NOT_MADE,
		"juju 4.1.0 of prod-a does not show its migrations"},
	{"running-migration", {TEXT(source.version, NULL)}, CHECK_NOT_MADE, "prod-a did not tell"},
	{"earlier-migration", {{0}}, CHECK_OK, "nothing is left of one"},
	{"earlier-migration", {FLAG(aborted, true)}, CHECK_OK, "aborted, the model has stayed where it was"},
	{"earlier-migration", {FLAG(aborted, true), TEXT(abort_reason, "model activation failed, boom")},
		CHECK_NOT_MADE,
		"the last one was aborted (model activation failed, boom) when its target may have been active "
		"already: look whether \"juju models\" lists it there"},
	{"earlier-migration", {TEXT(source.version, "4.1.0")}, CHECK_NOT_MADE, "prod-a does not show its migrations"},
	{"earlier-migration", {TEXT(source.version, NULL)}, CHECK_NOT_MADE, "prod-a did not tell"},
	{"upgrade-job", {{0}}, CHECK_OK, "none"},
	{"upgrade-job", {FLAG(job, true)}, CHECK_PROBLEM,
		"an upgrade of the model is in progress and moves it by itself; wait until it has ended"},
	{"upgrade-job", {FLAG(job_told, false)}, CHECK_NOT_MADE, "JIMM does not tell you of its upgrade jobs"},
	{"upgrade-job", {FLAG(job_told, false), FLAG(old_jimm, true)}, CHECK_OK, "none"},
	{"migration-lock", {{0}}, CHECK_NOT_MADE, "JIMM shows its lock on a model only to a start"},
	{"migration-lock", {FLAG(old_jimm, true)}, CHECK_OK, "this JIMM has none"},

	{"target-name", {{0}}, CHECK_OK, "JIMM knows no other model my-model of alice@canonical.com"},
	{"target-name", {WORD(namesake, NAMESAKE_ON_TARGET)}, CHECK_PROBLEM,
		"my-controller has another model my-model of alice@canonical.com already: rename or remove that one "
		"first"},
	{"target-name", {WORD(namesake, NAMESAKE_SOMEWHERE)}, CHECK_WARNING,
		"alice@canonical.com has another model my-model, JIMM does not tell where; on my-controller it would "
		"be in the way"},
	{"target-name", {FLAG(sees_all, false)}, CHECK_NOT_MADE,
		"JIMM does not show you all models of alice@canonical.com"},
	{"target-copy", {{0}}, CHECK_OK, "my-controller itself says that it has no copy of the model"},
	{"target-copy", {WORD(target.sight, TARGET_IMPORTING)}, CHECK_PROBLEM,
		"my-controller has an inactive copy, which must be aborted there first (MigrationTarget.Abort), never "
		"destroyed"},
	{"target-copy", {WORD(target.sight, TARGET_ACTIVE)}, CHECK_PROBLEM,
		"my-controller has an active copy of the model; touch nothing, call an administrator of both "
		"controllers"},
	{"target-copy", {WORD(target.sight, TARGET_UNKNOWN), TEXT(target.trouble, "no password")}, CHECK_NOT_MADE,
		"my-controller was not asked: no password"},
	{"target-copy", {WORD(target.sight, TARGET_UNKNOWN)}, CHECK_NOT_MADE,
		"my-controller was not asked: no answer in time"},
};

static void set(struct preflight_facts *facts, const struct setting *setting)
{
	void *place = (char *)facts + setting->offset;
	bool flag = setting->value != 0;
	size_t count = setting->value;

	if (setting->kind == SET_TEXT)
		memcpy(place, &setting->text, sizeof(setting->text));
	else if (setting->kind == SET_FLAG)
		memcpy(place, &flag, sizeof(flag));
	else if (setting->kind == SET_WORD)
		memcpy(place, &setting->value, sizeof(setting->value));
	else if (setting->kind == SET_COUNT)
		memcpy(place, &count, sizeof(count));
}

static const struct preflight_rule *find(const char *check)
{
	size_t count = 0;
	const struct preflight_rule *rules = preflight_rules(&count);

	for (size_t i = 0; i < count; i++)
		if (string_same(rules[i].check, check))
			return &rules[i];
	fail_msg("no check %s", check);
	return NULL;
}

static void every_check_tells_what_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct preflight_facts facts = usual;
		scoped(text) struct text detail;

		text_init(&detail, PREFLIGHT_DETAIL_MAX);
		for (size_t j = 0; j < SETTINGS_MAX; j++)
			set(&facts, &cases[i].settings[j]);
		assert_int_equal(find(cases[i].check)->judge(&facts, &detail), cases[i].result);
		assert_string_equal(detail.data, cases[i].detail);
	}
}

static void every_check_is_in_the_table(void **state)
{
	size_t count = 0;
	const struct preflight_rule *rules = preflight_rules(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		size_t seen = 0;

		for (size_t j = 0; j < array_length(cases); j++)
			seen += string_same(cases[j].check, rules[i].check) ? 1 : 0;
		assert_true(seen > 1);
	}
}

/* Two lines of a terminal, as far as names and reasons are of usual length. */
static void no_words_are_too_long(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		assert_in_range(strlen(cases[i].detail), 1, 160);
}

/* Of a caller who is told nothing, nothing is claimed: no check of theirs finds a problem. */
static void nothing_known_is_no_problem(void **state)
{
	const struct preflight_facts facts = {
		.target.name = "my-controller", .source.name = "prod-a", .model.name = "my-model"};
	size_t count = 0;
	const struct preflight_rule *rules = preflight_rules(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		scoped(text) struct text detail;

		text_init(&detail, PREFLIGHT_DETAIL_MAX);
		enum check_result result = rules[i].judge(&facts, &detail);
		assert_true(result == CHECK_NOT_MADE || result == CHECK_OK);
		assert_true(detail.length > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_check_tells_what_it_should),
		cmocka_unit_test(every_check_is_in_the_table),
		cmocka_unit_test(no_words_are_too_long),
		cmocka_unit_test(nothing_known_is_no_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
