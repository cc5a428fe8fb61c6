/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/words.h"

#include "plugin/words_private.h"

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

const char *words_source(const struct migration *migration)
{
	return string_given(migration->source_name) ? migration->source_name : migration->source_uuid;
}

const char *words_detail(const struct migration *migration)
{
	return string_given(migration->detail) ? migration->detail : "juju gave no reason";
}

void words_add_again(struct text *text, const struct migration *migration)
{
	text_add_format(text, "juju jaas-migrate %s %s", migration->word, migration->target_name);
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
			words_source(migration));
	else
		text_add_string(text, "goes on in Juju; to follow it to its end: ");
	words_add_again(text, migration);
}

static void add_checks(struct text *text, const struct migration *migration)
{
	bool several = migration_checks(migration, CHECK_PROBLEM) > 1;

	for (size_t i = 0; i < migration->check_count; i++)
		if (migration->checks[i].result == CHECK_PROBLEM)
			text_add_format(text, "%s%s", several ? "\n- " : " ", migration->checks[i].detail);
}

static void locked(struct text *text, const struct migration *migration)
{
	text_add_format(text,
		"not started: JIMM or %s takes a migration of it for running (%s); after one that was aborted wait two "
		"minutes, "
		"then: ",
		words_source(migration), words_detail(migration));
	words_add_again(text, migration);
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
	const char *words = words_detail(migration);

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
	text_add_format(text, "would move from %s to %s; where it is was told by %s", words_source(migration),
		migration->target_name, migration->located_by);
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
	size_t told = migration->place_count - silent;

	if (told > 0 && there == 0)
		text_add_format(text, "; asked directly, none of %zu controllers has it", told);
	if (silent > 0)
		text_add_format(text, told > 0 ? " (%zu did not tell)" : "; asked directly, %zu did not tell", silent);
}

char *words_outcome(const struct migration *migration, const struct words_about *about)
{
	scoped(text) struct text text;

	text_init(&text, WORDS_MAX);
	switch (migration->cause) {
	case CAUSE_VERDICT:
		words_add_by_verdict(&text, migration);
		break;
	case CAUSE_ALREADY_THERE:
		already_there(&text, migration);
		break;
	case CAUSE_WOULD_START:
		would_start(&text, migration);
		break;
	case CAUSE_ACCEPTED:
		text_add_string(&text, "started, not waited for; to follow it to its end, and to have JIMM told: ");
		words_add_again(&text, migration);
		break;
	case CAUSE_LEFT:
		left(&text, migration);
		break;
	case CAUSE_RECORD_REFUSED:
		words_add_record_refused(&text, migration);
		break;
	case CAUSE_LEFT_ASKED:
		text_add_string(&text,
			"the migration was asked for and JIMM has not answered, so nobody knows yet whether it "
			"began; to see: ");
		words_add_again(&text, migration);
		break;
	case CAUSE_REFUSED:
		words_add_refused(&text, migration);
		break;
	case CAUSE_LOCKED:
		locked(&text, migration);
		break;
	case CAUSE_CHECKS:
		text_add_string(&text, "not started:");
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
