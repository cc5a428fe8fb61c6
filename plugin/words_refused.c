/* SPDX-License-Identifier: Apache-2.0 */
/* How a request was refused. */
#include <string.h>

#include "common/base/text.h"
#include "plugin/words_private.h"

void words_record_refused(const struct migration *migration, const struct words_about *about, struct words *words)
{
	const char *from = words_source(migration), *to = migration->target_name;
	scoped(string) char *registered =
		string_format("have an administrator of JIMM register %s there again, then see it through", to);
	bool unknown = string_given(migration->trouble) && strstr(migration->trouble, "controller not found") != NULL;

	if (!migration->attached) {
		words->message = string_format("%s has let it go, but JIMM refuses to point at %s", from, to);
		words->reason = string_given(migration->trouble) ? string_copy(migration->trouble) : NULL;
	} else {
		words->message = string_format(
			"a migration that somebody else started has taken it away from %s, but not to %s", from, to);
	}
	if (unknown)
		words->remedy = words_again(migration, about, registered, to);
	else if (!migration->state.ours && words_seen_on(migration) != NULL)
		words->remedy = words_again(migration, about, "have JIMM told where it is", words_seen_on(migration));
	else if (!migration->state.ours)
		words->remedy =
			string_copy("find out with \"juju models\" on the other controllers where it is now, then "
				    "name that one as the target");
	else
		words->remedy = string_copy(WORDS_CALL);
}

/* Says why the model cannot be called unchanged. */
static void doubt(const struct migration *migration, const struct words_about *about, struct words *words)
{
	string_free(steal(words->remedy));
	if (migration->state.refusal != NULL) {
		words->state = string_copy("whether a migration of it is already running could not be found out");
		words->remedy = words_again(migration, about, "run it again to see", migration->target_name);
	} else if (migration->state.base_text == NULL) {
		words->state = string_copy("it was there a moment ago");
		words->remedy =
			string_copy("before anything else, have an administrator find out with \"juju models\" which "
				    "controller has it");
	} else {
		const char *earlier = attempt_reason(migration->state.base_text);

		words->state = string_format("the last migration was aborted when its target may have been active "
					     "already%s%s",
			string_given(earlier) ? ": " : "", earlier);
		words->remedy = string_copy(
			string_given(migration->detail) && strstr(migration->detail, "already exists") != NULL
				? "if \"juju models\" there lists it, touch nothing, call its administrator; else the "
				  "leftover has to be " WORDS_COPY
				: "before anything else, see whether \"juju models\" lists it on that target; if "
				  "so, " WORDS_CALL);
	}
}

void words_refused(const struct migration *migration, const struct words_about *about, struct words *words)
{
	scoped(reason) struct reason reason = {.part = ""};

	if (migration->cause == CAUSE_NOT_SENT) {
		words->message = string_copy("not started: the connection to JIMM broke before the request was sent");
		words->remedy = string_copy("run this again");
	} else {
		words_take_reason(migration, about, migration->detail, words, &reason);
		words->message = reason.explanation != NULL ? string_format("not started: %s", reason.explanation)
							    : string_copy("not started: the request was refused");
	}
	if (migration->state.refusal != NULL || migration->result == RESULT_UNDECIDED)
		doubt(migration, about, words);
	else
		words->state = string_format("unchanged on %s", words_source(migration));
}

/* JIMM's lock of a move into or out of JAAS, which we do not free: only people know whether that goes on. */
static void lock_of_others(const struct migration *migration, struct words *words)
{
	const char *name = string_given(migration->source_name) ? migration->source_name : NULL;
	scoped(string) char *command = words_command(migration, "update-migrated-model", name);

	if (migration_blind(migration->source_version))
		words->remedy = string_copy("have an administrator of JIMM find out who moves it into or out of JAAS");
	else if (migration->administrator)
		words->remedy =
			string_format("if nobody is moving it into or out of JAAS: %s, then try again", command);
	else
		words->remedy = string_format(
			"if nobody moves it into or out of JAAS, have an administrator of JIMM type: %s", command);
}

void words_locked(const struct migration *migration, const struct words_about *about, struct words *words)
{
	bool lock = string_given(migration->detail) && strstr(migration->detail, "migration mode") != NULL;

	words->message = string_format(
		"not started: JIMM or %s believes that a migration of it is running", words_source(migration));
	words->part = REASON_START;
	words->reason = string_given(migration->detail) ? string_copy(migration->detail) : NULL;
	/* Only JIMM's administrators may free its lock. */
	if (lock && strstr(migration->detail, "\"migrating-internally\"") == NULL)
		lock_of_others(migration, words);
	else if (lock && !migration->administrator)
		words->remedy =
			words_by_administrator(migration, "have an administrator of JIMM type, who may free its lock");
	else
		words->remedy = words_again(migration, about,
			migration->administrator ? "if one has just been aborted, wait two minutes, then"
						 : "wait two minutes, then try again",
			migration->target_name);
}
