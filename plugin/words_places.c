/* SPDX-License-Identifier: Apache-2.0 */
/* What the controllers that were asked directly have said. */
#include "common/base/text.h"
#include "plugin/words_private.h"

/* Longest list of controllers, in bytes. */
#define PLACES_MAX ((size_t)64 * TEXT_SHOWN_MAX)

/* Names the controllers where it was seen like this. Returns how many these are. */
static size_t add_seen(
	const struct migration *migration, enum target_sight sight, const char *lead, bool first, struct text *text)
{
	size_t seen = 0;

	for (size_t i = 0; i < migration->place_count; i++) {
		const struct migration_place *place = &migration->places[i];

		if (place->sight != sight)
			continue;
		text_add_format(text, "%s%s%s",
			seen > 0 ? " and "
			: first  ? "asked directly, "
				 : "; ",
			seen > 0 ? "" : lead, place->name);
		seen++;
	}
	return seen;
}

void words_add_places(const struct migration *migration, struct words *words)
{
	scoped(text) struct text text;
	size_t silent = 0;
	const char *denies = NULL;

	text_init(&text, PLACES_MAX);
	text_add_format(&text, "%s%s", words->state != NULL ? words->state : "", words->state != NULL ? "; " : "");
	for (size_t i = 0; i < migration->place_count; i++) {
		silent += migration->places[i].sight == TARGET_UNKNOWN;
		if (migration->places[i].sight == TARGET_NONE)
			denies = migration->places[i].name;
	}
	size_t seen = add_seen(migration, TARGET_ACTIVE, "it is active on ", true, &text);
	size_t told = migration->place_count - silent;

	seen += add_seen(migration, TARGET_IMPORTING, "an inactive copy is on ", seen == 0, &text);
	if (told == 1 && seen == 0)
		text_add_format(&text, "asked directly, %s does not have it", denies);
	else if (told > 0 && seen == 0)
		text_add_format(&text, "asked directly, none of %zu controllers has it", told);
	if (silent > 0)
		text_add_format(&text, told > 0 ? " (%zu did not tell)" : "asked directly, %zu did not tell", silent);
	string_free(words->state);
	words->state = text_take(&text);
}
