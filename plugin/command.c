/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/command.h"

#include <unistd.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "common/store/exposure.h"
#include "plugin/catalogue_file.h"
#include "plugin/confinement.h"
#include "plugin/publish.h"
#include "plugin/run.h"
#include "plugin/unfinished.h"

/* The same word twice is one model, whichever that is; two words for the same model are left to the engine to find out. */
static void drop_doubles(struct run *run)
{
	for (size_t i = 1; i < run->count; i++) {
		size_t first = 0;

		while (!string_same(run->subjects[first].typed, run->subjects[i].typed))
			first++;
		if (first == i)
			continue;
		scoped(string) char *shown = text_printable(run->subjects[i].typed);
		message_notice(&run->surroundings->messages, "%s is named twice: taken once", shown);
		run_drop(run, i--);
	}
}

static int move(struct run *run, struct report *report, struct error **error)
{
	run->target = run->options->target;
	run->parallel = (size_t)run->options->parallel;
	run->picks = run->options->all_from != NULL;
	if (run_begin(run, run->options->models, run->options->model_count, error) < 0)
		return -1;
	drop_doubles(run);
	if (run_choose(run, error) < 0)
		return -1;
	return run_work(run, report, error);
}

/* A run that names its models can do without the journal; --resume cannot. */
static int open_journal(struct run *run, struct error **error)
{
	scoped(error) struct error *failed = NULL;

	if (journal_init(&run->journal, run->surroundings->environment, run->store->directory, &failed) == 0)
		return 0;
	if (!run->options->resume) {
		message_warning(&run->surroundings->messages, "%s", failed->message);
		return 0;
	}
	error_wrap(&failed, "cannot resume");
	return error_move(error, steal(failed));
}

/* Warns once if others can read juju's files: juju itself never leaves them open. */
static void look_for_exposure(struct run *run)
{
	scoped(string) char *found = exposure_find(run->store->directory);

	if (found != NULL)
		message_warning(&run->surroundings->messages, "%s", found);
}

static int forget(struct run *run, struct error **error)
{
	if (run_begin(run, NULL, 0, error) < 0 || run_choose(run, error) < 0)
		return -1;
	return remember_forget(&run->remember, run->store, run->jaas.controller, error);
}

/* The connections belong to the copy of this process now: this one must not send anything on them, not even a close. */
static _Noreturn void leave_connections(struct run *run, int status, const struct error *error)
{
	if (error != NULL)
		message_error(&run->surroundings->messages, error->message);
	remember_end(&run->remember, true);
	fflush(run->surroundings->out);
	fflush(run->surroundings->err);
	_exit(status >= 0 ? status : 1);
}

/* Ends the run, then waits for the keyring, for whose password the desktop may be asking: by now the result is out, and Ctrl-C ends the
 * program again. */
static void end_run(struct run *run)
{
	fflush(run->surroundings->out);
	run_end(run);
	departure_release(&run->departure);
	if (!run->departure.copy)
		remember_end(&run->remember, run->departure.signal != 0);
}

/* Returns 0, a status when there is nothing to publish, or -1 with an error. */
static int perform(struct run *run, struct report *report, struct error **error)
{
	if (run->options->forget)
		return forget(run, error);
	return run->options->resume ? unfinished_take_up(run, report, error) : move(run, report, error);
}

/* Returns what -c has to say where the same JAAS is to be meant again, or NULL. */
static const char *named_jaas(const struct run *run)
{
	if (run->options->controller != NULL)
		return run->options->controller;
	for (size_t i = 0; i < run->count; i++)
		if (run->subjects[i].word.controller != NULL && run->subjects[i].word.controller[0] != '\0')
			return run->subjects[i].word.controller;
	return NULL;
}

/* Publishes what came of the run. `status`: what perform returned. Returns the exit status, or -1 with an error. */
static int conclude(const struct run *run, struct report *report, int status, struct error **error)
{
	const struct publish publish = {run->options, run->surroundings, &run->departure, named_jaas(run)};

	/* The process that has left says it all. */
	if (run->departure.copy)
		return 0;
	if (status < 0)
		return status;
	return status == 0 ? publish_result(&publish, report, error) : publish_nothing(&publish, report, status, error);
}

static void keep_catalogue(struct run *run)
{
	if (run->catalogue.user != NULL)
		catalogue_keep(&run->catalogue, run->surroundings->environment, run->store->directory,
			run->jaas.controller->uuid, clock_wall(run->surroundings->clock));
}

int command_run(const struct options *options, struct surroundings *surroundings, struct error **error)
{
	if (options->all_from != NULL && !options->no_prompt && !options->dry_run && !confirm_possible(surroundings))
		return error_set(error, ERROR_FAILED,
			"--all-from asks before it moves anything, and there is no terminal to ask on: give -y "
			"(--no-prompt) to move without being asked, or --dry-run to look");
	if (confinement_check(surroundings->environment, surroundings->log, error) < 0)
		return -1;
	scoped(store) struct store *store = store_read(surroundings->environment, error);
	if (store == NULL)
		return -1;
	struct run run = {.options = options, .surroundings = surroundings, .store = store};
	scoped(report) struct report report;

	report_init(&report);
	catalogue_init(&run.catalogue);
	remember_init(&run.remember, surroundings);
	int status = open_journal(&run, error);
	look_for_exposure(&run);
	if (status == 0)
		status = perform(&run, &report, error);
	status = conclude(&run, &report, status, error);
	if (run.departure.split)
		leave_connections(&run, status, error != NULL ? *error : NULL);
	end_run(&run);
	keep_catalogue(&run);
	run_release(&run);
	return status;
}
