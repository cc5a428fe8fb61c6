/* SPDX-License-Identifier: Apache-2.0 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_deed.h"
#include "tests/sim/world_poller.h"
#include "tests/sim/world_script.h"

#define EVENTS_MOST 4096

struct world_deed {
	struct world *world;
	const struct verb *verb;
	struct world_model *model;
	struct world_controller *controller;
	enum world_reach reach;
	int64_t length;
	const char *mode;
};

struct verb {
	const char *name;
	bool needs_model, needs_controller;
	void (*act)(const struct world_deed *deed);
};

static void do_reach(const struct world_deed *deed)
{
	world_reach(deed->world, deed->controller, deed->reach);
}

static void do_restart(const struct world_deed *deed)
{
	world_jimm_restart(deed->world, deed->length);
}

static void do_cut(const struct world_deed *deed)
{
	world_cut_all(deed->world);
}

static void do_cut_api(const struct world_deed *deed)
{
	world_cut_api(deed->world);
}

static void do_expire(const struct world_deed *deed)
{
	world_expire_tokens(deed->world);
}

static void do_destroy(const struct world_deed *deed)
{
	world_destroy(deed->world, deed->model);
}

static void do_forget(const struct world_deed *deed)
{
	world_row_delete(deed->world, deed->model, "script");
}

static void do_record(const struct world_deed *deed)
{
	world_row_move(deed->world, deed->model, deed->controller, "script");
}

static void do_lock(const struct world_deed *deed)
{
	deed->model->mode = deed->mode;
}

static void do_migrate(const struct world_deed *deed)
{
	world_migrate_other(deed->world, deed->model, deed->controller);
}

static void do_revoke(const struct world_deed *deed)
{
	world_revoke(deed->model);
}

static void do_unregister(const struct world_deed *deed)
{
	deed->controller->unregistered = true;
}

static const struct verb verbs[] = {
	{"reach", false, true, do_reach},
	{"jimm-restart", false, false, do_restart},
	{"cut", false, false, do_cut},
	{"cut-api", false, false, do_cut_api},
	{"expire-tokens", false, false, do_expire},
	{"destroy", true, false, do_destroy},
	{"forget", true, false, do_forget},
	{"record", true, true, do_record},
	{"lock", true, false, do_lock},
	{"migrate", true, true, do_migrate},
	{"revoke", true, false, do_revoke},
	{"unregister", false, true, do_unregister},
};

static void run_deed(void *context)
{
	const struct world_deed *deed = context;
	deed->verb->act(deed);
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; name && i < array_length(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static struct world_model *model_of(const struct world *world, const char *name)
{
	for (size_t i = 0; i < world->model_count; i++)
		if (!strcmp(world->models[i].name, name) || !strcmp(world->models[i].uuid, name))
			return &world->models[i];
	return NULL;
}

static int read_words(struct world_deed *deed, struct json_object *script, struct error **error)
{
	const char *model, *reach, *mode;
	if (world_script_text(script, "model", "my-model", &model, error) ||
		world_script_text(script, "reach", "down", &reach, error) ||
		world_script_text(script, "mode", "", &mode, error) ||
		world_script_length(script, "for", INSTANT_SECOND, &deed->length, error) ||
		world_script_controller(deed->world, script, "controller", &deed->controller, error))
		return -1;
	deed->model = model_of(deed->world, model);
	deed->reach = !strcmp(reach, "up") ? WORLD_UP : !strcmp(reach, "refuses") ? WORLD_REFUSES : WORLD_DOWN;
	deed->mode = *mode ? "migrating-internally" : "";
	if ((deed->verb->needs_model && !deed->model) || (deed->verb->needs_controller && !deed->controller))
		return error_set(
			error, ERROR_FAILED, "\"events\": %s needs a known model or controller", deed->verb->name);
	return 0;
}

int world_script_events(struct world *world, struct json_object *script, struct error **error)
{
	struct json_object *list;
	if (world_script_member(script, "events", json_type_array, &list, error))
		return -1;
	size_t count = list ? json_object_array_length(list) : 0;
	if (count > EVENTS_MOST)
		return error_set(error, ERROR_FAILED, "\"events\": too many");
	world->deeds = memory_get(count, sizeof(struct world_deed));
	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = json_object_array_get_idx(list, i);
		struct world_deed *deed = &world->deeds[i];
		const char *name;
		int64_t at;
		if (world_script_text(entry, "do", NULL, &name, error) ||
			world_script_length(entry, "at", 0, &at, error))
			return -1;
		*deed = (struct world_deed){.world = world, .verb = verb_find(name)};
		if (!deed->verb)
			return error_set(error, ERROR_FAILED, "\"events\": unknown verb \"%s\"", name ? name : "");
		if (read_words(deed, entry, error))
			return -1;
		world_queue_add(&world->queue, world->start + at, run_deed, deed);
	}
	return 0;
}

void world_script_events_release(struct world *world)
{
	free(world->deeds);
	world->deeds = NULL;
}
