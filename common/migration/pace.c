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

/* With several in flight one list serves them all; the pause grows while it fails. */
#define LIST_PACE (5 * INSTANT_SECOND)
/* Shorter for a model near its end that only the lists show: while both sides list a model, their answers alternate. */
#define LIST_PACE_END (2500 * INSTANT_MILLISECOND)
#define LIST_PACE_MAX (30 * INSTANT_SECOND)
/* Least pause, for a model that cannot wait for LIST_PACE; longer with many in flight. */
#define LIST_APART (1 * INSTANT_SECOND)
#define LIST_APART_MANY (2 * INSTANT_SECOND)
/* All other looks together: the pause between two for each model in flight, its bounds, and how many may be made at once. */
#define ELSE_APART_EACH (125 * INSTANT_MILLISECOND)
#define ELSE_APART_LEAST (500 * INSTANT_MILLISECOND)
#define ELSE_APART_MOST (2500 * INSTANT_MILLISECOND)
#define ELSE_AT_ONCE 2
/* With many in flight, watched sockets ask for their next change one after the other, this far apart. */
#define SLOT_APART (1500 * INSTANT_MILLISECOND)
/* So do the logins that tell whether a source has let its model go: a source in trouble may refuse many at once. */
#define SIGN_APART_MANY (500 * INSTANT_MILLISECOND)
#define MANY 4
/* Lists that do not show an attempt this long after MigrateModel was sent may never do so. */
#define UNSEEN_PATIENCE (30 * INSTANT_SECOND)

static bool several(const struct engine *engine)
{
	return engine->agenda.length > 1;
}

static bool many(const struct engine *engine)
{
	return engine->agenda.length > MANY;
}

static int64_t else_apart(const struct engine *engine)
{
	int64_t apart = (int64_t)engine->agenda.length * ELSE_APART_EACH;

	if (apart < ELSE_APART_LEAST)
		return ELSE_APART_LEAST;
	return apart < ELSE_APART_MOST ? apart : ELSE_APART_MOST;
}

int64_t pace_slot(struct engine *engine, int64_t now)
{
	int64_t slot = engine->pace.slot > now ? engine->pace.slot : now;

	engine->pace.slot = many(engine) ? slot + SLOT_APART : now;
	return slot;
}

int64_t pace_allowed(const struct engine *engine, const struct migration *migration, enum migration_look what)
{
	bool counted = migration->stage == STAGE_WATCH || migration->stage == STAGE_SETTLE;
	/* Two refusals make the departure sign: these logins have a limit of their own. */
	bool sign = what == LOOK_LOGIN && migration->state.sight >= SOURCE_REDIRECT;

	if (!several(engine) || !counted || what == LOOK_TARGET)
		return engine->now;
	if (sign)
		return many(engine) ? engine->pace.signs : engine->now;
	return engine->pace.charged - ELSE_AT_ONCE * else_apart(engine);
}

void pace_charge(struct engine *engine)
{
	int64_t from = engine->pace.charged > engine->now ? engine->pace.charged : engine->now;

	engine->pace.charged = from + else_apart(engine);
}

/* Issues a look that is due, sets when it is due again, and returns that. A look under way brings the engine back by
 * itself. */
static int64_t due(
	struct engine *engine, struct migration *migration, enum migration_look what, int64_t *next, int64_t pace)
{
	int64_t allowed = pace_allowed(engine, migration, what);

	if (*next > engine->now)
		return *next;
	if (step_looking(engine, migration, what))
		return INSTANT_NEVER;
	if (allowed > engine->now)
		return allowed;
	if (what == LOOK_LOGIN && migration->state.sight >= SOURCE_REDIRECT)
		engine->pace.signs = engine->now + SIGN_APART_MANY;
	else if (what != LOOK_TARGET && migration->stage != STAGE_VERIFY)
		pace_charge(engine);
	*next = pace == INSTANT_NEVER ? INSTANT_NEVER : engine->now + pace;
	step_look(engine, migration, what);
	return *next;
}

static int64_t sooner(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* Asks for the list that serves all, wanted at `next`, if due; the newest list has met an older wish. Returns when to come back. */
static int64_t list_due(struct engine *engine, int64_t next)
{
	int64_t listed = engine->pace.listed, at = listed + LIST_PACE;
	int64_t apart = many(engine) ? LIST_APART_MANY : LIST_APART;
	unsigned int doublings = engine->pace.failed < 5 ? engine->pace.failed : 5;

	if (step_looking(engine, NULL, LOOK_SUMMARIES))
		return INSTANT_NEVER;
	if (engine->pace.failed > 0)
		at = listed + sooner(INSTANT_SECOND << doublings, LIST_PACE_MAX);
	else if (next > listed && next < at)
		at = next > listed + apart ? next : listed + apart;
	if (at > engine->now)
		return at;
	step_look(engine, NULL, LOOK_SUMMARIES);
	return engine->now + LIST_PACE;
}

static int64_t list_wanted(const struct engine *engine, const struct migration *migration)
{
	int64_t next = migration->state.next_summary, end = engine->pace.listed + LIST_PACE_END;
	bool near = migration->state.benched && sight_near_end(migration->text);

	return near && (next <= engine->pace.listed || next > end) ? end : next;
}

/* For a model without a connection to the source: a login opens one if the source's status is needed, or the end is near. */
static void benched_due(const struct engine *engine, struct migration *migration)
{
	bool unseen = migration->state.start == INSTANT_NONE && engine->now - migration->state.sent > UNSEEN_PATIENCE;
	bool wanted = migration->state.next_status <= engine->now || unseen || sight_near_end(migration->text);
	/* The source refuses logins for good. */
	bool left = migration->state.sight == SOURCE_REDIRECT || migration->state.sight == SOURCE_DEPARTED;

	if (wanted && !left && migration->stage == STAGE_WATCH && migration->state.next_login == INSTANT_NEVER &&
		!step_looking(engine, migration, LOOK_LOGIN))
		migration->state.next_login = engine->now;
	migration->state.next_status = INSTANT_NEVER;
}

static int64_t status_due(struct engine *engine, struct migration *migration)
{
	int64_t pace = migration->state.near_end ? STATUS_PACE_END : STATUS_PACE;

	/* Without a socket to the source, only a new login tells about it. */
	if (migration->stage == STAGE_WATCH && !migration->state.login_was_source &&
		migration->state.next_login == INSTANT_NEVER && !step_looking(engine, migration, LOOK_LOGIN))
		migration->state.next_login = engine->now + LOGIN_PACE;
	if (!migration->state.login_was_source || migration->state.source_over)
		return INSTANT_NEVER;
	if (migration->state.benched) {
		benched_due(engine, migration);
		return INSTANT_NEVER;
	}
	/* Pushed changes need no status; but now and then one has to show that pushing works at all. */
	if (migration->state.pushed && migration->state.start != INSTANT_NONE)
		pace = STATUS_PACE_PUSHED;
	return due(engine, migration, LOOK_STATUS, &migration->state.next_status, pace);
}

/* Asks for ModelInfo, but only right after a status of the source: if it has let the model go since, the call could make JIMM forget it. */
static int64_t info_due(struct engine *engine, struct migration *migration, int64_t pace)
{
	bool fresh = engine->now - migration->state.told_asked <= STATUS_FRESH;

	if (fresh || migration->state.next_summary > engine->now)
		return due(engine, migration, LOOK_INFO, &migration->state.next_summary, pace);
	migration->state.next_status = sooner(migration->state.next_status, engine->now);
	return status_due(engine, migration);
}

/* Only the lists have start and end of the attempt. A JIMM whose lists come from its database leaves them out; for such a JIMM
 * ModelInfo is harmless. */
static int64_t attempt_due(struct engine *engine, struct migration *migration)
{
	/* ModelInfo only while the source has the model and is not letting it go: else the call could make JIMM forget it. */
	enum attempt_class told = migration->state.told;
	bool leaving = told == ATTEMPT_EDGE || told == ATTEMPT_COMMITTED || told == ATTEMPT_LATE;
	bool there = !leaving && migration->stage == STAGE_WATCH && migration->state.failed == 0 &&
		     !migration->state.source_over && migration->state.login_was_source &&
		     migration->state.refused_logins == 0 && migration->state.sight != SOURCE_GONE;
	bool starting = migration->state.start == INSTANT_NONE && engine->now - migration->state.sent < START_WINDOW;
	int64_t pace = starting ? SUMMARY_PACE_START : SUMMARY_PACE;

	if (migration->state.summaries_blind && there)
		return info_due(engine, migration, pace);
	if (several(engine))
		return list_due(engine, list_wanted(engine, migration));
	return due(engine, migration, LOOK_SUMMARIES, &migration->state.next_summary, pace);
}

/* Asks for JIMM's row; without a call for one row, the lists tell it. */
static int64_t row_due(struct engine *engine, struct migration *migration)
{
	enum migration_look what = LOOK_ROW;

	if (migration->state.row_unsupported)
		what = engine->rows_supported ? LOOK_ROWS : LOOK_SUMMARIES;
	if (what == LOOK_SUMMARIES && several(engine))
		return migration->state.next_row == INSTANT_NEVER ? INSTANT_NEVER
								  : list_due(engine, migration->state.next_row);
	return due(engine, migration, what, &migration->state.next_row, ROW_PACE);
}

/* Asks the target itself, if it can be asked: at once when the source has changed, then every TARGET_PACE. */
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
