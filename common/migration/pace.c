/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* Lists cost JIMM a call to every controller; a status costs one. */
#define SUMMARY_PACE (10 * INSTANT_SECOND)
#define SUMMARY_PACE_START (2 * INSTANT_SECOND)
#define STATUS_PACE (5 * INSTANT_SECOND)
#define STATUS_PACE_PUSHED (30 * INSTANT_SECOND)
#define STATUS_PACE_END (1 * INSTANT_SECOND)
#define LOGIN_PACE (10 * INSTANT_SECOND)
#define ROW_PACE (10 * INSTANT_SECOND)
#define TARGET_PACE (10 * INSTANT_SECOND)
/* The longest sleep of a migration that is watched: patience is checked at least this often. */
#define STEP_PACE (5 * INSTANT_SECOND)

/* Issues a look that is due, sets when it is due again, and returns that. A look under way brings the engine back by
 * itself. */
static int64_t due(
	struct engine *engine, struct migration *migration, enum migration_look what, int64_t *next, int64_t pace)
{
	if (*next > engine->now)
		return *next;
	if (step_looking(engine, migration, what))
		return INSTANT_NEVER;
	*next = pace == INSTANT_NEVER ? INSTANT_NEVER : engine->now + pace;
	step_look(engine, migration, what);
	return *next;
}

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* Start and end of the attempt are in the lists only; a JIMM whose lists come from its database leaves them out, and there
 * ModelInfo is harmless. */
static int64_t attempt_due(struct engine *engine, struct migration *migration)
{
	/* Asked of a source that has just told of the attempt, and of no other: elsewhere it could make JIMM forget the model. */
	enum attempt_class told = migration->state.told;
	bool leaving = told == ATTEMPT_EDGE || told == ATTEMPT_COMMITTED || told == ATTEMPT_LATE;
	bool there = !leaving && migration->state.failed == 0 && !migration->state.source_over &&
		     migration->state.refused_logins == 0 && migration->state.sight != SOURCE_GONE;
	enum migration_look what = migration->state.summaries_blind && there ? LOOK_INFO : LOOK_SUMMARIES;
	bool starting = migration->state.start == INSTANT_NONE && engine->now - migration->state.sent < START_WINDOW;
	int64_t pace = starting ? SUMMARY_PACE_START : SUMMARY_PACE;

	return due(engine, migration, what, &migration->state.next_summary, pace);
}

static int64_t status_due(struct engine *engine, struct migration *migration)
{
	int64_t pace = migration->state.near_end ? STATUS_PACE_END : STATUS_PACE;

	/* Without a socket to the source only a new login tells of it. */
	if (migration->stage == STAGE_WATCH && !migration->state.login_was_source &&
		migration->state.next_login == INSTANT_NEVER && !step_looking(engine, migration, LOOK_LOGIN))
		migration->state.next_login = engine->now + LOGIN_PACE;
	if (!migration->state.login_was_source || migration->state.source_over)
		return INSTANT_NEVER;
	/* What is pushed need not be asked, but that something is pushed at all has to be seen now and then. */
	if (migration->state.pushed && migration->state.start != INSTANT_NONE)
		pace = STATUS_PACE_PUSHED;
	return due(engine, migration, LOOK_STATUS, &migration->state.next_status, pace);
}

/* Without a call for one row, the lists tell it. */
static int64_t row_due(struct engine *engine, struct migration *migration)
{
	enum migration_look what = LOOK_ROW;

	if (migration->state.row_unsupported)
		what = engine->rows_supported ? LOOK_ROWS : LOOK_SUMMARIES;
	return due(engine, migration, what, &migration->state.next_row, ROW_PACE);
}

/* The target itself, where it can be asked: at once when the source has changed, then now and then. */
static int64_t target_due(struct engine *engine, struct migration *migration)
{
	bool stale = target_current(migration) == TARGET_UNKNOWN && migration->state.unheard == 0;

	if (migration->stage != STAGE_WATCH || !migration->state.witness || !target_matters(migration))
		return INSTANT_NEVER;
	if (stale)
		migration->state.next_target = engine->now;
	return due(engine, migration, LOOK_TARGET, &migration->state.next_target, TARGET_PACE);
}

int64_t pace_step(struct engine *engine, struct migration *migration)
{
	int64_t next = engine->now + STEP_PACE;

	if (migration->stage < STAGE_WATCH || step_over(migration))
		return INSTANT_NEVER;
	next = sooner(next, status_due(engine, migration));
	next = sooner(next, row_due(engine, migration));
	next = sooner(next, due(engine, migration, LOOK_LOGIN, &migration->state.next_login, INSTANT_NEVER));
	next = sooner(next, attempt_due(engine, migration));
	next = sooner(next, target_due(engine, migration));
	if (migration->state.record_at > engine->now)
		next = sooner(next, migration->state.record_at);
	return next;
}
