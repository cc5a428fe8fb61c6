/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/telling.h"

#include <stdlib.h>

#include "common/base/text.h"
#include "plugin/event.h"
#include "plugin/words.h"

/* Tells what the checks found; not in a dry run, whose result has them, nor before a second start: they were told before the first. */
static void tell_checks(const struct run *run, const struct migration *migration, const char *name)
{
	for (size_t i = 0; i < migration->check_count && !run->options->dry_run && !migration->restarted; i++) {
		const struct migration_check *check = &migration->checks[i];

		if (check->result == CHECK_WARNING)
			message_warning(&run->surroundings->messages, "%s: %s", name, check->detail);
		else if (check->result == CHECK_NOT_MADE)
			log_info(run->surroundings->log, "command", "%s: %s not checked: %s", name, check->check,
				check->detail);
	}
}

static void say_twice(const struct run *run, const struct migration *again)
{
	scoped(string) char *one = text_printable(again->detail);
	scoped(string) char *other = text_printable(again->word);

	message_notice(&run->surroundings->messages, "%s and %s are the same model: taken once", one, other);
}

/* Returns the line about a change, owned by the caller, or NULL. With many models the end of each gets a short line, too. */
static char *line_about(const struct run *run, const struct migration *migration, enum migration_news news)
{
	if (news != NEWS_ENDED || run->count == 1 || words_left(migration))
		return words_news(migration, news);
	return string_copy(report_result_word(migration->result));
}

static void say_event(const struct run *run, const struct migration *migration, enum migration_news news)
{
	const struct messages *messages = &run->surroundings->messages;
	scoped(string) char *line = words_news(migration, news);
	scoped(string) char *event = event_json(migration, news, line, clock_wall(run->surroundings->clock));

	fprintf(messages->stream, "%s\n", event);
	fflush(messages->stream);
}

/* A pause concerns all models: its line names none. */
static void say_line(struct run *run, const struct migration *migration, enum migration_news news)
{
	scoped(string) char *name = words_model(migration);
	scoped(string) char *line = line_about(run, migration, news);

	if (news == NEWS_PAUSED || news == NEWS_CONTINUED)
		progress_say(&run->progress, "%s", line);
	else if (line != NULL && news != NEWS_ALARM)
		progress_stage(&run->progress, name, line);
}

static void keep_times(struct run *run, struct subject *subject, enum migration_news news)
{
	if (news == NEWS_STARTED || news == NEWS_LOST)
		subject->started = clock_wall(run->surroundings->clock);
	if (news == NEWS_ENDED)
		subject->ended = clock_wall(run->surroundings->clock);
}

static void forget_troubles(struct subject *subject)
{
	for (size_t i = 0; i < array_length(subject->troubles); i++)
		string_replace(&subject->troubles[i], NULL);
}

/* While JIMM or a controller is away, looks fail in several ways by turns. Returns whether this one has been told of lately. To say once
 * more that JIMM is being told is no other news. */
static bool told_before(
	struct subject *subject, const struct migration *migration, enum migration_news news, int64_t now)
{
	bool late = llabs(now - subject->troubles_since) > SUBJECT_TROUBLES_FOR;

	if (late || (news != NEWS_TROUBLE && news != NEWS_RECORDING)) {
		forget_troubles(subject);
		subject->troubles_since = now;
	}
	if (news != NEWS_TROUBLE)
		return false;
	for (size_t i = 0; i < array_length(subject->troubles); i++)
		if (string_same(subject->troubles[i], migration->trouble))
			return true;
	string_replace(&subject->troubles[subject->trouble_count++ % SUBJECT_TROUBLES], migration->trouble);
	return false;
}

void telling_news(void *context, const struct migration *migration, enum migration_news news)
{
	struct run *run = context;
	size_t index = (size_t)(migration - engine_migration(run->engine, 0));
	bool twice = news == NEWS_ENDED && migration->cause == CAUSE_DUPLICATE;
	bool silent =
		twice || told_before(&run->subjects[index], migration, news, clock_wall(run->surroundings->clock));
	scoped(string) char *name = words_model(migration);

	keep_times(run, &run->subjects[index], news);
	if (news == NEWS_ALARM) {
		scoped(string) char *line = words_news(migration, news);
		message_warning(&run->surroundings->messages, "%s: %s", name, line);
	}
	if (twice)
		say_twice(run, migration);
	if (run->live.loop != NULL)
		live_news(&run->live, index, migration, news);
	else if (!silent && run->options->verbose && run->options->format != FORMAT_TABULAR)
		say_event(run, migration, news);
	else if (!silent)
		say_line(run, migration, news);
	if (news == NEWS_LOCATED || (news == NEWS_ENDED && migration->cause == CAUSE_CHECKS))
		tell_checks(run, migration, name);
	departure_check(&run->departure);
}
