/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/publish.h"

#include <signal.h>

#include "common/base/text.h"
#include "plugin/publish_many.h"

static const struct messages *messages_of(const struct publish *publish)
{
	return &publish->surroundings->messages;
}

void publish_error(const struct publish *publish, const struct report_record *record)
{
	/* If no model was found, there is none to name. */
	scoped(string) char *lines = report_text(record);
	scoped(string) char *text =
		record->model_uuid != NULL ? string_format("%s: %s", record->model, lines) : string_copy(lines);

	message_error(messages_of(publish), text);
}

static void say_notice(const struct publish *publish, const struct report_record *record)
{
	scoped(string) char *lines = report_text(record);

	message_notice(messages_of(publish), "%s: %s", record->model, lines);
}

static void say_counts(const struct publish *publish, const struct report *report)
{
	scoped(string) char *counts = report_counts(report);

	message_notice(messages_of(publish), "of %zu models: %s", report->record_count, counts);
}

/* `stopped`, `lost`: nobody has got the result, so also what is no error is said. */
static void say(const struct publish *publish, const struct report *report, bool stopped, bool lost)
{
	for (size_t i = 0; i < report->error_count; i++)
		message_error(messages_of(publish), report->errors[i]);
	if (report->record_count > 1) {
		publish_many(publish, report, stopped);
		if (lost)
			say_counts(publish, report);
		return;
	}
	for (size_t i = 0; i < report->record_count; i++)
		if (report_is_error(&report->records[i]))
			publish_error(publish, &report->records[i]);
		else if (stopped || lost)
			say_notice(publish, &report->records[i]);
}

int publish_result(const struct publish *publish, const struct report *report, struct error **error)
{
	const struct options *options = publish->options;
	bool stopped = publish->departure->signal != 0 && options->format == FORMAT_TABULAR && options->output == NULL;

	bool lost = !stopped && report_publish(report, options, publish->surroundings, error) < 0;

	say(publish, report, stopped, lost);
	int status = report_status(report, departure_end(publish->departure, options->no_wait));
	return lost && status == 0 ? 1 : status;
}

int publish_nothing(const struct publish *publish, struct report *report, int status, struct error **error)
{
	const char *word = departure_word(publish->departure);

	/* Whoever typed Ctrl-C knows; anybody else is told even with -q. */
	if (publish->departure->signal == SIGINT)
		message_notice(messages_of(publish), "%s", word);
	else
		message_warning(messages_of(publish), "%s", word);
	if (publish->options->format == FORMAT_TABULAR)
		return status;
	report_add_error(report, word);
	return report_publish(report, publish->options, publish->surroundings, error) < 0 ? -1 : status;
}
