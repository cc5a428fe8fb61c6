/* SPDX-License-Identifier: Apache-2.0 */
/* What is told while a move goes on. */
#include "common/base/text.h"
#include "plugin/words_private.h"

static char *started(const struct migration *migration)
{
	if (migration->attached)
		return string_format("already running; following it%s%s", migration->text != NULL ? ": " : "",
			migration->text != NULL ? migration->text : "");
	return string_format("migration started with ID \"%s\"", migration->migration_id);
}

char *words_news(const struct migration *migration, enum migration_news news)
{
	const char *to = migration->target_name;

	switch (news) {
	case NEWS_LOCATED:
		return string_format("on %s (juju %s), to go to %s; found by %s", words_source(migration),
			string_given(migration->source_version) ? migration->source_version : "of unknown version", to,
			migration->located_by);
	case NEWS_STARTED:
		return started(migration);
	case NEWS_RESUMED:
		return string_copy(migration->other_run ? "another run is already at work on this move; following it"
							: "an earlier run began this move; going on from there");
	case NEWS_LOCKED:
		return string_format("not started yet: JIMM or %s believes that a migration of it is running; %s",
			words_source(migration),
			migration_blind(migration->source_version) ? "watching for an hour in case it moves"
								   : "watching for 6 minutes in case one appears");
	case NEWS_RESTARTED:
		/* There is no lock, or none that this user may free. */
		if (migration->old_jimm || !migration->administrator || !string_given(migration->source_name))
			return string_copy("no migration has appeared: starting once more");
		return string_format("no migration has appeared: telling JIMM that the model is still on %s, to free "
				     "JIMM's lock, and starting once more",
			words_source(migration));
	case NEWS_STALLED:
		return string_format("nothing new for 20 minutes; the model is safe on %s; if this goes on, see "
				     "the controller log of %s",
			to, string_given(migration->source_name) ? migration->source_name : "its source");
	case NEWS_LOST:
		return string_copy("the request to start was not answered; looking whether the migration began");
	case NEWS_TEXT:
		return string_copy(migration->text);
	case NEWS_COMMITTED:
		return string_copy("the move cannot be undone any more");
	case NEWS_RECORDING:
		return string_format("telling JIMM that the model is on %s", to);
	case NEWS_RECORDED:
		return string_format("JIMM points at %s", to);
	case NEWS_VERIFIED:
		return string_format("the model answers on %s", to);
	case NEWS_TROUBLE:
		return string_format("%s; trying again", migration->trouble);
	case NEWS_ALARM:
		return string_format(
			"what %s shows and what %s shows cannot both be true: touch nothing; still watching",
			words_source(migration), to);
	case NEWS_PAUSED:
		return string_format("no further model is started for now: %s", migration->trouble);
	case NEWS_CONTINUED:
		return string_copy("that has passed; starting the next models");
	default:
		return NULL;
	}
}
