/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/base/nearest.h"
#include "common/base/text.h"
#include "common/migration/steps.h"

/* Longest list of names in one message, in bytes. */
#define SURVEY_NAMES_MAX 600
/* Most bytes shown of one name. */
#define SURVEY_NAME_SHOWN 120
/* How often the first questions are asked again when their answers were lost. */
#define SURVEY_AGAIN_MAX 2

void survey_begin(struct engine *engine)
{
	/* In this order and without waiting: an answer that overtakes the unmasking is recognised by its UUID. */
	for (int what = 0; what < SURVEY_LOOKS; what++)
		step_look(engine, NULL, (enum migration_look)what);
}

static void unanswered(struct engine *engine, const struct error *error)
{
	for (size_t i = 0; i < engine->count; i++)
		step_unanswered(engine, &engine->migrations[i], error);
}

/* Returns the known controllers that may have been meant by the target's name, owned by the caller; NULL: none. */
static char *meant(const struct engine *engine)
{
	struct nearest nearest;

	nearest_init(&nearest, engine->target);
	for (size_t i = 0; i < engine->controllers.count; i++)
		nearest_take(&nearest, engine->controllers.list[i].name);
	return nearest_text(&nearest);
}

static void unknown_target(struct engine *engine, struct migration *migration, const char *names)
{
	scoped(string) char *nearest = meant(engine);

	migration_detail(migration, names);
	string_replace(&migration->nearest, nearest);
	step_end(engine, migration, RESULT_FAILED, CAUSE_UNKNOWN_TARGET);
}

const struct jimm_controller *step_target(const struct engine *engine)
{
	for (size_t i = 0; i < engine->controllers.count; i++) {
		const struct jimm_controller *controller = &engine->controllers.list[i];

		/* Callers without rights get one entry that stands for JIMM itself. */
		if (string_same(controller->uuid, engine->jimm_uuid))
			continue;
		if (string_same(controller->name, engine->target) ||
			(string_given(controller->uuid) && string_same(controller->uuid, engine->target)))
			return controller;
	}
	return NULL;
}

static char *known_controllers(const struct engine *engine)
{
	scoped(text) struct text names;

	text_init(&names, SURVEY_NAMES_MAX);
	for (size_t i = 0; i < engine->controllers.count; i++) {
		const char *name = engine->controllers.list[i].name;
		scoped(string) char *shown = text_printable_length(name, strlen(name), SURVEY_NAME_SHOWN);

		text_add_format(&names, "%s%s", i > 0 ? ", " : "", shown);
	}
	if (names.full)
		return string_format("%s, ...", names.data);
	return text_take(&names);
}

static void set_target(struct migration *migration, const struct engine *engine, const struct jimm_controller *target)
{
	string_replace(&migration->target_name, target != NULL ? target->name : engine->target);
	if (target == NULL)
		return;
	string_replace(&migration->target_uuid, string_given(target->uuid) ? target->uuid : NULL);
	string_replace(&migration->target_version, string_given(target->agent_version) ? target->agent_version : NULL);
}

/* True if the journal has a move of the model to the controller that JIMM does not know: that goes on in Juju all the same. */
static bool on_its_way(struct engine *engine, struct migration *migration)
{
	const struct migration_memory *memory =
		engine->port.recall != NULL
			? engine->port.recall(engine->port.context, (size_t)(migration - engine->migrations), NULL)
			: NULL;

	if (memory == NULL || memory->target_name == NULL ||
		(!string_same(memory->target_name, engine->target) &&
			!string_same(memory->target_uuid, engine->target)))
		return false;
	string_replace(&migration->target_name, memory->target_name);
	string_replace(&migration->target_uuid, memory->target_uuid);
	return true;
}

/* For a model that JIMM does not list: either it never did, or it has forgotten it since we began to move it. */
static void unknown(struct engine *engine, struct migration *migration, const struct error *error)
{
	const struct migration_memory *memory =
		engine->port.recall != NULL
			? engine->port.recall(engine->port.context, (size_t)(migration - engine->migrations), NULL)
			: NULL;

	migration_detail(migration, error->message);
	if (memory != NULL)
		resume_unlisted(migration, memory);
	else
		step_end(engine, migration, RESULT_FAILED, CAUSE_UNKNOWN_MODEL);
}

static int resolve(struct engine *engine, struct migration *migration)
{
	scoped(error) struct error *error = NULL;
	size_t index = 0;

	if (engine->port.resolve(engine->port.context, (size_t)(migration - engine->migrations), &engine->models,
		    &index, &error) < 0) {
		unknown(engine, migration, error);
		return -1;
	}
	const struct controller_model *model = &engine->models.list[index];
	string_replace(&migration->uuid, model->uuid);
	string_replace(&migration->name, model->name);
	string_replace(&migration->owner, model->owner);
	return 0;
}

/* Returns the error of an answer without which nothing can begin, borrowed; NULL if there is none. */
static const struct error *needed(const struct engine *engine, bool target_known)
{
	if (engine->survey_errors[LOOK_MODELS] != NULL)
		return engine->survey_errors[LOOK_MODELS];
	if (engine->survey_errors[LOOK_SUMMARIES] != NULL)
		return engine->survey_errors[LOOK_SUMMARIES];
	return engine->administrator && !target_known ? engine->survey_errors[LOOK_CONTROLLERS] : NULL;
}

static void finish(struct engine *engine)
{
	const struct jimm_controller *target = step_target(engine);

	engine->administrator = engine->survey_errors[LOOK_RIGHTS] == NULL;
	engine->rows_supported = engine->survey_errors[LOOK_ROWS] == NULL;
	const struct error *error = needed(engine, target != NULL);
	if (error != NULL) {
		unanswered(engine, error);
		return;
	}
	/* Only an administrator is shown every controller, so only to one can it be said that there is none. */
	bool missing = engine->administrator && target == NULL;
	scoped(string) char *names = known_controllers(engine);

	for (size_t i = 0; i < engine->count; i++) {
		struct migration *migration = &engine->migrations[i];

		migration->administrator = engine->administrator;
		set_target(migration, engine, target);
		if (missing && !on_its_way(engine, migration))
			unknown_target(engine, migration, names);
		else if (resolve(engine, migration) == 0)
			migration->stage = STAGE_QUEUED;
	}
	queue_begin(engine);
}

/* A refusal is an answer, and so is a failed login or a refused certificate; any other error tells nothing. */
static bool tells(const struct error *error)
{
	return error == NULL || error->kind == ERROR_REMOTE || error->kind == ERROR_LOGIN || error->kind == ERROR_TLS;
}

/* Has a lost answer asked for again. Returns whether it will be. */
static bool asked_again(struct engine *engine, const struct migration_answer *answer)
{
	if (tells(answer->error) || (engine->again == 0 && engine->failed >= SURVEY_AGAIN_MAX))
		return false;
	if (engine->again == 0) {
		engine->failed++;
		engine->again_at = engine->now + LOOK_PAUSE;
	}
	engine->again |= 1U << answer->what;
	return true;
}

int64_t survey_step(struct engine *engine)
{
	unsigned int again = engine->again;

	/* All together, in their order: what depends on the unmasking must not overtake it. */
	if (again == 0 || engine->pending != 0)
		return INSTANT_NEVER;
	if (engine->again_at > engine->now)
		return engine->again_at;
	engine->again = 0;
	for (int what = 0; what < SURVEY_LOOKS; what++)
		if (again & 1U << what)
			step_look(engine, NULL, (enum migration_look)what);
	return INSTANT_NEVER;
}

bool survey_answered(struct engine *engine, const struct migration_answer *answer)
{
	bool first = !(engine->surveyed & 1U << answer->what);

	if (!first)
		return false;
	if (asked_again(engine, answer))
		return true;
	engine->survey_errors[answer->what] = error_copy(answer->error);
	if (answer->error == NULL) {
		if (answer->what == LOOK_CONTROLLERS)
			engine->controllers = call_take(answer->controllers);
		else if (answer->what == LOOK_MODELS)
			engine->models = call_take(answer->models);
		else if (answer->what == LOOK_ROWS)
			newest_rows(engine, answer->rows);
		else if (answer->what == LOOK_SUMMARIES)
			newest_summaries(engine, answer->summaries);
	}
	engine->surveyed |= 1U << answer->what;
	if (engine->surveyed == (1U << SURVEY_LOOKS) - 1)
		finish(engine);
	return true;
}
