/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/migration.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

bool migration_juju_3(const char *version)
{
	return string_starts(version, "3.") || string_starts(version, "2.");
}

bool migration_blind(const char *version)
{
	return string_given(version) && !migration_juju_3(version);
}

void migration_init(struct migration *migration)
{
	migration->state.start0 = INSTANT_NONE;
	migration->state.start = INSTANT_NONE;
	migration->state.foreign = INSTANT_NONE;
	migration->state.clean_asked = INSTANT_NONE;
}

void migration_forget_checks(struct migration *migration)
{
	for (size_t i = 0; i < migration->check_count; i++)
		free(migration->checks[i].detail);
	free(migration->checks);
	migration->checks = NULL;
	migration->check_count = migration->check_capacity = 0;
}

void migration_release(struct migration *migration)
{
	char *const owned[] = {
		migration->word,
		migration->detail,
		migration->uuid,
		migration->name,
		migration->owner,
		migration->cloud,
		migration->region,
		migration->agent_version,
		migration->source_name,
		migration->source_uuid,
		migration->source_version,
		migration->target_name,
		migration->target_uuid,
		migration->target_version,
		migration->migration_id,
		migration->text,
		migration->trouble,
		migration->nearest,
		migration->agents_named,
		migration->state.life,
		migration->state.status_word,
		migration->state.status_info,
		migration->state.away,
		migration->state.target_trouble,
		migration->state.login_uuid,
		migration->state.login_trouble,
		migration->state.base_text,
		migration->state.told_text,
		migration->state.first_uuid,
		migration->neighbour_uuid,
	};

	error_free(migration->state.refusal);
	for (size_t i = 0; i < migration->place_count; i++) {
		free(migration->places[i].name);
		free(migration->places[i].uuid);
	}
	free(migration->places);
	for (size_t i = 0; i < array_length(owned); i++)
		free(owned[i]);
	migration_forget_checks(migration);
}

void migration_renew(struct migration *migration)
{
	struct migration old = *migration;

	*migration = (struct migration){
		.word = old.word,
		.uuid = old.uuid,
		.name = old.name,
		.owner = old.owner,
		.target_name = old.target_name,
		.target_uuid = old.target_uuid,
		.target_version = old.target_version,
		.administrator = old.administrator,
		.restarted = old.restarted,
		.state.pending = old.state.pending,
		.state.flying = old.state.flying,
		.state.marked = old.state.marked,
		.state.turns = old.state.turns,
		.state.pauses = old.state.pauses,
		.state.paused = old.state.paused,
	};
	migration_init(migration);
	old.word = old.uuid = old.name = old.owner = NULL;
	old.target_name = old.target_uuid = old.target_version = NULL;
	migration_release(&old);
}

void migration_detail(struct migration *migration, const char *text)
{
	string_replace(&migration->detail, text);
}

void migration_check(struct migration *migration, const char *check, enum check_result result, const char *detail)
{
	migration->checks = memory_room(
		migration->checks, migration->check_count, &migration->check_capacity, sizeof(*migration->checks));
	migration->checks[migration->check_count++] = (struct migration_check){
		check, result, text_printable_length(detail, strlen(detail), (size_t)2 * TEXT_SHOWN_MAX)};
}

size_t migration_checks(const struct migration *migration, enum check_result result)
{
	size_t count = 0;

	for (size_t i = 0; i < migration->check_count; i++)
		count += migration->checks[i].result == result;
	return count;
}

void migration_end(struct migration *migration, enum migration_result result, enum migration_cause cause)
{
	migration->stage = STAGE_ENDED;
	migration->result = result;
	migration->cause = cause;
}

const char *migration_watched(const struct migration *migration, const char *first)
{
	bool located = migration->stage >= STAGE_WATCH && string_given(migration->source_uuid);

	return located ? migration->source_uuid : first;
}
