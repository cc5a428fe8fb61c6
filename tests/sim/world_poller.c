/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_poller.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_pending.h"

#define PERIOD INSTANT_MINUTE

/* A row as read at the start of a pass. */
struct row {
	struct world_model *model;
	struct world_controller *controller;
	bool locked;
};

struct world_poller {
	struct world_event *event;
	int64_t each;
	int64_t began; /* of the pass under way */
	struct row *rows;
	size_t row_count, next;
};

static void run_pass(void *context);

static void schedule(struct world *world, int64_t at)
{
	struct world_poller *poller = world->poller;
	poller->event = world_queue_add(&world->queue, at > world->now ? at : world->now, run_pass, world);
}

static void read_rows(struct world *world)
{
	struct world_poller *poller = world->poller;
	poller->began = world->now;
	poller->next = poller->row_count = 0;
	for (size_t i = 0; i < world->model_count; i++) {
		struct world_model *model = &world->models[i];
		if (model->recorded)
			poller->rows[poller->row_count++] = (struct row){
				.model = model, .controller = model->recorded, .locked = *model->mode != '\0'};
	}
}

static void locked_row(
	struct world *world, const struct row *row, const struct world_view *view, const struct world_error *error)
{
	if (!error) {
		/* The whole row is written back as it was read, except the lock. */
		if (view->migration && view->end != INSTANT_NONE)
			world_row_move(world, row->model, row->controller, "poller");
		return;
	}
	struct world_controller *target = NULL;
	if (error->moved && error->moved->alias)
		target = world_controller_find(world, error->moved->alias);
	if (target && world->era.completes)
		world_row_move(world, row->model, target, "poller");
}

/* Returns false when the poller panicked. */
static bool poll_row(struct world *world, const struct row *row)
{
	struct world_error error;
	struct world_view view = {0};
	if (!row->model->recorded || world_dial(world, row->controller, &error))
		return true;
	bool failed = world_juju_model_info(world, row->model, row->controller, world->admin, &view, &error) != 0;
	if (row->locked && !failed && !view.migration && world->era.start_gap_panics)
		return false;
	if (row->locked) {
		locked_row(world, row, &view, failed ? &error : NULL);
		return true;
	}
	bool denied = failed && (!strcmp(error.code, "not found") || !strcmp(error.code, "unauthorized access"));
	bool spared = world->era.deletes_dying_only && !strcmp(row->model->life, "alive");
	if (denied && world->era.poller_deletes && !spared)
		world_row_delete(world, row->model, "poller");
	return true;
}

static void poll_next(void *context)
{
	struct world *world = context;
	struct world_poller *poller = world->poller;
	poller->event = NULL;
	if (!poll_row(world, &poller->rows[poller->next++])) {
		world_jimm_restart(world, INSTANT_SECOND);
		return;
	}
	if (poller->next < poller->row_count) {
		const struct row *row = &poller->rows[poller->next];
		poller->event = world_after(world,
			row->controller->reach == WORLD_DOWN ? world->dial_timeout : poller->each, poll_next, world);
		return;
	}
	schedule(world, poller->began + PERIOD);
}

static void run_pass(void *context)
{
	struct world *world = context;
	struct world_poller *poller = world->poller;
	poller->event = NULL;
	read_rows(world);
	if (poller->row_count)
		poller->event = world_after(world, poller->each, poll_next, world);
	else
		schedule(world, poller->began + PERIOD);
}

void world_poller_start(struct world *world, int64_t first, int64_t each)
{
	world->poller = memory_get(1, sizeof(*world->poller));
	world->poller->each = each;
	world->poller->rows = memory_get(world->model_count, sizeof(struct row));
	schedule(world, first);
}

void world_poller_free(struct world *world)
{
	if (!world->poller)
		return;
	world_queue_cancel(&world->queue, &world->poller->event);
	free(world->poller->rows);
	free(world->poller);
	world->poller = NULL;
}

static void jimm_up(void *context)
{
	struct world *world = context;
	world->down = false;
	if (world->poller)
		schedule(world, world->now + PERIOD);
}

void world_jimm_restart(struct world *world, int64_t length)
{
	if (world->down)
		return;
	world->down = true;
	if (world->poller)
		world_queue_cancel(&world->queue, &world->poller->event);
	for (struct world_session *session = world->sessions; session; session = session->next) {
		if (session->direct)
			continue;
		while (session->calls)
			world_call_abandon(session->calls);
		world_session_cut_after(session, 0);
	}
	world_after(world, length, jimm_up, world);
}
