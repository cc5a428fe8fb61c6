/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* How long JIMM must say that the target does not have the model before that is believed. */
#define DENIED_APART (60 * INSTANT_SECOND)

static void record_failed(struct engine *engine, struct migration *migration, const struct error *error)
{
	/* A juju 3 target without the model denies access to it, a juju 4 target does not find it. */
	bool denied =
		(error_has_code(error, "unauthorized access") && string_same(error->message, "permission denied")) ||
		error_has_code(error, "not found") || error_has_code(error, "redirection required");

	migration->state.records_failed++;
	migration->state.record_at = engine->now + (migration->state.records_failed > 4 ? 30 : 2) * INSTANT_SECOND;
	string_free(migration->trouble);
	migration->trouble = error->kind == ERROR_REMOTE
				     ? string_format("JIMM does not take %s for the model's place: %s",
					       migration->target_name, error->message)
				     : string_format("cannot tell JIMM that the model is on %s: %s",
					       migration->target_name, error->message);
	step_tell(engine, migration, NEWS_TROUBLE);
	if (error_has_code(error, "model not found")) {
		migration->state.row = ROW_FORGOTTEN;
	} else if (denied && migration->state.record_denied == 0) {
		migration->state.record_denied = engine->now;
		migration->state.record_at = engine->now + DENIED_APART;
	} else if (!denied) {
		migration->state.record_denied = 0;
	} else if (engine->now - migration->state.record_denied >= DENIED_APART) {
		migration->verdict = VERDICT_CONTRADICTION;
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_RECORD_REFUSED);
	}
}

void record_answered(struct engine *engine, struct migration *migration, const struct error *error)
{
	migration->state.recording = false;
	if (step_over(migration))
		return;
	if (migration->state.freeing) {
		resume_freed(engine, migration, error);
		return;
	}
	if (error != NULL) {
		record_failed(engine, migration, error);
		return;
	}
	migration->recorded = true;
	migration->state.row = ROW_TARGET;
	migration->state.row_asked = engine->now;
	string_replace(&migration->trouble, NULL);
	/* Told once more: whether the model answers there has to be seen again. */
	if (migration->stage > STAGE_WATCH && !migration->verified)
		migration->state.next_login = engine->now;
	step_tell(engine, migration, NEWS_RECORDED);
}
