/* SPDX-License-Identifier: Apache-2.0 */
/* How an attempt has ended. */
#include "common/base/text.h"
#include "plugin/words_private.h"

static void add(struct text *text, const char *line)
{
	text_add_format(text, "%s%s", text->length > 0 ? "; " : "", line);
}

static char *agents_away(const struct migration *migration)
{
	return string_format("%zu of %zu agents are not back yet%s%s", migration->agents_away, migration->agents,
		migration->agents_named != NULL ? ": " : "",
		migration->agents_named != NULL ? migration->agents_named : "");
}

static void migrated(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *to = migration->target_name;
	scoped(string) char *option = words_model_option(migration, about);
	scoped(text) struct text state;

	text_init(&state, (size_t)4 * TEXT_SHOWN_MAX);
	words->message = string_format("moved to %s, and JIMM points there", to);
	if (!migration->verified) {
		add(&state, "not verified that it runs there");
		words->reason = string_copy(migration->trouble);
		words->remedy = string_format("look at it with: juju status -m %s", option);
	}
	if (migration->agents_away > 0) {
		scoped(string) char *away = agents_away(migration);

		add(&state, away);
		string_free(words->remedy);
		words->remedy = string_format(
			"give them a few minutes; to see which are still missing: juju status -m %s", option);
	}
	if (migration->residue || migration->source_unfinished) {
		scoped(string) char *left = string_format(
			migration->residue ? "%s could not remove its copy" : "%s has not finished cleaning up",
			words_source(migration));

		add(&state, left);
		string_replace(&words->reason, migration->text);
	}
	if (migration->residue) {
		string_free(words->remedy);
		words->remedy = string_format("have an administrator of %s look at the copy; never destroy it: that "
					      "can take the moved model's machines along",
			words_source(migration));
	}
	words->state = state.length > 0 ? text_take(&state) : NULL;
}

static void failed(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *from = words_source(migration), *to = migration->target_name;
	scoped(reason) struct reason reason = {.part = ""};

	words_take_reason(migration, about, migration->detail, words, &reason);
	if (reason.explanation != NULL)
		words->message = string_format("not moved: %s", reason.explanation);
	else
		words->message = string_format("not moved: %s has aborted the migration%s", from,
			words->reason == NULL ? " and gives no reason" : "");
	if (migration->verdict == VERDICT_FAILED_LEFTOVER)
		words->state = string_format(
			"unchanged on %s, and JIMM points there; the inactive copy on %s has to be " WORDS_COPY, from,
			to);
	else
		words->state = string_format("unchanged on %s, and JIMM points there%s%s%s", from,
			migration->verdict == VERDICT_FAILED_UNASKED ? "; whether a copy is left on " : "",
			migration->verdict == VERDICT_FAILED_UNASKED ? to : "",
			migration->verdict == VERDICT_FAILED_UNASKED ? " was not checked" : "");
}

/* JIMM's lock on a model whose source does not show its migrations: only people can find out whether one runs. */
static void lock_unexplained(const struct migration *migration, struct words *words)
{
	const char *from = words_source(migration);
	scoped(string) char *command = words_command(migration, "update-migrated-model", from);

	if (migration->state.foreign_lock || !string_given(migration->source_name))
		return;
	string_free(words->remedy);
	words->remedy =
		migration->administrator
			? string_format(
				  "if the log of %s (juju debug-log -m controller) shows none: %s, then try again",
				  from, command)
			: string_format("have an administrator of JIMM look into the log of %s; if it shows none: %s",
				  from, command);
}

/* The target has a copy that is not active. */
static bool copy_seen(const struct migration *migration)
{
	bool seen = migration->state.target == TARGET_IMPORTING;

	for (size_t i = 0; i < migration->place_count; i++)
		seen |= migration->places[i].sight == TARGET_IMPORTING;
	return seen;
}

/* The target has it active. As its source has it, too, that may be a split, or a move that has not ended yet. */
static bool target_active(const struct migration *migration)
{
	bool active = migration->state.target == TARGET_ACTIVE;

	for (size_t i = 0; i < migration->place_count; i++)
		active |= migration->places[i].sight == TARGET_ACTIVE &&
			  !string_same(migration->places[i].uuid, migration->source_uuid);
	return active;
}

/* A controller of the target's name says that it has nothing of it, and JIMM did not tell whether it is the same one. */
static bool target_denies(const struct migration *migration)
{
	bool denies = false;

	for (size_t i = 0; i < migration->place_count; i++)
		denies |= migration->places[i].sight == TARGET_NONE &&
			  string_same(migration->places[i].name, migration->target_name);
	return denies;
}

/* An attempt of which nothing is known but that it was begun. A second hour of watching tells no more than the first. */
static void unknown(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *to = migration->target_name;
	scoped(string) char *look =
		string_format("log in to %s and see whether \"juju models\" lists it there, then look again", to);

	words->message = string_copy("nobody can say how it ended");
	if (target_active(migration))
		words->remedy = string_copy(WORDS_CALL);
	else if (copy_seen(migration))
		words->remedy = string_copy("if the source's log shows that it failed, that copy has to be " WORDS_COPY
					    "; then run this again");
	else if (migration->resumed || target_denies(migration))
		words->remedy = string_copy("if both controllers' logs show none running, remove the file");
	else
		words->remedy = words_again(migration, about, look, to);
	words->file_named =
		!target_active(migration) && !copy_seen(migration) && (migration->resumed || target_denies(migration));
}

/* About an attempt, or a lock, that the source says nothing of. */
static void unseen(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *to = migration->target_name;

	if (migration->state.locked) {
		words_locked(migration, about, words);
		lock_unexplained(migration, words);
	} else if (migration->state.given_up) {
		words->message = string_format("probably aborted: %s has nothing of it", to);
		words->remedy = words_again(migration, about,
			"check with juju status that it is well where it was, then start it anew", to);
	} else {
		unknown(migration, about, words);
	}
	words->state = string_format(
		"juju %s of %s does not show its migrations", migration->source_version, words_source(migration));
}

static void undecided(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *to = migration->target_name;
	scoped(reason) struct reason reason = {.part = ""};

	if (migration->state.had_aborted) {
		words_take_reason(migration, about, migration->detail, words, &reason);
		if (reason.explanation != NULL)
			words->message = string_format("aborted: %s", reason.explanation);
		else
			words->message = string_format("aborted by %s%s", words_source(migration),
				words->reason == NULL ? ", which gives no reason" : "");
		words->state = string_format(
			"its copy on %s may have been active already: the model can be active on both", to);
		string_free(words->remedy);
		words->remedy = string_format(
			"first log in to %s and see whether \"juju models\" lists it there; if so, " WORDS_CALL, to);
	} else if (migration->verdict == VERDICT_NOT_STARTED) {
		words->message = string_copy("the migration was asked for, and nothing shows that it began");
		words->remedy = words_again(migration, about, "try once more", to);
	} else if (migration->row == 37 && string_given(migration->source_version)) {
		unseen(migration, about, words);
	} else {
		words->message = string_copy("nobody can say yet how it ended");
		words->remedy = words_again(migration, about, "look again", to);
	}
}

static void forgotten(const struct migration *migration, struct words *words)
{
	const char *to = migration->target_name, *from = words_source(migration);
	bool there = migration->state.had_committed || (migration->state.ours && migration->state.had_redirect);
	const char *seen = there ? to : words_seen_on(migration);
	scoped(string) char *command = words_command(migration, "import-model", seen);

	words->message = string_copy("JIMM does not know the model any more, nor who had rights on it");
	words->state = there ? string_format("it is on %s; its UUID is %s", to, migration->uuid)
			     : string_format("it is on %s or %s; its UUID is %s", from, to, migration->uuid);
	string_free(words->remedy);
	words->remedy = string_format(
		seen != NULL ? "have an administrator of JIMM import it again: %s"
			     : "have an administrator of JIMM import it from that which has it active: %s",
		command);
}

static void contradiction(const struct migration *migration, struct words *words)
{
	const char *to = migration->target_name, *from = words_source(migration);

	words->remedy = string_copy(WORDS_CALL);
	if (migration->verdict == VERDICT_FORGOTTEN) {
		forgotten(migration, words);
	} else if (migration->verdict == VERDICT_SPLIT) {
		words->message = string_format(
			"the migration was aborted, and yet the model is active on %s, or JIMM points there", to);
		words->reason = string_given(migration->detail) ? string_copy(migration->detail) : NULL;
	} else if (migration->state.row == ROW_ELSEWHERE) {
		words->message = string_format("JIMM points at %s, which is neither %s nor %s",
			string_given(migration->detail) ? migration->detail : "another controller", from, to);
		words->state = string_copy("somebody else has moved it");
		string_replace(&words->remedy, "ask the other administrators of the model before anything else");
	} else if (migration->row == 8) {
		words->message = string_format("JIMM points at %s, where the model is not active", to);
		words->state = string_copy("somebody told JIMM too early");
	} else {
		words->message = string_format(
			"%s says that it has let the model go, and %s that it does not have it", from, to);
	}
}

#define OLD_JIMM "JIMM may forget it until told; from JIMM v3.2.8 on type \"juju\", not \"jimmctl\""

static void not_recorded(const struct migration *migration, struct words *words)
{
	const char *from = words_source(migration), *to = migration->target_name;
	/* JIMM from v3.2.10 on, having no lock, forgets a model that its controller denies. */
	const char *when = migration->old_jimm ? " at once" : "";
	scoped(text) struct text state = {.ceiling = TEXT_SHOWN_MAX};
	scoped(string) char *command = words_command(migration, "update-migrated-model", to);

	if (migration->state.ours && migration->state.had_reapfailed)
		text_add_format(&state, "%s could not remove its copy; never destroy that copy", from);
	else if (!migration->state.ours)
		text_add_format(&state, "JIMM still points at %s", from);
	if (migration->old_jimm)
		text_add_format(&state, "%s%s", state.length > 0 ? "; " : "", OLD_JIMM);
	words->state = state.length > 0 ? text_take(&state) : NULL;
	if (migration->state.ours) {
		words->message = string_format("moved to %s, but JIMM still points at %s", to, from);
		words->remedy = string_format("have an administrator of JIMM type%s: %s", when, command);
		return;
	}
	words->message = string_format("moved away from %s by a migration that was not started here", from);
	words->remedy = string_format("if it went to %s, have a JIMM administrator type%s: %s", to, when, command);
}

void words_by_verdict(const struct migration *migration, const struct words_about *about, struct words *words)
{
	switch (migration->result) {
	case RESULT_MIGRATED:
		migrated(migration, about, words);
		break;
	case RESULT_FAILED:
		failed(migration, about, words);
		break;
	case RESULT_NOT_RECORDED:
		not_recorded(migration, words);
		break;
	case RESULT_CONTRADICTION:
		contradiction(migration, words);
		break;
	case RESULT_ALREADY_THERE:
		words->message = string_format("JIMM points at %s", migration->target_name);
		words->state = string_copy("that it runs there was not verified");
		break;
	default:
		undecided(migration, about, words);
		break;
	}
}
