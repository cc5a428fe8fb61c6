/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tests/sim/world_deed.h"
#include "tests/sim/world_migration.h"
#include "tests/sim/world_poller.h"
#include "tests/sim/world_token.h"
#include "tests/storm/storm.h"

static struct storm_model *chosen(struct storm_effect *effect)
{
	return &effect->storm->models[effect->fault->choice % effect->storm->scene.moved];
}

static void do_cut(struct storm_effect *effect)
{
	struct storm *storm = effect->storm;
	struct storm_process *process = &storm->process;
	size_t choice = effect->fault->choice % 4, model = effect->fault->choice % storm->scene.moved;

	if (choice == 0)
		world_cut_all(storm->world);
	if ((choice == 1 || choice == 3) && process->api != NULL)
		link_break(process->api);
	if (choice >= 2 && process->source[model] != NULL)
		link_break(process->source[model]);
	if (choice == 3 && process->arrived[model] != NULL)
		link_break(process->arrived[model]);
}

static void do_kill(struct storm_effect *effect)
{
	if (!effect->storm->process.alive)
		return;
	storm_kill(effect->storm);
	storm_restart_after(effect->storm, effect->fault->length);
}

static void do_leave(struct storm_effect *effect)
{
	storm_leave(effect->storm);
}

static void do_freeze(struct storm_effect *effect)
{
	struct storm *storm = effect->storm;

	storm->process.frozen_until = storm->world->now + effect->fault->length;
}

static void wake_again(void *context)
{
	struct storm *storm = context;

	if (storm->process.alive && !storm->process.finished && storm->process.engine != NULL &&
		storm->process.frozen_until <= storm->world->now)
		engine_woken(storm->process.engine, storm_now(storm));
}

static void do_jump(struct storm_effect *effect)
{
	struct storm *storm = effect->storm;

	storm->jumped += effect->fault->length;
	world_after(storm->world, 0, wake_again, storm);
}

static void do_jimm(struct storm_effect *effect)
{
	world_jimm_restart(effect->storm->world, effect->fault->length);
}

static struct world_controller *controller_of(const struct storm_effect *effect)
{
	struct world *world = effect->storm->world;

	switch (effect->fault->kind) {
	case FAULT_SOURCE:
		return world_controller_find(world, SCENE_SOURCE);
	case FAULT_TARGET:
		return world_controller_find(world, SCENE_TARGET);
	default:
		return &world->controllers[effect->fault->choice % world->controller_count];
	}
}

static void up_again(void *context)
{
	struct storm_effect *effect = context;

	world_reach(effect->storm->world, controller_of(effect), WORLD_UP);
	storm_trace(effect->storm, "! %s is up again", controller_of(effect)->name);
}

static void do_down(struct storm_effect *effect)
{
	struct world *world = effect->storm->world;

	world_reach(world, controller_of(effect), effect->fault->kind == FAULT_REFUSES ? WORLD_REFUSES : WORLD_DOWN);
	world_after(world, effect->fault->length, up_again, effect);
}

static void new_token(void *context)
{
	struct storm_effect *effect = context;
	struct storm *storm = effect->storm;
	scoped(string) char *plain = string_format("again-%u", ++storm->tokens);

	free(storm->token);
	storm->token = world_token_encode(plain);
	world_token_add(storm->world, storm->token, storm->user, INSTANT_NEVER);
	storm_trace(storm, "! there is a new token");
}

static void do_token(struct storm_effect *effect)
{
	world_expire_tokens(effect->storm->world);
	world_after(effect->storm->world, effect->fault->length, new_token, effect);
}

static void do_abort(struct storm_effect *effect)
{
	struct world_attempt *attempt = world_newest(chosen(effect)->truth);

	if (attempt == NULL || !world_attempt_runs(attempt) || world_attempt_committed(attempt) ||
		attempt->phase >= WORLD_ABORT)
		return;
	if (world_at(attempt->model, attempt->target)->presence == WORLD_ACTIVE)
		world_attempt_abort(attempt, "model activation failed, connection is shut down");
	else if (attempt->phase == WORLD_VALIDATION)
		world_attempt_abort(attempt, "validating, timed out waiting for agents to report");
	else if (attempt->phase == WORLD_QUIESCE)
		world_attempt_abort(attempt, "quiescing, timed out waiting for agents to report");
	else
		world_attempt_abort(attempt, "model data transfer failed, connection is shut down");
}

static void do_migrate(struct storm_effect *effect)
{
	struct storm *storm = effect->storm;
	struct world_model *model = chosen(effect)->truth;
	const char *name = effect->fault->choice % 3 == 0 ? SCENE_THIRD : SCENE_TARGET;

	if (!storm->world->down && !world_migrate_other(storm->world, model, world_controller_find(storm->world, name)))
		storm->meddled = true;
}

static void do_record(struct storm_effect *effect)
{
	struct storm *storm = effect->storm;
	struct world_model *model = chosen(effect)->truth;
	struct world_controller *controller =
		&storm->world->controllers[effect->fault->choice / 3 % storm->world->controller_count];

	if (storm->world->down || model->recorded == NULL || world_at(model, controller)->presence == WORLD_ABSENT)
		return;
	world_row_move(storm->world, model, controller, "somebody");
	storm->meddled = true;
}

static void do_destroy(struct storm_effect *effect)
{
	world_destroy(effect->storm->world, chosen(effect)->truth);
	effect->storm->meddled = true;
}

static void do_revoke(struct storm_effect *effect)
{
	world_revoke(chosen(effect)->truth);
	effect->storm->meddled = true;
}

static void do_lose(struct storm_effect *effect)
{
	struct storm *storm = effect->storm;

	world_lose(storm->world, chosen(effect)->truth, &storm->world->controllers[storm->target]);
	storm->meddled = true;
}

static void (*const deeds[FAULT_KINDS])(struct storm_effect *effect) = {
	[FAULT_CUT] = do_cut,
	[FAULT_KILL] = do_kill,
	[FAULT_LEAVE] = do_leave,
	[FAULT_FREEZE] = do_freeze,
	[FAULT_JUMP] = do_jump,
	[FAULT_JIMM] = do_jimm,
	[FAULT_SOURCE] = do_down,
	[FAULT_TARGET] = do_down,
	[FAULT_REFUSES] = do_down,
	[FAULT_TOKEN] = do_token,
	[FAULT_ABORT] = do_abort,
	[FAULT_MIGRATE] = do_migrate,
	[FAULT_RECORD] = do_record,
	[FAULT_DESTROY] = do_destroy,
	[FAULT_REVOKE] = do_revoke,
	[FAULT_LOSE] = do_lose,
};

static void happens(void *context)
{
	struct storm_effect *effect = context;
	struct storm *storm = effect->storm;
	int64_t until = storm->world->now + effect->fault->length;

	storm_trace(storm, "! %s (%.1f s)", scene_fault_name(effect->fault->kind),
		(double)effect->fault->length / (double)INSTANT_SECOND);
	storm->counts->faults[effect->fault->kind]++;
	/* A pass of the poller may still write back what it has read. */
	until += 2 * INSTANT_MINUTE;
	storm->busy_until = until > storm->busy_until ? until : storm->busy_until;
	deeds[effect->fault->kind](effect);
}

static void fire(struct storm_effect *effect)
{
	struct storm *storm = effect->storm;
	int64_t until = storm->world->now + effect->fault->delay + INSTANT_SECOND;

	effect->fault->fired = true;
	storm->busy_until = until > storm->busy_until ? until : storm->busy_until;
	world_after(storm->world, effect->fault->delay, happens, effect);
}

void weather_trigger(struct storm *storm, enum scene_trigger trigger, int64_t at)
{
	if (storm->world->now - storm->world->start >= storm->scene.faults_end)
		return;
	for (size_t i = 0; i < storm->scene.fault_count; i++) {
		struct scene_fault *fault = &storm->scene.faults[i];

		if (!fault->fired && fault->trigger == trigger && fault->at == at)
			fire(&storm->effects[i]);
	}
}

static void timed(void *context)
{
	fire(context);
}

void weather_begin(struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.fault_count; i++) {
		struct scene_fault *fault = &storm->scene.faults[i];

		storm->effects[i] = (struct storm_effect){storm, fault};
		if (fault->trigger == TRIGGER_TIME)
			world_after(storm->world, storm->scene.begins + fault->at, timed, &storm->effects[i]);
		if (fault->trigger != TRIGGER_TIME && fault->trigger != TRIGGER_PHASE &&
			fault->trigger != TRIGGER_MESSAGE)
			fault->at = 0;
	}
}
