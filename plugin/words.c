/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/words.h"

#include <stdlib.h>

#include "common/base/text.h"
#include "plugin/words_private.h"

/* Longest list of problems, in bytes; the length of each is limited already. */
#define PROBLEMS_MAX ((size_t)64 * TEXT_SHOWN_MAX)

bool words_left(const struct migration *migration)
{
	return migration->cause == CAUSE_LEFT || migration->cause == CAUSE_LEFT_ASKED ||
	       migration->cause == CAUSE_LEFT_BEFORE || migration->cause == CAUSE_NOT_STARTED ||
	       migration->cause == CAUSE_PAUSED;
}

static void take_detail(const struct migration *migration, struct words *words)
{
	words->reason = string_given(migration->detail) ? string_copy(migration->detail) : NULL;
}

void words_take_reason(const struct migration *migration, const struct words_about *about, const char *text,
	struct words *words, struct reason *reason)
{
	scoped(string) char *option = words_model_option(migration, about);
	const char *from = words_source(migration);
	const struct reason_names names = {option, from != NULL ? from : "its controller", migration->target_name};

	reason_explain(text, &names, reason);
	words->reason = string_given(text) ? string_copy(text) : NULL;
	words->part = reason->part;
	if (reason->remedy != NULL)
		words->remedy = string_copy(reason->remedy);
	else if (words->reason != NULL)
		words->remedy = string_copy("fix what the reason names, then run this again");
	else
		words->remedy = string_format("have an administrator of %s look into its log", names.from);
}

static void already_there(const struct migration *migration, struct words *words)
{
	const char *to = migration->target_name;

	if (migration->result == RESULT_UNDECIDED) {
		words->message = string_format("JIMM points at %s already, but a migration of it is under way", to);
		words->reason = string_copy(migration->state.base_text);
		words->remedy = string_copy("run this again when that has ended");
	} else if (migration->verified) {
		words->message = string_format("already on %s: JIMM points there, and it runs there", to);
	} else {
		words->message = string_format("already recorded on %s: JIMM points there", to);
		words->state = string_copy("whether it runs there was not verified");
	}
}

/* Returns who can tell JIMM already of a move that stalls after the commitment, as it may for weeks; NULL: nobody needs to, or may. A juju
 * 4.1 target is active only when its source says more. */
static char *told_by_administrator(const struct migration *migration)
{
	bool active = migration->state.had_late || migration_juju_3(migration->target_version);

	if (migration->administrator || !migration->state.stalled || !active)
		return NULL;
	scoped(string) char *command = words_command(migration, "update-migrated-model", migration->target_name);

	return string_format("have an administrator of JIMM type: %s", command);
}

static void left(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *to = migration->target_name;

	words->message = string_format("the migration goes on in Juju%s",
		migration->recorded || migration->state.recording || migration->state.had_committed
			? ", and can no longer be undone"
			: "");
	if (string_starts(migration->text, "aborted")) {
		string_replace(&words->message, "the migration is being aborted in Juju");
		words->reason = string_copy(migration->text);
		words->remedy = words_again(migration, about, "see how that ends", to);
	} else if (migration->recorded || migration->state.row == ROW_TARGET) {
		words->state = string_format("JIMM points at %s", to);
		words->remedy = words_again(migration, about, "see it through to the end", to);
	} else if (migration->state.recording) {
		words->state = string_copy("JIMM was told, and has not answered yet");
		words->remedy = words_again(migration, about, "finish it", to);
	} else if (migration->state.had_committed) {
		words->state = string_format("JIMM still points at %s", words_source(migration));
		words->remedy = told_by_administrator(migration);
		if (words->remedy == NULL)
			words->remedy = words_again(migration, about, "finish it", to);
	} else {
		bool unseen = string_given(migration->source_version) && !migration_juju_3(migration->source_version) &&
			      !migration->state.had_any;

		string_replace(&words->message, unseen ? "the migration was started, and its end was not seen"
						       : "the migration goes on in Juju");
		if (unseen)
			words->state = string_format("juju %s of %s does not show its migrations",
				migration->source_version, words_source(migration));
		words->remedy = words_again(migration, about, "follow it to its end", to);
	}
}

/* Nobody could be asked any more. What was seen before is still so. */
static void out_of_sight(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *to = migration->target_name;
	bool login = migration->cause == CAUSE_LOGIN_LOST, committed = migration->state.had_committed;
	bool told = migration->recorded || migration->state.row == ROW_TARGET;

	words->message = string_copy(
		login ? "the migration can no longer be watched" : "nothing is left to ask about how it ended");
	if (committed && told)
		words->state = string_format("it can no longer be undone, and JIMM points at %s", to);
	else if (committed)
		words->state = string_copy("it can no longer be undone; where JIMM points now is not known");
	else
		words->state = string_copy(login ? "it goes on in Juju" : "what has begun goes on in Juju");
	take_detail(migration, words);
	words->remedy = words_again(migration, about, login ? "once you can log in" : "later, run it again", to);
}

static void checks(const struct migration *migration, struct words *words)
{
	bool several = migration_checks(migration, CHECK_PROBLEM) > 1;
	scoped(text) struct text text;

	text_init(&text, PROBLEMS_MAX);
	text_add_string(&text, "not started:");
	for (size_t i = 0; i < migration->check_count; i++)
		if (migration->checks[i].result == CHECK_PROBLEM)
			text_add_format(&text, "%s%s", several ? "\n- " : " ", migration->checks[i].detail);
	words->message = text_take(&text);
}

/* Sentences that are the same for all models. */
struct sentence {
	const char *message, *state, *remedy;
};

static const struct sentence sentences[] = {
	[CAUSE_THERE_OR_TWICE] = {"not started: the target has the model already",
		"either that is where it is now, or it is active on both controllers",
		"ask an administrator of JIMM before you try again"},
	[CAUSE_OTHER_RUN] = {"not started: another run of this command is about to start it", NULL,
		"run it again in a minute"},
	[CAUSE_ACTIVE_TWICE] = {"not started: a copy of the model is active on the target already",
		"JIMM points at another controller", WORDS_CALL},
	[CAUSE_COPY_GONE] = {"probably aborted: its copy has disappeared from the target",
		"its source controller shows nothing of the migration",
		"check with juju status that it is well where it was, then run this again"},
	[CAUSE_BLIND_COPY] = {"not started: the target has a copy of the model",
		"its source controller does not show whether a migration is running",
		"have administrators of both look into their logs; if none runs, that copy has to be " WORDS_COPY},
	[CAUSE_CANNOT_KNOW] = {"nothing stands in the way as far as your rights let you see",
		"only administrators of JIMM can see whether it has the target controller", NULL},
	[CAUSE_RUNNING_UNSEEN] = {"not started: the model says that it is being migrated",
		"JIMM's lists do not show it", "run it again in a minute"},
	[CAUSE_FOREIGN] = {"somebody else has started another migration of it meanwhile", NULL,
		"run this again when that one has ended"},
	[CAUSE_ROW_DISAGREES] = {"not started: JIMM's record and the model itself name different controllers", NULL,
		"run it again in a minute; if it stays so, call an administrator of JIMM"},
	[CAUSE_LEFT_BEFORE] = {"not started: stopped before anything was asked for", NULL, NULL},
	[CAUSE_NOT_STARTED] = {"not started: stopped before its turn came", NULL, NULL},
	[CAUSE_DUPLICATE] = {"named twice", NULL, NULL},
	[CAUSE_SIGN_MISSING] = {"gone from its controller, and nothing proves where it went", NULL, NULL},
	[CAUSE_TARGET_UNPROVED] = {"JIMM points at the target now, and nothing proves that it is active there", NULL,
		"look at it with juju status before you rely on it, then run this again"},
	[CAUSE_NO_ANSWER] = {"not started: JIMM did not tell what is needed", NULL, NULL},
	[CAUSE_OLD_ABORT] = {"the last migration was aborted when its target may have been active already", NULL,
		"look whether \"juju models\" lists it there before you start another; if so, " WORDS_CALL},
};

static void simple(const struct migration *migration, struct words *words)
{
	const struct sentence *sentence = &sentences[migration->cause];

	words->message = string_copy(sentence->message);
	words->state = string_copy(sentence->state);
	words->remedy = string_copy(sentence->remedy);
	take_detail(migration, words);
}

/* Nobody tells this user where it is now. An administrator is told more. */
static void out_of_reach(const struct migration *migration, struct words *words)
{
	bool unlisted = migration->cause == CAUSE_UNLISTED;

	words->message = string_copy(unlisted ? "an earlier run began to move it, and JIMM no longer lists it for you"
					      : "not started: no answer tells which controller hosts it");
	if (unlisted)
		words->state = string_copy("either your rights on it are gone, or JIMM has lost it");
	take_detail(migration, words);
	if (migration->result != RESULT_UNDECIDED)
		words->remedy =
			string_copy("ask an administrator of JIMM which one does, and whether JIMM can reach that");
	else if (migration->administrator)
		words->remedy =
			string_copy("before anything else, find out with \"juju models\" which controller has it");
	else
		words->remedy = words_by_administrator(migration, "have an administrator of JIMM type");
}

/* JIMM points at a target that cannot be asked, or says that it does not have the model. */
static void target_silent(const struct migration *migration, struct words *words)
{
	const char *to = migration->target_name;
	bool elsewhere = false;

	for (size_t i = 0; i < migration->place_count; i++)
		elsewhere |= migration->places[i].sight == TARGET_ACTIVE;
	words->message = string_format("JIMM points at %s already, but the model cannot be reached there", to);
	words->reason = string_copy(string_given(migration->detail) ? migration->detail : "JIMM calls it unavailable");
	words->remedy = elsewhere
				? string_copy(WORDS_CALL)
				: string_format("have an administrator of %s see whether it is there: if so, run this "
						"again; if not, touch nothing, call one of JIMM",
					  to);
}

/* Sentences that name the target, or consist of the detail alone. */
static void with_names(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *to = migration->target_name;
	const char *detail = string_given(migration->detail) ? migration->detail : "";

	switch (migration->cause) {
	case CAUSE_UNKNOWN_TARGET:
		if (migration->nearest != NULL) {
			words->message = string_format(
				"JIMM knows no controller \"%s\"; did you mean %s?", to, migration->nearest);
			words->state = string_format("it knows: %s", detail);
			break;
		}
		words->message = detail[0] != '\0'
					 ? string_format("JIMM knows no controller \"%s\"; it knows: %s", to, detail)
					 : string_format("JIMM knows no controller \"%s\", and lists none at all", to);
		break;
	case CAUSE_OTHER_TARGET:
		words->message = string_format("not started: a move to %s was begun before", detail);
		words->state = string_copy("nobody knows yet how that one ended");
		words->remedy = words_again(migration, about, "finish that one first", detail);
		break;
	case CAUSE_NOT_ACTIVE:
		words->message = string_format("JIMM points at %s already, where the model is not active", to);
		words->remedy = string_copy("run it again in a minute; if it stays so, " WORDS_CALL);
		break;
	case CAUSE_TARGET_SILENT:
		target_silent(migration, words);
		break;
	case CAUSE_NOT_LOCATED:
	case CAUSE_UNLISTED:
		out_of_reach(migration, words);
		break;
	case CAUSE_ACCEPTED:
		words->message = string_copy("started, not waited for");
		words->remedy = words_again(migration, about, "follow it to its end, and have JIMM told", to);
		break;
	case CAUSE_LEFT_ASKED:
		words->message = string_copy("the migration was asked for, and JIMM has not answered");
		words->state = string_copy("nobody knows yet whether it began");
		words->remedy = words_again(migration, about, "run it again to find out", to);
		break;
	case CAUSE_WOULD_START:
		words->message = string_format(
			"would move from %s to %s; found by %s", words_source(migration), to, migration->located_by);
		break;
	default:
		words->message = string_copy(detail);
		break;
	}
}

/* If the source itself could be asked, it is known at least that no migration took the model away. */
static void sign_missing(const struct migration *migration, struct words *words)
{
	const char *seen = words_seen_on(migration);
	scoped(string) char *command = words_command(migration, "update-migrated-model", seen);

	simple(migration, words);
	words->remedy =
		string_format(seen != NULL ? "if no migration of it runs, have an administrator of JIMM type: %s"
					   : "touch nothing; if \"juju models\" elsewhere lists it, have JIMM told: %s",
			command);
	if (!migration->state.source_denies)
		return;
	string_free(words->message);
	words->message = string_format(
		"gone from %s, which says itself that no migration has taken it away", words_source(migration));
}

/* What was said to another model of the run holds for this one. */
static void paused(const struct migration *migration, const struct words_about *about, struct words *words)
{
	scoped(reason) struct reason reason = {.part = ""};

	words_take_reason(migration, about, migration->detail, words, &reason);
	words->message = string_copy("not started: what stands in the way of all models has not passed");
}

static void target_unproved(const struct migration *migration, struct words *words)
{
	const bool committed = migration->state.had_committed || migration->state.had_redirect ||
			       migration->state.had_departed || migration->state.had_reapfailed;

	simple(migration, words);
	if (!committed)
		return;
	string_replace(&words->message, "the source has committed, and JIMM points at the target now");
	words->state = string_copy("nothing proves that it is active there");
}

static void by_cause(const struct migration *migration, const struct words_about *about, struct words *words)
{
	switch (migration->cause) {
	case CAUSE_SIGN_MISSING:
		sign_missing(migration, words);
		break;
	case CAUSE_TARGET_UNPROVED:
		target_unproved(migration, words);
		break;
	case CAUSE_VERDICT:
		words_by_verdict(migration, about, words);
		break;
	case CAUSE_REFUSED:
	case CAUSE_NOT_SENT:
		words_refused(migration, about, words);
		break;
	case CAUSE_LOCKED:
		words_locked(migration, about, words);
		break;
	case CAUSE_RECORD_REFUSED:
		words_record_refused(migration, about, words);
		break;
	case CAUSE_ALREADY_THERE:
		already_there(migration, words);
		break;
	case CAUSE_LEFT:
		left(migration, about, words);
		break;
	case CAUSE_OUT_OF_SIGHT:
	case CAUSE_LOGIN_LOST:
		out_of_sight(migration, about, words);
		break;
	case CAUSE_CHECKS:
		checks(migration, words);
		break;
	case CAUSE_PAUSED:
		paused(migration, about, words);
		break;
	default:
		if (migration->cause < array_length(sentences) && sentences[migration->cause].message != NULL)
			simple(migration, words);
		else
			with_names(migration, about, words);
		break;
	}
}

void words_outcome(const struct migration *migration, const struct words_about *about, struct words *words)
{
	*words = (struct words){.part = ""};
	by_cause(migration, about, words);
	if (migration->place_count > 0)
		words_add_places(migration, words);
}

void words_release(struct words *words)
{
	free(words->message);
	free(words->state);
	free(words->reason);
	free(words->remedy);
	*words = (struct words){.part = ""};
}
