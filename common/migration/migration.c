/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/migration.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/text.h"

bool migration_juju_3(const char *version)
{
	return string_starts(version, "3.") || string_starts(version, "2.");
}

bool migration_blind(const char *version)
{
	return string_given(version) && !migration_juju_3(version);
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
		migration->state.life,
		migration->state.login_uuid,
		migration->state.login_trouble,
		migration->state.base_text,
		migration->state.told_text,
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
	for (size_t i = 0; i < migration->problem_count; i++)
		free(migration->problems[i]);
	free(migration->problems);
}

void migration_detail(struct migration *migration, const char *text)
{
	string_replace(&migration->detail, text);
}

void migration_problem(struct migration *migration, const char *format, ...)
{
	char problem[2 * TEXT_SHOWN_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, sizeof(problem), format, arguments);
	va_end(arguments);
	migration->problems = memory_room(migration->problems, migration->problem_count, &migration->problem_capacity,
		sizeof(*migration->problems));
	migration->problems[migration->problem_count++] = string_copy(problem);
}

void migration_end(struct migration *migration, enum migration_result result, enum migration_cause cause)
{
	migration->stage = STAGE_ENDED;
	migration->result = result;
	migration->cause = cause;
}
