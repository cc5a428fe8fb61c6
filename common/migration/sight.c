/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* Two summary entries without the attempt's start are a proof only if they are this far apart. */
#define CLEAN_APART (5 * INSTANT_SECOND)
/* How soon a list that showed the wrong side is asked for again. */
#define OTHER_SIDE_PAUSE (2 * INSTANT_SECOND)

const struct model_summary *sight_find(const struct engine *engine, struct migration *migration)
{
	const struct model_summary *found = newest_summary(engine, migration->uuid);
	/* Shows that JIMM can reach that controller. */
	const struct model_summary *neighbour = found != NULL ? newest_neighbour(engine, found) : NULL;

	if (found == NULL)
		return NULL;
	migration->state.masked = string_same(found->controller_uuid, engine->jimm_uuid);
	migration->state.unavailable = string_same(found->status, "unavailable");
	migration->state.unavailable_alone = migration->state.unavailable && neighbour != NULL;
	migration->state.carried |= found->migration != NULL;
	if (neighbour != NULL && string_given(neighbour->controller_uuid))
		string_replace(&migration->neighbour_uuid, neighbour->uuid);
	return found;
}

/* An entry that is not unavailable and lacks the attempt's start did not come from the source. Two of them prove that a juju 3
 * target lists the model, which it does only when the model is active there. */
static void sight_clean(struct migration *migration, int64_t asked)
{
	if (!migration_juju_3(migration->source_version) || !migration_juju_3(migration->target_version) ||
		!migration->state.carried)
		return;
	if (migration->state.clean_asked == INSTANT_NONE) {
		migration->state.clean_asked = asked;
	} else if (asked - migration->state.clean_asked >= CLEAN_APART) {
		target_seen(migration, TARGET_ACTIVE, asked);
	}
}

static void show_text(struct engine *engine, struct migration *migration, const char *text, int64_t asked)
{
	if (asked < migration->state.text_asked)
		return;
	/* While the source cleans up its status keeps the text of the step before, and only the lists show the newer one. */
	if (string_starts(text, "successful, transferr") && string_starts(migration->text, "successful, removing"))
		return;
	migration->state.text_asked = asked;
	if (string_same(text, migration->text))
		return;
	string_replace(&migration->text, text);
	migration->state.text_changed = engine->now;
	migration->state.stalled = false;
	step_tell(engine, migration, NEWS_TEXT);
}

static enum source_sight of_class(enum attempt_class seen)
{
	static const enum source_sight sights[] = {
		[ATTEMPT_NONE] = SOURCE_NONE,
		[ATTEMPT_RUNNING] = SOURCE_RUNNING,
		[ATTEMPT_EDGE] = SOURCE_EDGE,
		[ATTEMPT_COMMITTED] = SOURCE_COMMITTED,
		[ATTEMPT_LATE] = SOURCE_LATE,
		[ATTEMPT_REAPFAILED] = SOURCE_REAPFAILED,
		[ATTEMPT_EARLIER_DONE] = SOURCE_NONE,
		[ATTEMPT_ABORTING] = SOURCE_ABORTING,
		[ATTEMPT_ABORTED] = SOURCE_ABORTED,
	};

	return sights[seen];
}

static void note(struct engine *engine, struct migration *migration, enum source_sight sight)
{
	bool committed = sight == SOURCE_COMMITTED || sight == SOURCE_LATE || sight == SOURCE_REAPFAILED;

	migration->state.had_edge |= sight == SOURCE_EDGE;
	migration->state.had_late |= sight == SOURCE_LATE || sight == SOURCE_REAPFAILED;
	migration->state.had_reapfailed |= sight == SOURCE_REAPFAILED;
	migration->state.had_redirect |= sight == SOURCE_REDIRECT || sight == SOURCE_DEPARTED;
	if (sight == SOURCE_ABORTED && !migration->state.had_aborted) {
		migration->state.had_aborted = true;
		migration->state.end_seen = engine->now;
	}
	if (committed && !migration->state.had_committed) {
		migration->state.had_committed = true;
		step_tell(engine, migration, NEWS_COMMITTED);
	}
}

/* True if `sight` cannot come after what was seen before: then it is from an older answer. */
static bool overtaken(const struct migration *migration, enum source_sight sight)
{
	bool before_commit = sight == SOURCE_RESULT || sight == SOURCE_BLIND || sight == SOURCE_RUNNING ||
			     sight == SOURCE_EDGE || sight == SOURCE_ABORTING || sight == SOURCE_ABORTED;

	if (migration->state.had_committed || migration->state.had_redirect)
		return before_commit || (sight == SOURCE_COMMITTED && migration->state.had_late) ||
		       (migration->state.had_reapfailed && (sight == SOURCE_COMMITTED || sight == SOURCE_LATE));
	if (migration->state.had_aborted)
		return before_commit && sight != SOURCE_ABORTED;
	return migration->state.had_any && (sight == SOURCE_RESULT || sight == SOURCE_BLIND);
}

void sight_source(struct engine *engine, struct migration *migration, enum source_sight sight, int64_t asked)
{
	if (sight != SOURCE_NO_NEWS) {
		migration->state.learned = engine->now;
		migration->state.no_news = false;
	}
	if (sight == SOURCE_NONE || asked < migration->state.sight_asked || overtaken(migration, sight))
		return;
	migration->state.sight_asked = asked;
	if (sight != migration->state.sight) {
		migration->state.sight = sight;
		migration->state.sight_since = engine->now;
		migration->state.confirmed = false;
		migration->state.confirm_at = 0;
	}
	/* Refused logins are not reset here, whatever an open socket still tells: only a successful login does. */
	/* The text that the socket told before is outdated. */
	if (sight == SOURCE_GONE || sight == SOURCE_DEPARTED || sight == SOURCE_REDIRECT)
		migration->state.running_text = false;
	if (sight == SOURCE_GONE && migration->state.gone_since == 0)
		migration->state.gone_since = engine->now;
	note(engine, migration, sight);
}

void sight_tell(struct migration *migration, const char *text, enum attempt_class seen, int64_t asked)
{
	migration->state.told = seen;
	migration->state.told_asked = asked;
	string_replace(&migration->state.told_text, text);
}

bool sight_told(const struct migration *migration, const char *text, enum attempt_class seen)
{
	enum attempt_class told = migration->state.told;

	/* The text of a failed clean-up stays, and tells one such attempt from another. */
	if (seen == ATTEMPT_REAPFAILED && told == ATTEMPT_REAPFAILED)
		return string_same(text, migration->state.told_text);
	if (attempt_irrevocable(seen))
		return attempt_irrevocable(told);
	if (seen == ATTEMPT_ABORTED)
		return told == ATTEMPT_ABORTED || told == ATTEMPT_ABORTING;
	return told != ATTEMPT_NONE && told != ATTEMPT_ABORTED;
}

bool sight_sure(const struct migration *migration, enum attempt_class seen)
{
	return migration->state.told_asked != 0 || (!attempt_irrevocable(seen) && seen != ATTEMPT_ABORTED);
}

/* An attempt that a list first shows as committed or aborted may be left over on a controller that the model has long left: it is
 * taken for the watched one only if the source's own status, asked for since the start, tells of it too. */
static bool plausible(const struct migration *migration, const char *text, enum attempt_class seen)
{
	if (!attempt_irrevocable(seen) && seen != ATTEMPT_ABORTED)
		return true;
	return migration->state.told_asked >= migration->state.sent && sight_told(migration, text, seen);
}

void sight_adopt(struct engine *engine, struct migration *migration, int64_t start)
{
	migration->state.start = start;
	migration->state.start_seen = engine->now;
	migration->state.had_any = true;
	/* What the socket has told so far may have been about an earlier attempt. */
	migration->state.next_status = engine->now;
}

/* Returns whether this attempt is the watched one. The first new one is, unless JIMM's row has moved: then another controller
 * shows it. A still newer one is somebody else's, and ends the migration. */
static bool ours(struct engine *engine, struct migration *migration, const struct model_migration *attempt,
	enum attempt_class seen)
{
	if (attempt->start == INSTANT_NONE || migration_blind(migration->source_version) ||
		attempt->start == migration->state.start0 || attempt->start == migration->state.foreign)
		return false;
	if (migration->state.start == attempt->start)
		return true;
	if (migration->state.row == ROW_TARGET)
		return false;
	if (!plausible(migration, attempt->status, seen)) {
		migration->state.next_status = engine->now;
		return false;
	}
	if (migration->state.start != INSTANT_NONE ||
		(migration->state.lost && engine->now - migration->state.sent > START_WINDOW)) {
		if (migration->state.start == INSTANT_NONE || attempt->start > migration->state.start)
			step_end(engine, migration, RESULT_UNDECIDED, CAUSE_FOREIGN);
		return false;
	}
	sight_adopt(engine, migration, attempt->start);
	return true;
}

static void reason(struct migration *migration, const char *text)
{
	if (string_given(attempt_reason(text)))
		migration_detail(migration, attempt_reason(text));
}

/* A list lacks the attempt that the source's own socket tells of. Twice, with a status of the source between, means that the lists
 * never show attempts; once may be the target's answer, newer than the source's last status. */
static void sight_blind(const struct engine *engine, struct migration *migration, int64_t asked)
{
	if (migration->state.blind_vote == 0) {
		migration->state.blind_vote = asked;
		migration->state.next_status = engine->now;
	} else if (migration->state.running_since > migration->state.blind_vote &&
		   asked > migration->state.running_since) {
		migration->state.summaries_blind = true;
	}
}

void sight_entry(struct engine *engine, struct migration *migration, const struct model_migration *attempt,
	bool unavailable, int64_t asked)
{
	if (attempt == NULL) {
		/* The source itself tells of an attempt: these lists may never do so. */
		if (!unavailable && migration->state.running_text && migration->old_jimm && !migration->state.carried)
			sight_blind(engine, migration, asked);
		else if (!unavailable && migration->state.start != INSTANT_NONE)
			sight_clean(migration, asked);
		/* While both sides list it, every other answer is the source's: ask again soon. But the target's may be all there is. */
		if (migration->state.benched && !migration->state.had_committed)
			migration->state.next_summary = engine->now + OTHER_SIDE_PAUSE;
		return;
	}
	enum attempt_class seen = attempt_classify(attempt->status, attempt->end != INSTANT_NONE);
	if (attempt_target_view(attempt->status) || !ours(engine, migration, attempt, seen))
		return;
	show_text(engine, migration, attempt->status, asked);
	reason(migration, attempt->status);
	sight_source(engine, migration, of_class(seen), asked);
}

bool sight_near_end(const char *text)
{
	return string_starts(text, "validating") || string_starts(text, "checking machines") ||
	       string_starts(text, "activating") || string_starts(text, "transferring") ||
	       string_starts(text, "successful");
}

/* Takes a status of the source that says nothing about a migration. */
static void sight_plain(struct engine *engine, struct migration *migration, const char *word, int64_t asked)
{
	bool blind = migration_blind(migration->source_version);

	migration->state.running_text = false;
	migration->state.blind_vote = 0;
	if (!migration->state.had_any)
		sight_source(engine, migration, blind ? SOURCE_BLIND : SOURCE_RESULT, asked);
	else if (!string_same(word, "busy") && migration->state.idle_since == 0)
		migration->state.idle_since = engine->now;
}

void sight_status(struct engine *engine, struct migration *migration, const char *word, const char *info, int64_t asked)
{
	const char *text = attempt_text(info);
	enum attempt_class seen = attempt_classify_status(word, info);

	sight_tell(migration, text, seen, asked);
	/* An aborted attempt that was too fast for the lists of an old JIMM, which may never show attempts: ModelInfo does. */
	if (seen == ATTEMPT_ABORTED && migration->state.start == INSTANT_NONE && migration->old_jimm &&
		!migration->state.carried && !migration->state.summaries_blind && migration->stage == STAGE_WATCH) {
		migration->state.summaries_blind = true;
		migration->state.next_summary = engine->now;
	}
	/* Without an attempt in sight, the text of an aborted one is about an earlier one. */
	if (text == NULL || (seen == ATTEMPT_ABORTED && migration->state.start == INSTANT_NONE)) {
		sight_plain(engine, migration, word, asked);
		return;
	}
	if (!string_same(word, "busy") && migration->state.idle_since == 0)
		migration->state.idle_since = engine->now;
	else if (string_same(word, "busy"))
		migration->state.idle_since = 0;
	/* With such a text the source lists the model, and with its attempt if the lists show attempts at all. */
	bool running = seen == ATTEMPT_RUNNING || seen == ATTEMPT_ABORTING || seen == ATTEMPT_REAPFAILED;
	/* The first text after blind_vote counts; later ones would always be newer than the lists. */
	if (running &&
		(!migration->state.running_text || migration->state.running_since <= migration->state.blind_vote))
		migration->state.running_since = asked;
	if (!running)
		migration->state.blind_vote = 0;
	migration->state.running_text = running;
	migration->state.near_end = sight_near_end(text);
	if (seen == ATTEMPT_NONE)
		return;
	show_text(engine, migration, text, asked);
	if (migration->state.start == INSTANT_NONE || asked < migration->state.start_seen)
		return;
	reason(migration, text);
	sight_source(engine, migration, of_class(seen), asked);
}

enum source_sight sight_refusal(const struct error *error)
{
	if (error == NULL || error->kind != ERROR_REMOTE)
		return SOURCE_NO_NEWS;
	if (error_has_code(error, "redirection required"))
		return SOURCE_REDIRECT;
	/* Only the controller's own message, in full: JIMM repeats it inside a longer one when it is refused itself. */
	if (error_has_code(error, "model migrating") ||
		(error_has_code(error, "unauthorized access") &&
			string_same(error->message, "invalid entity name or password")))
		return SOURCE_DEPARTED;
	/* JIMM's own refusal for lack of rights has the same code, but another message. */
	if (error_has_code(error, "unauthorized access"))
		return string_same(error->message, "permission denied") ? SOURCE_GONE : SOURCE_NO_NEWS;
	if (error_has_code(error, "not found") || error_has_code(error, "model not found") ||
		error_says(error, "internal server error"))
		return SOURCE_GONE;
	return SOURCE_NO_NEWS;
}

void sight_row(struct migration *migration, const char *controller_uuid, const char *controller_name, int64_t asked)
{
	bool by_name = migration->target_uuid == NULL && string_given(controller_name);

	if (asked < migration->state.row_asked || !string_given(controller_uuid))
		return;
	/* A caller who is not told the target's UUID learns it from where a move of ours has led. */
	if (migration->target_uuid == NULL && controller_name == NULL && migration->state.ours &&
		!string_same(controller_uuid, migration->source_uuid) &&
		(migration->state.had_committed || migration->state.had_redirect))
		string_replace(&migration->target_uuid, controller_uuid);
	if (migration->target_uuid == NULL && controller_name == NULL &&
		!string_same(controller_uuid, migration->source_uuid))
		return;
	migration->state.row_asked = asked;
	bool there = string_same(controller_uuid, migration->target_uuid) ||
		     (by_name && string_same(controller_name, migration->target_name));
	if (there && migration->state.row != ROW_TARGET)
		migration->state.row_since = asked;
	if (there)
		migration->state.row = ROW_TARGET;
	else if (string_same(controller_uuid, migration->source_uuid))
		migration->state.row = ROW_SOURCE;
	else
		migration->state.row = ROW_ELSEWHERE;
	if (migration->state.row == ROW_ELSEWHERE)
		migration_detail(migration, string_given(controller_name) ? controller_name : controller_uuid);
}
