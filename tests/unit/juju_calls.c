/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/juju/all_watcher.h"
#include "common/juju/client.h"
#include "common/juju/controller.h"
#include "common/juju/model_manager.h"
#include "tests/unit/support/fake_rpc.h"

#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"
#define OTHER "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0003"
#define HOST "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"
#define SHOWN_MAX 100000

static void add_summary(struct text *shown, const struct model_summary *one)
{
	char since[INSTANT_TEXT_SIZE];
	char start[INSTANT_TEXT_SIZE];
	char end[INSTANT_TEXT_SIZE];

	text_add_format(shown, "%s %s/%s on %s %s/%s %s %s %s (%s) %s", one->uuid, one->owner, one->name,
		one->controller_uuid, one->cloud, one->region, one->life, one->agent_version, one->status,
		one->status_info, instant_format(one->status_since, since));
	if (one->migration != NULL)
		text_add_format(shown, " <%s> %s..%s", one->migration->status,
			instant_format(one->migration->start, start), instant_format(one->migration->end, end));
	text_add_string(shown, ";");
}

static void show_summaries(void *context, struct model_summaries *answer, const struct call_result *result)
{
	scoped(text) struct text shown = {.ceiling = SHOWN_MAX};

	if (answer == NULL) {
		fake_told(context, fake_failure(result));
		return;
	}
	for (size_t i = 0; i < answer->count; i++)
		add_summary(&shown, &answer->list[i]);
	if (answer->refused > 0)
		text_add_format(
			&shown, "%zu refused: %s (%s)", answer->refused, answer->error->message, answer->error->code);
	fake_told(context, text_take(&shown));
}

static void show_info(void *context, struct model_summary *answer, const struct call_result *result)
{
	scoped(text) struct text shown = {.ceiling = SHOWN_MAX};

	if (answer != NULL)
		add_summary(&shown, answer);
	fake_told(context, answer != NULL ? text_take(&shown) : fake_failure(result));
}

static void show_models(void *context, struct controller_models *answer, const struct call_result *result)
{
	scoped(text) struct text shown = {.ceiling = SHOWN_MAX};

	if (answer == NULL) {
		fake_told(context, fake_failure(result));
		return;
	}
	for (size_t i = 0; i < answer->count; i++)
		text_add_format(&shown, "%s %s/%s %s;", answer->list[i].uuid, answer->list[i].owner,
			answer->list[i].name, answer->list[i].type);
	fake_told(context, text_take(&shown));
}

static void show_status(void *context, struct client_status *answer, const struct call_result *result)
{
	scoped(text) struct text shown = {.ceiling = SHOWN_MAX};
	char since[INSTANT_TEXT_SIZE];

	if (answer == NULL) {
		fake_told(context, fake_failure(result));
		return;
	}
	text_add_format(&shown, "%s %s %s (%s) %s, %zu machines, %zu units, away:", answer->name, answer->version,
		answer->status, answer->status_info, instant_format(answer->status_since, since), answer->machines,
		answer->units);
	for (size_t i = 0; i < answer->away_count; i++)
		text_add_format(
			&shown, " %s=%s/%d", answer->away[i].name, answer->away[i].status, answer->away[i].unit);
	fake_told(context, text_take(&shown));
}

static void show_watcher(void *context, const char *watcher_id, const struct call_result *result)
{
	fake_told(context, watcher_id != NULL ? string_format("watcher %s", watcher_id) : fake_failure(result));
}

static void show_deltas(void *context, struct all_watcher_deltas *answer, const struct call_result *result)
{
	scoped(text) struct text shown = {.ceiling = SHOWN_MAX};

	if (answer == NULL) {
		fake_told(context, fake_failure(result));
		return;
	}
	for (size_t i = 0; i < answer->count; i++) {
		const struct all_watcher_delta *one = &answer->list[i];
		char since[INSTANT_TEXT_SIZE];

		text_add_format(&shown, "%s %s %s %s %s (%s) %s;", one->removed ? "-" : "+", one->uuid, one->name,
			one->life, one->status, one->status_info, instant_format(one->status_since, since));
	}
	fake_told(context, text_take(&shown));
}

static void summaries(struct rpc *rpc, struct fake_outcome *outcome)
{
	model_manager_list_summaries(rpc, 10, "alice@canonical.com", show_summaries, outcome);
}

static void info(struct rpc *rpc, struct fake_outcome *outcome)
{
	model_manager_model_info(rpc, 9, MODEL, show_info, outcome);
}

static void all_models(struct rpc *rpc, struct fake_outcome *outcome)
{
	controller_all_models(rpc, 12, show_models, outcome);
}

static void own_models(struct rpc *rpc, struct fake_outcome *outcome)
{
	model_manager_list_models(rpc, 9, "bob", show_models, outcome);
}

static void full_status(struct rpc *rpc, struct fake_outcome *outcome)
{
	client_full_status(rpc, 8, show_status, outcome);
}

static void watch(struct rpc *rpc, struct fake_outcome *outcome)
{
	client_watch_all(rpc, 8, show_watcher, outcome);
}

static void next(struct rpc *rpc, struct fake_outcome *outcome)
{
	all_watcher_next(rpc, 3, "1", show_deltas, outcome);
}

#define LIST "ModelManager(10).ListModelSummaries {\"user-tag\":\"user-alice@canonical.com\",\"all\":false}"
#define ONE "ModelManager(9).ModelInfo {\"entities\":[{\"tag\":\"model-" MODEL "\"}]}"

static const struct fake_case model_manager_cases[] = {
	{summaries, LIST,
		"{\"results\":[{\"result\":{\"name\":\"my-model\",\"uuid\":\"" MODEL
		"\",\"type\":\"iaas\",\"controller-uuid\":\"" HOST
		"\",\"is-controller\":false,\"cloud-tag\":\"cloud-maas\",\"cloud-region\":\"default\","
		"\"owner-tag\":\"user-alice@canonical.com\",\"life\":\"alive\",\"status\":{\"status\":\"busy\","
		"\"info\":\"migrating: exporting model\",\"since\":\"2026-08-21T07:12:44.018Z\"},"
		"\"migration\":{\"status\":\"exporting model\",\"start\":\"2026-08-21T07:12:40.5+02:00\"},"
		"\"agent-version\":\"3.6.14\",\"counts\":null,\"last-connection\":null}},"
		"{\"result\":{\"name\":\"n\",\"uuid\":\"" OTHER
		"\",\"qualifier\":\"alice@canonical.com\",\"status\":null,\"agent-version\":null,"
		"\"migration\":{\"status\":\"aborted, removing "
		"model\\tfrom\",\"start\":\"2026-08-21T05:12:40Z\","
		"\"end\":\"2026-08-21T05:13:00Z\"}}}]}",
		MODEL " alice@canonical.com/my-model on " HOST
		      " maas/default alive 3.6.14 busy (migrating: exporting model) 2026-08-21T07:12:44.018Z"
		      " <exporting model> 2026-08-21T05:12:40.5Z..;" OTHER " alice@canonical.com/n on  /    () "
		      " <aborted, removing model from> 2026-08-21T05:12:40Z..2026-08-21T05:13:00Z;"},
	{summaries, LIST,
		"{\"results\":[{\"error\":{\"message\":\"one\",\"code\":\"not "
		"found\"}},{\"result\":{\"uuid\":\"" MODEL
		"\",\"owner-tag\":\"user-\",\"migration\":null}},{\"error\":{\"message\":\"two\"}}]}",
		MODEL " / on  /    () ;2 refused: one (not found)"},
	{summaries, LIST, "{\"results\":null}", ""},
	{summaries, LIST, NULL, ""},
	{summaries, LIST, "{\"results\":[{}]}",
		"8[-] cannot make sense of the answer to ModelManager.ListModelSummaries: \"result\" is "
		"missing"},
	{summaries, LIST, "{\"results\":[{\"result\":{\"name\":\"m\"}}]}",
		"8[-] cannot make sense of the answer to ModelManager.ListModelSummaries: \"uuid\" is missing"},
	{summaries, LIST, "{\"results\":[{\"result\":{\"uuid\":\"" MODEL "\",\"migration\":[]}}]}",
		"8[-] cannot make sense of the answer to ModelManager.ListModelSummaries: \"migration\" is no "
		"object"},
	{info, ONE,
		"{\"results\":[{\"result\":{\"uuid\":\"" MODEL "\",\"name\":\"my-model\",\"controller-uuid\":\"" HOST
		"\",\"life\":\"alive\",\"owner-tag\":\"user-admin\",\"cloud-tag\":\"cloud-aws\",\"agent-"
		"version\":\"3.6.1\","
		"\"status\":{\"status\":\"available\",\"info\":\"\",\"since\":\"0001-01-01T00:00:00Z\"},"
		"\"users\":[],\"machines\":null}}]}",
		MODEL " admin/my-model on " HOST " aws/ alive 3.6.1 available () ;"},
	{info, ONE,
		"{\"results\":[{\"error\":{\"message\":\"permission denied\",\"code\":\"unauthorized "
		"access\"}}]}",
		"9[unauthorized access] permission denied"},
	/* A controller asked directly tells where the model has gone, without its own UUID. */
	{info, ONE,
		"{\"results\":[{\"error\":{\"message\":\"redirection to alternative server required\","
		"\"code\":\"redirection "
		"required\",\"info\":{\"servers\":[[{\"value\":\"10.1.2.3\",\"type\":\"ipv4\","
		"\"scope\":\"public\",\"port\":17070},{\"value\":\"fd00::3\",\"type\":\"ipv6\",\"port\":17070}]"
		",null],"
		"\"ca-cert\":\"-----BEGIN\",\"controller-alias\":\"prod-b\"}}}]}",
		"9[redirection required] redirection to alternative server required -> "
		"10.1.2.3:17070,[fd00::3]:17070||prod-b"},
	{info, ONE, "{\"results\":[]}",
		"8[-] cannot make sense of the answer to ModelManager.ModelInfo: \"results\" has no entry"},
	{info, ONE, "{\"results\":[{\"result\":null}]}",
		"8[-] cannot make sense of the answer to ModelManager.ModelInfo: \"result\" is missing"},
	{info, ONE, "{\"results\":[\"x\"]}",
		"8[-] cannot make sense of the answer to ModelManager.ModelInfo: \"results\" has an entry that "
		"is no "
		"object"},
};

static void test_model_manager(void **state)
{
	(void)state;
	assert_int_equal(fake_run(model_manager_cases, array_length(model_manager_cases)), 0);
}

static void test_controller(void **state)
{
	static const char call[] = "Controller(12).AllModels {}";
	static const char own_call[] = "ModelManager(9).ListModels {\"tag\":\"user-bob\"}";
	static const struct fake_case cases[] = {
		{all_models, call,
			"{\"user-models\":[{\"model\":{\"name\":\"m\",\"uuid\":\"" MODEL
			"\",\"type\":\"\",\"owner-tag\":\"user-alice@canonical.com\"},\"last-connection\":null},"
			"{\"model\":{\"name\":\"k\",\"uuid\":\"" OTHER "\",\"type\":\"caas\",\"qualifier\":\"bob\"}}]}",
			MODEL " alice@canonical.com/m iaas;" OTHER " bob/k caas;"},
		{all_models, call,
			"{\"user-models\":[{\"model\":{\"uuid\":\"5F0C9A52-0D0E-4E55-8F0B-6F2A6F6F0001\"}}]}",
			MODEL " / iaas;"},
		{all_models, call, "{\"user-models\":null}", ""},
		{own_models, own_call,
			"{\"user-models\":[{\"model\":{\"name\":\"m\",\"uuid\":\"" MODEL
			"\",\"type\":\"iaas\",\"owner-tag\":\"user-bob\"},\"last-connection\":null}]}",
			MODEL " bob/m iaas;"},
		{own_models, own_call, "{\"user-models\":null}", ""},
		{all_models, call, "{}", ""},
		{all_models, call, "{\"user-models\":[{\"model\":null}]}",
			"8[-] cannot make sense of the answer to Controller.AllModels: \"uuid\" is missing"},
		{all_models, call, "{\"user-models\":[{\"model\":{\"uuid\":1}}]}",
			"8[-] cannot make sense of the answer to Controller.AllModels: \"uuid\" is no text"},
	};

	(void)state;
	assert_int_equal(fake_run(cases, array_length(cases)), 0);
}

static void test_client(void **state)
{
	static const char call[] = "Client(8).FullStatus {\"patterns\":null}";
	static const struct fake_case cases[] = {
		{full_status, call,
			"{\"model\":{\"name\":\"m\",\"version\":\"3.6.14\",\"model-status\":{\"status\":\"busy\","
			"\"info\":\"migrating: exporting model\",\"since\":\"2026-08-21T07:12:44Z\"}},"
			"\"machines\":{\"0\":{\"agent-status\":{\"status\":\"started\"},\"containers\":{\"0/lxd/1\":"
			"{\"agent-status\":{\"status\":\"down\"},\"containers\":null}}},\"1\":{\"agent-status\":null}},"
			"\"applications\":{\"app\":{\"units\":{\"app/0\":{\"agent-status\":{\"status\":\"idle\"},"
			"\"subordinates\":{\"sub/0\":{\"agent-status\":{\"status\":\"lost\"}}}},"
			"\"app/1\":{\"agent-status\":{\"status\":\"executing\"}}}},\"none\":{\"units\":null}}}",
			"m 3.6.14 busy (migrating: exporting model) 2026-08-21T07:12:44Z, 3 machines, 3 units, away: "
			"0/lxd/1=down/0 1=/0 sub/0=lost/1"},
		{full_status, call, "{\"model\":{},\"machines\":null,\"applications\":null}",
			"   () , 0 machines, 0 units, away:"},
		{full_status, call, "{}",
			"8[-] cannot make sense of the answer to Client.FullStatus: \"model\" is missing"},
		{full_status, call, "{\"model\":{},\"machines\":[]}",
			"8[-] cannot make sense of the answer to Client.FullStatus: \"machines\" is no object"},
		{full_status, call, "{\"model\":{},\"machines\":{\"0\":[]}}",
			"8[-] cannot make sense of the answer to Client.FullStatus: \"machines\" has an entry that is "
			"no "
			"object"},
		{full_status, call, "{\"model\":{},\"applications\":{\"a\":3}}",
			"8[-] cannot make sense of the answer to Client.FullStatus: \"applications\" has an entry that "
			"is no "
			"object"},
		{full_status, call,
			"{\"model\":{},\"machines\":{\"0\":{\"containers\":{\"1\":{\"containers\":{\"2\":{"
			"\"containers\":{\"3\":"
			"{\"containers\":{\"4\":{\"containers\":{\"5\":{\"containers\":{\"6\":{\"containers\":{\"7\":"
			"{\"containers\":{\"8\":{}}}}}}}}}}}}}}}}}}}}",
			"8[-] cannot make sense of the answer to Client.FullStatus: \"containers\" is nested too "
			"deeply"},
		{watch, "Client(8).WatchAll {}", "{\"watcher-id\":\"1\"}", "watcher 1"},
		{watch, "Client(8).WatchAll {}", "{}",
			"8[-] cannot make sense of the answer to Client.WatchAll: \"watcher-id\" is missing"},
	};

	(void)state;
	assert_int_equal(fake_run(cases, array_length(cases)), 0);
}

static void test_all_watcher(void **state)
{
	static const char call[] = "AllWatcher(3)[1].Next {}";
	static const struct fake_case cases[] = {
		{next, call,
			"{\"deltas\":[[\"machine\",\"change\",{\"id\":\"0\"}],[\"model\",\"change\",{\"model-uuid\":"
			"\"" MODEL "\",\"name\":\"m\",\"life\":\"alive\",\"status\":{\"current\":\"busy\","
			"\"message\":\"migrating: exporting model\",\"since\":\"2026-08-21T07:12:44Z\"}}],"
			"[\"unit\",\"change\",null],[\"model\",\"remove\",{\"model-uuid\":\"" MODEL "\"}]]}",
			"+ " MODEL " m alive busy (migrating: exporting model) 2026-08-21T07:12:44Z;- " MODEL
			"    () ;"},
		{next, call, "{\"deltas\":[[\"unit\",\"change\",{}]]}", ""},
		{next, call, "{\"deltas\":null}", ""},
		{next, call, "{\"deltas\":[[\"model\",\"change\"]]}",
			"8[-] cannot make sense of the answer to AllWatcher.Next: \"deltas\" has an entry that is no "
			"change"},
		{next, call, "{\"deltas\":[{\"model\":1}]}",
			"8[-] cannot make sense of the answer to AllWatcher.Next: \"deltas\" has an entry that is no "
			"change"},
		{next, call, "{\"deltas\":[[\"model\",\"change\",\"x\"]]}",
			"8[-] cannot make sense of the answer to AllWatcher.Next: \"deltas\" has an entry that is no "
			"object"},
		{next, call, "{\"deltas\":[[\"model\",null,{}],[\"model\",\"change\",{}]]}",
			"8[-] cannot make sense of the answer to AllWatcher.Next: \"deltas\" has an entry that is no "
			"change"},
	};
	struct fake_outcome outcome = {0};
	scoped(rpc) struct rpc *rpc = fake_rpc();

	(void)state;
	assert_int_equal(fake_run(cases, array_length(cases)), 0);
	next(rpc, &outcome);
	assert_true(rpc->requests[0].timeout == INSTANT_NEVER);
}

/* Refusals of the whole call come through unchanged, with where the model has gone when that is told in a usable way. */
static void test_refusals(void **state)
{
	static const struct {
		const char *code;
		const char *info;
		const char *told;
	} cases[] = {
		{"not implemented", NULL, "9[not implemented] no"},
		{"", NULL, "9[] no"},
		{"redirection required", NULL, "9[redirection required] no"},
		{"redirection required",
			"{\"servers\":[[{\"value\":\"b.example.com\",\"port\":443},{\"value\":\"\",\"port\":1},"
			"{\"value\":\"x\",\"port\":0}]],\"controller-tag\":\"controller-" HOST "\"}",
			"9[redirection required] no -> b.example.com:443|" HOST "|"},
		{"redirection required", "{\"servers\":null,\"controller-alias\":\"prod-b\"}",
			"9[redirection required] no||prod-b"},
		{"redirection required", "{\"servers\":[{}]}", "9[redirection required] no"},
		{"redirection required", "{\"controller-tag\":\"model-" HOST "\"}", "9[redirection required] no"},
		{"model migrating", "{\"controller-alias\":\"prod-b\"}", "9[model migrating] no"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct fake_outcome outcome = {0};
		scoped(rpc) struct rpc *rpc = fake_rpc();

		full_status(rpc, &outcome);
		fake_refuse(rpc, 0, cases[i].code, "no", cases[i].info);
		assert_string_equal(outcome.text, cases[i].told);
		free(outcome.text);
	}
}

struct kept {
	struct rpc *rpc;
	struct controller_models models;
	int64_t asked;
	int64_t answered;
};

static void keep_and_free(void *context, struct controller_models *answer, const struct call_result *result)
{
	struct kept *kept = context;

	kept->models = call_take(answer);
	kept->asked = result->asked;
	kept->answered = result->answered;
	assert_null(result->error);
	rpc_free(kept->rpc);
}

/* An answer can be taken, and the rpc freed in the callback with another call pending. */
static void test_take(void **state)
{
	struct fake_outcome outcome = {0};
	struct rpc *rpc = fake_rpc();
	struct kept kept = {.rpc = rpc};

	(void)state;
	controller_all_models(rpc, 12, keep_and_free, &kept);
	next(rpc, &outcome);
	fake_answer(rpc, 0, "{\"user-models\":[{\"model\":{\"name\":\"m\",\"uuid\":\"" MODEL "\"}}]}");
	assert_int_equal(outcome.calls, 0);
	assert_int_equal(kept.asked, 100);
	assert_int_equal(kept.answered, 200);
	assert_int_equal(kept.models.count, 1);
	assert_string_equal(kept.models.list[0].uuid, MODEL);
	controller_models_release(&kept.models);
	assert_int_equal(kept.models.count, 0);
}

/* {"<key>":[<entry>,...]} with one entry more than `most`, answered to `start`; owned by the caller. */
static void too_many(void (*start)(struct rpc *, struct fake_outcome *), const char *key, size_t most)
{
	struct json_object *response = json_object_new_object();
	struct json_object *list = json_object_new_array();
	struct fake_outcome outcome = {0};
	scoped(rpc) struct rpc *rpc = fake_rpc();

	json_object_object_add(response, key, list);
	for (size_t i = 0; i <= most; i++)
		json_object_array_add(list, NULL);
	start(rpc, &outcome);
	fake_reply(rpc, 0, &(struct rpc_reply){.response = response});
	assert_non_null(strstr(outcome.text, "has too many entries"));
	json_object_put(response);
	free(outcome.text);
}

static void test_ceilings(void **state)
{
	(void)state;
	too_many(summaries, "results", MODEL_SUMMARIES_MAX);
	too_many(all_models, "user-models", CONTROLLER_MODELS_MAX);
	too_many(next, "deltas", ALL_WATCHER_DELTAS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model_manager),
		cmocka_unit_test(test_controller),
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_all_watcher),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_ceilings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
