/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/migration/remote.h"
#include "common/store/choose.h"
#include "common/store/resolve.h"
#include "common/store/store.h"
#include "plugin/catalogue_file.h"
#include "plugin/confinement.h"
#include "plugin/credentials.h"
#include "plugin/departure.h"
#include "plugin/evidence.h"
#include "plugin/live.h"
#include "plugin/progress.h"
#include "plugin/publish.h"
#include "plugin/report.h"
#include "plugin/witnesses.h"
#include "plugin/words.h"

/* One model of this run. */
struct subject {
	struct model_word word;
	int64_t started, ended; /* wall clock */
};

struct run {
	const struct options *options;
	struct surroundings *surroundings;
	const struct store *store;
	char *const *words; /* the models as typed, or their UUIDs */
	const char *target;
	struct choose_result jaas;
	struct remember remember;
	struct credentials credentials;
	struct witnesses witnesses;
	const struct session_place *place;
	struct journal journal;
	struct catalogue catalogue; /* what JIMM has listed, for the shells */
	struct loop *loop;
	struct remote *remote;
	struct engine *engine;
	struct departure departure;
	struct evidence evidence;
	struct progress progress;
	struct live live; /* in place of lines, where it is wanted */
	struct subject *subjects;
	size_t count;
	struct error *failed; /* why there is no result */
	bool over;            /* nothing more is taken up */
};

/* ---- before the network ---- */

static int take_words(struct run *run, struct error **error)
{
	scoped(memory) struct model_word *words = memory_get(run->count, sizeof(*words));

	for (size_t i = 0; i < run->count; i++) {
		if (model_word_parse(run->words[i], &run->subjects[i].word, error) < 0)
			return -1;
		words[i] = run->subjects[i].word;
	}
	struct choose_request request = {
		.option = run->options->controller,
		.models = words,
		.model_count = run->count,
		.environment = run->surroundings->environment,
	};
	return choose_jaas(run->store, &request, &run->jaas, error);
}

/* What logins have brought to one loop is there for the next one. */
static int make_place(struct run *run, struct error **error)
{
	const struct credentials_plan plan = {
		.store = run->store,
		.controller = run->jaas.controller->name,
		.surroundings = run->surroundings,
		.remember = &run->remember,
	};

	if (run->credentials.surroundings == NULL && credentials_init(&run->credentials, &plan, error) < 0)
		return -1;
	run->place = credentials_place(&run->credentials, run->loop);
	return 0;
}

/* ---- while it runs ---- */

static int resolve(
	void *context, size_t index, const struct controller_models *models, size_t *found, struct error **error)
{
	const struct run *run = context;
	scoped(memory) struct resolve_model *list = memory_get(models->count, sizeof(*list));

	for (size_t i = 0; i < models->count; i++)
		list[i] = (struct resolve_model){models->list[i].owner, models->list[i].name, models->list[i].uuid};
	return resolve_model(&run->subjects[index].word, run->jaas.controller->name,
		remote_login(run->remote)->identity, list, models->count, found, error);
}

/* What a dry run has in its result anyway, and a second start has told before. */
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

static void told(void *context, const struct migration *migration, enum migration_news news)
{
	struct run *run = context;
	size_t index = (size_t)(migration - engine_migration(run->engine, 0));
	struct subject *subject = &run->subjects[index];
	scoped(string) char *name = words_model(migration);
	scoped(string) char *line = words_news(migration, news);

	if (news == NEWS_STARTED || news == NEWS_LOST)
		subject->started = clock_wall(run->surroundings->clock);
	if (news == NEWS_ENDED)
		subject->ended = clock_wall(run->surroundings->clock);
	if (news == NEWS_ALARM)
		message_warning(&run->surroundings->messages, "%s: %s", name, line);
	if (run->live.loop != NULL)
		live_news(&run->live, index, migration, news);
	else if (line != NULL && news != NEWS_ALARM)
		progress_stage(&run->progress, name, line);
	if (news == NEWS_LOCATED || (news == NEWS_ENDED && migration->cause == CAUSE_CHECKS))
		tell_checks(run, migration, name);
	departure_check(&run->departure);
}

static void settled(void *context)
{
	struct run *run = context;

	loop_stop(run->loop);
}

static void explained(void *context)
{
	struct run *run = context;

	credentials_settle(&run->credentials, settled, run);
}

static void finished(void *context)
{
	struct run *run = context;

	/* Whoever interrupts it waits neither for a log nor for anybody else's lock. */
	if (run->departure.signal != 0)
		loop_stop(run->loop);
	else if (!evidence_begin(&run->evidence, run->engine, run->count, run->place, explained, run))
		explained(run);
}

static void begin(struct run *run)
{
	struct migration_port port = remote_port(run->remote);
	struct engine_listener listener = {run, told, finished};
	struct engine_plan plan = {
		.jimm_uuid = remote_login(run->remote)->controller_uuid,
		.user = remote_login(run->remote)->identity,
		.words = (const char *const *)run->words,
		.count = run->count,
		.target = run->target,
		.dry_run = run->options->dry_run,
		.no_wait = run->options->no_wait,
	};

	run->engine = engine_new(&plan, &port, &listener);
	remote_serve(run->remote, run->engine);
	departure_serve(&run->departure, run->engine);
	live_logged_in(&run->live, run->jaas.controller->name);
	engine_begin(run->engine, loop_now(run->loop));
}

static void keep(struct run *run)
{
	if (run->options->remember && !credentials_keep(&run->credentials, &run->remember))
		message_notice(&run->surroundings->messages,
			"nothing about %s is new to the keyring: this run has logged in with what is stored already",
			run->jaas.controller->name);
}

static void connected(void *context, const struct error *error)
{
	struct run *run = context;

	if (error == NULL) {
		keep(run);
		begin(run);
		return;
	}
	run->failed = error_copy(error);
	loop_stop(run->loop);
}

static void logged_in(void *context, const struct session *session)
{
	struct run *run = context;

	credentials_logged_in(&run->credentials, session);
}

static void listed(void *context, const struct migration_answer *answer)
{
	struct run *run = context;

	catalogue_learn(&run->catalogue, answer, remote_login(run->remote)->identity,
		remote_login(run->remote)->controller_uuid, clock_wall(run->surroundings->clock));
}

static void warn(void *context, const char *text)
{
	const struct run *run = context;

	message_warning(&run->surroundings->messages, "%s", text);
}

/* Somebody may have logged in again in the meantime. */
static void refresh(void *context)
{
	struct run *run = context;

	place_refresh(&run->credentials.place);
}

static void open_journal(struct run *run)
{
	scoped(error) struct error *error = NULL;

	if (journal_init(&run->journal, run->surroundings->environment, run->store->directory, &error) < 0)
		message_warning(&run->surroundings->messages, "%s", error->message);
}

static void connect(struct run *run)
{
	scoped(memory) const char **uuids = memory_get(run->count, sizeof(*uuids));

	for (size_t i = 0; i < run->count; i++) {
		const struct store_model *model =
			choose_remembered(run->store, run->jaas.controller->name, &run->subjects[i].word, NULL);

		uuids[i] = model != NULL ? model->uuid : NULL;
	}
	witnesses_init(
		&run->witnesses, run->store, run->loop, run->surroundings, &run->remember, run->options->remember);
	const struct remote_store store = witnesses_store(&run->witnesses);
	const struct remote_plan plan = {
		.store = &store,
		.place = run->place,
		.count = run->count,
		.remembered = uuids,
		.resolve = resolve,
		.connected = connected,
		.logged_in = logged_in,
		.listed = listed,
		.warn = warn,
		.refresh = refresh,
		.context = run,
		.journal = run->journal.directory != NULL ? &run->journal : NULL,
		.clock = run->surroundings->clock,
		.look_only = run->options->dry_run,
	};
	run->remote = remote_new(&plan);
}

/* ---- after it ---- */

static struct report_plan *plan_of(const struct migration *migration)
{
	struct report_plan *plan = memory_get(1, sizeof(*plan));

	plan->located_by = string_copy(migration->located_by);
	plan->model_version = string_copy(migration->agent_version);
	plan->from_version = string_copy(migration->source_version);
	plan->to_version = string_copy(migration->target_version);
	plan->cloud = string_copy(migration->cloud);
	plan->region = string_copy(migration->region);
	plan->check_count = migration->check_count;
	plan->checks = memory_get(migration->check_count, sizeof(*plan->checks));
	for (size_t i = 0; i < migration->check_count; i++)
		plan->checks[i] = (struct report_check){migration->checks[i].check, migration->checks[i].result,
			string_copy(migration->checks[i].detail)};
	return plan;
}

static void add_record(struct run *run, struct report *report, size_t index)
{
	const struct migration *migration = engine_migration(run->engine, index);
	const struct words_about about = {run->jaas.controller->name, run->options->controller};
	struct words words __attribute__((cleanup(scoped_words_release)));
	struct report_record *record = report_add(report);

	record->model = words_model(migration);
	record->model_uuid = string_copy(migration->uuid);
	record->from = string_copy(string_given(migration->source_name) ? migration->source_name : NULL);
	record->to = string_copy(migration->target_name);
	record->migration_id = string_copy(migration->migration_id);
	words_outcome(migration, &about, &words);
	record->message = steal(words.message);
	record->state = steal(words.state);
	record->reason = steal(words.reason);
	record->reason_part = string_copy(words.part);
	record->remedy = steal(words.remedy);
	record->log = evidence_take(&run->evidence, migration);
	record->agents_away = migration->result == RESULT_MIGRATED ? migration->agents_away : 0;
	record->result = migration->result;
	/* Who is told neither the host's name nor the target's UUID cannot tell one from the other before a move has begun. */
	bool told_apart = migration->target_uuid != NULL || string_given(migration->source_name) ||
			  migration->migration_id != NULL || migration->attached;

	if (migration->recorded || migration->state.row == ROW_TARGET)
		record->jimm_updated = ANSWER_YES;
	else if (migration->state.sent != 0 && migration->state.row == ROW_SOURCE && told_apart)
		record->jimm_updated = ANSWER_NO;
	record->started = run->subjects[index].started;
	record->ended = run->subjects[index].ended;
	if (run->options->dry_run && migration->uuid != NULL)
		record->plan = plan_of(migration);
}

/* Where JIMM points now is newer than what it has listed. */
static void note_move(struct run *run, const struct migration *migration)
{
	bool there = migration->result == RESULT_MIGRATED || migration->result == RESULT_ALREADY_THERE;

	if (there && run->catalogue.user != NULL)
		catalogue_moved(&run->catalogue, migration->uuid, migration->target_uuid, migration->target_name,
			clock_wall(run->surroundings->clock));
}

static int choose(struct run *run, struct error **error)
{
	if (take_words(run, error) < 0)
		return -1;
	if (run->jaas.notice != NULL)
		message_notice(&run->surroundings->messages, "%s", run->jaas.notice);
	return 0;
}

/* Moves `run->words` to `run->target` and adds what came of it to the report. Returns 0, a status when there is nothing to add, or
 * -1. */
static int work(struct run *run, struct report *report, struct error **error)
{
	if (make_place(run, error) < 0)
		return -1;
	if (departure_begin(&run->departure, run->loop, run->surroundings, run->options->timeout, error) < 0)
		return -1;
	/* The loop stands still while a keyring is asked. */
	run->remember.place.leave = run->departure.descriptor;
	if (live_wanted(run->options, run->surroundings) &&
		live_begin(&run->live, run->loop, run->surroundings, run->words, run->count, error) < 0)
		return -1;
	connect(run);
	int ran = loop_run(run->loop, error);
	live_end(&run->live);
	if (ran < 0)
		return -1;
	if (run->engine == NULL)
		return departure_before(&run->departure, steal(run->failed), error);
	for (size_t i = 0; i < run->count; i++) {
		add_record(run, report, i);
		note_move(run, engine_migration(run->engine, i));
	}
	return 0;
}

static int begin_run(struct run *run, size_t count, struct error **error)
{
	run->count = count;
	run->subjects = memory_get(count, sizeof(*run->subjects));
	for (size_t i = 0; i < count; i++)
		run->subjects[i] = (struct subject){.started = INSTANT_NONE, .ended = INSTANT_NONE};
	progress_init(&run->progress, &run->surroundings->messages, run->surroundings->clock);
	run->loop = loop_new(run->surroundings->clock, run->surroundings->log, error);
	return run->loop != NULL ? 0 : -1;
}

static void end_run(struct run *run)
{
	evidence_release(&run->evidence);
	engine_free(steal(run->engine));
	remote_free(steal(run->remote));
	credentials_leave(&run->credentials);
	witnesses_release(&run->witnesses);
	loop_free(steal(run->loop));
	run->remember.place.leave = 0;
	departure_release(&run->departure);
	progress_release(&run->progress);
	live_release(&run->live);
	for (size_t i = 0; i < run->count; i++)
		model_word_release(&run->subjects[i].word);
	free(steal(run->subjects));
	error_free(steal(run->failed));
	run->count = 0;
}

static void release(struct run *run)
{
	end_run(run);
	remember_release(&run->remember);
	credentials_release(&run->credentials);
	catalogue_release(&run->catalogue);
	choose_result_release(&run->jaas);
	journal_release(&run->journal);
}

static int move(struct run *run, struct report *report, struct error **error)
{
	run->words = run->options->models;
	run->target = run->options->target;
	if (begin_run(run, run->options->model_count, error) < 0 || choose(run, error) < 0)
		return -1;
	return work(run, report, error);
}

/* ---- all that is unfinished ---- */

/* One entry of the journal, taken up as if its model and target had been typed. */
static int take_up(struct run *run, const struct journal_entry *entry, struct report *report, struct error **error)
{
	char *const words[] = {entry->model_uuid, NULL};

	run->words = words;
	run->target = entry->target_name;
	int status = begin_run(run, 1, error);
	if (status == 0)
		status = model_word_parse(entry->model_uuid, &run->subjects[0].word, error);
	if (status == 0)
		status = work(run, report, error);
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
			end_run(run);
	}
	return status;
}

static int resume(struct run *run, struct report *report, struct error **error)
{
	char **uuids = NULL;
	size_t count = 0;

	if (run->journal.directory == NULL || journal_list(&run->journal, &uuids, &count, error) < 0 ||
		choose(run, error) < 0)
		return -1;
	if (count == 0)
		message_notice(&run->surroundings->messages, "nothing is unfinished");
	int status = take_up_all(run, uuids, count, report, error);
	for (size_t i = 0; i < count; i++)
		free(uuids[i]);
	free(uuids);
	return status;
}

/* ---- all that is remembered ---- */

static int forget(struct run *run, struct error **error)
{
	if (begin_run(run, 0, error) < 0 || choose(run, error) < 0)
		return -1;
	return remember_forget(&run->remember, run->store, run->jaas.controller, error);
}

/* The connections belong to the copy of this process now: nothing may be said on them, not even that they end. */
static _Noreturn void leave_connections(struct run *run, int status)
{
	remember_end(&run->remember, true);
	fflush(run->surroundings->out);
	fflush(run->surroundings->err);
	_exit(status >= 0 ? status : 1);
}

/* The desktop may be asking for the keyring's password: by now the result is out, and Ctrl-C ends the program again. */
static void wait_for_keyring(struct run *run)
{
	fflush(run->surroundings->out);
	end_run(run);
	if (!run->departure.copy)
		remember_end(&run->remember, run->departure.signal != 0);
}

static int perform(struct run *run, struct report *report, struct error **error)
{
	if (run->options->forget)
		return forget(run, error);
	return run->options->resume ? resume(run, report, error) : move(run, report, error);
}

int command_run(const struct options *options, struct surroundings *surroundings, struct error **error)
{
	if (options->model_count > 1)
		return error_set(error, ERROR_USAGE, "too many arguments specified: one model at a time");
	if (confinement_check(surroundings->environment, surroundings->log, error) < 0)
		return -1;
	scoped(store) struct store *store = store_read(surroundings->environment, error);
	if (store == NULL)
		return -1;
	struct run run = {.options = options, .surroundings = surroundings, .store = store};
	const struct publish publish = {options, surroundings, &run.departure};
	scoped(report) struct report report;

	report_init(&report);
	catalogue_init(&run.catalogue);
	remember_init(&run.remember, surroundings);
	open_journal(&run);
	int status = perform(&run, &report, error);
	if (run.departure.copy)
		status = 0;
	else if (status == 0)
		status = publish_result(&publish, &report, error);
	else if (status > 0)
		status = publish_nothing(&publish, &report, status, error);
	if (run.departure.split)
		leave_connections(&run, status);
	wait_for_keyring(&run);
	if (run.catalogue.user != NULL)
		catalogue_keep(&run.catalogue, surroundings->environment, store->directory, run.jaas.controller->uuid,
			clock_wall(surroundings->clock));
	release(&run);
	return status;
}
