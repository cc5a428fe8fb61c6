/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/sim/world_migration.h"
#include "tests/sim/world_pending.h"

#define PANIC "runtime error: invalid memory address or nil pointer dereference"

static bool leaving(const struct world_model *model)
{
	const struct world_place *place = world_at(model, model->recorded);
	return place->presence == WORLD_ABSENT ||
	       (place->attempt && world_attempt_runs(place->attempt) && world_attempt_committed(place->attempt));
}

static bool may_forget(const struct world *world, const struct world_model *model)
{
	return !world->era.deletes_dying_only || strcmp(model->life, "alive");
}

static void internal(struct world_call *call)
{
	struct world_error error;
	world_fail(&error, "", "internal server error");
	world_call_fail(call, &error);
}

static void answer(struct world_call *call, struct world_view *view)
{
	view->host = call->model->recorded;
	view->model = call->model;
	world_call_end(call, &(struct world_outcome){.model = call->model, .view = view});
}

/* The source has redirected us: first the row moves, then the target is asked. */
static void complete(struct world_call *call, const struct world_attempt *moved, const char *asker)
{
	struct world *world = call->world;
	struct world_error error;
	struct world_view view = {0};
	struct world_controller *target = moved->alias ? world_controller_find(world, moved->alias) : NULL;
	if (!target) {
		internal(call);
		return;
	}
	world_row_move(world, call->model, target, "ModelInfo");
	if (world_dial(world, target, &error) ||
		world_juju_model_info(world, call->model, target, asker, &view, &error)) {
		error.moved = NULL;
		world_call_fail(call, &error);
		return;
	}
	answer(call, &view);
}

static void failed_unlocked(struct world_call *call, struct world_error *error)
{
	struct world *world = call->world;
	bool denied = !strcmp(error->code, "not found") || !strcmp(error->code, "unauthorized access");
	error->moved = NULL;
	if (denied && world->era.model_info_deletes && may_forget(world, call->model))
		world_row_delete(world, call->model, "ModelInfo");
	if (!world->era.completes && !strcmp(error->code, "not found"))
		world_fail(error, "unauthorized access", "unauthorized");
	world_call_fail(call, error);
}

static void info_asked(struct world_call *call)
{
	struct world *world = call->world;
	struct world_model *model = call->model;
	struct world_error error;
	struct world_view view = {0};
	const char *asker = world->era.asks_as_caller ? call->user->name : world->admin;
	bool locked = *model->mode;
	if (world_dial(world, call->controller, &error)) {
		world_call_fail(call, &error);
		return;
	}
	int failed = world_juju_model_info(world, model, call->controller, asker, &view, &error);
	if (!failed && locked && !view.migration && world->era.start_gap_panics) {
		world_fail(&error, "", PANIC);
		world_call_fail(call, &error);
	} else if (!failed) {
		if (locked && view.migration && view.end != INSTANT_NONE)
			model->mode = "";
		answer(call, &view);
	} else if (!locked) {
		failed_unlocked(call, &error);
	} else if (world->era.completes && error.moved) {
		complete(call, error.moved, asker);
	} else {
		internal(call);
	}
}

/* Looks up the model. Returns -1 if JIMM itself refuses. */
static int look_up(struct world_call *call, const char *tag, enum world_right needed, struct world_error *error)
{
	bool valid;
	struct world_model *model = world_model_tagged(call->world, tag, &valid);
	if (!valid)
		return world_fail(error, "bad request", "\"%s\" is not a valid model tag", tag);
	if (!model || world_right_of(model, call->user) < needed)
		return world_fail(error, "unauthorized access", "unauthorized");
	call->model = model;
	call->controller = model->recorded;
	return 0;
}

static struct world_call *begin(
	struct world_session *session, enum world_happening what, const char *tag, struct world_reply reply)
{
	struct world *world = session->world;
	bool valid, info = what == WORLD_SAW_MODEL_INFO;
	struct world_model *model = world_model_tagged(world, tag, &valid);
	struct world_call *call = world_call_start(session, reply, 0, world_call_refuse);
	struct world_record *record = world_saw(world, what, model, session->user->name);
	record->value = string_copy(tag);
	call->record = world->record_count - 1;
	if (look_up(call, tag, info ? WORLD_READER : WORLD_ADMINISTRATOR, &call->error))
		return NULL;
	record->flag = may_forget(world, model) && leaving(model) &&
		       (info ? world->era.model_info_deletes && !*model->mode : world->era.model_status_deletes);
	world_queue_move(&world->queue, call->event, world->now + world_dial_length(world, call->controller));
	return call;
}

void world_model_info(struct world_session *session, const char *tag, struct world_reply reply)
{
	struct world_call *call = begin(session, WORLD_SAW_MODEL_INFO, tag, reply);
	if (call)
		call->finish = info_asked;
}

static void status_asked(struct world_call *call)
{
	struct world *world = call->world;
	struct world_error error;
	struct world_view view = {0};
	if (world_dial(world, call->controller, &error)) {
		world_call_fail(call, &error);
		return;
	}
	if (world_juju_model_status(world, call->model, call->controller, world->admin, &error)) {
		error.moved = NULL;
		if (!strcmp(error.code, "not found") && world->era.model_status_deletes &&
			may_forget(world, call->model))
			world_row_delete(world, call->model, "ModelStatus");
		world_call_fail(call, &error);
		return;
	}
	answer(call, &view);
}

void world_model_status(struct world_session *session, const char *tag, struct world_reply reply)
{
	struct world_call *call = begin(session, WORLD_SAW_MODEL_STATUS, tag, reply);
	if (call)
		call->finish = status_asked;
}
