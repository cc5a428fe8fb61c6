/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/remote_private.h"

#include <stdlib.h>

#include "common/juju/all_watcher.h"

static void drop(struct session **session)
{
	session_close(steal(*session));
}

static struct loop *loop_of(const struct remote_model *model)
{
	return model->remote->place->loop;
}

static void watch_over(struct remote_model *model, const struct error *error)
{
	if (!model->watching)
		return;
	model->watching = false;
	engine_watch_ended(model->remote->engine, model->index, error, loop_now(loop_of(model)));
}

static void unwatched(void *context)
{
	watch_over(context, NULL);
}

/* A request on a connection that is dropped is still answered, with an error. */
static void give_up(struct remote_model *model, bool *asking, enum migration_look what)
{
	scoped(error) struct error *error = NULL;

	if (*asking) {
		error_set(&error, ERROR_NETWORK, "the connection to the model was given up");
		remote_answer_later(&model->asks[what], error);
	}
	*asking = false;
}

static void replace_source(struct remote_model *model, struct session *session)
{
	give_up(model, &model->asking_source, LOOK_STATUS);
	if (model->source != NULL && model->watching)
		loop_timer_set(loop_of(model), &model->unwatched, loop_now(loop_of(model)), unwatched, model);
	loop_timer_cancel(loop_of(model), &model->pausing);
	drop(&model->source);
	model->source = session;
}

static void replace_arrived(struct remote_model *model, struct session *session)
{
	give_up(model, &model->asking_arrived, LOOK_ARRIVED);
	drop(&model->arrived);
	model->arrived = session;
}

void remote_model_hand_over(struct remote_model *model)
{
	struct session *session = steal(model->opening);
	const struct login_result *login = session_login(session);
	struct migration_answer answer = {.asked = session_began(session), .login = login};
	const struct migration *migration = engine_migration(model->remote->engine, model->index);

	model->wanted = false;
	model->opened = false;
	if (model->source_uuid == NULL)
		model->source_uuid = string_copy(migration_watched(migration, login->controller_uuid));
	if (string_same(model->source_uuid, login->controller_uuid))
		replace_source(model, session);
	else
		replace_arrived(model, session);
	remote_answer(&model->asks[LOOK_LOGIN], &answer);
}

static void opened(void *context, const struct error *error)
{
	struct remote_model *model = context;

	if (error == NULL) {
		model->opened = true;
		if (model->wanted)
			remote_model_hand_over(model);
		return;
	}
	struct migration_answer answer = {.asked = session_began(model->opening), .error = error};
	bool wanted = model->wanted;

	drop(&model->opening);
	model->wanted = false;
	if (wanted)
		remote_answer(&model->asks[LOOK_LOGIN], &answer);
}

/* Nothing has to be told here: what was pending on the connection has failed, and the next status will. */
static void ended(void *context, const struct error *error)
{
	(void)context;
	(void)error;
}

static void open_model(struct remote_model *model, const char *uuid)
{
	scoped(string) char *name = string_format("model %s", uuid);

	model->opened = false;
	model->opening = session_open(model->remote->place, uuid, name, opened, ended, model);
}

void remote_model_foresee(struct remote_model *model, const char *uuid)
{
	string_replace(&model->uuid, uuid);
	open_model(model, uuid);
}

void remote_model_login(struct remote_model *model)
{
	const struct migration *migration = engine_migration(model->remote->engine, model->index);

	/* The store remembered another model under this name. */
	if (model->opening != NULL && !string_same(model->uuid, migration->uuid))
		drop(&model->opening);
	string_replace(&model->uuid, migration->uuid);
	if (model->opening == NULL || (model->opened && session_rpc(model->opening) == NULL)) {
		drop(&model->opening);
		model->remote->refresh(model->remote->context);
		open_model(model, model->uuid);
	}
	model->wanted = true;
	/* The answer must not come from inside the request. */
	if (model->opened)
		remote_answer_later(&model->asks[LOOK_LOGIN], NULL);
}

static struct rpc *rpc_of(const struct session *session)
{
	return session != NULL ? session_rpc(session) : NULL;
}

static void status_done(void *context, struct client_status *status, const struct call_result *result)
{
	struct remote_ask *ask = context;
	struct remote_model *model = &ask->remote->models[ask->model];
	struct migration_answer answer = {.asked = result->asked, .error = result->error, .status = status};

	*(ask->what == LOOK_STATUS ? &model->asking_source : &model->asking_arrived) = false;
	remote_answer(ask, &answer);
}

void remote_model_status(struct remote_model *model, enum migration_look what)
{
	const struct session *session = what == LOOK_STATUS ? model->source : model->arrived;
	struct rpc *rpc = rpc_of(session);
	scoped(error) struct error *error = NULL;

	if (rpc == NULL) {
		error_set(&error, ERROR_NETWORK, "the connection to the model has ended");
		remote_answer_later(&model->asks[what], error);
		return;
	}
	*(what == LOOK_STATUS ? &model->asking_source : &model->asking_arrived) = true;
	client_full_status(
		rpc, facades_best(&session_login(session)->facades, "Client"), status_done, &model->asks[what]);
}

static void next(struct remote_model *model);

static void changed(void *context, struct all_watcher_deltas *deltas, const struct call_result *result)
{
	struct remote_model *model = context;
	struct remote *remote = model->remote;
	size_t index = model->index;
	bool removed = false;

	if (result->error != NULL) {
		watch_over(model, result->error);
		return;
	}
	for (size_t i = 0; i < deltas->count && !removed; i++) {
		const struct all_watcher_delta *delta = &deltas->list[i];
		struct migration_push push = {delta->removed, delta->status, delta->status_info, result->asked};

		removed = delta->removed != 0;
		engine_pushed(remote->engine, index, &push, loop_now(remote->place->loop));
	}
	if (removed)
		watch_over(model, NULL);
	else
		next(model);
}

static void next_now(void *context)
{
	struct remote_model *model = context;
	struct rpc *rpc = rpc_of(model->source);

	if (rpc == NULL)
		watch_over(model, NULL);
	else
		all_watcher_next(rpc, model->watcher_version, model->watcher, changed, model);
}

/* Changes that happen while others have their turn come in one answer. */
static void next(struct remote_model *model)
{
	int64_t now = loop_now(loop_of(model)), slot = engine_watch_slot(model->remote->engine, now);

	if (slot > now)
		loop_timer_set(loop_of(model), &model->pausing, slot, next_now, model);
	else
		next_now(model);
}

static void watching(void *context, const char *watcher, const struct call_result *result)
{
	struct remote_model *model = context;

	if (result->error != NULL) {
		watch_over(model, result->error);
		return;
	}
	string_replace(&model->watcher, watcher);
	next(model);
}

void remote_model_watch(struct remote_model *model)
{
	struct rpc *rpc = rpc_of(model->source);
	const struct facades *facades = model->source != NULL ? &session_login(model->source)->facades : NULL;

	model->watching = true;
	model->watcher_version = facades != NULL ? facades_best(facades, "AllWatcher") : 0;
	/* juju 4 has no such watcher. */
	if (rpc == NULL || model->watcher_version == 0)
		loop_timer_set(model->remote->place->loop, &model->unwatched, loop_now(model->remote->place->loop),
			unwatched, model);
	else
		client_watch_all(rpc, facades_best(facades, "Client"), watching, model);
}

/* ---- another model of the same controller ---- */

static void neighbour_opened(void *context, const struct error *error)
{
	struct remote_model *model = context;
	struct session *session = steal(model->neighbour);
	struct migration_answer answer = {
		.asked = session_began(session),
		.error = error,
		.login = error == NULL ? session_login(session) : NULL,
	};

	remote_answer(&model->asks[LOOK_NEIGHBOUR], &answer);
	session_close(session);
}

void remote_model_neighbour(struct remote_model *model)
{
	const char *uuid = engine_migration(model->remote->engine, model->index)->neighbour_uuid;
	scoped(string) char *name = string_format("model %s", uuid);

	drop(&model->neighbour);
	model->neighbour = session_open(model->remote->place, uuid, name, neighbour_opened, ended, model);
}

/* ---- the end of it ---- */

static void forsake(struct remote_model *model, struct session **session, bool asked, enum migration_look what)
{
	if (*session != NULL)
		give_up(model, &asked, what);
	drop(session);
}

static void let_go(struct remote_model *model)
{
	forsake(model, &model->opening, model->wanted, LOOK_LOGIN);
	model->wanted = model->opened = false;
	forsake(model, &model->neighbour, true, LOOK_NEIGHBOUR);
	remote_model_unask_later(model);
	remote_journal_release(model);
	string_replace(&model->source_uuid, NULL);
	string_replace(&model->watcher, NULL);
}

static void close_now(void *context)
{
	struct remote_model *model = context;
	unsigned int what = model->to_close;
	bool over = (what & 1U << CLOSE_OVER) != 0;

	loop_timer_cancel(loop_of(model), &model->closing);
	model->to_close = 0;
	if (over || what & 1U << CLOSE_SOURCE)
		replace_source(model, NULL);
	if (over || what & 1U << CLOSE_ARRIVED)
		replace_arrived(model, NULL);
	if (over)
		let_go(model);
}

void remote_model_close(struct remote_model *model, enum migration_close what)
{
	if (what == CLOSE_OVER)
		remote_journal_settle(model);
	/* From the loop: the engine may be using an answer that lies in what is closed. */
	model->to_close |= 1U << what;
	loop_timer_set(loop_of(model), &model->closing, loop_now(loop_of(model)), close_now, model);
}

void remote_model_hurry(struct remote_model *model)
{
	if (model->to_close != 0)
		close_now(model);
}

void remote_model_release(struct remote_model *model)
{
	struct loop *loop = loop_of(model);

	remote_journal_release(model);
	remote_model_unask(model);
	drop(&model->neighbour);
	drop(&model->opening);
	drop(&model->source);
	drop(&model->arrived);
	loop_timer_cancel(loop, &model->closing);
	loop_timer_cancel(loop, &model->pausing);
	loop_timer_cancel(loop, &model->unwatched);
	loop_timer_cancel(loop, &model->unrecorded);
	free(model->uuid);
	free(model->source_uuid);
	free(model->watcher);
}
