/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

void baseline_take(struct engine *engine, struct migration *migration)
{
	const struct model_summary *entry = sight_find(engine, migration);
	const struct model_migration *attempt = entry != NULL ? entry->migration : NULL;

	/* Neither the target's own view of a running import nor what a controller shows that the model has left is a baseline: keep what
	 * was known before. */
	if (attempt != NULL && (attempt_target_view(attempt->status) || attempt->start == migration->state.foreign))
		return;
	/* Where ModelInfo was needed the lists never show attempts. */
	if (attempt == NULL && migration->state.info_done)
		return;
	migration->state.start0 = attempt != NULL ? attempt->start : INSTANT_NONE;
	migration->state.base_ended = attempt != NULL && attempt->end != INSTANT_NONE;
	string_replace(&migration->state.base_text, attempt != NULL ? attempt->status : NULL);
	if (entry == NULL)
		return;
	string_replace(&migration->cloud, entry->cloud);
	string_replace(&migration->region, entry->region);
	/* The version that the model itself has told is newer. */
	if (migration->state.status_word == NULL)
		string_replace(&migration->agent_version, entry->agent_version);
	string_replace(&migration->state.life, entry->life);
	if (!migration->state.masked && !migration->state.row_known && string_given(entry->controller_uuid)) {
		string_replace(&migration->source_uuid, entry->controller_uuid);
		migration->located_by = "ListModelSummaries";
	}
}

bool baseline_missing(const struct migration *migration)
{
	return migration->state.status_migrating && migration->state.base_text == NULL;
}

bool baseline_underway(const struct migration *migration)
{
	enum attempt_class base = attempt_classify(migration->state.base_text, migration->state.base_ended);

	return base != ATTEMPT_NONE && base != ATTEMPT_ABORTED && base != ATTEMPT_EARLIER_DONE;
}

void baseline_drop_foreign(struct migration *migration)
{
	enum attempt_class base = attempt_classify(migration->state.base_text, migration->state.base_ended);
	bool told = !migration_blind(migration->source_version) &&
		    (!baseline_underway(migration) || sight_told(migration, migration->state.base_text, base));

	if (migration->state.base_text == NULL || !migration->state.status_done ||
		migration->state.login_trouble != NULL || told)
		return;
	migration->state.foreign = migration->state.start0;
	migration->state.start0 = INSTANT_NONE;
	migration->state.base_ended = false;
	string_replace(&migration->state.base_text, NULL);
}
