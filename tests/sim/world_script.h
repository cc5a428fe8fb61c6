/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the description of a world.
 */
#ifndef TESTS_SIM_WORLD_SCRIPT_H
#define TESTS_SIM_WORLD_SCRIPT_H

#include <json-c/json.h>

#include "tests/sim/world_state.h"

/* Fills an empty world from `script` (borrowed, NULL counts as {}). Returns 0, or -1 with an error naming the key. */
int world_script_read(struct world *world, const struct json_object *script, struct error **error);

/* Reads the models. */
int world_script_models(struct world *world, struct json_object *script, struct error **error);

/* Reads one plan (NULL: all defaults). `plan` owns its texts (world_plan_release). */
int world_plan_read(struct world_plan *plan, struct json_object *script, struct error **error);
void world_plan_release(struct world_plan *plan);

/* Reads and schedules "events". */
int world_script_events(struct world *world, struct json_object *script, struct error **error);
void world_script_events_release(struct world *world);

/* A key's text or `otherwise`; borrowed from `script`. Fails for another type. */
int world_script_text(
	struct json_object *script, const char *key, const char *otherwise, const char **text, struct error **error);
int world_script_flag(struct json_object *script, const char *key, bool otherwise, bool *flag, struct error **error);
/* A key's length of time in nanoseconds: a number of seconds or "1m30s", "500ms". */
int world_script_length(
	struct json_object *script, const char *key, int64_t otherwise, int64_t *length, struct error **error);
/* A key's object or array, NULL when missing. */
int world_script_member(
	struct json_object *script, const char *key, int type, struct json_object **member, struct error **error);
/* A key's list of texts, owned by the caller; `*count` 0 and NULL when missing. */
int world_script_names(struct json_object *script, const char *key, char ***names, size_t *count, struct error **error);
/* The controller that a key names, NULL when missing or "". Fails when there is none of that name. */
int world_script_controller(const struct world *world, struct json_object *script, const char *key,
	struct world_controller **controller, struct error **error);

static inline void json_free(struct json_object *object)
{
	json_object_put(object);
}

SCOPED_DEFINE(json, struct json_object *, json_free)

/* Keeps the list of log records under "log" (json_object_put), NULL without one. Returns 0, or -1 when a time cannot be read. */
int world_script_log(struct json_object *script, struct json_object **records, struct error **error);

#endif
