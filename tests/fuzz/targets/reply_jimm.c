/* SPDX-License-Identifier: Apache-2.0 */
/* Replies to the calls of facade JIMM: a line with the call, then the message. */
#include "common/juju/jimm.h"

#include "tests/fuzz/reply.h"

#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"

static void controllers(void *context, struct jimm_controllers *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	fuzz_expect((answer != NULL) == (result->error == NULL));
	fuzz_expect(answer == NULL || answer->count <= JIMM_CONTROLLERS_MAX);
	for (size_t i = 0; answer != NULL && i < answer->count; i++) {
		const struct jimm_controller *one = &answer->list[i];
		const char *const texts[] = {one->name, one->uuid, one->cloud, one->region, one->agent_version,
			one->status, one->status_info, one->public_address};

		fuzz_expect(one->name[0] != '\0');
		fuzz_expect_uuid(one->uuid);
		for (size_t k = 0; k < array_length(texts); k++)
			fuzz_expect_text(texts[k]);
	}
	if (answer != NULL)
		fuzz_learn(&(struct migration_answer){.what = LOOK_CONTROLLERS, .controllers = answer});
}

static void expect_model(const struct jimm_model *one)
{
	fuzz_expect_uuid(one->uuid);
	fuzz_expect(one->uuid[0] != '\0');
	fuzz_expect_uuid(one->controller_uuid);
	fuzz_expect_text(one->name);
	fuzz_expect_text(one->controller_name);
	fuzz_expect_text(one->upgrade_state);
	fuzz_expect(one->upgrade_active == 0 || one->upgrade_active == 1);
}

static void model(void *context, struct jimm_model *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	if (answer != NULL)
		expect_model(answer);
}

static void models(void *context, struct jimm_models *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	fuzz_expect(answer == NULL || answer->count <= JIMM_MODELS_MAX);
	for (size_t i = 0; answer != NULL && i < answer->count; i++)
		expect_model(&answer->list[i]);
	if (answer != NULL)
		fuzz_learn(&(struct migration_answer){.what = LOOK_ROWS, .rows = answer});
}

static void migration(void *context, const char *id, const struct call_result *result)
{
	(void)context;
	fuzz_told(id != NULL, result);
	fuzz_expect_printable(id);
}

static void nothing(void *context, const struct call_result *result)
{
	(void)context;
	fuzz_told(false, result);
}

static void list_controllers(struct rpc *rpc)
{
	jimm_list_controllers(rpc, controllers, NULL);
}

static void list_targets(struct rpc *rpc)
{
	jimm_list_migration_targets(rpc, MODEL, controllers, NULL);
}

static void unmask(struct rpc *rpc)
{
	jimm_disable_controller_uuid_masking(rpc, nothing, NULL);
}

static void update(struct rpc *rpc)
{
	jimm_update_migrated_model(rpc, MODEL, "prod-b", nothing, NULL);
}

static void where(struct rpc *rpc)
{
	jimm_model_controller_info(rpc, MODEL, model, NULL);
}

static void list_models(struct rpc *rpc)
{
	jimm_list_models(rpc, models, NULL);
}

static void migrate(struct rpc *rpc)
{
	jimm_migrate_model(rpc, MODEL, "prod-b", migration, NULL);
}

void fuzz_one(const char *bytes, size_t length)
{
	static const struct fuzz_call calls[] = {{"JIMM.ListControllers", list_controllers},
		{"JIMM.ListMigrationTargets", list_targets}, {"JIMM.DisableControllerUUIDMasking", unmask},
		{"JIMM.UpdateMigratedModel", update}, {"JIMM.ModelControllerInfo", where},
		{"JIMM.ListModels", list_models}, {"JIMM.MigrateModel", migrate}};

	fuzz_reply(calls, array_length(calls), (struct fuzz_input){bytes, length});
}
