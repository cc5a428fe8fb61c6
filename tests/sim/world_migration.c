/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_migration.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_juju.h"
#include "tests/sim/world_watch.h"

/* How long a phase that needs an unreachable controller waits before it tries again. */
#define RETRY (5 * INSTANT_SECOND)

static void begin_step(struct world_attempt *attempt, size_t index);

bool world_attempt_runs(const struct world_attempt *attempt)
{
	return attempt->end == INSTANT_NONE;
}

bool world_attempt_committed(const struct world_attempt *attempt)
{
	return attempt->phase >= WORLD_SUCCESS && attempt->phase <= WORLD_REAPFAILED;
}

const struct world_plan *world_plan_next(const struct world_model *model)
{
	size_t last = model->plan_count - 1;
	return &model->plans[model->plans_used < last ? model->plans_used : last];
}

static void show(struct world_attempt *attempt, const struct world_step *step)
{
	struct world_place *place = world_at(attempt->model, attempt->source);
	attempt->text = step->info + strlen("migrating: ");
	if (step->silent || world_major(attempt->source) >= 4)
		return;
	place->info = step->info;
	place->since = attempt->world->now;
	place->status = step->mark == WORLD_ENDS ? "available" : "busy";
	world_watch_changed(attempt->world, attempt->model, attempt->source);
}

static void clean_target(struct world_attempt *attempt)
{
	struct world_place *copy = world_at(attempt->model, attempt->target);
	if (attempt->plan.copy == WORLD_COPY_REMOVED && copy->presence == WORLD_IMPORTING &&
		attempt->target->reach == WORLD_UP)
		copy->presence = WORLD_ABSENT;
}

static void finish(struct world_attempt *attempt)
{
	attempt->end = attempt->world->now;
	if (attempt->phase == WORLD_ABORTDONE)
		clean_target(attempt);
	else
		attempt->model->stranded = attempt->plan.stranded;
}

static void make_copy(struct world_attempt *attempt)
{
	struct world_place *copy = world_at(attempt->model, attempt->target);
	copy->presence = WORLD_IMPORTING;
	copy->status = "available";
	copy->info = "";
	copy->since = attempt->world->now;
}

static void mark(struct world_attempt *attempt, const struct world_step *step)
{
	struct world_place *source = world_at(attempt->model, attempt->source);
	struct world_place *copy = world_at(attempt->model, attempt->target);
	if (step->mark == WORLD_COPY_APPEARS)
		make_copy(attempt);
	if (step->mark == WORLD_ACTIVATED || (step->phase == WORLD_ABORT && attempt->plan.copy == WORLD_COPY_ACTIVE &&
						     copy->presence == WORLD_IMPORTING))
		copy->presence = WORLD_ACTIVE;
	/* Juju 4 raises the version of a model that it takes over to its own. */
	if (step->mark == WORLD_ACTIVATED && world_major(attempt->target) >= 4)
		string_replace(&attempt->model->agent_version, NULL);
	if (step->mark == WORLD_DOCUMENTS_VANISH) {
		source->presence = WORLD_ABSENT;
		world_watch_removed(attempt->world, attempt->model, attempt->source);
	}
	if (step->mark == WORLD_ENDS)
		finish(attempt);
}

static char *already_exists(const struct world_attempt *attempt)
{
	return string_format("model data transfer failed, failed to import model into target controller: "
			     "model %s already exists",
		attempt->model->uuid);
}

/* Returns the text of the abort that an unreachable target causes in a step, or NULL. */
static const char *unreachable(const struct world_step *step)
{
	switch (step->kind) {
	case WORLD_TARGET_PRECHECKS:
		return "failed to connect to target controller during prechecks: unable to connect to API";
	case WORLD_IMPORT_MODEL:
	case WORLD_UPLOAD:
		return "model data transfer failed, failed to connect to target controller: unable to connect to API";
	case WORLD_VALIDATE_WAIT:
		return "validating, some agents reported failure";
	case WORLD_MACHINES:
	case WORLD_ACTIVATE:
		return "model activation failed, unable to connect to API";
	default:
		return NULL;
	}
}

/* Returns why a step cannot begin (the reason of an abort), owned by the caller, or NULL. */
static char *obstacle(const struct world_attempt *attempt, const struct world_step *step)
{
	const struct world_place *copy = world_at(attempt->model, attempt->target);
	if (step->mark == WORLD_COPY_APPEARS && copy->presence != WORLD_ABSENT)
		return already_exists(attempt);
	if (step->mark == WORLD_ACTIVATED && copy->presence != WORLD_IMPORTING)
		return string_copy("model activation failed, migration mode for the model is not importing");
	return attempt->target->reach == WORLD_UP ? NULL : string_copy(unreachable(step));
}

static bool must_wait(const struct world_attempt *attempt, const struct world_step *step)
{
	bool needs_target = step->phase == WORLD_SUCCESS || step->phase == WORLD_LOGTRANSFER;
	return needs_target && attempt->target->reach != WORLD_UP;
}

static void next_step(void *context)
{
	struct world_attempt *attempt = context;
	const struct world_step *next = &attempt->steps[attempt->step + 1];
	attempt->event = NULL;
	if (must_wait(attempt, &attempt->steps[attempt->step])) {
		attempt->event = world_after(attempt->world, RETRY, next_step, attempt);
		return;
	}
	bool final = world_attempt_committed(attempt) || attempt->phase >= WORLD_ABORT;
	scoped(string) char *reason = final ? NULL : obstacle(attempt, next);
	if (reason)
		world_attempt_abort(attempt, reason);
	else
		begin_step(attempt, attempt->step + 1);
}

static void begin_step(struct world_attempt *attempt, size_t index)
{
	const struct world_step *step = &attempt->steps[index];
	attempt->step = index;
	attempt->phase = step->phase;
	mark(attempt, step);
	show(attempt, step);
	if (step->mark == WORLD_ENDS ||
		(attempt->plan.stuck >= 0 && step->kind == (enum world_length)attempt->plan.stuck))
		return;
	attempt->event = world_after(attempt->world, step->length, next_step, attempt);
}

void world_attempt_abort(struct world_attempt *attempt, const char *reason)
{
	if (!world_attempt_runs(attempt) || world_attempt_committed(attempt))
		return;
	world_queue_cancel(&attempt->world->queue, &attempt->event);
	/* An unplanned abort never activates the copy by itself. */
	if (attempt->plan.copy == WORLD_COPY_ACTIVE)
		attempt->plan.copy = WORLD_COPY_REMOVED;
	/* Texts of the steps may still be shown; they are kept until the attempt is released. */
	world_steps_abort(attempt, attempt->step_count - 1, reason);
	begin_step(attempt, attempt->step_count - 2);
}

void world_attempt_halted(struct world_attempt *attempt)
{
	world_queue_cancel(&attempt->world->queue, &attempt->event);
}

void world_attempt_restarted(struct world_attempt *attempt)
{
	const struct world_place *copy = world_at(attempt->model, attempt->target);
	world_attempt_halted(attempt);
	/* A model that was destroyed takes its migration with it. */
	if (!world_attempt_runs(attempt) || !strcmp(attempt->model->life, "dead"))
		return;
	if (attempt->phase == WORLD_IMPORT && copy->presence == WORLD_IMPORTING) {
		scoped(string) char *reason = already_exists(attempt);
		world_attempt_abort(attempt, reason);
		return;
	}
	if (attempt->phase == WORLD_ABORT) {
		attempt->phase = WORLD_VALIDATION;
		world_attempt_abort(attempt, "");
		return;
	}
	size_t first = attempt->step;
	while (first > 0 && attempt->steps[first - 1].phase == attempt->phase)
		first--;
	begin_step(attempt, first);
}

/* In juju 4 a migration has a UUID of its own. */
static char *new_id(const struct world_model *model, const struct world_controller *source)
{
	return world_major(source) >= 4 ? string_format("%.24sf%011zx", model->uuid, model->attempt_count)
					: string_format("%s:%zu", model->uuid, model->attempt_count);
}

static struct world_attempt *new_attempt(struct world *world, struct world_model *model,
	struct world_controller *source, struct world_controller *target)
{
	struct world_attempt *attempt = memory_get(1, sizeof(*attempt));
	attempt->id = new_id(model, source);
	attempt->world = world;
	attempt->model = model;
	attempt->source = source;
	attempt->target = target;
	attempt->start = world->now;
	attempt->end = INSTANT_NONE;
	attempt->plan.stuck = -1;
	attempt->listed = memory_get(model->listed_count, sizeof(char *));
	for (size_t i = 0; i < model->listed_count; i++)
		attempt->listed[attempt->listed_count++] = string_copy(model->listed[i]);
	model->attempts = memory_room(
		model->attempts, model->attempt_count, &model->attempt_capacity, sizeof(struct world_attempt *));
	model->attempts[model->attempt_count++] = attempt;
	world_at(model, source)->attempt = attempt;
	return attempt;
}

struct world_attempt *world_initiate(struct world *world, struct world_model *model, struct world_controller *source,
	struct world_controller *target, const char *alias, struct world_error *error)
{
	const struct world_plan *plan = world_plan_next(model);
	model->plans_used++;
	if (world_juju_prechecks(world, model, source, target, plan, error))
		return NULL;
	struct world_attempt *attempt = new_attempt(world, model, source, target);
	attempt->alias = string_copy(alias);
	attempt->plan = *plan;
	world_steps_build(attempt);
	begin_step(attempt, 0);
	return attempt;
}

struct world_attempt *world_attempt_past(struct world *world, struct world_model *model,
	struct world_controller *source, struct world_controller *target, enum world_phase phase, const char *text,
	int64_t start, int64_t end)
{
	struct world_attempt *attempt = new_attempt(world, model, source, target);
	struct world_place *place = world_at(model, source);
	attempt->steps = memory_get(1, sizeof(struct world_step));
	attempt->step_count = attempt->step_capacity = 1;
	attempt->steps[0] = (struct world_step){.phase = phase, .mark = WORLD_ENDS};
	attempt->steps[0].info = string_format("migrating: %s", text);
	attempt->text = attempt->steps[0].info + strlen("migrating: ");
	attempt->phase = phase;
	attempt->start = start;
	attempt->end = end;
	if (phase != WORLD_DONE) {
		place->info = attempt->steps[0].info;
		place->since = end;
	}
	return attempt;
}

void world_attempt_free(struct world_attempt *attempt)
{
	for (size_t i = 0; i < attempt->step_count; i++)
		free(attempt->steps[i].info);
	for (size_t i = 0; i < attempt->listed_count; i++)
		free(attempt->listed[i]);
	free(attempt->listed);
	free(attempt->steps);
	free(attempt->alias);
	free(attempt->id);
	free(attempt);
}
