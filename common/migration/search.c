/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/scoped.h"
#include "common/migration/steps.h"

/* True if this end leaves open where the model is, and every controller is worth asking. */
static bool open_question(const struct migration *migration, enum migration_result result, enum migration_cause cause)
{
	switch (cause) {
	case CAUSE_NOT_LOCATED:
	case CAUSE_ROW_DISAGREES:
	case CAUSE_TARGET_SILENT:
	case CAUSE_NOT_ACTIVE:
	case CAUSE_SIGN_MISSING:
	case CAUSE_RECORD_REFUSED:
	case CAUSE_OUT_OF_SIGHT:
	case CAUSE_UNLISTED:
	case CAUSE_TARGET_UNPROVED:
		return true;
	case CAUSE_CHECKS:
		return migration->state.unavailable;
	case CAUSE_VERDICT:
		return result == RESULT_CONTRADICTION || result == RESULT_UNDECIDED;
	default:
		return false;
	}
}

bool search_begin(
	struct engine *engine, struct migration *migration, enum migration_result result, enum migration_cause cause)
{
	if (migration->state.searched || migration->uuid == NULL || !open_question(migration, result, cause))
		return false;
	migration->state.searched = true;
	migration->state.result = result;
	migration->state.cause = cause;
	migration->stage = STAGE_SEARCH;
	step_look(engine, migration, LOOK_SEARCH);
	return true;
}

void search_leave(struct engine *engine, struct migration *migration)
{
	step_end(engine, migration, migration->state.result, migration->state.cause);
}

void search_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	const struct migration_search *search = answer->search;

	if (answer->what != LOOK_SEARCH)
		return;
	if (answer->error == NULL && search->count > 0) {
		migration->places = memory_get(search->count, sizeof(*migration->places));
		for (size_t i = 0; i < search->count; i++)
			migration->places[migration->place_count++] =
				(struct migration_place){string_copy(search->list[i].name),
					string_copy(search->list[i].uuid), search->list[i].sight};
	}
	search_leave(engine, migration);
}
