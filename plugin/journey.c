/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/journey.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "plugin/phase.h"
#include "plugin/words.h"

/* Juju's own steps, in their order. */
static const enum journey_step chain[] = {
	JOURNEY_PAUSE, JOURNEY_COPY, JOURNEY_TRY, JOURNEY_SWITCH, JOURNEY_LOGS, JOURNEY_CLEAN};

static void enter(struct journey *journey, enum journey_step step, int64_t now)
{
	struct journey_leg *leg = &journey->legs[step];

	if (leg->state == JOURNEY_RUNNING)
		return;
	if (leg->begun == INSTANT_NONE)
		leg->begun = now;
	leg->state = JOURNEY_RUNNING;
	leg->ended = INSTANT_NONE;
}

static void finish(struct journey *journey, enum journey_step step, enum journey_state state, int64_t now)
{
	struct journey_leg *leg = &journey->legs[step];

	if (leg->state != JOURNEY_RUNNING)
		return;
	leg->state = state;
	leg->ended = now;
}

static void say(struct journey *journey, enum journey_step step, const char *now, const char *result)
{
	string_replace(&journey->legs[step].now, now);
	if (result != NULL)
		string_replace(&journey->legs[step].result, result);
}

static void expect(struct journey *journey, enum journey_step step)
{
	if (journey->legs[step].state == JOURNEY_HIDDEN)
		journey->legs[step].state = JOURNEY_AHEAD;
}

void journey_init(struct journey *journey, const char *word, int64_t now)
{
	*journey = (struct journey){.model = string_copy(word), .begun = now, .ended = INSTANT_NONE};
	for (size_t i = 0; i < array_length(journey->legs); i++)
		journey->legs[i].begun = journey->legs[i].ended = INSTANT_NONE;
	expect(journey, JOURNEY_CHECK);
	expect(journey, JOURNEY_START);
	expect(journey, JOURNEY_MOVE);
	expect(journey, JOURNEY_TELL);
	enter(journey, JOURNEY_LOGIN, now);
}

void journey_release(struct journey *journey)
{
	for (size_t i = 0; i < array_length(journey->legs); i++) {
		free(journey->legs[i].now);
		free(journey->legs[i].result);
	}
	free(journey->model);
	free(journey->source);
	free(journey->target);
	free(journey->note);
	*journey = (struct journey){0};
}

void journey_logged_in(struct journey *journey, const char *jaas, int64_t now)
{
	say(journey, JOURNEY_LOGIN, NULL, jaas);
	finish(journey, JOURNEY_LOGIN, JOURNEY_DONE, now);
	enter(journey, JOURNEY_CHECK, now);
}

/* All before `step` is over; steps that nobody saw begin have no times. */
static void pass(struct journey *journey, enum journey_step step, int64_t now)
{
	struct journey_leg *leg = &journey->legs[step];

	if (leg->state == JOURNEY_AHEAD) {
		leg->state = JOURNEY_DONE;
		leg->begun = INSTANT_NONE;
	}
	finish(journey, step, JOURNEY_DONE, now);
}

/* Juju turns out to show its steps: they take the place of JOURNEY_MOVE. */
static void open_chain(struct journey *journey)
{
	struct journey_leg *whole = &journey->legs[JOURNEY_MOVE];

	if (whole->state == JOURNEY_HIDDEN)
		return;
	for (size_t i = 0; i < array_length(chain); i++)
		expect(journey, chain[i]);
	/* The first one has run since the start. */
	if (whole->state == JOURNEY_RUNNING)
		enter(journey, JOURNEY_PAUSE, whole->begun);
	whole->state = JOURNEY_HIDDEN;
}

/* Juju has begun, whoever started it. */
static void begun(struct journey *journey, int64_t now)
{
	pass(journey, JOURNEY_CHECK, now);
	pass(journey, JOURNEY_START, now);
	journey->started = true;
}

static void go_to(struct journey *journey, enum journey_step step, int64_t now)
{
	begun(journey, now);
	open_chain(journey);
	for (size_t i = 0; i < array_length(chain); i++) {
		struct journey_leg *leg = &journey->legs[chain[i]];

		if (chain[i] < step)
			pass(journey, chain[i], now);
		/* A new attempt begins with the first step. */
		if (chain[i] > step && leg->state != JOURNEY_AHEAD)
			leg->state = JOURNEY_AHEAD;
	}
	if (step != JOURNEY_PAUSE && journey->legs[step].state == JOURNEY_AHEAD)
		journey->legs[step].begun = now;
	enter(journey, step, now);
}

static void undo(struct journey *journey, const struct phase *phase, int64_t now)
{
	enum journey_step at = journey_at(journey);

	if (journey->legs[JOURNEY_UNDO].state != JOURNEY_HIDDEN)
		return;
	begun(journey, now);
	open_chain(journey);
	if (at != JOURNEY_MOVE && journey->legs[at].state == JOURNEY_RUNNING) {
		finish(journey, at, JOURNEY_FAILED, now);
		if (string_given(phase->result))
			say(journey, at, phase->result, NULL);
	}
	enter(journey, JOURNEY_UNDO, now);
	say(journey, JOURNEY_UNDO, phase->now, phase->now);
}

static enum journey_step current(const struct journey *journey)
{
	enum journey_step found = JOURNEY_PAUSE;

	for (size_t i = 0; i < array_length(chain); i++)
		if (journey->legs[chain[i]].state == JOURNEY_RUNNING)
			found = chain[i];
	return found;
}

static const char *called(const char *name, const char *uuid)
{
	return string_given(name) ? name : string_given(uuid) ? uuid : "?";
}

static void told_text(struct journey *journey, const struct migration *migration, int64_t now)
{
	if (migration->text == NULL)
		return;
	scoped(phase) struct phase phase = phase_read(migration->text, current(journey), journey->agents,
		called(migration->source_name, migration->source_uuid), called(migration->target_name, NULL));

	if (phase.agents > 0)
		journey->agents = phase.agents;
	if (phase.step == JOURNEY_UNDO) {
		undo(journey, &phase, now);
		return;
	}
	go_to(journey, phase.step, now);
	say(journey, phase.step, phase.now, phase.result);
	if (phase.result != NULL || phase.doubtful)
		journey->legs[phase.step].doubtful = phase.doubtful;
	if (phase.failed)
		finish(journey, phase.step, JOURNEY_FAILED, now);
}

static void located(struct journey *journey, const struct migration *migration, int64_t now)
{
	const char *version = migration->source_version;
	const char *name = called(migration->source_name, migration->source_uuid);
	scoped(string) char *where =
		string_given(version) ? string_format("on %s, juju %s", name, version) : string_format("on %s", name);

	say(journey, JOURNEY_CHECK, NULL, where);
	finish(journey, JOURNEY_CHECK, JOURNEY_DONE, now);
	enter(journey, JOURNEY_START, now);
	if (migration_juju_3(version))
		open_chain(journey);
}

/* Juju's first step begins; or, if juju does not show its steps, all of them as one. */
static void set_out(struct journey *journey, const struct migration *migration, int64_t now)
{
	bool whole = journey->legs[JOURNEY_MOVE].state != JOURNEY_HIDDEN;

	if (journey->started)
		return;
	begun(journey, now);
	enter(journey, whole ? JOURNEY_MOVE : JOURNEY_PAUSE, now);
	if (migration_blind(migration->source_version))
		say(journey, JOURNEY_MOVE, "juju 4 does not show how far it is", NULL);
	told_text(journey, migration, now);
}

static void started(struct journey *journey, const struct migration *migration, int64_t now)
{
	finish(journey, JOURNEY_CHECK, JOURNEY_DONE, now);
	enter(journey, JOURNEY_START, now);
	say(journey, JOURNEY_START, NULL,
		migration->attached ? "a migration is running already" : migration->migration_id);
	finish(journey, JOURNEY_START, JOURNEY_DONE, now);
	set_out(journey, migration, now);
}

static void resumed(struct journey *journey, const struct migration *migration, int64_t now)
{
	say(journey, JOURNEY_START, NULL, migration->other_run ? "another run is at it" : "by an earlier run");
	set_out(journey, migration, now);
}

/* Something holds up the start. */
static void held_up(struct journey *journey, enum migration_news news, int64_t now)
{
	const char *words = "not answered; looking whether it has begun";

	if (news == NEWS_LOCKED)
		words = "refused; looking whether a migration is running";
	else if (news == NEWS_RESTARTED)
		words = "nothing has begun; starting once more";
	pass(journey, JOURNEY_CHECK, now);
	enter(journey, JOURNEY_START, now);
	say(journey, JOURNEY_START, words, NULL);
}

static void close_leg(struct journey *journey, enum journey_step step, const struct migration *migration)
{
	enum journey_state state = JOURNEY_LEFT;

	if (migration->result == RESULT_MIGRATED || migration->result == RESULT_ALREADY_THERE ||
		migration->result == RESULT_PLANNED || step == JOURNEY_UNDO)
		state = JOURNEY_DONE;
	else if (migration->result == RESULT_FAILED || migration->result == RESULT_CONTRADICTION ||
		 (migration->result == RESULT_NOT_RECORDED && step == JOURNEY_TELL))
		state = JOURNEY_FAILED;
	if (step == JOURNEY_CLEAN && migration->result == RESULT_MIGRATED &&
		(migration->residue || migration->source_unfinished))
		state = migration->residue ? JOURNEY_FAILED : JOURNEY_LEFT;
	finish(journey, step, state, journey->ended);
}

static void ended(struct journey *journey, const struct migration *migration, int64_t now)
{
	journey->ended = now;
	journey->result = migration->result;
	/* A move that this run has left stays where it is: on its way, or waiting. */
	if (migration->cause == CAUSE_DUPLICATE)
		journey->place = JOURNEY_DROPPED;
	else if (!words_left(migration))
		journey->place = JOURNEY_OVER;
	for (int step = 0; step < JOURNEY_STEPS; step++) {
		close_leg(journey, step, migration);
		if (journey->legs[step].state == JOURNEY_AHEAD && migration->result != RESULT_RUNNING)
			journey->legs[step].state = JOURNEY_HIDDEN;
	}
	string_replace(&journey->note, NULL);
}

/* The note about a failed look, or about a stall, stays until the next news. */
static void take_note(struct journey *journey, const struct migration *migration, enum migration_news news)
{
	if (news == NEWS_COMMITTED)
		journey->committed = true;
	string_replace(&journey->note, journey->committed ? "The move cannot be undone any more." : NULL);
	if (news != NEWS_TROUBLE && news != NEWS_STALLED)
		return;
	scoped(string) char *line = words_news(migration, news);
	string_replace(&journey->note, line);
}

static void name_it(struct journey *journey, const struct migration *migration)
{
	free(journey->model);
	journey->model = words_model(migration);
	if (string_given(migration->source_name) || string_given(migration->source_uuid))
		string_replace(&journey->source, called(migration->source_name, migration->source_uuid));
	if (string_given(migration->target_name))
		string_replace(&journey->target, migration->target_name);
}

static char *told_jimm(const struct migration *migration, enum migration_news news)
{
	const char *target = called(migration->target_name, NULL);

	if (news == NEWS_RECORDING)
		return string_format("telling it that the model is on %s", target);
	if (news == NEWS_RECORDED)
		return string_format("points at %s; looking for the model there", target);
	return string_format("points at %s; the model answers there", target);
}

static void tell(struct journey *journey, const struct migration *migration, enum migration_news news, int64_t now)
{
	scoped(string) char *words = told_jimm(migration, news);
	scoped(string) char *result = string_format("points at %s", called(migration->target_name, NULL));

	enter(journey, JOURNEY_TELL, now);
	say(journey, JOURNEY_TELL, words, news == NEWS_RECORDED ? result : news == NEWS_VERIFIED ? words : NULL);
	if (news == NEWS_VERIFIED)
		finish(journey, JOURNEY_TELL, JOURNEY_DONE, now);
}

void journey_wait(struct journey *journey)
{
	journey->place = JOURNEY_WAITING;
}

void journey_set_out(struct journey *journey, int64_t now)
{
	if (journey->place != JOURNEY_WAITING)
		return;
	journey->place = JOURNEY_FLYING;
	journey->begun = now;
}

void journey_news(struct journey *journey, const struct migration *migration, enum migration_news news, int64_t now)
{
	name_it(journey, migration);
	take_note(journey, migration, news);
	switch (news) {
	case NEWS_LOCATED:
		located(journey, migration, now);
		break;
	case NEWS_STARTED:
		started(journey, migration, now);
		break;
	case NEWS_RESUMED:
		resumed(journey, migration, now);
		break;
	case NEWS_LOST:
	case NEWS_LOCKED:
	case NEWS_RESTARTED:
		held_up(journey, news, now);
		break;
	case NEWS_TEXT:
		told_text(journey, migration, now);
		break;
	case NEWS_RECORDING:
	case NEWS_RECORDED:
	case NEWS_VERIFIED:
		tell(journey, migration, news, now);
		break;
	case NEWS_ENDED:
		ended(journey, migration, now);
		break;
	default:
		break;
	}
}

enum journey_step journey_at(const struct journey *journey)
{
	static const enum journey_state order[] = {JOURNEY_RUNNING, JOURNEY_FAILED, JOURNEY_LEFT, JOURNEY_DONE};

	for (size_t i = 0; i < array_length(order); i++)
		for (int step = JOURNEY_STEPS - 1; step >= 0; step--)
			if (journey->legs[step].state == order[i] && step != JOURNEY_TELL)
				return step;
	return JOURNEY_LOGIN;
}
