/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_juju.h"

#include <string.h>

static bool listed(const struct world_attempt *attempt, const char *asker)
{
	for (size_t i = 0; i < attempt->listed_count; i++)
		if (!strcmp(attempt->listed[i], asker))
			return true;
	return false;
}

static int redirect(struct world_error *error, const struct world_attempt *attempt, bool tag)
{
	world_fail(error, "redirection required", "redirection to alternative server required");
	error->moved = attempt;
	error->tag = tag;
	return -1;
}

static bool migrated_away(const struct world_place *place)
{
	return place->presence == WORLD_ABSENT && place->attempt && place->attempt->phase == WORLD_DONE;
}

/* Sets the error for ModelInfo of a model that is not here. */
static int info_absent(const struct world *world, const struct world_model *model,
	const struct world_controller *controller, const char *asker, struct world_error *error)
{
	const struct world_place *place = world_at(model, controller);
	const struct world_attempt *attempt = place->attempt;
	if (world_major(controller) >= 4 || (attempt && attempt->phase == WORLD_REAP))
		return world_fail(error, "not found", "model \"%s\" not found", model->uuid);
	if (migrated_away(place) && world->now >= attempt->end + attempt->plan.lengths[WORLD_CACHED] &&
		listed(attempt, asker))
		return redirect(error, attempt, false);
	return world_fail(error, "unauthorized access", "permission denied");
}

const char *world_juju_version(const struct world_model *model, const struct world_controller *controller)
{
	return model->agent_version ? model->agent_version : controller->agent_version;
}

unsigned world_juju_away(const struct world_model *model, const struct world_controller *controller)
{
	const struct world_attempt *attempt = world_newest(model);
	bool moved = attempt && attempt->target == controller;
	return moved && model->stranded > model->down ? model->stranded : model->down;
}

static void show_place(
	const struct world_model *model, const struct world_controller *controller, struct world_view *view)
{
	const struct world_place *place = world_at(model, controller);
	view->answered = controller;
	view->status = place->status;
	view->info = place->info;
	view->since = place->since;
	view->migration = NULL;
	view->start = view->end = INSTANT_NONE;
}

static void show_attempt(const struct world_attempt *attempt, struct world_view *view)
{
	view->migration = attempt->text;
	view->start = attempt->start;
	view->end = attempt->end;
}

/* A 4.x target shows a model that is being imported with a text of its own. */
static void show_coming(const struct world *world, struct world_view *view)
{
	view->status = "busy";
	view->info = view->migration = "the model is being migrated";
	view->start = world->now;
}

int world_juju_model_info(const struct world *world, struct world_model *model,
	const struct world_controller *controller, const char *asker, struct world_view *view,
	struct world_error *error)
{
	const struct world_place *place = world_at(model, controller);
	bool is_new = world_major(controller) >= 4;
	if (place->presence == WORLD_ABSENT)
		return info_absent(world, model, controller, asker, error);
	show_place(model, controller, view);
	if (is_new && place->presence == WORLD_IMPORTING)
		show_coming(world, view);
	if (!is_new && place->attempt && place->attempt->phase != WORLD_DONE)
		show_attempt(place->attempt, view);
	return 0;
}

int world_juju_model_status(const struct world *world, struct world_model *model,
	const struct world_controller *controller, const char *asker, struct world_error *error)
{
	const struct world_place *place = world_at(model, controller);
	(void)world;
	if (place->presence != WORLD_ABSENT)
		return 0;
	if (migrated_away(place) && listed(place->attempt, asker))
		return redirect(error, place->attempt, world_major(controller) >= 4);
	return world_fail(error, "not found", "model \"%s\" not found", model->uuid);
}

bool world_juju_lists(const struct world_model *model, const struct world_controller *controller)
{
	enum world_presence presence = world_at(model, controller)->presence;
	return presence == WORLD_ACTIVE || (presence == WORLD_IMPORTING && world_major(controller) >= 4);
}

void world_juju_summary(const struct world *world, struct world_model *model, const struct world_controller *controller,
	struct world_view *view)
{
	const struct world_place *place = world_at(model, controller);
	show_place(model, controller, view);
	if (world_major(controller) >= 4 && place->presence == WORLD_IMPORTING)
		show_coming(world, view);
	if (world_major(controller) < 4 && place->attempt)
		show_attempt(place->attempt, view);
}

int world_juju_login(const struct world *world, const struct world_model *model,
	const struct world_controller *controller, bool allowed, struct world_error *error)
{
	const struct world_place *place = world_at(model, controller);
	(void)world;
	if (place->presence == WORLD_ABSENT) {
		if (!migrated_away(place))
			return world_fail(error, "model not found", "unknown model: \"%s\"", model->uuid);
		if (world_major(controller) >= 4)
			return redirect(error, place->attempt, true);
		return world_fail(error, "unauthorized access", "invalid entity name or password");
	}
	if (!allowed)
		return world_fail(error, "unauthorized access", "permission denied");
	return 0;
}

bool world_juju_migrated(const struct world_model *model, const struct world_controller *controller)
{
	return migrated_away(world_at(model, controller));
}

/* The tag alone decides who is redirected, before any password is checked. */
int world_juju_login_moved(const struct world_model *model, const struct world_controller *controller, const char *user,
	struct world_error *error)
{
	const struct world_attempt *attempt = world_at(model, controller)->attempt;
	bool external = user && strchr(user, '@') && strcmp(strchr(user, '@'), "@local") != 0;
	bool sent = user && (listed(attempt, user) || !strcmp(user, "jujuanonymous") ||
				    (external && world_major(controller) >= 4));
	if (sent)
		return redirect(error, attempt, true);
	return world_fail(error, "unauthorized access", "invalid entity name or password");
}
