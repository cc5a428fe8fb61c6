/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tests/sim/world_migration.h"
#include "tests/storm/ask.h"

static struct storm_link *api(struct storm *storm)
{
	struct storm_link *link = storm->process.api;

	if (link != NULL && link->ended)
		link = storm->process.api = NULL;
	if (link == NULL)
		storm->process.api = link_open(storm, MIGRATION_ALL);
	return link != NULL && link->open ? link : NULL;
}

static void ask_api(struct storm *storm, size_t model, int what, const char *target)
{
	struct storm_link *link = api(storm);

	if (link == NULL) {
		ask_later(storm, what, model, ask_no_connection());
		return;
	}
	struct storm_ask *ask = ask_new(storm, link, what, model);
	ask->target = string_copy(target);
	ask_send(ask);
}

/* What is pending on a connection that another one takes the place of fails, the next moment. */
static void fail_later(struct storm *storm, struct storm_link *link)
{
	for (struct storm_ask *ask = link->asks; ask != NULL; ask = ask->link_next) {
		ask->answered = true;
		if (ask->what != ASK_NEXT && ask->what != ASK_WATCH)
			ask_later(storm, ask->what, ask->model, ask_no_connection());
	}
	if (link->watched && !link->ended)
		ask_later(storm, ASK_WATCH, link->model, ask_no_connection());
	link->watched = false;
	link_close(link);
}

/* Returns the controller whose connection is the one to the model's source, when the first login has reached `reached`. */
static const struct world_controller *watched(
	const struct storm *storm, size_t model, const struct world_controller *reached)
{
	const char *uuid = migration_watched(engine_migration(storm->process.engine, model), reached->uuid);

	for (size_t i = 0; i < storm->world->controller_count; i++)
		if (string_same(storm->world->controllers[i].uuid, uuid))
			return &storm->world->controllers[i];
	return reached;
}

static void hand_over(struct storm *storm, size_t model)
{
	struct storm_process *process = &storm->process;
	struct storm_link *link = steal(process->opening[model]), **place = &process->arrived[model];

	process->wanted[model] = false;
	if (process->first[model] == NULL)
		process->first[model] = watched(storm, model, link->controller);
	if (process->first[model] == link->controller)
		place = &process->source[model];
	struct storm_link *old = *place;
	*place = link;
	if (old != NULL)
		fail_later(storm, old);
	struct storm_ask *ask = ask_new(storm, NULL, ASK_LATER, model);
	ask->look = LOOK_LOGIN;
	ask->link = link;
	ask->asked = link->began;
	ask_tell(ask);
}

void port_opened(struct storm_link *link)
{
	struct storm_process *process = &link->storm->process;
	size_t model = link->model;

	if (process->opening[model] != link)
		return;
	if (link->open) {
		if (process->wanted[model] && !process->finished)
			hand_over(link->storm, model);
		return;
	}
	process->opening[model] = NULL;
	if (!process->wanted[model] || process->finished)
		return;
	process->wanted[model] = false;
	struct storm_ask *ask = ask_new(link->storm, NULL, ASK_LATER, model);
	ask->look = LOOK_LOGIN;
	ask->asked = link->began;
	ask->answer.error = error_copy(link->error);
	ask_tell(ask);
}

static void handed_over(void *context)
{
	struct storm_ask *ask = context;
	struct storm_process *process = &ask->storm->process;

	if (!ask_ours(ask) || link_frozen(ask->storm, handed_over, ask))
		return;
	ask->answered = true;
	if (process->wanted[ask->model] && process->opening[ask->model] != NULL && process->opening[ask->model]->open)
		hand_over(ask->storm, ask->model);
	else if (process->wanted[ask->model] && process->opening[ask->model] != NULL &&
		 process->opening[ask->model]->ended)
		process->opening[ask->model] = link_open(ask->storm, ask->model);
}

static void ask_login(struct storm *storm, size_t model)
{
	struct storm_process *process = &storm->process;
	struct storm_link *link = process->opening[model];

	if (process->wanted[model])
		storm_fail(storm, WRONG_PORT, "a second login is asked for before the first is answered");
	process->wanted[model] = true;
	if (link == NULL || link->ended) {
		process->opening[model] = link_open(storm, model);
		return;
	}
	/* It was opened before it was asked for; the answer must not come from inside the question. */
	if (link->open)
		world_after(storm->world, 0, handed_over, ask_new(storm, NULL, ASK_LATER, model));
}

/* A login to another model that nobody needs any longer than for its answer. */
static void at_neighbour(void *context)
{
	struct storm_ask *ask = context;
	struct world *world = ask->storm->world;

	if (!ask_ours(ask))
		return;
	if (world->down)
		ask->answer.error = ask_no_connection();
	else
		ask_serve(ask);
	if (world->down)
		ask_answered(ask);
}

static void ask_neighbour(struct storm *storm, size_t model)
{
	struct storm_ask *ask = ask_new(storm, NULL, LOOK_NEIGHBOUR, model);

	ask->target = string_copy(engine_migration(storm->process.engine, model)->neighbour_uuid);
	storm_trace(storm, "> login to a neighbour of %s", storm->models[model].truth->name);
	world_after(storm->world, link_latency(storm), at_neighbour, ask);
}

/* What the target itself would tell our user. A juju 3 controller lists a model only when it is active, and a juju 4 controller
 * does not know it before it has been imported, and calls it busy until it has been handed over. */
static enum target_sight sight_at(const struct world_model *model, const struct world_controller *controller)
{
	const struct world_attempt *attempt = world_newest(model);
	const struct world_place *place = world_at(model, controller);
	bool to = attempt != NULL && attempt->target == controller && world_attempt_runs(attempt);
	bool importing =
		to && attempt->phase == WORLD_IMPORT && attempt->steps[attempt->step].kind <= WORLD_IMPORT_MODEL;

	if (place->presence == WORLD_ABSENT || (world_major(controller) >= 4 && importing))
		return TARGET_NONE;
	if (place->presence == WORLD_IMPORTING)
		return TARGET_IMPORTING;
	bool late = string_starts(controller->agent_version, "4.1") && attempt != NULL &&
		    attempt->target == controller && attempt->source != controller;
	bool held = late && (attempt->phase < WORLD_LOGTRANSFER || attempt->phase >= WORLD_ABORT);
	return held ? TARGET_IMPORTING : TARGET_ACTIVE;
}

static void at_target(void *context)
{
	struct storm_ask *ask = context;
	struct storm *storm = ask->storm;
	const struct world_controller *target = &storm->world->controllers[storm->target];

	if (!ask_ours(ask))
		return;
	if (target->reach != WORLD_UP)
		ask->answer.error = ask_no_connection();
	else
		ask->answer.witness = (struct migration_witness){
			sight_at(storm->models[ask->model].truth, target), target->agent_version};
	ask_answered(ask);
}

static void ask_target(struct storm *storm, size_t model)
{
	struct error *error = NULL;

	if (!storm->scene.witness) {
		error_set_remote(&error, "not implemented", "there is nothing to log in to the target with");
		ask_later(storm, LOOK_TARGET, model, error);
		return;
	}
	storm_trace(storm, "> target of %s itself", storm->models[model].truth->name);
	world_after(storm->world, link_latency(storm), at_target, ask_new(storm, NULL, LOOK_TARGET, model));
}

/* A controller tells whoever has proved who he is by the way in which it refuses what has become of a model. */
static void at_source(void *context)
{
	struct storm_ask *ask = context;
	struct storm *storm = ask->storm;
	const struct world_model *model = storm->models[ask->model].truth;
	const struct world_controller *source = NULL;
	struct world_error error;

	if (!ask_ours(ask))
		return;
	const char *uuid = engine_migration(storm->process.engine, ask->model)->source_uuid;
	for (size_t i = 0; i < storm->world->controller_count; i++)
		if (string_same(storm->world->controllers[i].uuid, uuid))
			source = &storm->world->controllers[i];
	if (source == NULL || source->reach != WORLD_UP) {
		ask->answer.error = ask_no_connection();
	} else {
		ask->controller = source;
		if (world_at(model, source)->presence == WORLD_ABSENT && world_juju_migrated(model, source)) {
			world_juju_login_moved(model, source, "admin", &error);
			error_set_remote(&ask->answer.error, error.code, error.message);
		} else if (world_at(model, source)->presence == WORLD_ABSENT) {
			error_set_remote(&ask->answer.error, "model not found", "unknown model");
		}
	}
	ask_answered(ask);
}

static void ask_source(struct storm *storm, size_t model)
{
	struct error *error = NULL;

	if (!storm->scene.direct) {
		error_set_remote(&error, "not implemented", "there is nothing to log in to the source with");
		ask_later(storm, LOOK_SOURCE, model, error);
		return;
	}
	storm_trace(storm, "> source of %s itself", storm->models[model].truth->name);
	world_after(storm->world, link_latency(storm), at_source, ask_new(storm, NULL, LOOK_SOURCE, model));
}

static void at_all(void *context)
{
	struct storm_ask *ask = context;
	struct storm *storm = ask->storm;

	if (!ask_ours(ask))
		return;
	for (size_t i = 0; i < storm->world->controller_count; i++) {
		const struct world_controller *one = &storm->world->controllers[i];

		ask->answer.found[i] = (struct migration_found){one->name, one->uuid,
			one->reach == WORLD_UP ? sight_at(storm->models[ask->model].truth, one) : TARGET_UNKNOWN};
	}
	ask->answer.search = (struct migration_search){ask->answer.found, storm->world->controller_count};
	ask_answered(ask);
}

static void ask_all(struct storm *storm, size_t model)
{
	struct error *error = NULL;

	if (!storm->scene.witness) {
		error_set_remote(&error, "not implemented", "there is no controller to log in to");
		ask_later(storm, LOOK_SEARCH, model, error);
		return;
	}
	storm_trace(storm, "> all controllers about %s", storm->models[model].truth->name);
	world_after(storm->world, link_latency(storm), at_all, ask_new(storm, NULL, LOOK_SEARCH, model));
}

static void look(void *context, size_t model, enum migration_look what)
{
	struct storm *storm = context;
	struct storm_link *link;

	if (what == LOOK_LOGIN) {
		ask_login(storm, model);
	} else if (what == LOOK_NEIGHBOUR) {
		ask_neighbour(storm, model);
	} else if (what == LOOK_TARGET) {
		ask_target(storm, model);
	} else if (what == LOOK_SOURCE) {
		ask_source(storm, model);
	} else if (what == LOOK_SEARCH) {
		ask_all(storm, model);
	} else if (what == LOOK_STATUS || what == LOOK_ARRIVED) {
		link = what == LOOK_STATUS ? storm->process.source[model] : storm->process.arrived[model];
		if (link == NULL || !link->open)
			ask_later(storm, what, model, ask_no_connection());
		else
			ask_send(ask_new(storm, link, what, model));
	} else {
		ask_api(storm, model, what, NULL);
	}
}

static void close_link(struct storm *storm, struct storm_link **place)
{
	struct storm_link *link = steal(*place);

	if (link != NULL)
		fail_later(storm, link);
}

static void close_links(void *context, size_t model, enum migration_close what)
{
	struct storm *storm = context;
	struct storm_process *process = &storm->process;

	if (what != CLOSE_ARRIVED)
		close_link(storm, &process->source[model]);
	if (what != CLOSE_SOURCE)
		close_link(storm, &process->arrived[model]);
	if (what != CLOSE_OVER)
		return;
	journal_settle(storm, model);
	if (process->wanted[model])
		ask_later(storm, LOOK_LOGIN, model, ask_no_connection());
	process->wanted[model] = false;
	process->first[model] = NULL;
	link_close(steal(process->opening[model]));
}

static void watch(void *context, size_t model)
{
	struct storm *storm = context;
	struct storm_link *link = storm->process.source[model];

	if (link == NULL || !link->open || storm->scene.unpushed || world_major(link->controller) >= 4) {
		ask_later(storm, ASK_WATCH, model, link == NULL || !link->open ? ask_no_connection() : NULL);
		return;
	}
	link->watched = true;
	ask_send(ask_new(storm, link, ASK_WATCH, model));
}

static void start(void *context, size_t model, const char *uuid, const char *target)
{
	struct storm *storm = context;
	struct error *error = NULL;

	if (!string_same(uuid, storm->models[model].truth->uuid))
		storm_fail(storm, WRONG_PORT, "MigrateModel of another model");
	if (api(storm) == NULL) {
		error_set_remote(&error, MIGRATION_NOT_SENT,
			"the connection to JIMM has ended before anything could be asked for");
		ask_later(storm, ASK_START, model, error);
		return;
	}
	check_start(storm, model, target);
	ask_api(storm, model, ASK_START, target);
}

static void record(void *context, size_t model, const char *uuid, const char *controller)
{
	struct storm *storm = context;

	if (!string_same(uuid, storm->models[model].truth->uuid))
		storm_fail(storm, WRONG_PORT, "UpdateMigratedModel of another model");
	if (api(storm) != NULL)
		check_record(storm, model, controller);
	ask_api(storm, model, ASK_RECORD, controller);
}

/* ---- the rest of the port ---- */

static int resolve(
	void *context, size_t model, const struct controller_models *models, size_t *index, struct error **error)
{
	const struct storm *storm = context;

	for (size_t i = 0; i < models->count; i++)
		if (string_same(models->list[i].uuid, storm->models[model].truth->uuid)) {
			*index = i;
			return 0;
		}
	return error_set(error, ERROR_FAILED, "no such model");
}

static void woken(void *context)
{
	struct storm *storm = context;

	storm->process.wake = NULL;
	if (storm->process.frozen_until > storm->world->now) {
		storm->process.wake = world_queue_add(&storm->world->queue, storm->process.frozen_until, woken, storm);
		return;
	}
	if (storm->process.alive && !storm->process.finished)
		engine_woken(storm->process.engine, storm_now(storm));
	check_rows(storm);
}

static void wake_at(void *context, int64_t at)
{
	struct storm *storm = context;
	struct world *world = storm->world;
	int64_t length = at != INSTANT_NEVER && at > storm_now(storm) ? at - storm_now(storm) : 0;

	world_queue_cancel(&world->queue, &storm->process.wake);
	if (at != INSTANT_NEVER)
		storm->process.wake = world_after(world, length, woken, storm);
}

struct migration_port port_of(struct storm *storm)
{
	struct migration_port port = {
		.context = storm,
		.resolve = resolve,
		.look = look,
		.watch = watch,
		.start = start,
		.record = record,
		.close = close_links,
		.wake_at = wake_at,
	};

	journal_port(storm, &port);
	return port;
}
