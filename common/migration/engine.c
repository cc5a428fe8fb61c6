/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/engine.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/migration/steps.h"

/* Least number of models in flight at once in a dry run. */
#define DRY_PARALLEL 16

struct engine *engine_new(
	const struct engine_plan *plan, const struct migration_port *port, const struct engine_listener *listener)
{
	struct engine *engine = memory_get(1, sizeof(*engine));

	engine->port = *port;
	engine->listener = *listener;
	engine->jimm_uuid = string_copy(plan->jimm_uuid);
	engine->user = string_copy(plan->user);
	engine->target = string_copy(plan->target);
	engine->dry_run = plan->dry_run;
	engine->no_wait = plan->no_wait;
	engine->count = plan->count;
	engine->parallel = plan->parallel > 0 ? plan->parallel : plan->count;
	if (plan->dry_run && engine->parallel < DRY_PARALLEL)
		engine->parallel = DRY_PARALLEL;
	engine->migrations = memory_get(plan->count, sizeof(*engine->migrations));
	for (size_t i = 0; i < plan->count; i++) {
		struct migration *migration = &engine->migrations[i];

		migration->word = string_copy(plan->words[i]);
		migration->target_name = string_copy(plan->target);
		migration_init(migration);
	}
	queue_init(engine);
	agenda_init(engine);
	sockets_init(engine, plan->sockets);
	return engine;
}

void engine_free(struct engine *engine)
{
	if (engine == NULL)
		return;
	for (size_t i = 0; i < engine->count; i++)
		migration_release(&engine->migrations[i]);
	for (size_t i = 0; i < SURVEY_LOOKS; i++)
		error_free(engine->survey_errors[i]);
	jimm_controllers_release(&engine->controllers);
	controller_models_release(&engine->models);
	jimm_models_release(&engine->rows);
	newest_release(engine);
	free(engine->migrations);
	free(engine->queue);
	agenda_release(engine);
	sockets_release(engine);
	free(engine->pause.reason);
	free(engine->jimm_uuid);
	free(engine->user);
	free(engine->target);
	free(engine);
}

static size_t index_of(const struct engine *engine, const struct migration *migration)
{
	return (size_t)(migration - engine->migrations);
}

void step_look(struct engine *engine, struct migration *migration, enum migration_look what)
{
	bool all = what < SURVEY_LOOKS;
	unsigned int *pending = all ? &engine->pending : &migration->state.pending;

	if (*pending & 1U << what)
		return;
	*pending |= 1U << what;
	if (what == LOOK_LOGIN) {
		sockets_login(engine, migration);
		return;
	}
	if (what == LOOK_SUMMARIES)
		engine->pace.listed = engine->now;
	engine->port.look(engine->port.context, all ? MIGRATION_ALL : index_of(engine, migration), what);
}

bool step_looking(const struct engine *engine, const struct migration *migration, enum migration_look what)
{
	return ((what < SURVEY_LOOKS ? engine->pending : migration->state.pending) & 1U << what) != 0;
}

bool step_row_by_login(const struct engine *engine, const struct migration *migration)
{
	return migration->state.row_unsupported && !engine->rows_supported && !engine->administrator;
}

bool step_over(const struct migration *migration)
{
	return migration->stage >= STAGE_SEARCH;
}

void step_tell(struct engine *engine, struct migration *migration, enum migration_news news)
{
	engine->listener.told(engine->listener.context, migration, news);
	pause_notice(engine, migration, news);
}

/* A digest of what the journal would hold now: it differs when that differs. */
static unsigned int digest(const struct migration *migration)
{
	const bool facts[] = {
		true,
		migration->state.had_edge,
		migration->state.had_committed,
		migration->state.had_late,
		migration->state.had_redirect,
		migration->state.had_departed,
		migration->state.had_reapfailed,
		migration->state.had_aborted,
		migration->state.given_up,
		migration->state.start != INSTANT_NONE,
		migration->migration_id != NULL,
		migration->state.login_was_source,
		migration->target_uuid != NULL,
	};
	unsigned int sum = 0;

	for (size_t i = 0; i < array_length(facts); i++)
		sum |= (unsigned int)facts[i] << i;
	return sum;
}

void step_remember(struct engine *engine, struct migration *migration)
{
	unsigned int now = digest(migration);

	if (engine->port.remember == NULL || migration->other_run || !migration->state.ours || step_over(migration) ||
		now == migration->state.written)
		return;
	migration->state.written = now;
	engine->port.remember(engine->port.context, index_of(engine, migration));
}

/* Has the journal forget a move whose end is decided. It keeps contradictions (but CAUSE_ACTIVE_TWICE), refusals behind which an attempt
 * may run, and a move that another seems to have followed: what a third controller shows may have been taken for it. */
static void forget(struct engine *engine, const struct migration *migration)
{
	bool decided = migration->result == RESULT_MIGRATED || migration->result == RESULT_ALREADY_THERE ||
		       (migration->result == RESULT_FAILED && migration->state.sent != 0) ||
		       migration->cause == CAUSE_ACTIVE_TWICE || migration->cause == CAUSE_THERE_OR_TWICE ||
		       (migration->cause == CAUSE_REFUSED && migration->state.refusal == NULL) ||
		       migration->cause == CAUSE_NOT_SENT || migration->cause == CAUSE_LOCKED;

	if (engine->port.forget != NULL && decided && !engine->dry_run)
		engine->port.forget(engine->port.context, index_of(engine, migration));
}

void step_end(
	struct engine *engine, struct migration *migration, enum migration_result result, enum migration_cause cause)
{
	if (migration->stage == STAGE_ENDED || search_begin(engine, migration, result, cause))
		return;
	migration_end(migration, result, cause);
	pause_ended(engine, migration);
	forget(engine, migration);
	queue_land(engine, migration);
	engine->ended++;
	step_tell(engine, migration, NEWS_ENDED);
}

void step_unanswered(struct engine *engine, struct migration *migration, const struct error *error)
{
	const struct migration_memory *memory =
		engine->port.recall != NULL
			? engine->port.recall(engine->port.context, index_of(engine, migration), migration->uuid)
			: NULL;

	if (pause_unanswered(engine, migration, error))
		return;
	migration_detail(migration, error->message);
	step_end(engine, migration, memory != NULL ? RESULT_UNDECIDED : RESULT_FAILED, CAUSE_NO_ANSWER);
}

const struct jimm_controller *step_controller(const struct engine *engine, const char *uuid)
{
	for (size_t i = 0; string_given(uuid) && i < engine->controllers.count; i++)
		if (string_same(engine->controllers.list[i].uuid, uuid))
			return &engine->controllers.list[i];
	return NULL;
}

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* Every input ends with this: does what is due, and asks to be woken for what comes next. */
static void settle(struct engine *engine)
{
	int64_t next = agenda_work(engine);

	next = sooner(next, queue_admit(engine, false));
	sockets_serve(engine);
	next = sooner(next, survey_step(engine));
	next = sooner(next, pause_step(engine));
	if (engine_finished(engine)) {
		engine->port.wake_at(engine->port.context, INSTANT_NEVER);
		engine->listener.finished(engine->listener.context);
		return;
	}
	engine->port.wake_at(engine->port.context, next);
}

void engine_begin(struct engine *engine, int64_t now)
{
	engine->now = now;
	survey_begin(engine);
	settle(engine);
}

static void one_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->what == LOOK_TARGET)
		target_answered(engine, migration, answer);
	if (answer->what == LOOK_SOURCE) {
		source_answered(engine, migration, answer);
		return;
	}
	switch (migration->stage) {
	case STAGE_SURVEY:
	case STAGE_QUEUED:
	case STAGE_ENDED:
		break;
	case STAGE_SEARCH:
		search_answered(engine, migration, answer);
		break;
	case STAGE_LOCATE:
		locate_answered(engine, migration, answer);
		break;
	case STAGE_START:
	case STAGE_WATCH:
		watch_answered(engine, migration, answer);
		break;
	case STAGE_VERIFY:
	case STAGE_SETTLE:
		verify_answered(engine, migration, answer);
		break;
	}
}

/* Begins an input about one model: marks it. */
static struct migration *begin_with(struct engine *engine, size_t model, int64_t now)
{
	struct migration *migration = &engine->migrations[model];

	engine->now = now;
	agenda_mark(engine, migration);
	return migration;
}

static void all_answered(struct engine *engine, const struct migration_answer *answer)
{
	size_t count;

	if (survey_answered(engine, answer))
		return;
	if (answer->what == LOOK_SUMMARIES)
		engine->pace.failed = answer->error != NULL ? engine->pace.failed + 1 : 0;
	if (answer->what == LOOK_SUMMARIES && answer->error == NULL)
		newest_summaries(engine, answer->summaries);
	if (answer->what == LOOK_ROWS && answer->error == NULL)
		newest_rows(engine, answer->rows);
	agenda_mark_all(engine);
	count = engine->agenda.marked_length;
	for (size_t i = 0; i < count; i++)
		one_answered(engine, engine->agenda.marked[i], answer);
}

void engine_answered(struct engine *engine, const struct migration_answer *answer, int64_t now)
{
	engine->now = now;
	if (answer->model == MIGRATION_ALL) {
		engine->pending &= ~(1U << answer->what);
		all_answered(engine, answer);
	} else {
		struct migration *migration = begin_with(engine, answer->model, now);

		migration->state.pending &= ~(1U << answer->what);
		if (answer->what == LOOK_LOGIN)
			sockets_opened(engine, migration, answer);
		one_answered(engine, migration, answer);
		sockets_answered(engine, migration);
	}
	settle(engine);
}

void engine_pushed(struct engine *engine, size_t model, const struct migration_push *push, int64_t now)
{
	watch_pushed(engine, begin_with(engine, model, now), push);
	settle(engine);
}

void engine_watch_ended(struct engine *engine, size_t model, const struct error *error, int64_t now)
{
	watch_ended(engine, begin_with(engine, model, now), error);
	settle(engine);
}

void engine_started(
	struct engine *engine, size_t model, const char *migration_id, const struct error *error, int64_t now)
{
	start_answered(engine, begin_with(engine, model, now), migration_id, error);
	settle(engine);
}

void engine_recorded(struct engine *engine, size_t model, const struct error *error, int64_t now)
{
	record_answered(engine, begin_with(engine, model, now), error);
	settle(engine);
}

int64_t engine_watch_slot(struct engine *engine, int64_t now)
{
	return pace_slot(engine, now);
}

void engine_woken(struct engine *engine, int64_t now)
{
	engine->now = now;
	settle(engine);
}

void engine_leave(struct engine *engine, int64_t now)
{
	engine->now = now;
	engine->queue_length = 0;
	for (size_t i = 0; i < engine->count; i++)
		watch_leave(engine, &engine->migrations[i]);
	settle(engine);
}

void engine_await_starts(struct engine *engine, int64_t now)
{
	engine->now = now;
	engine->queue_length = 0;
	engine->awaits = true;
	for (size_t i = 0; i < engine->count; i++) {
		struct migration *migration = &engine->migrations[i];

		if (migration->stage < STAGE_START)
			step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LEFT_BEFORE);
		else if (migration->stage > STAGE_START)
			watch_leave(engine, migration);
	}
	settle(engine);
}

bool engine_start_pending(const struct engine *engine)
{
	for (size_t i = 0; i < engine->count; i++)
		if (engine->migrations[i].stage == STAGE_START)
			return true;
	return false;
}

bool engine_finished(const struct engine *engine)
{
	return engine->ended == engine->count;
}

const struct migration *engine_migration(const struct engine *engine, size_t index)
{
	return &engine->migrations[index];
}
