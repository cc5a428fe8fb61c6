/* SPDX-License-Identifier: Apache-2.0 */
#include <json-c/json.h>
#include <stdlib.h>

#include "tests/sim/world_door.h"
#include "tests/sim/world_migration.h"
#include "tests/sim/world_pending.h"
#include "tests/sim/world_poller.h"
#include "tests/sim/world_script.h"

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static void free_model(struct world_model *model)
{
	for (size_t i = 0; i < model->attempt_count; i++)
		world_attempt_free(model->attempts[i]);
	for (size_t i = 0; i < model->plan_count; i++)
		world_plan_release(&model->plans[i]);
	for (size_t i = 0; i < model->grant_count; i++)
		free(model->grants[i].user);
	free_names(model->applications, model->application_count);
	free_names(model->listed, model->listed_count);
	free(model->attempts);
	free(model->plans);
	free(model->grants);
	free(model->places);
	free(model->name);
	free(model->uuid);
	free(model->owner);
	free(model->cloud);
	free(model->region);
	free(model->agent_version);
	free(model->job);
	json_object_put(model->log);
}

static void free_controller(struct world_controller *controller)
{
	free(controller->name);
	free(controller->uuid);
	free(controller->agent_version);
	free(controller->address);
	free(controller->public_address);
	free(controller->cloud);
	free(controller->region);
	free(controller->status);
	world_door_free(controller->door);
}

static void free_users(struct world *world)
{
	for (size_t i = 0; i < world->user_count; i++) {
		free(world->users[i]->name);
		free(world->users[i]->add_model);
		free(world->users[i]->client_id);
		free(world->users[i]->client_secret);
		free(world->users[i]);
	}
	for (size_t i = 0; i < world->token_count; i++)
		free(world->tokens[i].value);
	free(world->users);
	free(world->tokens);
}

static void free_log(struct world *world)
{
	for (size_t i = 0; i < world->record_count; i++) {
		free(world->records[i].value);
		free(world->records[i].target);
		free(world->records[i].who);
		free(world->records[i].error);
	}
	for (size_t i = 0; i < world->count_count; i++)
		free(world->counts[i].method);
	free(world->records);
	free(world->counts);
}

void world_free(struct world *world)
{
	if (!world)
		return;
	world_call_drop_orphans(world);
	world_poller_free(world);
	world_script_events_release(world);
	for (size_t i = 0; i < world->model_count; i++)
		free_model(&world->models[i]);
	for (size_t i = 0; i < world->controller_count; i++)
		free_controller(&world->controllers[i]);
	free_users(world);
	free_log(world);
	world_queue_release(&world->queue);
	json_object_put(world->latency);
	free(world->models);
	free(world->controllers);
	free(world->uuid);
	free(world->dns_name);
	for (size_t i = 0; world->facades && world->facades[i]; i++)
		free(world->facades[i]);
	free(world->facades);
	free(world->version);
	free(world->admin);
	free(world);
}
