/* SPDX-License-Identifier: Apache-2.0 */
/* What is told while it goes on. */
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
		return string_copy(migration->other_run ? "another run is at this move; following it"
							: "an earlier run has begun this move; going on from there");
	case NEWS_LOCKED:
		return string_format(
			"not started yet: %s; watching for 6 minutes whether a migration shows", migration->detail);
	case NEWS_RESTARTED:
		return string_format("nothing has begun: telling JIMM that it is still on %s, to free its lock, and "
				     "starting once more",
			words_source(migration));
	case NEWS_STALLED:
		return string_format("nothing new for 20 minutes; the model is safe on %s; if it stays so, see to the "
				     "controller log of %s",
			to, words_source(migration));
	case NEWS_LOST:
		return string_copy("the start was asked for and not answered; looking whether it happened");
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
		return string_format("what %s shows and what %s shows cannot both be: touch nothing; watching on",
			words_source(migration), to);
	case NEWS_PAUSED:
		return string_format("no further model is started for now: %s", migration->trouble);
	case NEWS_CONTINUED:
		return string_copy("further models are started again");
	default:
		return NULL;
	}
}
