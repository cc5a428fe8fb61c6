/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/words.h"

#include "common/base/text.h"

/* Longest sentence, in bytes; what servers say in it is bounded before. */
#define WORDS_MAX ((size_t)16 * TEXT_SHOWN_MAX)

char *words_model(const struct migration *migration)
{
	if (migration->name == NULL)
		return string_copy(migration->word);
	if (!string_given(migration->owner))
		return string_copy(migration->name);
	return string_format("%s/%s", migration->owner, migration->name);
}

static const char *source(const struct migration *migration)
{
	return string_given(migration->source_name) ? migration->source_name : migration->source_uuid;
}

static const char *detail(const struct migration *migration)
{
	return string_given(migration->detail) ? migration->detail : "juju gave no reason";
}

static void add_again(struct text *text, const struct migration *migration)
{
	text_add_format(text, "juju jaas-migrate %s %s", migration->word, migration->target_name);
}

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
			source(migration), source(migration));
	else if (migration->source_unfinished)
		text_add_format(text, "; %s has not finished cleaning up after it%s%s", source(migration),
			migration->text != NULL ? ": " : "", migration->text != NULL ? migration->text : "");
}

static void failed(struct text *text, const struct migration *migration)
{
	text_add_format(text, "not moved: %s; it is unchanged on %s, and JIMM points there", detail(migration),
		source(migration));
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
			detail(migration), to, to);
	} else if (migration->verdict == VERDICT_NOT_STARTED) {
		text_add_string(
			text, "the migration was asked for, and nothing shows that it began; to try once more: ");
		add_again(text, migration);
	} else {
		text_add_string(text, "nobody can say yet how it ended; to look again: ");
		add_again(text, migration);
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
			migration->state.had_committed ? to : source(migration),
			migration->state.had_committed ? "" : " or ", migration->state.had_committed ? "" : to);
	else if (migration->verdict == VERDICT_SPLIT)
		text_add_format(text,
			"the migration was aborted, and yet the model is active on %s, or JIMM points there: touch "
			"nothing, call "
			"an administrator of both controllers",
			to);
	else if (migration->state.row == ROW_ELSEWHERE)
		text_add_format(text, "JIMM points at %s, which is neither %s nor %s: somebody else has moved it",
			detail(migration), source(migration), to);
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
			source(migration), to);
}

static void not_recorded(struct text *text, const struct migration *migration)
{
	if (migration->state.ours)
		text_add_format(text, "moved to %s, but JIMM still points at %s; have an administrator of JIMM type: ",
			migration->target_name, source(migration));
	else
		text_add_format(text,
			"moved away from %s by a migration that was not started here, and JIMM still points there; if "
			"it was to go to %s, "
			"have an administrator of JIMM type: ",
			source(migration), migration->target_name);
	text_add_format(text, "%s update-migrated-model %s %s", migration->old_jimm ? "jimmctl" : "juju",
		migration->target_name, migration->uuid);
}

static void by_verdict(struct text *text, const struct migration *migration)
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

static void already_there(struct text *text, const struct migration *migration)
{
	if (migration->result == RESULT_UNDECIDED)
		text_add_format(text,
			"JIMM points at %s already, but a migration of the model is under way: %s; try again later",
			migration->target_name, migration->state.base_text);
	else if (migration->verified)
		text_add_format(text, "already on %s: JIMM points there, and it runs there", migration->target_name);
	else
		text_add_format(text, "already recorded on %s: JIMM points there; that it runs there was not verified",
			migration->target_name);
}

static void left(struct text *text, const struct migration *migration)
{
	if (migration->recorded || migration->state.row == ROW_TARGET)
		text_add_format(text, "cannot go back any more, and JIMM points at %s; what is left to check, with: ",
			migration->target_name);
	else if (migration->state.recording)
		text_add_string(text, "cannot go back any more; JIMM was told and has not answered yet; to finish: ");
	else if (migration->state.had_committed)
		text_add_format(text,
			"cannot go back any more and goes on in Juju; JIMM still points at %s; to finish: ",
			source(migration));
	else
		text_add_string(text, "goes on in Juju; to follow it to its end: ");
	add_again(text, migration);
}

static void add_checks(struct text *text, const struct migration *migration)
{
	for (size_t i = 0; i < migration->problem_count; i++)
		text_add_format(text, "%s%s", i > 0 ? "; " : "", migration->problems[i]);
}

static void record_refused(struct text *text, const struct migration *migration)
{
	if (migration->attached)
		text_add_format(text,
			"gone from %s with a migration that somebody else has started, and not to %s: \"juju models\" "
			"on the other "
			"controllers shows where it is",
			source(migration), migration->target_name);
	else
		text_add_format(text,
			"%s has let it go, but JIMM says that %s does not have it: touch nothing, call an "
			"administrator of both "
			"controllers",
			source(migration), migration->target_name);
}

static void refused(struct text *text, const struct migration *migration)
{
	if (migration->state.refusal != NULL)
		text_add_format(text,
			"not started: %s; whether a migration of it is running already could not be learned, run it "
			"again to see",
			detail(migration));
	else if (migration->result == RESULT_UNDECIDED && migration->state.base_text == NULL)
		text_add_format(text, "not started: %s; it was there a moment ago, look what has become of it",
			detail(migration));
	else if (migration->result == RESULT_UNDECIDED)
		text_add_format(text,
			"not started: %s; and since the last migration was aborted (%s) when its target may have been "
			"active already, look "
			"whether \"juju models\" lists it there",
			detail(migration), attempt_reason(migration->state.base_text));
	else
		text_add_format(text, "not started, unchanged on %s: %s", source(migration), detail(migration));
}

static void locked(struct text *text, const struct migration *migration)
{
	text_add_format(text,
		"not started: JIMM or %s takes a migration of it for running (%s); after one that was aborted wait two "
		"minutes, "
		"then: ",
		source(migration), detail(migration));
	add_again(text, migration);
}

static void simple(struct text *text, const struct migration *migration)
{
	static const char *const sentences[] = {
		[CAUSE_UNLISTED] = "an earlier run has begun to move it, and JIMM does not list it for you any more: "
				   "either your rights on it "
				   "are gone, or JIMM has lost it; ask an administrator of JIMM",
		[CAUSE_THERE_OR_TWICE] = "not started: the target has the model already; either that is where it is "
					 "now, or it is active on "
					 "both controllers: ask an administrator of JIMM before you try again",
		[CAUSE_OTHER_RUN] =
			"not started: another run of this command is about to start it; run it again in a minute",
		[CAUSE_ACTIVE_TWICE] = "not started: a copy of the model is active on the target already, though JIMM "
				       "points at another "
				       "controller; touch nothing, call an administrator of both controllers",
		[CAUSE_COPY_GONE] =
			"its source controller shows nothing of the migration, and the copy that was on the target "
			"has gone from there again: it was given up, probably; look with juju status whether "
			"the model is well where it was, then start it once more",
		[CAUSE_BLIND_COPY] =
			"not started: the target has a copy of the model, and its source controller does not "
			"show whether a migration is running; ask an administrator of both controllers",
		[CAUSE_CANNOT_KNOW] = "nothing stands in the way as far as you may see; whether JIMM has the target "
				      "controller is told "
				      "to its administrators only",
		[CAUSE_RUNNING_UNSEEN] =
			"not started: the model says that it is being migrated, and JIMM's lists do not show it; try "
			"again in a minute",
		[CAUSE_FOREIGN] =
			"somebody else has started another migration of it meanwhile; look again when that has ended",
		[CAUSE_ROW_DISAGREES] =
			"not started: JIMM's record and the model itself name different controllers; try again in "
			"a minute, and if it stays so call an administrator of JIMM",
		[CAUSE_LEFT_BEFORE] = "not started: stopped before anything was asked for",
		[CAUSE_SIGN_MISSING] = "gone from its controller, and nothing proves where to; touch nothing, and have "
				       "an administrator look "
				       "with \"juju models\" which controller has it",
		[CAUSE_TARGET_UNPROVED] =
			"the source has committed and JIMM points at the target now, but nothing proves that it is "
			"active there: look at it with juju status before you rely on it",
	};

	text_add_string(text, sentences[migration->cause]);
}

static void with_detail(struct text *text, const struct migration *migration)
{
	const char *words = detail(migration);

	switch (migration->cause) {
	case CAUSE_UNKNOWN_TARGET:
		text_add_format(text, "JIMM knows no controller \"%s\"; it knows: %s", migration->target_name, words);
		break;
	case CAUSE_NO_ANSWER:
		text_add_format(text, "not started: JIMM did not tell what is needed: %s", words);
		break;
	case CAUSE_NOT_LOCATED:
		text_add_format(text, "not started: nobody tells which controller hosts it: %s", words);
		break;
	case CAUSE_OLD_ABORT:
		text_add_format(text,
			"the last migration was aborted (%s) when its target may have been active already: look "
			"whether \"juju models\" "
			"lists it there before you start another",
			words);
		break;
	case CAUSE_OTHER_TARGET:
		text_add_format(text,
			"not started: a move to %s was begun before and has no decided end; finish that one first: "
			"juju "
			"jaas-migrate %s %s",
			words, migration->word, words);
		break;
	case CAUSE_NOT_ACTIVE:
		text_add_format(text,
			"JIMM points at %s already, but %s says that the model is not active there; try again in a "
			"minute, and "
			"if it stays so touch nothing and call an administrator of both controllers",
			migration->target_name, migration->target_name);
		break;
	case CAUSE_TARGET_SILENT:
		text_add_format(text, "JIMM points at %s already, but the model cannot be reached there: %s",
			migration->target_name, string_given(migration->detail) ? words : "JIMM calls it unavailable");
		break;
	case CAUSE_OUT_OF_SIGHT:
		text_add_format(text,
			"what is needed to tell how it ended cannot be learned any more (%s); what has begun goes on "
			"in Juju; look again "
			"with the same "
			"command",
			words);
		break;
	case CAUSE_LOGIN_LOST:
		text_add_format(text, "goes on in Juju, but cannot be watched any more: %s", words);
		break;
	default:
		text_add_string(text, words);
		break;
	}
}

static void would_start(struct text *text, const struct migration *migration)
{
	text_add_format(text, "would move from %s to %s; where it is was told by %s", source(migration),
		migration->target_name, migration->located_by);
	if (migration->target_doubtful)
		text_add_format(text, "; JIMM does not call %s available", migration->target_name);
}

/* What the controllers have said that were asked directly. */
static void add_places(struct text *text, const struct migration *migration)
{
	size_t there = 0, silent = 0;

	for (size_t i = 0; i < migration->place_count; i++) {
		const struct migration_place *place = &migration->places[i];

		silent += place->sight == TARGET_UNKNOWN;
		if (place->sight != TARGET_ACTIVE)
			continue;
		text_add_format(text, "%s%s", there == 0 ? "; asked directly, it is active on " : " and ", place->name);
		there++;
	}
	if (migration->place_count > 0 && there == 0)
		text_add_format(
			text, "; asked directly, none of %zu controllers has it", migration->place_count - silent);
	if (migration->place_count > 0 && silent > 0)
		text_add_format(text, " (%zu did not tell)", silent);
}

char *words_outcome(const struct migration *migration, const struct words_about *about)
{
	scoped(text) struct text text;

	text_init(&text, WORDS_MAX);
	switch (migration->cause) {
	case CAUSE_VERDICT:
		by_verdict(&text, migration);
		break;
	case CAUSE_ALREADY_THERE:
		already_there(&text, migration);
		break;
	case CAUSE_WOULD_START:
		would_start(&text, migration);
		break;
	case CAUSE_ACCEPTED:
		text_add_string(&text, "started, not waited for; to follow it to its end, and to have JIMM told: ");
		add_again(&text, migration);
		break;
	case CAUSE_LEFT:
		left(&text, migration);
		break;
	case CAUSE_RECORD_REFUSED:
		record_refused(&text, migration);
		break;
	case CAUSE_LEFT_ASKED:
		text_add_string(&text,
			"the migration was asked for and JIMM has not answered, so nobody knows yet whether it "
			"began; to see: ");
		add_again(&text, migration);
		break;
	case CAUSE_REFUSED:
		refused(&text, migration);
		break;
	case CAUSE_LOCKED:
		locked(&text, migration);
		break;
	case CAUSE_CHECKS:
		text_add_string(&text, "not started: ");
		add_checks(&text, migration);
		break;
	case CAUSE_UNKNOWN_MODEL:
	case CAUSE_UNKNOWN_TARGET:
	case CAUSE_NO_ANSWER:
	case CAUSE_NOT_LOCATED:
	case CAUSE_LOGIN_LOST:
	case CAUSE_TARGET_SILENT:
	case CAUSE_NOT_ACTIVE:
	case CAUSE_OLD_ABORT:
	case CAUSE_OTHER_TARGET:
	case CAUSE_OUT_OF_SIGHT:
	case CAUSE_NONE:
		with_detail(&text, migration);
		break;
	default:
		simple(&text, migration);
		break;
	}
	(void)about;
	add_places(&text, migration);
	return text_take(&text);
}

static char *started(const struct migration *migration)
{
	if (migration->attached)
		return string_format("a migration is running already; following it%s%s",
			migration->text != NULL ? ": " : "", migration->text != NULL ? migration->text : "");
	return string_format("migration started with ID \"%s\"", migration->migration_id);
}

char *words_news(const struct migration *migration, enum migration_news news)
{
	const char *to = migration->target_name;

	switch (news) {
	case NEWS_LOCATED:
		return string_format("on %s (juju %s), to go to %s; found by %s", source(migration),
			string_given(migration->source_version) ? migration->source_version : "of unknown version", to,
			migration->located_by);
	case NEWS_STARTED:
		return started(migration);
	case NEWS_RESUMED:
		return string_copy(migration->other_run ? "another run is at this move; following it"
							: "an earlier run has begun this move; going on from there");
	case NEWS_LOCKED:
		return string_format(
			"not started yet: %s; watching for six minutes whether a migration shows", detail(migration));
	case NEWS_RESTARTED:
		return string_format(
			"nothing has begun: telling JIMM that the model is still on %s, which frees its lock, and "
			"starting once more",
			source(migration));
	case NEWS_STALLED:
		return string_format(
			"nothing has changed for 20 minutes; the model is safe on %s; if it stays so, have an "
			"administrator look at the controller log of %s",
			to, source(migration));
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
			source(migration), to);
	default:
		return NULL;
	}
}
