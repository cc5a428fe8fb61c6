/* SPDX-License-Identifier: Apache-2.0 */
/* What to call a model and its controllers, and commands to type that name them. */
#include "common/base/shell.h"
#include "common/base/text.h"
#include "plugin/words_private.h"

char *words_model(const struct migration *migration)
{
	if (migration->name == NULL)
		return string_copy(migration->word);
	if (!string_given(migration->owner))
		return string_copy(migration->name);
	return string_format("%s/%s", migration->owner, migration->name);
}

char *words_model_option(const struct migration *migration, const struct words_about *about)
{
	scoped(string) char *model = words_model(migration);
	scoped(string) char *option =
		string_format("%s:%s", about->jaas, migration->name != NULL ? model : migration->uuid);

	return shell_word(option);
}

const char *words_source(const struct migration *migration)
{
	return string_given(migration->source_name) ? migration->source_name : migration->source_uuid;
}

char *words_command(const struct migration *migration, const char *verb, const char *controller)
{
	/* JIMM from v3.2.8 on comes with a plugin for juju in place of jimmctl; nothing tells these builds from those before. */
	const char *program = migration->old_jimm ? "jimmctl" : "juju";
	scoped(string) char *word = controller != NULL ? shell_word(controller) : string_copy("<controller>");

	return string_format("%s %s %s%s %s", program, verb, controller != NULL ? shell_dashes(controller, NULL) : "",
		word, migration->uuid);
}

const char *words_seen_on(const struct migration *migration)
{
	const struct migration_place *seen = NULL;
	size_t count = 0;

	for (size_t i = 0; i < migration->place_count; i++) {
		if (migration->places[i].sight != TARGET_ACTIVE)
			continue;
		seen = &migration->places[i];
		count++;
	}
	if (count != 1)
		return NULL;
	/* JIMM's name of it may be another one. */
	if (string_given(migration->source_name) && string_same(seen->uuid, migration->source_uuid))
		return migration->source_name;
	return migration->target_uuid != NULL && string_same(seen->uuid, migration->target_uuid)
		       ? migration->target_name
		       : seen->name;
}

char *words_by_administrator(const struct migration *migration, const char *lead)
{
	scoped(string) char *to = shell_word(migration->target_name);

	return string_format(
		"%s: juju jaas-migrate %s%s %s", lead, shell_dashes(migration->target_name, NULL), migration->uuid, to);
}

char *words_again(
	const struct migration *migration, const struct words_about *about, const char *lead, const char *target)
{
	scoped(string) char *option = about->option != NULL ? shell_word(about->option) : NULL;
	scoped(string) char *model = shell_word(migration->word);
	scoped(string) char *to = shell_word(target);

	return string_format("%s: juju jaas-migrate %s%s%s%s%s %s", lead, option != NULL ? "-c " : "",
		option != NULL ? option : "", option != NULL ? " " : "", shell_dashes(migration->word, target), model,
		to);
}
