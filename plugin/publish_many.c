/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/publish_many.h"

#include "plugin/again.h"

static const struct messages *messages_of(const struct publish *publish)
{
	return &publish->surroundings->messages;
}

/* True if the run was stopped before its end. */
static bool is_left(const struct publish *publish)
{
	return publish->departure->signal != 0 || publish->departure->timed_out;
}

static size_t count_left(const struct report *report, enum report_left left)
{
	size_t count = 0;

	for (size_t i = 0; i < report->record_count; i++)
		count += report->records[i].left == left;
	return count;
}

/* ---- what went wrong ---- */

static void say_errors(const struct publish *publish, const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = &report->records[i];

		if (record->left == LEFT_NOT && report_is_error(record) && ++count <= PUBLISH_ERRORS_MAX)
			publish_error(publish, record);
	}
	if (count <= PUBLISH_ERRORS_MAX)
		return;
	scoped(string) char *text = string_format("%zu more; --format json tells of each", count - PUBLISH_ERRORS_MAX);
	message_error(messages_of(publish), text);
}

/* All models that were not started have the same reason: it is said once. */
static void say_unstarted(const struct publish *publish, const struct report *report)
{
	size_t count = count_left(report, LEFT_UNSTARTED);

	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = &report->records[i];

		if (record->left != LEFT_UNSTARTED)
			continue;
		scoped(string) char *lines = report_text(record);
		scoped(string) char *text =
			count == 1 ? string_format("%s: %s", record->model, lines)
				   : string_format("%s and %zu more: %s", record->model, count - 1, lines);
		message_error(messages_of(publish), text);
		return;
	}
}

/* ---- what to type ---- */

static char *number_of(size_t count)
{
	return count == 1 ? string_copy("the one that was") : string_format("the %zu that were", count);
}

static void add_resume(const struct publish *publish, const struct report *report, struct text *text)
{
	size_t count = count_left(report, LEFT_GOES_ON);
	scoped(string) char *command = again_resume(publish->jaas);

	if (count > 0)
		text_add_format(text, "%sto follow %s: %s", text->length > 0 ? "\n" : "",
			count > 1 ? "the moves that go on" : "the move that goes on", command);
}

static void add_again(const struct report *report, struct text *text)
{
	size_t count = count_left(report, LEFT_UNSTARTED);

	scoped(string) char *those = number_of(count);

	if (count > 0)
		text_add_format(
			text, "%sto start %s not started: the same command again", text->length > 0 ? "\n" : "", those);
}

static void add_retry(const struct publish *publish, const struct report *report, struct text *text)
{
	scoped(text) struct text commands;

	text_init(&commands, (size_t)AGAIN_COMMANDS_MAX * (AGAIN_COMMAND_MAX + 1));
	size_t count = again_retry(&commands, report, publish->options, publish->jaas);
	if (count == 0)
		return;
	scoped(string) char *those = number_of(count);
	text_add_format(text, "%sto retry %s not moved", text->length > 0 ? "\n" : "", those);
	if (commands.length > 0)
		text_add_format(text, ":\n%s", commands.data);
	else
		text_add_string(
			text, ": the same command again, which leaves alone what has moved; --format json names them");
}

/* Printed in one piece; what a person needs most comes last. */
static void say_what_to_do(const struct publish *publish, const struct report *report, bool stopped)
{
	scoped(text) struct text text;

	text_init(&text, (size_t)AGAIN_COMMANDS_MAX * (AGAIN_COMMAND_MAX + 1) + 4096);
	if (stopped) {
		scoped(string) char *counts = report_counts(report);

		text_add_format(&text, "stopped; of %zu models: %s", report->record_count, counts);
	}
	add_resume(publish, report, &text);
	if (is_left(publish))
		add_again(report, &text);
	else if (!publish->options->dry_run)
		add_retry(publish, report, &text);
	if (text.length > 0)
		message_notice(messages_of(publish), "%s", text.data);
}

void publish_many(const struct publish *publish, const struct report *report, bool stopped)
{
	say_errors(publish, report);
	if (!is_left(publish))
		say_unstarted(publish, report);
	say_what_to_do(publish, report, stopped);
}
