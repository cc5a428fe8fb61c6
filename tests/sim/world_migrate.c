/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_migration.h"
#include "tests/sim/world_pending.h"

#define LOCKED "migrating-internally"
#define UUID_LENGTH 36

bool world_is_uuid(const char *text)
{
	for (size_t i = 0; i < UUID_LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text[i] != '-' : !text[i] || !strchr("0123456789abcdef", text[i]))
			return false;
	}
	return !text[UUID_LENGTH];
}

struct world_model *world_model_tagged(const struct world *world, const char *tag, bool *valid)
{
	*valid = string_starts(tag, "model-") && world_is_uuid(tag + strlen("model-"));
	struct world_model *model = *valid ? world_model_find(world, tag + strlen("model-")) : NULL;
	return model && model->recorded ? model : NULL;
}

/* Returns the model that a UUID or owner/name means; sets `*invalid` to what is wrong if `value` is neither. */
static struct world_model *model_meant(const struct world *world, const char *value, const char **invalid)
{
	const char *slash = strchr(value, '/');
	*invalid = NULL;
	if (world_is_uuid(value)) {
		struct world_model *model = world_model_find(world, value);
		return model && model->recorded ? model : NULL;
	}
	if (!slash || strchr(slash + 1, '/'))
		*invalid = "invalid model target";
	else if (slash == value)
		*invalid = "invalid user name";
	else if (!slash[1] || strspn(slash + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(slash + 1))
		*invalid = "invalid model name";
	if (*invalid)
		return NULL;
	scoped(string) char *owner = string_copy_length(value, (size_t)(slash - value));
	return world_model_named(world, owner, slash + 1);
}

static int spec_form(const struct world *world, const char *value, struct world_error *error)
{
	if (!world->era.migrate_by_tag)
		return 0;
	if (!strchr(value, '-') || !string_starts(value, "model-"))
		return world_fail(error, "", "\"%s\" is not a valid tag", value);
	if (!world_is_uuid(value + strlen("model-")))
		return world_fail(error, "", "\"%s\" is not a valid model tag", value);
	return 0;
}

static struct world_controller *target_of(const struct world *world, const char *name, struct world_error *error)
{
	if (!*name && !world->era.refusal_text)
		return &world->controllers[0];
	if (!*name) {
		world_fail(error, "bad request",
			"failed to get controller with name \"\": controller UUID or name must be provided");
		return NULL;
	}
	struct world_controller *target = world_controller_find(world, name);
	if (!target)
		world_fail(error, "not found", "controller not found");
	return target;
}

static struct world_model *spec_model(const struct world *world, const char *value, struct world_error *error)
{
	const char *invalid = NULL;
	struct world_model *model = world->era.migrate_by_tag ? model_meant(world, value + strlen("model-"), &invalid)
							      : model_meant(world, value, &invalid);
	if (invalid)
		world_fail(error, "", "%s", invalid);
	else if (!model)
		world_fail(error, "not found", "model not found");
	return model;
}

/* The steps of MigrateModel before any dial. */
static int migrate_checks(struct world_call *call, const char *value, const char *target, struct world_error *error)
{
	struct world *world = call->world;
	if (spec_form(world, value, error) || !(call->target = target_of(world, target, error)))
		return -1;
	if (!call->target->credentials)
		return world_fail(error, "", "missing target controller credentials");
	struct world_model *model = spec_model(world, value, error);
	if (!model)
		return -1;
	if (world_right_of(model, call->user) < WORLD_ADMINISTRATOR)
		return world_fail(
			error, "unauthorized access", world->era.refusal_text ? "unauthorized" : "unauthorized access");
	call->model = model;
	if (world->era.lock && *model->mode)
		return world_fail(error, "",
			"failed to update the model's migration mode: model is already in migration mode \"%s\"",
			model->mode);
	return 0;
}

static void migrate_refused(struct world_call *call, struct world_error *error)
{
	/* The roll-back is cancelled together with the request: without a peer the lock stays. */
	if (call->world->era.lock && call->session)
		call->model->mode = "";
	world_call_fail(call, error);
}

static void migrate_started(struct world_call *call)
{
	struct world *world = call->world;
	struct world_error error;
	const char *alias = world->era.alias ? call->target->name : NULL;
	struct world_attempt *attempt =
		world_initiate(world, call->model, call->controller, call->target, alias, &error);
	if (!attempt) {
		if (!world->era.refusal_code)
			error.code = "";
		migrate_refused(call, &error);
		return;
	}
	world_call_end(call, &(struct world_outcome){.model = call->model, .text = attempt->id});
}

static void migrate_dialled(struct world_call *call)
{
	struct world_error error, cause;
	struct world *world = call->world;
	if (world_dial(world, call->controller, &cause)) {
		world_fail(&error, cause.code, "failed to dial the controller%s%s", world->era.refusal_text ? ": " : "",
			world->era.refusal_text ? cause.message : "");
		migrate_refused(call, &error);
		return;
	}
	migrate_started(call);
}

void world_migrate_model(struct world_session *session, const char *value, const char *target, struct world_reply reply)
{
	struct world *world = session->world;
	struct world_call *call = world_call_start(session, reply, 0, world_call_refuse);
	struct world_record *record = world_saw(world, WORLD_SAW_MIGRATE, NULL, session->user->name);
	record->value = string_copy(value);
	record->target = string_copy(target);
	call->record = world->record_count - 1;
	int refused = migrate_checks(call, value, target, &call->error);
	record->model = call->model;
	if (refused)
		return;
	call->survives = true;
	call->controller = call->model->recorded;
	call->finish = migrate_dialled;
	if (world->era.lock)
		call->model->mode = LOCKED;
	int64_t length = world_dial_length(world, call->controller);
	if (call->controller->reach == WORLD_UP)
		length += world_plan_next(call->model)->lengths[WORLD_PRECHECKS];
	world_queue_move(&world->queue, call->event, world->now + length);
}

/* True if recording `target` now would point JIMM at something that is not, or not surely, the model. */
static bool is_early(const struct world_model *model, const struct world_controller *target)
{
	const struct world_attempt *attempt = world_newest(model);
	bool there = world_at(model, target)->presence == WORLD_ACTIVE;
	if (!attempt)
		return !there;
	if (world_attempt_runs(attempt) && !world_attempt_committed(attempt))
		return true;
	/* After DONE, an active model on the source has come back; otherwise it is what could not be removed. */
	if (target == attempt->source && world_attempt_committed(attempt))
		return !there || attempt->phase != WORLD_DONE;
	if (target == attempt->target && target != attempt->source)
		return !world_attempt_committed(attempt) || !there;
	return !there;
}

static void update_dialled(struct world_call *call)
{
	struct world *world = call->world;
	struct world_error error;
	struct world_view view;
	if (world_dial(world, call->target, &error) ||
		world_juju_model_info(world, call->model, call->target, world->admin, &view, &error)) {
		error.moved = NULL;
		world_call_fail(call, &error);
		return;
	}
	world_row_move(world, call->model, call->target, "UpdateMigratedModel");
	world_call_end(call, &(struct world_outcome){.model = call->model});
}

static int update_checks(struct world_call *call, const char *tag, const char *target, struct world_error *error)
{
	bool valid;
	if (!call->user->admin)
		return world_fail(error, "unauthorized access", "unauthorized");
	struct world_model *model = world_model_tagged(call->world, tag, &valid);
	if (!valid)
		return world_fail(error, "bad request", "\"%s\" is not a valid model tag", tag);
	if (!model)
		return world_fail(error, "model not found", "model not found");
	call->target = target_of(call->world, target, error);
	if (!call->target)
		return -1;
	call->model = model;
	return 0;
}

void world_update_migrated_model(
	struct world_session *session, const char *tag, const char *target, struct world_reply reply)
{
	struct world *world = session->world;
	bool valid;
	struct world_call *call = world_call_start(session, reply, 0, world_call_refuse);
	struct world_record *record =
		world_saw(world, WORLD_SAW_UPDATE, world_model_tagged(world, tag, &valid), session->user->name);
	record->value = string_copy(tag);
	record->target = string_copy(target);
	call->record = world->record_count - 1;
	if (update_checks(call, tag, target, &call->error))
		return;
	record->flag = is_early(call->model, call->target);
	call->finish = update_dialled;
	world_queue_move(&world->queue, call->event, world->now + world_dial_length(world, call->target));
}
