/* SPDX-License-Identifier: Apache-2.0 */
/* How an attempt, or the request for one, has ended. */
#include "plugin/words_private.h"

static void migrated(struct text *text, const struct migration *migration)
{
	const char *to = migration->target_name;

	text_add_format(text, "moved to %s, and JIMM points there", to);
	if (!migration->verified)
		text_add_format(text, "; nobody could log in to it on %s yet (%s)", to,
			migration->trouble != NULL ? migration->trouble : "not tried");
	if (migration->agents_away > 0)
		text_add_format(
			text, "; %zu of %zu agents are not back yet", migration->agents_away, migration->agents);
	if (migration->residue)
		text_add_format(text,
			"; %s could not remove its copy: have an administrator of %s look, and do not destroy the "
			"model there",
			words_source(migration), words_source(migration));
	else if (migration->source_unfinished)
		text_add_format(text, "; %s has not finished cleaning up after it%s%s", words_source(migration),
			migration->text != NULL ? ": " : "", migration->text != NULL ? migration->text : "");
}

static void failed(struct text *text, const struct migration *migration)
{
	text_add_format(text, "not moved: %s; it is unchanged on %s, and JIMM points there", words_detail(migration),
		words_source(migration));
	if (migration->verdict == VERDICT_FAILED_LEFTOVER)
		text_add_format(text,
			"; an inactive copy was left on %s and has to be removed there before another try",
			migration->target_name);
	if (migration->verdict == VERDICT_FAILED_UNASKED)
		text_add_format(text, "; %s was not asked", migration->target_name);
}

static void undecided(struct text *text, const struct migration *migration)
{
	const char *to = migration->target_name;

	if (migration->state.had_aborted) {
		text_add_format(text,
			"the migration was aborted (%s) when %s may have been active already: the model can be active "
			"on both; "
			"log in to %s and look whether \"juju models\" lists it there, before anything else",
			words_detail(migration), to, to);
	} else if (migration->verdict == VERDICT_NOT_STARTED) {
		text_add_string(
			text, "the migration was asked for, and nothing shows that it began; to try once more: ");
		words_add_again(text, migration);
	} else {
		text_add_string(text, "nobody can say yet how it ended; to look again: ");
		words_add_again(text, migration);
	}
}

static void contradiction(struct text *text, const struct migration *migration)
{
	const char *to = migration->target_name;

	if (migration->verdict == VERDICT_FORGOTTEN)
		text_add_format(text,
			"JIMM does not know the model any more, nor who had rights on it; it is on %s%s%s: an "
			"administrator has to import "
			"it again (juju import-model)",
			migration->state.had_committed ? to : words_source(migration),
			migration->state.had_committed ? "" : " or ", migration->state.had_committed ? "" : to);
	else if (migration->verdict == VERDICT_SPLIT)
		text_add_format(text,
			"the migration was aborted, and yet the model is active on %s, or JIMM points there: touch "
			"nothing, call "
			"an administrator of both controllers",
			to);
	else if (migration->state.row == ROW_ELSEWHERE)
		text_add_format(text, "JIMM points at %s, which is neither %s nor %s: somebody else has moved it",
			words_detail(migration), words_source(migration), to);
	else if (migration->row == 8)
		text_add_format(text,
			"JIMM points at %s, where the model is not active: somebody told JIMM too early; touch "
			"nothing, call an "
			"administrator of both controllers",
			to);
	else
		text_add_format(text,
			"%s says that it has let the model go, and %s that it does not have it: touch nothing, call an "
			"administrator of both controllers",
			words_source(migration), to);
}

static void not_recorded(struct text *text, const struct migration *migration)
{
	if (migration->state.ours)
		text_add_format(text, "moved to %s, but JIMM still points at %s; have an administrator of JIMM type: ",
			migration->target_name, words_source(migration));
	else
		text_add_format(text,
			"moved away from %s by a migration that was not started here, and JIMM still points there; if "
			"it was to go to %s, "
			"have an administrator of JIMM type: ",
			words_source(migration), migration->target_name);
	text_add_format(text, "%s update-migrated-model %s %s", migration->old_jimm ? "jimmctl" : "juju",
		migration->target_name, migration->uuid);
}

void words_add_by_verdict(struct text *text, const struct migration *migration)
{
	switch (migration->result) {
	case RESULT_MIGRATED:
		migrated(text, migration);
		break;
	case RESULT_FAILED:
		failed(text, migration);
		break;
	case RESULT_NOT_RECORDED:
		not_recorded(text, migration);
		break;
	case RESULT_CONTRADICTION:
		contradiction(text, migration);
		break;
	case RESULT_ALREADY_THERE:
		text_add_format(text, "JIMM points at %s; that it runs there was not verified", migration->target_name);
		break;
	default:
		undecided(text, migration);
		break;
	}
}

void words_add_record_refused(struct text *text, const struct migration *migration)
{
	if (migration->attached)
		text_add_format(text,
			"gone from %s with a migration that somebody else has started, and not to %s: \"juju models\" "
			"on the other "
			"controllers shows where it is",
			words_source(migration), migration->target_name);
	else
		text_add_format(text,
			"%s has let it go, but JIMM says that %s does not have it: touch nothing, call an "
			"administrator of both "
			"controllers",
			words_source(migration), migration->target_name);
}

void words_add_refused(struct text *text, const struct migration *migration)
{
	if (migration->state.refusal != NULL)
		text_add_format(text,
			"not started: %s; whether a migration of it is running already could not be learned, run it "
			"again to see",
			words_detail(migration));
	else if (migration->result == RESULT_UNDECIDED && migration->state.base_text == NULL)
		text_add_format(text, "not started: %s; it was there a moment ago, look what has become of it",
			words_detail(migration));
	else if (migration->result == RESULT_UNDECIDED)
		text_add_format(text,
			"not started: %s; and since the last migration was aborted (%s) when its target may have been "
			"active already, look "
			"whether \"juju models\" lists it there",
			words_detail(migration), attempt_reason(migration->state.base_text));
	else
		text_add_format(
			text, "not started, unchanged on %s: %s", words_source(migration), words_detail(migration));
}
