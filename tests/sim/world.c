/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_call.h"
#include "tests/sim/world_script.h"
#include "tests/sim/world_state.h"

int64_t world_now(const struct world *world)
{
	return world->now;
}

int64_t world_next(const struct world *world)
{
	return world_queue_next(&world->queue);
}

void world_advance(struct world *world, int64_t until)
{
	while (world_queue_next(&world->queue) <= until) {
		if (world_queue_next(&world->queue) > world->now)
			world->now = world_queue_next(&world->queue);
		world_queue_run(&world->queue);
	}
	if (until > world->now && until != INT64_MAX)
		world->now = until;
}

struct world_event *world_after(struct world *world, int64_t length, void (*run)(void *context), void *context)
{
	return world_queue_add(&world->queue, world->now + length, run, context);
}

uint64_t world_random(struct world *world)
{
	uint64_t mixed = world->random += UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ (mixed >> 31);
}

struct world_controller *world_controller_find(const struct world *world, const char *name)
{
	for (size_t i = 0; i < world->controller_count; i++)
		if (!strcmp(world->controllers[i].name, name) && !world->controllers[i].unregistered)
			return &world->controllers[i];
	return NULL;
}

struct world_model *world_model_find(const struct world *world, const char *uuid)
{
	for (size_t i = 0; i < world->model_count; i++)
		if (!strcmp(world->models[i].uuid, uuid))
			return &world->models[i];
	return NULL;
}

struct world_model *world_model_named(const struct world *world, const char *owner, const char *name)
{
	for (size_t i = 0; i < world->model_count; i++) {
		struct world_model *model = &world->models[i];
		if (model->recorded && !strcmp(model->owner, owner) && !strcmp(model->name, name))
			return model;
	}
	return NULL;
}

struct world_user *world_user_find(const struct world *world, const char *name)
{
	for (size_t i = 0; i < world->user_count; i++)
		if (!strcmp(world->users[i]->name, name))
			return world->users[i];
	return NULL;
}

struct world_user *world_user_get(struct world *world, const char *name)
{
	struct world_user *user = world_user_find(world, name);
	if (user)
		return user;
	user = memory_get(1, sizeof(*user));
	user->name = string_copy(name);
	user->add_model = memory_get(world->controller_count, sizeof(bool));
	world->users = memory_room(world->users, world->user_count, &world->user_capacity, sizeof(struct world_user *));
	world->users[world->user_count++] = user;
	return user;
}

void world_token_add(struct world *world, const char *value, struct world_user *user, int64_t expires)
{
	world->tokens =
		memory_room(world->tokens, world->token_count, &world->token_capacity, sizeof(struct world_token));
	world->tokens[world->token_count++] =
		(struct world_token){.value = string_copy(value), .user = user, .expires = expires};
}

enum world_right world_right_of(const struct world_model *model, const struct world_user *user)
{
	if (!model->recorded || !user)
		return WORLD_STRANGER;
	if (user->admin)
		return WORLD_ADMINISTRATOR;
	for (size_t i = 0; i < model->grant_count; i++)
		if (!strcmp(model->grants[i].user, user->name))
			return model->grants[i].right;
	return WORLD_STRANGER;
}

int world_major(const struct world_controller *controller)
{
	return atoi(controller->agent_version);
}

struct world_attempt *world_newest(const struct world_model *model)
{
	return model->attempt_count ? model->attempts[model->attempt_count - 1] : NULL;
}

struct world_record *world_saw(
	struct world *world, enum world_happening what, const struct world_model *model, const char *who)
{
	const struct world_attempt *attempt = model ? world_newest(model) : NULL;
	world->records =
		memory_room(world->records, world->record_count, &world->record_capacity, sizeof(struct world_record));
	struct world_record *record = &world->records[world->record_count++];
	*record = (struct world_record){.what = what,
		.at = world->now,
		.model = model,
		.who = string_copy(who),
		.phase = attempt ? world_phase_name(attempt->phase) : NULL};
	return record;
}

void world_counted(struct world *world, const char *method)
{
	for (size_t i = 0; i < world->count_count; i++) {
		if (!strcmp(world->counts[i].method, method)) {
			world->counts[i].count++;
			return;
		}
	}
	world->counts =
		memory_room(world->counts, world->count_count, &world->count_capacity, sizeof(struct world_count));
	world->counts[world->count_count++] = (struct world_count){.method = string_copy(method), .count = 1};
}

void world_row_move(struct world *world, struct world_model *model, struct world_controller *controller, const char *by)
{
	if (model->recorded != controller) {
		struct world_record *record = world_saw(world, WORLD_SAW_MOVE, model, by);
		record->target = string_copy(controller->name);
	}
	model->recorded = controller;
	model->mode = "";
}

void world_row_delete(struct world *world, struct world_model *model, const char *by)
{
	world_saw(world, WORLD_SAW_DELETION, model, by);
	model->recorded = NULL;
	model->mode = "";
	for (size_t i = 0; i < model->grant_count; i++)
		free(model->grants[i].user);
	model->grant_count = 0;
}

struct world *world_new(const struct json_object *script, struct error **error)
{
	scoped(world) struct world *world = memory_get(1, sizeof(*world));
	if (world_script_read(world, script, error))
		return NULL;
	return steal(world);
}

struct world *world_load(const char *path, struct error **error)
{
	struct json_object *script = json_object_from_file(path);
	if (!script) {
		error_set(error, ERROR_FAILED, "cannot read the world %s: %s", path, json_util_get_last_err());
		return NULL;
	}
	struct world *world = world_new(script, error);
	json_object_put(script);
	if (!world)
		error_wrap(error, "%s", path);
	return world;
}
