/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* A target that could not be reached is tried again after this time. */
#define TARGET_RETRY (10 * INSTANT_SECOND)

static bool nobody_can_ask(const struct error *error)
{
	return error->kind == ERROR_LOGIN || error_has_code(error, "not implemented");
}

void target_seen(struct migration *migration, enum target_sight sight, int64_t asked)
{
	if (asked < migration->state.target_asked)
		return;
	if (sight != migration->state.target)
		migration->state.target_since = asked;
	migration->state.target = sight;
	migration->state.target_asked = asked;
	migration->state.imported |= sight == TARGET_IMPORTING && migration->stage >= STAGE_START;
}

void target_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->error == NULL) {
		migration->state.witness = true;
		migration->state.unheard = 0;
		target_seen(migration, answer->witness->sight, answer->asked);
		if (string_given(answer->witness->version))
			string_replace(&migration->target_version, answer->witness->version);
		return;
	}
	migration->state.witness = !nobody_can_ask(answer->error);
	migration->state.unheard++;
	migration->state.next_target = engine->now + TARGET_RETRY;
}

/* Returns since when source and row are as they are: the target must have been asked since then. */
static int64_t asked_for_since(const struct migration *migration)
{
	bool moved = migration->state.row == ROW_TARGET && migration->state.row_since > migration->state.sight_since;

	return moved ? migration->state.row_since : migration->state.sight_since;
}

enum target_sight target_current(const struct migration *migration)
{
	return migration->state.target_asked >= asked_for_since(migration) ? migration->state.target : TARGET_UNKNOWN;
}

bool target_matters(const struct migration *migration)
{
	enum source_sight sight = migration->state.sight;

	return migration->state.had_edge || sight == SOURCE_BLIND || sight >= SOURCE_COMMITTED ||
	       migration->state.row == ROW_TARGET;
}

bool target_awaited(const struct engine *engine, const struct migration *migration)
{
	enum source_sight sight = migration->state.sight;
	bool open = migration->state.row == ROW_TARGET || sight == SOURCE_COMMITTED || sight == SOURCE_LATE ||
		    sight >= SOURCE_ABORTED;

	if (!migration->state.witness || !open || migration->state.row == ROW_FORGOTTEN ||
		migration->state.row == ROW_ELSEWHERE || target_current(migration) != TARGET_UNKNOWN ||
		engine->now - asked_for_since(migration) > VERDICT_PATIENCE)
		return false;
	/* If it does not answer, only an abort has to wait: JIMM itself looks at the target before it records a move. */
	return migration->state.unheard == 0 || sight == SOURCE_ABORTED;
}
