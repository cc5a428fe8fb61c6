/* SPDX-License-Identifier: Apache-2.0 */
/* Replies to the calls of the facades ModelManager and Controller: a line with the call, then the message. */
#include "common/juju/controller.h"
#include "common/juju/model_manager.h"
#include "tests/fuzz/reply.h"

#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"

static void expect_summary(const struct model_summary *one)
{
	const char *const texts[] = {one->uuid, one->name, one->owner, one->controller_uuid, one->cloud, one->region,
		one->life, one->agent_version, one->status, one->status_info};

	for (size_t i = 0; i < array_length(texts); i++)
		fuzz_expect_text(texts[i]);
	fuzz_expect_uuid(one->uuid);
	fuzz_expect_uuid(one->controller_uuid);
	if (one->migration != NULL)
		fuzz_expect_text(one->migration->status);
}

static void summaries(void *context, struct model_summaries *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	if (answer == NULL)
		return;
	fuzz_expect(answer->count + answer->refused <= MODEL_SUMMARIES_MAX);
	fuzz_expect_error(answer->refused > 0, answer->error);
	for (size_t i = 0; i < answer->count; i++)
		expect_summary(&answer->list[i]);
	fuzz_learn(&(struct migration_answer){.what = LOOK_SUMMARIES, .summaries = answer});
}

static void info(void *context, struct model_summary *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	if (answer != NULL)
		expect_summary(answer);
}

static void models(void *context, struct controller_models *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	fuzz_expect(answer == NULL || answer->count <= CONTROLLER_MODELS_MAX);
	for (size_t i = 0; answer != NULL && i < answer->count; i++) {
		const struct controller_model *one = &answer->list[i];

		fuzz_expect_uuid(one->uuid);
		fuzz_expect_text(one->name);
		fuzz_expect_text(one->owner);
		fuzz_expect_text(one->type);
	}
	if (answer != NULL)
		fuzz_learn(&(struct migration_answer){.what = LOOK_MODELS, .models = answer});
}

static void list_summaries(struct rpc *rpc)
{
	model_manager_list_summaries(rpc, 9, "alice@canonical.com", summaries, NULL);
}

static void list_models(struct rpc *rpc)
{
	model_manager_list_models(rpc, 9, "alice@canonical.com", models, NULL);
}

static void model_info(struct rpc *rpc)
{
	model_manager_model_info(rpc, 9, MODEL, info, NULL);
}

static void all_models(struct rpc *rpc)
{
	controller_all_models(rpc, 11, models, NULL);
}

void fuzz_one(const char *bytes, size_t length)
{
	static const struct fuzz_call calls[] = {{"ModelManager.ListModelSummaries", list_summaries},
		{"ModelManager.ListModels", list_models}, {"ModelManager.ModelInfo", model_info},
		{"Controller.AllModels", all_models}};

	fuzz_reply(calls, array_length(calls), (struct fuzz_input){bytes, length});
}
