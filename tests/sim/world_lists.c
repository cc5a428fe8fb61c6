/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_pending.h"

void world_views_release(struct world_views *views)
{
	free(views->items);
	*views = (struct world_views){0};
}

static bool readable(const struct world_session *session, const struct world_model *model)
{
	return world_right_of(model, session->user) >= WORLD_READER;
}

static void add_view(struct world_views *views, const struct world_view *view)
{
	views->items = memory_room(views->items, views->count, &views->capacity, sizeof(struct world_view));
	views->items[views->count++] = *view;
}

void world_all_models(struct world_session *session, struct world_views *views)
{
	struct world *world = session->world;
	*views = (struct world_views){0};
	for (size_t i = 0; i < world->model_count; i++) {
		struct world_model *model = &world->models[i];
		if (!readable(session, model))
			continue;
		struct world_view view = {.model = model,
			.host = model->recorded,
			.database = true,
			.status = "available",
			.info = "",
			.since = world->start,
			.start = INSTANT_NONE,
			.end = INSTANT_NONE};
		add_view(views, &view);
	}
}

/* True when the controller is recorded for one of the caller's models, so that live lists ask it. */
static bool holds_one(const struct world_session *session, const struct world_controller *controller)
{
	const struct world *world = session->world;
	for (size_t i = 0; i < world->model_count; i++)
		if (world->models[i].recorded == controller && readable(session, &world->models[i]))
			return true;
	return false;
}

int world_list_models(struct world_session *session, struct world_views *views, struct world_error *error)
{
	struct world *world = session->world;
	struct world_error cause;
	*views = (struct world_views){0};
	for (size_t i = 0; world->era.lists_live && i < world->controller_count; i++)
		if (holds_one(session, &world->controllers[i]) && world_dial(world, &world->controllers[i], &cause))
			return world_fail(error, cause.code, "failed to list models: %s", cause.message);
	world_all_models(session, views);
	for (size_t i = 0; world->era.lists_live && i < views->count; i++) {
		bool seen = false;
		for (size_t j = 0; j < world->controller_count; j++)
			seen |= holds_one(session, &world->controllers[j]) &&
				world_juju_lists(views->items[i].model, &world->controllers[j]);
		if (!seen)
			views->items[i--] = views->items[--views->count];
	}
	return 0;
}

/* Merges one controller's answer into the caller's entries: the last answer about a UUID wins. */
static void merge(const struct world *world, const struct world_controller *controller, struct world_views *views)
{
	for (size_t i = 0; i < views->count; i++)
		if (world_juju_lists(views->items[i].model, controller))
			world_juju_summary(world, views->items[i].model, controller, &views->items[i]);
}

void world_list_summaries(struct world_session *session, struct world_views *views)
{
	struct world *world = session->world;
	world_all_models(session, views);
	if (!world->era.lists_live)
		return;
	for (size_t i = 0; i < views->count; i++)
		views->items[i].database = false;
	/* Which controller answers last changes from call to call. */
	bool backward = world->asked++ & 1;
	for (size_t i = 0; i < world->controller_count; i++) {
		size_t index = backward ? world->controller_count - 1 - i : i;
		const struct world_controller *controller = &world->controllers[index];
		if (controller->reach == WORLD_UP && holds_one(session, controller))
			merge(world, controller, views);
	}
}

int world_unmask(struct world_session *session, struct world_error *error)
{
	if (!session->user->admin)
		return world_fail(error, "unauthorized access", "unauthorized");
	session->unmasked = true;
	return 0;
}

static struct world_model *model_by_value(const struct world *world, const char *value, struct world_error *error)
{
	const char *slash = strchr(value, '/');
	struct world_model *model = NULL;
	if (world_is_uuid(value)) {
		model = world_model_find(world, value);
	} else if (slash && !strchr(slash + 1, '/')) {
		scoped(string) char *owner = string_copy_length(value, (size_t)(slash - value));
		model = world_model_named(world, owner, slash + 1);
	} else {
		world_fail(error, "bad request", "invalid model UUID: \"%s\"", value);
		return NULL;
	}
	if (model && model->recorded)
		return model;
	world_fail(error, "not found", "model not found");
	return NULL;
}

int world_model_controller_info(
	struct world_session *session, const char *value, struct world_view *view, struct world_error *error)
{
	const struct world_era *era = &session->world->era;
	struct world_model *model = model_by_value(session->world, value, error);
	if (!model)
		return -1;
	bool may = session->user->admin ||
		   (era->controller_info_for_all && world_right_of(model, session->user) >= WORLD_ADMINISTRATOR);
	if (!may)
		return world_fail(error, "unauthorized access", "unauthorized");
	*view = (struct world_view){.model = model, .host = model->recorded, .database = true};
	return 0;
}

/* Compares versions number by number. */
static int version_compare(const char *one, const char *other)
{
	while (*one && *other) {
		char *after_one, *after_other;
		long a = strtol(one, &after_one, 10), b = strtol(other, &after_other, 10);
		if (a != b)
			return a < b ? -1 : 1;
		one = *after_one ? after_one + 1 : after_one;
		other = *after_other ? after_other + 1 : after_other;
	}
	return 0;
}

static int by_name(const void *one, const void *other)
{
	const struct world_controller *const *a = one, *const *b = other;
	return strcmp((*a)->name, (*b)->name);
}

/* Finds the model that an administrator of JIMM asks about by its tag; NULL with an error for all other callers. */
static struct world_model *asked_by_administrator(
	struct world_session *session, const char *tag, struct world_error *error)
{
	bool valid;
	struct world_model *model = world_model_tagged(session->world, tag, &valid);
	if (!session->user->admin)
		world_fail(error, "unauthorized access", "unauthorized");
	else if (!valid)
		world_fail(error, "bad request", "\"%s\" is not a valid model tag", tag);
	else if (!model)
		world_fail(error, "not found", "model not found");
	else
		return model;
	return NULL;
}

int world_migration_targets(struct world_session *session, const char *tag, const struct world_controller **targets,
	size_t *count, struct world_error *error)
{
	const struct world *world = session->world;
	struct world_model *model = asked_by_administrator(session, tag, error);
	*count = 0;
	if (!model)
		return -1;
	for (size_t i = 0; i < world->controller_count; i++) {
		const struct world_controller *controller = &world->controllers[i];
		if (controller == model->recorded || controller->unregistered ||
			strcmp(controller->cloud, model->cloud) || strcmp(controller->region, model->region))
			continue;
		if (!isdigit((unsigned char)controller->agent_version[0]))
			return world_fail(error, "", "cannot parse agent version \"%s\" of controller \"%s\"",
				controller->agent_version, controller->name);
		if (version_compare(controller->agent_version, model->recorded->agent_version) < 0)
			continue;
		targets[(*count)++] = controller;
	}
	qsort(targets, *count, sizeof(*targets), by_name);
	return 0;
}

size_t world_list_controllers(
	const struct world_session *session, const struct world_controller **controllers, bool *pseudo)
{
	const struct world *world = session->world;
	size_t count = 0;
	*pseudo = !session->user->admin && !world->era.controllers_by_right;
	for (size_t i = 0; !*pseudo && i < world->controller_count; i++) {
		const struct world_controller *controller = &world->controllers[i];
		bool starting = !strcmp(controller->status, "bootstrapping");
		if (!controller->unregistered && (session->user->admin || (session->user->add_model[i] && !starting)))
			controllers[count++] = controller;
	}
	qsort(controllers, count, sizeof(*controllers), by_name);
	return count;
}

/* Fills `view` from the model's state on a controller that lists it. */
static void live_view(const struct world *world, struct world_model *model, struct world_controller *controller,
	struct world_view *view)
{
	*view = (struct world_view){.model = model, .host = model->recorded};
	world_juju_summary(world, model, controller, view);
}

int world_full_model_status(
	struct world_session *session, const char *tag, struct world_view *view, struct world_error *error)
{
	struct world *world = session->world;
	struct world_error cause;
	struct world_model *model = asked_by_administrator(session, tag, error);
	if (!model)
		return -1;
	if (world_dial(world, model->recorded, error))
		return -1;
	if (world_juju_login(world, model, model->recorded, true, &cause)) {
		if (!world->era.login_cause)
			return world_fail(error, "connection failed", "authentication failed");
		return world_fail(error, "connection failed", "%.300s (%s)", cause.message, cause.code);
	}
	live_view(world, model, model->recorded, view);
	return 0;
}

int world_full_status(struct world_session *session, struct world_view *view, struct world_error *error)
{
	if (world_at(session->model, session->controller)->presence == WORLD_ABSENT)
		return world_fail(error, "not found", "model \"%s\" not found", session->model->uuid);
	live_view(session->world, session->model, session->controller, view);
	return 0;
}
