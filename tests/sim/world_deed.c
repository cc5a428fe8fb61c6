/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_deed.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_call.h"
#include "tests/sim/world_migration.h"
#include "tests/sim/world_watch.h"

static void each_attempt_from(
	struct world *world, const struct world_controller *source, void (*act)(struct world_attempt *attempt))
{
	for (size_t i = 0; i < world->model_count; i++) {
		struct world_attempt *attempt = world_at(&world->models[i], source)->attempt;
		if (attempt && world_attempt_runs(attempt))
			act(attempt);
	}
}

void world_reach(struct world *world, struct world_controller *controller, enum world_reach reach)
{
	enum world_reach before = controller->reach;
	controller->reach = reach;
	if (reach == WORLD_DOWN && before != WORLD_DOWN) {
		each_attempt_from(world, controller, world_attempt_halted);
		for (struct world_session *session = world->sessions; session; session = session->next)
			if (session->controller == controller)
				world_session_cut_after(session, 0);
	}
	if (reach != WORLD_DOWN && before == WORLD_DOWN)
		each_attempt_from(world, controller, world_attempt_restarted);
}

void world_cut_all(struct world *world)
{
	for (struct world_session *session = world->sessions; session; session = session->next)
		world_session_cut_after(session, 0);
}

void world_cut_api(struct world *world)
{
	for (struct world_session *session = world->sessions; session; session = session->next)
		if (!session->uuid && !session->direct)
			world_session_cut_after(session, 0);
}

void world_expire_tokens(struct world *world)
{
	for (size_t i = 0; i < world->token_count; i++)
		if (world->tokens[i].expires > world->now)
			world->tokens[i].expires = world->now;
}

void world_destroy(struct world *world, struct world_model *model)
{
	for (size_t i = 0; i < world->controller_count; i++) {
		struct world_place *place = &model->places[i];
		if (place->presence != WORLD_ACTIVE)
			continue;
		if (place->attempt)
			world_attempt_halted(place->attempt);
		place->presence = WORLD_ABSENT;
		world_watch_removed(world, model, &world->controllers[i]);
	}
	model->life = "dead";
}

void world_lose(struct world *world, struct world_model *model, struct world_controller *controller)
{
	struct world_place *place = world_at(model, controller);

	if (place->presence == WORLD_ABSENT)
		return;
	place->presence = WORLD_ABSENT;
	world_watch_removed(world, model, controller);
}

void world_revoke(struct world_model *model)
{
	for (size_t i = 0; i < model->grant_count; i++)
		free(model->grants[i].user);
	model->grant_count = 0;
}

int world_migrate_other(struct world *world, struct world_model *model, struct world_controller *target)
{
	struct world_error error;
	const char *alias = world->era.alias ? target->name : NULL;
	if (!model->recorded || (world->era.lock && *model->mode))
		return -1;
	if (!world_initiate(world, model, model->recorded, target, alias, &error))
		return -1;
	if (world->era.lock)
		model->mode = "migrating-internally";
	return 0;
}
