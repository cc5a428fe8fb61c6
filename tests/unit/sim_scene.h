/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world with one administrator's session on it, for tests of the simulated JAAS by its typed calls.
 */
#ifndef TESTS_UNIT_SIM_SCENE_H
#define TESTS_UNIT_SIM_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <json-c/json.h>
#include <string.h>

#include "tests/sim/world_call.h"
#include "tests/sim/world_deed.h"
#include "tests/sim/world_migration.h"
#include "tests/sim/world_poller.h"

#define UUID "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define TAG "model-" UUID
#define LATE "\"poller\":{\"first\":\"50m\"}"

/* One answer, copied out of its callback. */
struct answer {
	int count;
	struct world_error error; /* message "" when it succeeded */
	char text[80];            /* migration id */
	bool model;
	struct world_view view;
};

static inline void keep(void *context, const struct world_outcome *outcome)
{
	struct answer *answer = context;
	answer->count++;
	answer->model = outcome->model != NULL;
	if (outcome->error)
		answer->error = *outcome->error;
	if (outcome->text)
		strncat(answer->text, outcome->text, sizeof(answer->text) - 1);
	if (outcome->view)
		answer->view = *outcome->view;
}

struct scene {
	struct world *world;
	struct world_session *session;
	struct world_model *model;
	struct world_controller *source, *target;
};

static inline void scene_open(struct scene *scene, const char *script)
{
	struct json_object *parsed = json_tokener_parse(script);
	struct error *error = NULL;
	assert_non_null(parsed);
	scene->world = world_new(parsed, &error);
	if (!scene->world)
		fail_msg("%s", error->message);
	json_object_put(parsed);
	scene->session = world_session_open(scene->world, NULL, NULL, NULL, NULL);
	scene->session->user = world_user_find(scene->world, "alice@canonical.com");
	scene->model = &scene->world->models[0];
	scene->source = &scene->world->controllers[0];
	scene->target = &scene->world->controllers[1];
}

static inline void scene_close(struct scene *scene)
{
	world_session_close(scene->session);
	world_free(scene->world);
}

static inline void pass(struct scene *scene, double seconds)
{
	world_advance(scene->world, world_now(scene->world) + (int64_t)(seconds * (double)INSTANT_SECOND));
}

static inline void await(struct scene *scene, const struct answer *answer, int count)
{
	for (int i = 0; i < 100000 && answer->count < count; i++)
		world_advance(scene->world, world_next(scene->world));
	assert_int_equal(answer->count, count);
}

static inline void migrate(struct scene *scene, const char *value, const char *target, struct answer *answer)
{
	*answer = (struct answer){0};
	world_migrate_model(scene->session, value, target, (struct world_reply){keep, answer});
	await(scene, answer, 1);
}

static inline void update(struct scene *scene, const char *target, struct answer *answer)
{
	*answer = (struct answer){0};
	world_update_migrated_model(scene->session, TAG, target, (struct world_reply){keep, answer});
	await(scene, answer, 1);
}

static inline void info(struct scene *scene, struct answer *answer)
{
	*answer = (struct answer){0};
	world_model_info(scene->session, TAG, (struct world_reply){keep, answer});
	await(scene, answer, 1);
}

static inline void start(struct scene *scene)
{
	struct answer answer;
	migrate(scene, scene->world->era.migrate_by_tag ? TAG : UUID, "my-controller", &answer);
	assert_string_equal(answer.error.message, "");
	/* Juju 4 gives a UUID alone. */
	bool alone = world_major(scene->source) >= 4;
	assert_true(
		alone ? world_is_uuid(answer.text) && strcmp(answer.text, UUID) != 0 : !strcmp(answer.text, UUID ":0"));
}

static inline struct world_attempt *newest(const struct scene *scene)
{
	struct world_attempt *attempt = world_newest(scene->model);
	assert_non_null(attempt);
	return attempt;
}

static inline void until(struct scene *scene, enum world_phase phase)
{
	for (int i = 0; i < 100000 && newest(scene)->phase != phase; i++) {
		assert_true(world_next(scene->world) != INT64_MAX);
		world_advance(scene->world, world_next(scene->world));
	}
	assert_string_equal(world_phase_name(newest(scene)->phase), world_phase_name(phase));
}

static inline enum world_presence there(const struct scene *scene, const struct world_controller *controller)
{
	return world_at(scene->model, controller)->presence;
}

static inline unsigned long logged(const struct scene *scene, enum world_happening what)
{
	unsigned long count = 0;
	for (size_t i = 0; i < scene->world->record_count; i++)
		count += scene->world->records[i].what == what;
	return count;
}

#endif
