/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"
#include "plugin/output.h"

void report_init(struct report *report)
{
	*report = (struct report){0};
}

static void plan_release(struct report_plan *plan)
{
	if (plan == NULL)
		return;
	free(plan->located_by);
	free(plan->model_version);
	free(plan->from_version);
	free(plan->to_version);
	free(plan->cloud);
	free(plan->region);
	for (size_t i = 0; i < plan->check_count; i++)
		free(plan->checks[i].detail);
	free(plan->checks);
	free(plan);
}

static void record_release(struct report_record *record)
{
	free(record->model);
	free(record->model_uuid);
	free(record->from);
	free(record->to);
	free(record->migration_id);
	free(record->message);
	free(record->state);
	free(record->reason);
	free(record->reason_part);
	free(record->remedy);
	log_lines_release(&record->log);
	log_lines_release(&record->source_log);
	plan_release(record->plan);
}

void report_release(struct report *report)
{
	for (size_t i = 0; i < report->record_count; i++)
		record_release(&report->records[i]);
	for (size_t i = 0; i < report->error_count; i++)
		free(report->errors[i]);
	free(report->records);
	free(report->errors);
	report_init(report);
}

struct report_record *report_add(struct report *report)
{
	report->records =
		memory_room(report->records, report->record_count, &report->record_capacity, sizeof(*report->records));
	struct report_record *record = &report->records[report->record_count++];
	*record = (struct report_record){.result = RESULT_UNDECIDED, .started = INSTANT_NONE, .ended = INSTANT_NONE};
	return record;
}

void report_add_error(struct report *report, const char *text)
{
	report->errors =
		memory_room(report->errors, report->error_count, &report->error_capacity, sizeof(*report->errors));
	report->errors[report->error_count++] = string_copy(text);
}

static const struct {
	const char *word;
	int status;
} results[] = {
	[RESULT_MIGRATED] = {"migrated", 0},
	[RESULT_ALREADY_THERE] = {"already-there", 0},
	[RESULT_PLANNED] = {"planned", 0},
	[RESULT_FAILED] = {"failed", 1},
	[RESULT_UNDECIDED] = {"undecided", 3},
	[RESULT_RUNNING] = {"running", 3},
	[RESULT_NOT_RECORDED] = {"not-recorded", 4},
	[RESULT_CONTRADICTION] = {"contradiction", 5},
};

int report_is_error(const struct report_record *record)
{
	return report_result_status(record->result) != 0 && record->result != RESULT_RUNNING;
}

const char *report_check_word(enum check_result result)
{
	static const char *const words[] = {
		[CHECK_OK] = "ok",
		[CHECK_PROBLEM] = "problem",
		[CHECK_WARNING] = "warning",
		[CHECK_NOT_MADE] = "not-made",
	};

	return words[result];
}

const char *report_result_word(enum migration_result result)
{
	return results[result].word;
}

int report_result_status(enum migration_result result)
{
	return results[result].status;
}

int report_status(const struct report *report, enum report_end end)
{
	int status = report->error_count > 0 ? 1 : 0;

	for (size_t i = 0; i < report->record_count; i++) {
		enum migration_result result = report->records[i].result;
		int accepted = result == RESULT_RUNNING && end == END_NO_WAIT;
		int one = accepted ? 0 : report_result_status(result);
		status = one > status ? one : status;
	}
	if (end == END_INTERRUPTED && (status == 3 || (status == 0 && report->record_count == 0)))
		return 130;
	return status;
}

/* Longest text for a person, in bytes. */
#define TEXT_MAX ((size_t)128 * TEXT_SHOWN_MAX)

static void add_labelled(struct text *text, const char *label, const char *line)
{
	if (!string_given(line))
		return;
	scoped(string) char *shown = text_printable(line);
	text_add_format(text, "\n  %s %s", label, shown);
}

char *report_text(const struct report_record *record)
{
	scoped(text) struct text text;

	text_init(&text, TEXT_MAX);
	text_add_string(&text, record->message != NULL ? record->message : "");
	add_labelled(&text, "state: ", record->state);
	add_labelled(&text, "reason:", record->reason);
	add_labelled(&text, "to do: ", record->remedy);
	log_lines_text(&record->log, "log:", &text);
	log_lines_text(&record->source_log, "source:", &text);
	return text_take(&text);
}

static int write_stream(FILE *stream, const struct text *text, struct error **error)
{
	errno = 0;
	if (text->length > 0)
		fwrite(text->data, 1, text->length, stream);
	if (fflush(stream) == 0 && !ferror(stream))
		return 0;
	return error_set(error, ERROR_FAILED, "cannot write the result: %s", strerror(errno != 0 ? errno : EIO));
}

int report_publish(const struct report *report, const struct options *options, struct surroundings *surroundings,
	struct error **error)
{
	int colour = options->output == NULL && surroundings->out_terminal.colour;
	scoped(text) struct text text;

	text_init(&text, REPORT_BYTES_MAX);
	if (report_write(report, options->format, colour, &text) < 0)
		return error_set(error, ERROR_FAILED, "cannot write the result: it is too large");
	if (options->output == NULL)
		return write_stream(surroundings->out, &text, error);
	return output_write(
		options->output, surroundings->environment, text.data != NULL ? text.data : "", text.length, error);
}
