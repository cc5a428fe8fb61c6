/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/remote.h"

#include <stdlib.h>

#include "common/migration/remote_private.h"

void remote_answer(struct remote_ask *ask, struct migration_answer *answer)
{
	answer->what = ask->what;
	answer->model = ask->model;
	if (ask->model == MIGRATION_ALL && answer->error == NULL && ask->remote->listed != NULL)
		ask->remote->listed(ask->remote->context, answer);
	engine_answered(ask->remote->engine, answer, loop_now(ask->remote->place->loop));
}

static void answer_now(void *context)
{
	struct remote_ask *ask = context;
	scoped(error) struct error *error = steal(ask->error);

	if (error == NULL) {
		/* Only a login can be ready before it is asked for. */
		remote_model_hand_over(&ask->remote->models[ask->model]);
		return;
	}
	struct migration_answer answer = {.asked = loop_now(ask->remote->place->loop), .error = error};
	remote_answer(ask, &answer);
}

void remote_answer_later(struct remote_ask *ask, const struct error *error)
{
	error_free(ask->error);
	ask->error = error_copy(error);
	loop_timer_set(ask->remote->place->loop, &ask->timer, loop_now(ask->remote->place->loop), answer_now, ask);
}

/* ---- the connection to /api ---- */

static void connect_api(struct remote *remote);

static void unmasked(void *context, const struct call_result *result)
{
	(void)context;
	(void)result;
}

static void api_opened(void *context, const struct error *error)
{
	struct remote *remote = context;

	if (error == NULL)
		remote->logged_in(remote->context, remote->api);
	if (remote->engine == NULL) {
		if (error == NULL)
			remote->login = session_take_login(remote->api);
		remote->connected(remote->context, error);
		return;
	}
	error_free(remote->api_trouble);
	remote->api_trouble = error != NULL ? error_copy(error) : NULL;
	if (error != NULL) {
		session_close(steal(remote->api));
		return;
	}
	if (remote->unmask)
		jimm_disable_controller_uuid_masking(session_rpc(remote->api), unmasked, remote);
}

static void api_ended(void *context, const struct error *error)
{
	struct remote *remote = context;

	error_free(remote->api_trouble);
	remote->api_trouble = error != NULL ? error_copy(error) : NULL;
	session_close(steal(remote->api));
}

static void connect_api(struct remote *remote)
{
	remote->api = session_open(remote->place, NULL, "jaas", api_opened, api_ended, remote);
}

/* Returns the open connection, or NULL with an error; begins to open it if there is none. */
static struct rpc *api(struct remote *remote, struct error **error)
{
	struct rpc *rpc = remote->api != NULL ? session_rpc(remote->api) : NULL;

	if (remote->api == NULL) {
		remote->refresh(remote->context);
		connect_api(remote);
	}
	if (rpc == NULL && error != NULL && remote->api_trouble != NULL)
		*error = error_copy(remote->api_trouble);
	else if (rpc == NULL)
		error_set(error, ERROR_NETWORK, "the connection to JIMM has ended");
	return rpc;
}

/* ---- looks ---- */

static void rights_done(void *context, const struct call_result *result)
{
	struct remote_ask *ask = context;
	struct migration_answer answer = {.asked = result->asked, .error = result->error};

	ask->remote->unmask = result->error == NULL;
	remote_answer(ask, &answer);
}

static void controllers_done(void *context, struct jimm_controllers *controllers, const struct call_result *result)
{
	struct migration_answer answer = {.asked = result->asked, .error = result->error, .controllers = controllers};

	remote_answer(context, &answer);
}

static void models_done(void *context, struct controller_models *models, const struct call_result *result)
{
	struct migration_answer answer = {.asked = result->asked, .error = result->error, .models = models};

	remote_answer(context, &answer);
}

static void rows_done(void *context, struct jimm_models *rows, const struct call_result *result)
{
	struct migration_answer answer = {.asked = result->asked, .error = result->error, .rows = rows};

	remote_answer(context, &answer);
}

static void summaries_done(void *context, struct model_summaries *summaries, const struct call_result *result)
{
	struct migration_answer answer = {.asked = result->asked, .error = result->error, .summaries = summaries};

	remote_answer(context, &answer);
}

static void row_done(void *context, struct jimm_model *row, const struct call_result *result)
{
	struct migration_answer answer = {.asked = result->asked, .error = result->error, .row = row};

	remote_answer(context, &answer);
}

static void info_done(void *context, struct model_summary *info, const struct call_result *result)
{
	struct migration_answer answer = {.asked = result->asked, .error = result->error, .info = info};

	remote_answer(context, &answer);
}

static void look_at_api(struct remote_ask *ask, struct rpc *rpc)
{
	struct remote *remote = ask->remote;
	const struct facades *facades = &remote->login.facades;
	const char *uuid = ask->model != MIGRATION_ALL ? engine_migration(remote->engine, ask->model)->uuid : NULL;

	switch (ask->what) {
	case LOOK_RIGHTS:
		jimm_disable_controller_uuid_masking(rpc, rights_done, ask);
		break;
	case LOOK_CONTROLLERS:
		jimm_list_controllers(rpc, controllers_done, ask);
		break;
	case LOOK_MODELS:
		controller_all_models(rpc, facades_best(facades, "Controller"), models_done, ask);
		break;
	case LOOK_ROWS:
		jimm_list_models(rpc, rows_done, ask);
		break;
	case LOOK_SUMMARIES:
		model_manager_list_summaries(
			rpc, facades_best(facades, "ModelManager"), remote->login.identity, summaries_done, ask);
		break;
	case LOOK_ROW:
		jimm_model_controller_info(rpc, uuid, row_done, ask);
		break;
	case LOOK_TARGETS:
		jimm_list_migration_targets(rpc, uuid, controllers_done, ask);
		break;
	default:
		model_manager_model_info(rpc, facades_best(facades, "ModelManager"), uuid, info_done, ask);
		break;
	}
}

static void look(void *context, size_t model, enum migration_look what)
{
	struct remote *remote = context;
	struct remote_ask *ask = model == MIGRATION_ALL ? &remote->asks[what] : &remote->models[model].asks[what];
	scoped(error) struct error *error = NULL;
	struct rpc *rpc = NULL;

	if (model != MIGRATION_ALL)
		remote_model_hurry(&remote->models[model]);
	if (what == LOOK_LOGIN)
		remote_model_login(&remote->models[model]);
	else if (what == LOOK_NEIGHBOUR)
		remote_model_neighbour(&remote->models[model]);
	else if (what == LOOK_TARGET)
		remote_model_target(&remote->models[model]);
	else if (what == LOOK_SOURCE)
		remote_model_ask_source(&remote->models[model]);
	else if (what == LOOK_SEARCH)
		remote_model_search(&remote->models[model]);
	else if (what == LOOK_STATUS || what == LOOK_ARRIVED)
		remote_model_status(&remote->models[model], what);
	else if ((rpc = api(remote, &error)) != NULL)
		look_at_api(ask, rpc);
	else
		remote_answer_later(ask, error);
}

static void close_model(void *context, size_t model, enum migration_close what)
{
	struct remote *remote = context;

	remote_model_close(&remote->models[model], what);
}

static void watch(void *context, size_t model)
{
	struct remote *remote = context;

	remote_model_watch(&remote->models[model]);
}

/* ---- the two calls that change something ---- */

static void started(void *context, const char *migration_id, const struct call_result *result)
{
	struct remote_model *model = context;

	engine_started(
		model->remote->engine, model->index, migration_id, result->error, loop_now(model->remote->place->loop));
}

static void not_started(void *context)
{
	struct remote_model *model = context;
	scoped(error) struct error *error = NULL;

	/* Nothing was sent: this is as good as a refusal. */
	error_set_remote(
		&error, MIGRATION_NOT_SENT, "the connection to JIMM has ended before the migration could be asked for");
	engine_started(model->remote->engine, model->index, NULL, error, loop_now(model->remote->place->loop));
}

static void start(void *context, size_t index, const char *uuid, const char *target)
{
	struct remote *remote = context;
	struct remote_model *model = &remote->models[index];
	struct rpc *rpc = api(remote, NULL);

	if (rpc != NULL)
		jimm_migrate_model(rpc, uuid, target, started, model);
	else
		loop_timer_set(
			remote->place->loop, &model->unwatched, loop_now(remote->place->loop), not_started, model);
}

static void recorded(void *context, const struct call_result *result)
{
	struct remote_model *model = context;

	engine_recorded(model->remote->engine, model->index, result->error, loop_now(model->remote->place->loop));
}

static void not_recorded(void *context)
{
	struct remote_model *model = context;
	scoped(error) struct error *error = NULL;

	error_set(&error, ERROR_NETWORK, "the connection to JIMM has ended");
	engine_recorded(model->remote->engine, model->index, error, loop_now(model->remote->place->loop));
}

static void record(void *context, size_t index, const char *uuid, const char *controller)
{
	struct remote *remote = context;
	struct remote_model *model = &remote->models[index];
	struct rpc *rpc = api(remote, NULL);

	if (rpc != NULL)
		jimm_update_migrated_model(rpc, uuid, controller, recorded, model);
	else
		loop_timer_set(
			remote->place->loop, &model->unrecorded, loop_now(remote->place->loop), not_recorded, model);
}

/* ---- the port ---- */

static void woken(void *context)
{
	struct remote *remote = context;

	engine_woken(remote->engine, loop_now(remote->place->loop));
}

static void wake_at(void *context, int64_t at)
{
	struct remote *remote = context;

	if (at == INSTANT_NEVER)
		loop_timer_cancel(remote->place->loop, &remote->wake);
	else
		loop_timer_set(remote->place->loop, &remote->wake, at, woken, remote);
}

static int resolve(
	void *context, size_t model, const struct controller_models *models, size_t *index, struct error **error)
{
	const struct remote *remote = context;

	return remote->resolve(remote->context, model, models, index, error);
}

struct migration_port remote_port(struct remote *remote)
{
	return (struct migration_port){
		.context = remote,
		.recall = remote->journal != NULL ? remote_recall : NULL,
		.remember = remote->journal != NULL ? remote_remember : NULL,
		.forget = remote->journal != NULL ? remote_forget : NULL,
		.resolve = resolve,
		.look = look,
		.watch = watch,
		.start = start,
		.record = record,
		.close = close_model,
		.wake_at = wake_at,
	};
}

/* ---- its life ---- */

static void prepare(struct remote_ask asks[LOOKS], struct remote *remote, size_t model)
{
	for (size_t what = 0; what < LOOKS; what++)
		asks[what] = (struct remote_ask){.remote = remote, .model = model, .what = (enum migration_look)what};
}

void remote_expect(struct remote *remote, size_t count)
{
	free(remote->models);
	remote->models = memory_get(count, sizeof(*remote->models));
	remote->count = count;
	for (size_t i = 0; i < count; i++) {
		remote->models[i].remote = remote;
		remote->models[i].index = i;
		prepare(remote->models[i].asks, remote, i);
	}
}

struct rpc *remote_api(const struct remote *remote)
{
	return remote->api != NULL ? session_rpc(remote->api) : NULL;
}

struct remote *remote_new(const struct remote_plan *plan)
{
	struct remote *remote = memory_get(1, sizeof(*remote));

	remote->place = plan->place;
	remote->resolve = plan->resolve;
	remote->connected = plan->connected;
	remote->context = plan->context;
	remote->logged_in = plan->logged_in;
	remote->listed = plan->listed;
	remote->warn = plan->warn;
	remote->refresh = plan->refresh;
	remote->store = *plan->store;
	remote->journal = plan->journal;
	remote->clock = plan->clock;
	remote->look_only = plan->look_only;
	remote_expect(remote, plan->count);
	prepare(remote->asks, remote, MIGRATION_ALL);
	connect_api(remote);
	for (size_t i = 0; i < plan->count; i++)
		if (plan->remembered[i] != NULL)
			remote_model_foresee(&remote->models[i], plan->remembered[i]);
	return remote;
}

const struct login_result *remote_login(const struct remote *remote)
{
	return &remote->login;
}

void remote_serve(struct remote *remote, struct engine *engine)
{
	remote->engine = engine;
}

static void forget_asks(struct remote *remote, struct remote_ask asks[LOOKS])
{
	for (size_t what = 0; what < LOOKS; what++) {
		loop_timer_cancel(remote->place->loop, &asks[what].timer);
		error_free(asks[what].error);
	}
}

void remote_free(struct remote *remote)
{
	if (remote == NULL)
		return;
	loop_timer_cancel(remote->place->loop, &remote->wake);
	forget_asks(remote, remote->asks);
	for (size_t i = 0; i < remote->count; i++) {
		forget_asks(remote, remote->models[i].asks);
		remote_model_release(&remote->models[i]);
	}
	session_close(remote->api);
	error_free(remote->api_trouble);
	login_result_release(&remote->login);
	free(remote->models);
	free(remote);
}
