/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/unfinished.h"

#include <stdlib.h>

#include "common/base/scoped.h"

/* One entry of the journal, taken up as if its model and target had been typed. */
static int take_up(struct run *run, const struct journal_entry *entry, struct report *report, struct error **error)
{
	run->target = entry->target_name;
	int status = run_begin(run, &entry->model_uuid, 1, error);
	if (status == 0)
		status = model_word_parse(entry->model_uuid, &run->subjects[0].word, error);
	if (status == 0)
		status = run_work(run, report, error);
	return status;
}

static bool is_of_another_jaas(const struct run *run, const struct journal_entry *entry)
{
	if (string_same(entry->jaas_uuid, run->jaas.controller->uuid))
		return false;
	message_notice(&run->surroundings->messages,
		"%s to %s: left alone, it belongs to the JAAS %s; resume it with -c %s", entry->model,
		entry->target_name, entry->jaas, entry->jaas);
	return true;
}

/* This run ends before it can take the entry up. */
static void leave_alone(const struct run *run, const struct journal_entry *entry, struct report *report)
{
	struct report_record *record = report_add(report);
	const char *jaas = run->options->controller;

	record->model = string_copy(entry->model != NULL ? entry->model : entry->model_uuid);
	record->model_uuid = string_copy(entry->model_uuid);
	record->from = string_copy(entry->source_name);
	record->to = string_copy(entry->target_name);
	record->migration_id = string_copy(entry->migration_id);
	record->message = string_copy("not taken up, the run ended before");
	record->remedy = string_format(
		"take it up: juju jaas-migrate --resume%s%s", jaas != NULL ? " -c " : "", jaas != NULL ? jaas : "");
}

/* Takes up one entry, if the run goes on. That it cannot be taken up must not hide what is known of the others. */
static int take_up_or_leave(
	struct run *run, const struct journal_entry *entry, struct report *report, struct error **error)
{
	const struct departure *departure = &run->departure;
	struct error *failed = NULL;

	run->over |= departure->signal != 0 || departure->split || departure->copy;
	int status = run->over ? 0 : take_up(run, entry, report, &failed);
	if (status != 0 && report->record_count + report->error_count == 0)
		return failed != NULL ? error_move(error, failed) : status;
	if (failed != NULL)
		report_add_error(report, failed->message);
	error_free(failed);
	if (run->over || status != 0)
		leave_alone(run, entry, report);
	run->over |= status != 0;
	return 0;
}

static int take_up_all(struct run *run, char *const *uuids, size_t count, struct report *report, struct error **error)
{
	int status = 0;

	for (size_t i = 0; i < count && status == 0; i++) {
		scoped(journal_entry) struct journal_entry *entry = NULL;
		scoped(error) struct error *unreadable = NULL;

		if (journal_read(&run->journal, uuids[i], &entry, &unreadable) < 0)
			report_add_error(report, unreadable->message);
		if (entry == NULL || is_of_another_jaas(run, entry))
			continue;
		status = take_up_or_leave(run, entry, report, error);
		/* The connections belong to the copy then. */
		if (!run->departure.split)
			run_end(run);
	}
	return status;
}

int unfinished_take_up(struct run *run, struct report *report, struct error **error)
{
	char **uuids = NULL;
	size_t count = 0;

	if (run->journal.directory == NULL || journal_list(&run->journal, &uuids, &count, error) < 0 ||
		run_choose(run, error) < 0)
		return -1;
	if (count == 0)
		message_notice(&run->surroundings->messages, "nothing is unfinished");
	int status = take_up_all(run, uuids, count, report, error);
	for (size_t i = 0; i < count; i++)
		free(uuids[i]);
	free(uuids);
	return status;
}
