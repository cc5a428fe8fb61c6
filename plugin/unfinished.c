/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/unfinished.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "plugin/again.h"

/* The entries that are to be taken up, in the order of the journal. */
struct unfinished {
	struct journal_entry **entries;
	size_t count;
};

static void release(struct unfinished *unfinished)
{
	for (size_t i = 0; i < unfinished->count; i++)
		journal_entry_free(unfinished->entries[i]);
	free(unfinished->entries);
}

/* A store that was edited by hand may lack the UUID. */
static bool is_ours(const struct run *run, const struct journal_entry *entry)
{
	const struct store_controller *jaas = run->jaas.controller;

	return string_given(jaas->uuid) ? string_same(entry->jaas_uuid, jaas->uuid)
					: string_same(entry->jaas, jaas->name);
}

/* Returns the name under which the client store has the JAAS of the entry now, borrowed, or NULL. */
static const char *name_of_jaas(const struct run *run, const struct journal_entry *entry)
{
	const struct store_controllers *known = &run->store->controllers;

	for (size_t i = 0; i < known->count; i++)
		if (string_same(known->items[i].uuid, entry->jaas_uuid))
			return known->items[i].name;
	return NULL;
}

/* Returns why the entry is left alone, and what to do, owned by the caller. */
static char *left_alone(const struct run *run, const struct journal_entry *entry)
{
	const char *known = name_of_jaas(run, entry);
	scoped(string) char *command = again_resume(known != NULL ? known : entry->jaas);

	if (known != NULL)
		return string_format("it belongs to the JAAS %s; resume it with: %s", known, command);
	/* The same name, and another JIMM: none that can be logged in to has this move. */
	if (string_same(entry->jaas, run->jaas.controller->name))
		return string_format("it was begun in another JAAS that was called %s, too\n"
				     "  if that JAAS is gone, remove %s/%s.json",
			entry->jaas, run->journal.directory, entry->model_uuid);
	return string_format("it belongs to the JAAS %s, which juju's client does not know any more\n"
			     "  log in to that JAAS again, then: %s\n  if it is gone, remove %s/%s.json",
		entry->jaas, command, run->journal.directory, entry->model_uuid);
}

/* Returns whether this run takes the entry up, and says why where it does not. */
static bool is_taken(const struct run *run, const struct journal_entry *entry, struct report *report)
{
	if (is_ours(run, entry))
		return true;
	if (entry->jaas != NULL && entry->jaas_uuid != NULL) {
		scoped(string) char *why = left_alone(run, entry);
		message_warning(&run->surroundings->messages, "%s to %s: left alone, %s",
			entry->model != NULL ? entry->model : entry->model_uuid, entry->target_name, why);
		return false;
	}
	scoped(string) char *text =
		string_format("cannot make sense of %s/%s.json: no JAAS in it; left alone, look at it and remove it",
			run->journal.directory, entry->model_uuid);
	report_add_error(report, text);
	return false;
}

/* Reads the entries. One that cannot be read is reported, and does not hold up the others. */
static void read_all(
	struct run *run, char *const *uuids, size_t count, struct unfinished *unfinished, struct report *report)
{
	unfinished->entries = memory_get(count, sizeof(struct journal_entry *));
	for (size_t i = 0; i < count; i++) {
		scoped(journal_entry) struct journal_entry *entry = NULL;
		scoped(error) struct error *unreadable = NULL;

		if (journal_read(&run->journal, uuids[i], &entry, &unreadable) < 0)
			report_add_error(report, unreadable->message);
		if (entry != NULL && is_taken(run, entry, report))
			unfinished->entries[unfinished->count++] = steal(entry);
	}
}

/* ---- those that go to one target ---- */

static int take_up(
	struct run *run, struct journal_entry *const *group, size_t count, struct report *report, struct error **error)
{
	scoped(memory) char **words = memory_get(count, sizeof(*words));

	for (size_t i = 0; i < count; i++)
		words[i] = group[i]->model_uuid;
	/* They are on their way already: none waits for another. */
	run->parallel = 0;
	run->target = group[0]->target_name;
	if (run_begin(run, words, count, error) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (model_word_parse(words[i], &run->subjects[i].word, error) < 0)
			return -1;
	return run_work(run, report, error);
}

/* This run ends before it can take the entry up. */
static void leave_alone(const struct run *run, const struct journal_entry *entry, struct report *report)
{
	struct report_record *record = report_add(report);
	scoped(string) char *command = again_resume(run->options->controller);

	record->model = string_copy(entry->model != NULL ? entry->model : entry->model_uuid);
	record->model_uuid = string_copy(entry->model_uuid);
	record->from = string_copy(entry->source_name);
	record->to = string_copy(entry->target_name);
	record->migration_id = string_copy(entry->migration_id);
	record->message = string_copy("not taken up: the run ended first");
	record->remedy = string_format("take it up: %s", command);
}

/* Takes a group up, unless the run is over. If that fails, what is known of the others must still be told. */
static int take_up_or_leave(
	struct run *run, struct journal_entry *const *group, size_t count, struct report *report, struct error **error)
{
	const struct departure *departure = &run->departure;
	struct error *failed = NULL;

	run->over |= departure->signal != 0 || departure->timed_out || departure->split || departure->copy;
	int status = run->over ? 0 : take_up(run, group, count, report, &failed);
	if (status != 0 && report->record_count + report->error_count == 0)
		return failed != NULL ? error_move(error, failed) : status;
	if (failed != NULL)
		report_add_error(report, failed->message);
	error_free(failed);
	for (size_t i = 0; i < count && (run->over || status != 0); i++)
		leave_alone(run, group[i], report);
	run->over |= status != 0;
	return 0;
}

/* ---- all of them ---- */

/* Moves the first entry of `from`, and all others with the same target, into `group`. Returns how many these are. */
static size_t take_group(struct unfinished *from, struct journal_entry **group)
{
	size_t taken = 0, kept = 0;

	for (size_t i = 0; i < from->count; i++) {
		bool same = taken == 0 || string_same(from->entries[i]->target_name, group[0]->target_name);

		if (same)
			group[taken++] = from->entries[i];
		else
			from->entries[kept++] = from->entries[i];
	}
	from->count = kept;
	return taken;
}

static int take_up_all(struct run *run, struct unfinished *unfinished, struct report *report, struct error **error)
{
	scoped(memory) struct journal_entry **group = memory_get(unfinished->count, sizeof(struct journal_entry *));
	int status = 0;

	while (unfinished->count > 0 && status == 0) {
		size_t count = take_group(unfinished, group);

		status = take_up_or_leave(run, group, count, report, error);
		for (size_t i = 0; i < count; i++)
			journal_entry_free(group[i]);
		/* The connections belong to the copy then. */
		if (!run->departure.split)
			run_end(run);
	}
	return status;
}

int unfinished_take_up(struct run *run, struct report *report, struct error **error)
{
	struct unfinished unfinished = {.count = 0};
	char **uuids = NULL;
	size_t count = 0;

	if (run_choose(run, error) < 0 || journal_list(&run->journal, &uuids, &count, error) < 0)
		return -1;
	if (count == 0)
		message_notice(&run->surroundings->messages, "nothing is unfinished");
	read_all(run, uuids, count, &unfinished, report);
	for (size_t i = 0; i < count; i++)
		free(uuids[i]);
	free(uuids);
	int status = take_up_all(run, &unfinished, report, error);
	release(&unfinished);
	return status;
}
