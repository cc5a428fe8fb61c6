/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/lists.h"

#include <stdlib.h>

#include "common/base/scoped.h"

struct lists_asking {
	struct rpc *rpc;
	const struct login_result *login;
	size_t open; /* calls */
	struct lists lists;
	struct error *failed;
	lists_done *done;
	void *context;
};

static void settle(struct lists_asking *asking)
{
	if (--asking->open > 0)
		return;
	asking->done(asking->context, asking->failed == NULL ? &asking->lists : NULL, asking->failed);
}

/* For an answer that is needed: any error fails the whole. */
static void need(struct lists_asking *asking, const struct error *error)
{
	if (error != NULL && asking->failed == NULL)
		asking->failed = error_copy(error);
}

/* For an answer that may be refused: any other error fails the whole. */
static void want(struct lists_asking *asking, const struct error *error)
{
	if (error != NULL && error->kind != ERROR_REMOTE)
		need(asking, error);
}

static void models_told(void *context, struct controller_models *models, const struct call_result *result)
{
	struct lists_asking *asking = context;

	need(asking, result->error);
	if (models != NULL)
		asking->lists.models = call_take(models);
	settle(asking);
}

static void controllers_told(void *context, struct jimm_controllers *controllers, const struct call_result *result)
{
	struct lists_asking *asking = context;

	want(asking, result->error);
	if (controllers != NULL)
		asking->lists.controllers = call_take(controllers);
	settle(asking);
}

static void summaries_told(void *context, struct model_summaries *summaries, const struct call_result *result)
{
	struct lists_asking *asking = context;

	need(asking, result->error);
	if (summaries != NULL)
		asking->lists.summaries = call_take(summaries);
	settle(asking);
}

/* Called once rights and rows are known: summaries name controllers only to an administrator, and only after the unmasking. */
static void ask_summaries(struct lists_asking *asking)
{
	if (asking->failed == NULL && asking->lists.administrator && !asking->lists.rows_told) {
		asking->open++;
		model_manager_list_summaries(asking->rpc, facades_best(&asking->login->facades, "ModelManager"),
			asking->login->identity, summaries_told, asking);
	}
	settle(asking);
}

static void rows_told(void *context, struct jimm_models *rows, const struct call_result *result)
{
	struct lists_asking *asking = context;

	want(asking, result->error);
	asking->lists.rows_told = rows != NULL;
	if (rows != NULL)
		asking->lists.rows = call_take(rows);
	ask_summaries(asking);
}

static void rights_told(void *context, const struct call_result *result)
{
	struct lists_asking *asking = context;

	want(asking, result->error);
	asking->lists.administrator = result->error == NULL;
	jimm_list_models(asking->rpc, rows_told, asking);
}

struct lists_asking *lists_ask(struct rpc *rpc, const struct login_result *login, lists_done *done, void *context)
{
	struct lists_asking *asking = memory_get(1, sizeof(*asking));

	*asking = (struct lists_asking){.rpc = rpc, .login = login, .open = 3, .done = done, .context = context};
	controller_all_models(rpc, facades_best(&login->facades, "Controller"), models_told, asking);
	jimm_disable_controller_uuid_masking(rpc, rights_told, asking);
	jimm_list_controllers(rpc, controllers_told, asking);
	return asking;
}

void lists_release(struct lists *lists)
{
	controller_models_release(&lists->models);
	jimm_controllers_release(&lists->controllers);
	jimm_models_release(&lists->rows);
	model_summaries_release(&lists->summaries);
	*lists = (struct lists){.administrator = false};
}

void lists_forget(struct lists_asking *asking)
{
	if (asking == NULL)
		return;
	lists_release(&asking->lists);
	error_free(asking->failed);
	free(asking);
}
