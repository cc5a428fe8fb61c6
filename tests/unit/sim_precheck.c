/* SPDX-License-Identifier: Apache-2.0 */
/* What the simulated controllers refuse before they begin, in juju's words; and that our own checks find a problem only where they do. */
#include "tests/unit/sim_scene.h"

#include "common/migration/preflight.h"

#define PAIR(from, to)                                                           \
	"\"controllers\":[{\"name\":\"prod-a\",\"agent-version\":\"" from "\"}," \
	"{\"name\":\"my-controller\",\"agent-version\":\"" to "\"}]"
#define MODEL(keys) "\"models\":[{\"name\":\"my-model\"" keys "}]"
#define SOURCE "source prechecks failed: "
#define TARGET "target prechecks failed: "
#define TARGET_4 TARGET "migration target prechecks failed: "

static const struct {
	const char *script;
	const char *refusal; /* "": none */
	const char *check;   /* of ours, which finds a problem; NULL: none does */
} cases[] = {
	{"{}", "", NULL},
	{"{" PAIR("3.6.12", "3.6.9") "," MODEL(",\"agent-version\":\"3.6.9\"") "}", "", NULL},
	{"{" PAIR("3.6.8", "3.6.9") "," MODEL(",\"agent-version\":\"3.6.10\"") "}",
		TARGET "model has higher version than target controller (3.6.10 > 3.6.9)", "model-version"},
	{"{" PAIR("3.6.8", "3.5.9") "," MODEL(",\"agent-version\":\"3.4.2\"") "}",
		TARGET "source controller has higher version than target controller (3.6.8 > 3.5.9)",
		"controller-version"},
	{"{" PAIR("2.9.51", "3.6.12") "}", "", NULL},
	{"{" PAIR("2.9.51", "3.6.12") "," MODEL(",\"agent-version\":\"2.9.42\"") "}",
		TARGET "model must be upgraded to at least version 2.9.43 before being migrated to a controller with "
		       "version 3.6.12",
		NULL},
	{"{" PAIR("2.9.51", "3.6.12") "," MODEL(",\"agent-version\":\"2.9.20\"") "}",
		TARGET "model must be upgraded to at least version 2.9.43 before being migrated to a controller with "
		       "version 3.6.12",
		"model-version"},
	{"{" PAIR("2.9.51", "4.0.14") "}",
		TARGET_4 "model must be upgraded to at least version 3.1.0 before being migrated to a controller with "
			 "version 4.0.14",
		"model-version"},
	{"{" PAIR("3.6.12", "4.0.14") "}", "", NULL},
	{"{" PAIR("4.0.14", "4.0.15") "}", "target controller does not support the model migration of this source",
		"controller-version"},
	{"{" PAIR("4.0.14", "4.1.0") "}", "", NULL},
	{"{" PAIR("4.1.0", "4.1-beta2") "," MODEL(",\"agent-version\":\"4.0.14\"") "}", "", NULL},
	{"{" MODEL(",\"life\":\"dying\"") "}", SOURCE "model is dying", "model-life"},
	{"{" MODEL(",\"life\":\"dead\"") "}", SOURCE "model is dead", "model-life"},
	{"{" MODEL(",\"credential\":\"invalid\"") "}", "", NULL},
	{"{" MODEL(",\"credential\":\"revoked\"") "}", SOURCE "model has revoked credentials", NULL},
	{"{" MODEL(",\"machines\":3,\"agents-down\":2") "}",
		SOURCE "machine 1 agent not functioning at this time (down)", "agents"},
	{"{" MODEL(",\"copies\":{\"my-controller\":\"importing\"}") "}",
		TARGET "model named \"my-model\" already exists", "target-copy"},
	{"{" MODEL(",\"copies\":{\"my-controller\":\"active\"}") "}",
		TARGET "model with same UUID already exists (" UUID ")", "target-copy"},
	{"{\"models\":[{},{\"controller\":\"my-controller\"}]}", TARGET "model named \"my-model\" already exists",
		"target-name"},
	{"{\"models\":[{},{\"controller\":\"my-controller\",\"owner\":\"operations@canonical.com\"}]}", "", NULL},
	{"{\"models\":[{},{\"controller\":\"my-controller\",\"name\":\"other\"}]}", "", NULL},
	{"{\"controllers\":[{\"name\":\"prod-a\"},{\"name\":\"my-controller\",\"cloud\":\"aws\"}]}", "", NULL},
	{"{\"controllers\":[{\"name\":\"prod-a\"},{\"name\":\"my-controller\",\"cloud\":\"aws\","
	 "\"agent-version\":\"4.1.0\"}]}",
		TARGET_4 "model's cloud \"maas\" not found on target controller", NULL},
	{"{\"controllers\":[{\"name\":\"prod-a\"},{\"name\":\"my-controller\",\"reach\":\"down\"}]}",
		"connect to target controller: dial tcp 10.0.0.2:17070: connect: connection refused", NULL},
};

static void juju_refuses_in_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		const struct world_plan plan = {0};
		struct world_error error = {0};
		struct scene scene;

		scene_open(&scene, cases[i].script);
		int status = world_juju_prechecks(scene.world, scene.model, scene.source, scene.target, &plan, &error);
		assert_int_equal(status, *cases[i].refusal ? -1 : 0);
		assert_string_equal(status ? error.message : "", cases[i].refusal);
		scene_close(&scene);
	}
}

static enum preflight_namesake namesake(const struct scene *scene)
{
	const struct world_model *other = &scene->world->models[scene->world->model_count - 1];
	bool same = other != scene->model && !strcmp(other->name, scene->model->name) &&
		    !strcmp(other->owner, scene->model->owner);
	return same && other->recorded == scene->target ? NAMESAKE_ON_TARGET : NAMESAKE_NONE;
}

/* What somebody who is told everything knows of the world. */
static struct preflight_facts facts_of(const struct scene *scene)
{
	static const enum target_sight sights[] = {
		[WORLD_ABSENT] = TARGET_NONE, [WORLD_IMPORTING] = TARGET_IMPORTING, [WORLD_ACTIVE] = TARGET_ACTIVE};
	const struct world_controller *source = scene->source, *target = scene->target;
	const struct world_model *model = scene->model;
	return (struct preflight_facts){
		.administrator = true,
		.target = {target->name, true, target->status, target->cloud, target->region, target->agent_version,
			true, sights[world_at(model, target)->presence], NULL},
		.source = {source->name, source->agent_version},
		.model = {.owner = model->owner,
			.name = model->name,
			.cloud = model->cloud,
			.region = model->region,
			.life = model->life,
			.version = world_juju_version(model, source),
			.status = world_at(model, source)->status,
			.agents_told = true,
			.away = "some",
			.away_count = world_juju_away(model, source)},
		.job_told = true,
		.namesake = namesake(scene),
		.sees_all = true,
	};
}

static void our_checks_stop_nothing_else(void **state)
{
	size_t count = 0;
	const struct preflight_rule *rules = preflight_rules(&count);
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene;
		bool found = false;

		scene_open(&scene, cases[i].script);
		struct preflight_facts facts = facts_of(&scene);
		for (size_t j = 0; j < count; j++) {
			scoped(text) struct text detail;
			text_init(&detail, PREFLIGHT_DETAIL_MAX);
			if (rules[j].judge(&facts, &detail) != CHECK_PROBLEM)
				continue;
			assert_true(*cases[i].refusal != '\0');
			found |= string_same(rules[j].check, cases[i].check) != 0;
		}
		assert_int_equal(found, cases[i].check != NULL);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(juju_refuses_in_its_words),
		cmocka_unit_test(our_checks_stop_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
