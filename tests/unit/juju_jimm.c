/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/juju/jimm.h"
#include "tests/unit/support/fake_rpc.h"

#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"
#define HOST "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"
#define SHOWN_MAX 100000

static void show_controllers(void *context, struct jimm_controllers *answer, const struct call_result *result)
{
	scoped(text) struct text shown = {.ceiling = SHOWN_MAX};

	if (answer == NULL) {
		fake_told(context, fake_failure(result));
		return;
	}
	for (size_t i = 0; i < answer->count; i++) {
		const struct jimm_controller *one = &answer->list[i];
		char since[INSTANT_TEXT_SIZE];

		text_add_format(&shown, "%s %s %s/%s %s %s (%s) %s %s;", one->name, one->uuid, one->cloud, one->region,
			one->agent_version, one->status, one->status_info, instant_format(one->status_since, since),
			one->public_address);
	}
	fake_told(context, text_take(&shown));
}

static char *model_text(const struct jimm_model *model)
{
	return string_format("%s %s on %s %s [%s %d];", model->name, model->uuid, model->controller_name,
		model->controller_uuid, model->upgrade_state, model->upgrade_active);
}

static void show_model(void *context, struct jimm_model *answer, const struct call_result *result)
{
	fake_told(context, answer != NULL ? model_text(answer) : fake_failure(result));
}

static void show_models(void *context, struct jimm_models *answer, const struct call_result *result)
{
	scoped(text) struct text shown = {.ceiling = SHOWN_MAX};

	if (answer == NULL) {
		fake_told(context, fake_failure(result));
		return;
	}
	for (size_t i = 0; i < answer->count; i++) {
		scoped(string) char *one = model_text(&answer->list[i]);
		text_add_string(&shown, one);
	}
	fake_told(context, text_take(&shown));
}

static void show_nothing(void *context, const struct call_result *result)
{
	fake_told(context, result->error != NULL ? fake_failure(result) : string_copy("done"));
}

static void show_migration(void *context, const char *migration_id, const struct call_result *result)
{
	fake_told(context, migration_id != NULL ? string_format("id %s", migration_id) : fake_failure(result));
}

static void list_controllers(struct rpc *rpc, struct fake_outcome *outcome)
{
	jimm_list_controllers(rpc, show_controllers, outcome);
}

static void unmask(struct rpc *rpc, struct fake_outcome *outcome)
{
	jimm_disable_controller_uuid_masking(rpc, show_nothing, outcome);
}

static void update(struct rpc *rpc, struct fake_outcome *outcome)
{
	jimm_update_migrated_model(rpc, MODEL, "prod-b", show_nothing, outcome);
}

static void where(struct rpc *rpc, struct fake_outcome *outcome)
{
	jimm_model_controller_info(rpc, "alice@canonical.com/m", show_model, outcome);
}

static void list_models(struct rpc *rpc, struct fake_outcome *outcome)
{
	jimm_list_models(rpc, show_models, outcome);
}

static void targets(struct rpc *rpc, struct fake_outcome *outcome)
{
	jimm_list_migration_targets(rpc, MODEL, show_controllers, outcome);
}

static void migrate(struct rpc *rpc, struct fake_outcome *outcome)
{
	jimm_migrate_model(rpc, MODEL, "prod-b", show_migration, outcome);
}

#define BARE "JIMM(4).MigrateModel {\"specs\":[{\"model-tag\":\"" MODEL "\",\"target-controller\":\"prod-b\"}]}"
#define TAGGED "JIMM(4).MigrateModel {\"specs\":[{\"model-tag\":\"model-" MODEL "\",\"target-controller\":\"prod-b\"}]}"

#define CONTROLLERS_CALL "JIMM(4).ListControllers {}"
#define MODELS_CALL "JIMM(4).ListModels {}"
#define INFO_CALL "JIMM(4).ModelControllerInfo {\"model\":\"alice@canonical.com/m\"}"

static const struct fake_case calls_cases[] = {
	{list_controllers, CONTROLLERS_CALL,
		"{\"controllers\":[{\"name\":\"prod-b\",\"uuid\":\"" HOST
		"\",\"public-address\":\"b.example.com:443\",\"api-addresses\":[\"10.1.2.3:17070\"],"
		"\"ca-certificate\":\"-----BEGIN\",\"cloud-tag\":\"cloud-maas\",\"cloud-region\":\"default\","
		"\"agent-version\":\"3.6.12\",\"status\":{\"status\":\"available\",\"info\":\"\"}},"
		"{\"name\":\"prod-c\",\"uuid\":\"\",\"agent-version\":\"\",\"username\":\"admin\","
		"\"status\":{\"status\":\"unavailable\",\"info\":\"x\\u001b[1m\\ny\",\"since\":\"2026-06-30T10:"
		"00:00Z\"}}]}",
		"prod-b " HOST " maas/default 3.6.12 available ()  b.example.com:443;"
		"prod-c  /  unavailable (x?[1m y) 2026-06-30T10:00:00Z ;"},
	{list_controllers, CONTROLLERS_CALL, "{\"controllers\":null}", ""},
	{list_controllers, CONTROLLERS_CALL, "{}", ""},
	{list_controllers, CONTROLLERS_CALL, NULL, ""},
	{list_controllers, CONTROLLERS_CALL, "{\"controllers\":{}}",
		"8[-] cannot make sense of the answer to JIMM.ListControllers: \"controllers\" is no list"},
	{list_controllers, CONTROLLERS_CALL, "{\"controllers\":[7]}",
		"8[-] cannot make sense of the answer to JIMM.ListControllers: \"controllers\" has an entry "
		"that is no "
		"object"},
	{list_controllers, CONTROLLERS_CALL, "{\"controllers\":[{\"uuid\":\"" HOST "\"}]}",
		"8[-] cannot make sense of the answer to JIMM.ListControllers: \"name\" is missing"},
	{list_controllers, CONTROLLERS_CALL, "{\"controllers\":[{\"name\":\"a\",\"uuid\":\"../../x\"}]}",
		"8[-] cannot make sense of the answer to JIMM.ListControllers: \"uuid\" is no UUID"},
	{list_controllers, CONTROLLERS_CALL, "{\"controllers\":[{\"name\":\"a\\u0000b\"}]}",
		"8[-] cannot make sense of the answer to JIMM.ListControllers: \"name\" has a NUL in its text"},
	{list_controllers, CONTROLLERS_CALL, "{\"controllers\":[{\"name\":\"a\",\"status\":\"available\"}]}",
		"8[-] cannot make sense of the answer to JIMM.ListControllers: \"status\" is no object"},
	{targets, "JIMM(4).ListMigrationTargets {\"model-tag\":\"model-" MODEL "\"}",
		"{\"controllers\":[{\"name\":\"a\",\"status\":null}]}", "a  /   ()  ;"},
	{targets, "JIMM(4).ListMigrationTargets {\"model-tag\":\"model-" MODEL "\"}", "{\"controllers\":\"\"}",
		"8[-] cannot make sense of the answer to JIMM.ListMigrationTargets: \"controllers\" is no "
		"list"},
	{unmask, "JIMM(4).DisableControllerUUIDMasking {}", NULL, "done"},
	{unmask, "JIMM(4).DisableControllerUUIDMasking {}", "{}", "done"},
	{update, "JIMM(4).UpdateMigratedModel {\"model-tag\":\"model-" MODEL "\",\"target-controller\":\"prod-b\"}",
		"{}", "done"},
	{where, INFO_CALL,
		"{\"model-name\":\"m\",\"model-uuid\":\"" MODEL
		"\",\"controller-name\":\"prod-a\",\"controller-uuid\":\"" HOST "\"}",
		"m " MODEL " on prod-a " HOST " [ 0];"},
	{where, INFO_CALL,
		"{\"model-uuid\":\"" MODEL "\",\"upgrade-to-job-status\":{\"detail\":{\"state\":\"running\","
		"\"attempt\":1},\"info\":\"x\"}}",
		" " MODEL " on   [running 1];"},
	{where, INFO_CALL,
		"{\"model-uuid\":\"" MODEL "\",\"upgrade-to-job-status\":{\"detail\":{\"state\":\"completed\"}}}",
		" " MODEL " on   [completed 0];"},
	{where, INFO_CALL, "{\"model-uuid\":\"" MODEL "\",\"upgrade-to-job-status\":7}",
		"8[-] cannot make sense of the answer to JIMM.ModelControllerInfo: \"upgrade-to-job-status\" "
		"is no "
		"object"},
	{where, INFO_CALL, "{}",
		"8[-] cannot make sense of the answer to JIMM.ModelControllerInfo: \"model-uuid\" is missing"},
	{list_models, MODELS_CALL,
		"{\"models\":[{\"model-name\":\"m\",\"model-uuid\":\"" MODEL
		"\",\"controller-name\":\"prod-a\",\"controller-uuid\":\"" HOST
		"\",\"upgrade-to-job-status\":\"scheduled\"}]}",
		"m " MODEL " on prod-a " HOST " [scheduled 1];"},
	{list_models, MODELS_CALL,
		"{\"models\":[{\"model-uuid\":\"" MODEL
		"\",\"upgrade-to-job-status\":\"available\"},{\"model-uuid\":\"" MODEL
		"\",\"upgrade-to-job-status\":\"pending\"},{\"model-uuid\":\"" MODEL
		"\",\"upgrade-to-job-status\":\"retryable\"},{\"model-uuid\":\"" MODEL
		"\",\"upgrade-to-job-status\":\"cancelled\"}]}",
		" " MODEL " on   [available 1]; " MODEL " on   [pending 1]; " MODEL " on   [retryable 1]; " MODEL
		" on   [cancelled 0];"},
	{list_models, MODELS_CALL, "{\"models\":null}", ""},
	{list_models, MODELS_CALL, "{\"models\":true}",
		"8[-] cannot make sense of the answer to JIMM.ListModels: \"models\" is no list"},
	{migrate, BARE, "{\"results\":[{\"model-tag\":\"model-" MODEL "\",\"migration-id\":\"" MODEL ":0\"}]}",
		"id " MODEL ":0"},
	{migrate, BARE,
		"{\"results\":[{\"model-tag\":\"\",\"error\":{\"message\":\"controller not "
		"found\",\"code\":\"not found\"}}]}",
		"9[not found] controller not found"},
	{migrate, BARE, "{\"results\":[{\"error\":{\"message\":\"target prechecks failed: a\\n- b\",\"code\":\"\"}}]}",
		"9[] target prechecks failed: a - b"},
	{migrate, BARE, "{\"results\":[{\"error\":{}}]}", "9[] refused without a reason"},
	{migrate, BARE, "{\"results\":[{\"error\":\"no\"}]}",
		"8[-] cannot make sense of the answer to JIMM.MigrateModel: \"error\" is no object"},
	{migrate, BARE, "{\"results\":null}",
		"8[-] cannot make sense of the answer to JIMM.MigrateModel: \"results\" has no entry"},
	{migrate, BARE, NULL, "8[-] cannot make sense of the answer to JIMM.MigrateModel: \"results\" has no entry"},
	{migrate, BARE, "{\"results\":[{},{}]}",
		"8[-] cannot make sense of the answer to JIMM.MigrateModel: \"results\" has too many entries"},
};

static void test_calls(void **state)
{
	(void)state;
	assert_int_equal(fake_run(calls_cases, array_length(calls_cases)), 0);
}

/* An old JIMM wants a tag, in the one result or as the error of the whole call; it is asked once more, and only once. */
static void test_migrate_tagged(void **state)
{
	static const char complaint[] =
		"{\"results\":[{\"model-tag\":\"\",\"error\":{\"message\":\"\\\"" MODEL "\\\" is not a valid tag\"}}]}";

	(void)state;
	for (int whole = 0; whole < 2; whole++) {
		struct fake_outcome outcome = {0};
		scoped(rpc) struct rpc *rpc = fake_rpc();

		migrate(rpc, &outcome);
		assert_string_equal(rpc->requests[0].text, BARE);
		assert_int_equal(rpc->requests[0].timeout, 5 * INSTANT_MINUTE);
		if (whole)
			fake_refuse(rpc, 0, "", "\"x\" is not a valid tag", NULL);
		else
			fake_answer(rpc, 0, complaint);
		assert_int_equal(outcome.calls, 0);
		assert_int_equal(rpc->count, 2);
		assert_string_equal(rpc->requests[1].text, TAGGED);
		fake_answer(rpc, 1, complaint);
		assert_int_equal(rpc->count, 2);
		assert_int_equal(outcome.calls, 1);
		assert_string_equal(outcome.text, "9[] \"" MODEL "\" is not a valid tag");
		free(outcome.text);
	}
}

/* Whatever else goes wrong, nothing is sent again. */
static void test_migrate_once(void **state)
{
	static const struct {
		enum error_kind kind;
		const char *told;
	} cases[] = {
		{ERROR_NETWORK, "5[-] \"x\" is not a valid tag"},
		{ERROR_TIMEOUT, "6[-] \"x\" is not a valid tag"},
		{ERROR_PROTOCOL, "8[-] \"x\" is not a valid tag"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct fake_outcome outcome = {0};
		scoped(rpc) struct rpc *rpc = fake_rpc();

		migrate(rpc, &outcome);
		fake_fail(rpc, 0, cases[i].kind, "\"x\" is not a valid tag");
		assert_int_equal(rpc->count, 1);
		assert_int_equal(outcome.calls, 1);
		assert_string_equal(outcome.text, cases[i].told);
		free(outcome.text);
	}
}

/* Freeing the rpc forgets what is pending, also the second sending; memory checkers see a leak. */
static void test_forgotten(void **state)
{
	struct fake_outcome outcome = {0};
	struct rpc *rpc = fake_rpc();

	(void)state;
	migrate(rpc, &outcome);
	migrate(rpc, &outcome);
	list_controllers(rpc, &outcome);
	fake_refuse(rpc, 0, "", "\"x\" is not a valid tag", NULL);
	assert_int_equal(rpc->count, 4);
	rpc_free(rpc);
	assert_int_equal(outcome.calls, 0);
}

static void test_timeouts(void **state)
{
	struct fake_outcome outcome = {0};
	scoped(rpc) struct rpc *rpc = fake_rpc();

	(void)state;
	list_controllers(rpc, &outcome);
	list_models(rpc, &outcome);
	update(rpc, &outcome);
	unmask(rpc, &outcome);
	where(rpc, &outcome);
	targets(rpc, &outcome);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(rpc->requests[i].timeout, i < 3 ? 300 * INSTANT_SECOND : 90 * INSTANT_SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_migrate_tagged),
		cmocka_unit_test(test_migrate_once),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_timeouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
