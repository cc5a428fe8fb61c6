/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/scoped.h"
#include "common/migration/steps.h"

#include <string.h>

/* How long the first pause lasts until one model is tried, and the longest one; each try that meets the same doubles it. */
#define PAUSE_FIRST INSTANT_MINUTE
#define PAUSE_LONGEST (10 * INSTANT_MINUTE)
/* After this the last model is tried; if it meets the same, the pause is given up. */
#define PAUSE_PATIENCE (60 * INSTANT_MINUTE)
/* A model put back in this many pauses, while others could be started, has trouble of its own: not put back any more. */
#define PAUSES_MAX 3

/* Parts of refusals and abort reasons that are not about one model, but about the target controller, JIMM, or a controller that is
 * being upgraded. */
static const char *const common_words[] = {
	"connect to target controller",
	"upgrade in progress",
	"target prechecks failed: machine ",
	"target prechecks failed: model is dying",
	"target prechecks failed: model is dead",
	"connection to JIMM has ended",
	"connection is shut down",
};

/* The same for error codes. */
static const char *const common_codes[] = {
	"upgrade in progress", "try again", "connection failed", "failed request to OpenFGA"};

static bool common_text(const char *text)
{
	for (size_t i = 0; text != NULL && i < array_length(common_words); i++)
		if (strstr(text, common_words[i]) != NULL)
			return true;
	return false;
}

static bool common_refusal(const struct error *error)
{
	for (size_t i = 0; i < array_length(common_codes); i++)
		if (error_has_code(error, common_codes[i]))
			return true;
	return common_text(error->message);
}

static void wait_longer(struct engine *engine)
{
	struct engine_pause *pause = &engine->pause;

	int64_t end = pause->since + PAUSE_PATIENCE;

	pause->given_up = engine->now >= end;
	pause->length = pause->length < PAUSE_LONGEST / 2 ? pause->length * 2 : PAUSE_LONGEST;
	pause->until = engine->now + pause->length < end ? engine->now + pause->length : end;
	pause->probe = NULL;
}

/* Begins a pause; during a pause, makes that longer if `migration` was the one that is tried. */
static void pause_for(struct engine *engine, struct migration *migration, const char *reason)
{
	struct engine_pause *pause = &engine->pause;

	string_replace(&pause->reason, reason);
	if (pause->on) {
		if (pause->probe == migration)
			wait_longer(engine);
		return;
	}
	pause->on = true;
	pause->number++;
	pause->since = engine->now;
	pause->length = PAUSE_FIRST;
	pause->until = engine->now + pause->length;
	pause->probe = NULL;
	string_replace(&migration->trouble, reason);
	step_tell(engine, migration, NEWS_PAUSED);
}

/* True if it may be put back: not for trouble of its own, nor after the pause was given up. */
static bool may_return(const struct engine *engine, const struct migration *migration)
{
	bool counted = engine->pause.on && migration->state.paused == engine->pause.number;

	return migration->state.flying && !engine->awaits && !engine->pause.given_up && !migration->restarted &&
	       (counted || migration->state.pauses < PAUSES_MAX);
}

static bool return_for(struct engine *engine, struct migration *migration, const char *words)
{
	scoped(string) char *reason = string_copy(words);
	bool back = may_return(engine, migration);

	if (!engine->several || engine->dry_run)
		return false;
	if (back)
		queue_again(engine, migration);
	pause_for(engine, migration, reason);
	if (back && migration->state.paused != engine->pause.number) {
		migration->state.paused = engine->pause.number;
		migration->state.pauses++;
	}
	return back;
}

bool pause_refused(struct engine *engine, struct migration *migration, const struct error *error)
{
	return common_refusal(error) && return_for(engine, migration, error->message);
}

bool pause_unanswered(struct engine *engine, struct migration *migration, const struct error *error)
{
	return migration->stage == STAGE_LOCATE && return_for(engine, migration, error->message);
}

/* True if all problems found are that the source cannot be reached, and it has said nothing. */
static bool only_silent(const struct migration *migration)
{
	for (size_t i = 0; i < migration->check_count; i++)
		if (migration->checks[i].result == CHECK_PROBLEM &&
			!string_same(migration->checks[i].check, "model-login") &&
			!string_same(migration->checks[i].check, "model-listed"))
			return false;
	return migration->state.login_trouble != NULL && migration->state.login_sight == SOURCE_NO_NEWS;
}

bool pause_silent(struct engine *engine, struct migration *migration)
{
	return only_silent(migration) && return_for(engine, migration, migration->state.login_trouble);
}

bool pause_holds(struct engine *engine, struct migration *migration)
{
	if (!engine->pause.on || engine->pause.given_up || engine->pause.probe == migration || engine->dry_run)
		return false;
	queue_again(engine, migration);
	return true;
}

size_t pause_room(const struct engine *engine)
{
	const struct engine_pause *pause = &engine->pause;

	if (!pause->on)
		return engine->parallel;
	if (pause->probe != NULL || engine->now < pause->until)
		return 0;
	return engine->agenda.length < engine->parallel ? engine->agenda.length + 1 : engine->parallel;
}

void pause_admitted(struct engine *engine, struct migration *migration)
{
	if (engine->pause.on)
		engine->pause.probe = migration;
}

static void go_on(struct engine *engine, struct migration *migration)
{
	engine->pause.on = false;
	engine->pause.probe = NULL;
	step_tell(engine, migration, NEWS_CONTINUED);
}

void pause_notice(struct engine *engine, struct migration *migration, enum migration_news news)
{
	struct engine_pause *pause = &engine->pause;

	if (!pause->on || pause->probe != migration)
		return;
	if (news == NEWS_STARTED && !migration->attached)
		go_on(engine, migration);
	else if (news == NEWS_STARTED || news == NEWS_RESUMED)
		pause->probe = NULL;
	else if (news == NEWS_LOST || news == NEWS_LOCKED) {
		pause->probe = NULL;
		pause->until = engine->now + pause->length;
	}
}

void pause_ended(struct engine *engine, struct migration *migration)
{
	struct engine_pause *pause = &engine->pause;
	bool failed = migration->result == RESULT_FAILED && migration->cause == CAUSE_VERDICT;

	/* This one has ended with an abort, but starts that would meet the same can wait. */
	if (engine->several && failed && common_text(migration->detail)) {
		pause_for(engine, migration, migration->detail);
		return;
	}
	if (!pause->on || pause->probe != migration)
		return;
	/* Refused for reasons of its own: so what held up all has gone. If MigrateModel was not sent, it tells nothing. */
	if (migration->state.sent != 0 && migration->cause != CAUSE_VERDICT)
		go_on(engine, migration);
	else
		pause->probe = NULL;
}

int64_t pause_step(struct engine *engine)
{
	struct engine_pause *pause = &engine->pause;
	if (pause->given_up)
		queue_close(engine, CAUSE_PAUSED, pause->reason);
	/* If the time is over but no place is free, a model that ends brings the engine back. */
	return pause->on && pause->probe == NULL && pause->until > engine->now ? pause->until : INSTANT_NEVER;
}
