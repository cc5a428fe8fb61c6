/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/command.h"

#include <stdlib.h>

#include "common/migration/remote.h"
#include "common/store/choose.h"
#include "common/store/resolve.h"
#include "common/store/store.h"
#include "plugin/departure.h"
#include "plugin/progress.h"
#include "plugin/report.h"
#include "plugin/words.h"

/* Certificates in this folder are trusted beside a controller's own, as juju does. */
#define CA_DIRECTORY "/etc/juju/certs.d"

/* One model of this run. */
struct subject {
	struct model_word word;
	int64_t started, ended; /* wall clock */
};

struct run {
	const struct options *options;
	struct surroundings *surroundings;
	const struct store *store;
	struct choose_result jaas;
	struct session_place place;
	struct dial_remembered *remembered;
	struct journal journal;
	struct secret *token; /* read anew, when the first one has expired */
	struct loop *loop;
	struct remote *remote;
	struct engine *engine;
	struct departure departure;
	struct progress progress;
	struct subject *subjects;
	size_t count;
	struct error *failed; /* why there is no result */
};

/* ---- before the network ---- */

static int take_words(struct run *run, struct error **error)
{
	scoped(memory) struct model_word *words = memory_get(run->count, sizeof(*words));

	for (size_t i = 0; i < run->count; i++) {
		if (model_word_parse(run->options->models[i], &run->subjects[i].word, error) < 0)
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

static void remember_hosts(struct run *run, const struct store_controller *controller)
{
	run->remembered = memory_get(controller->host_count, sizeof(*run->remembered));
	for (size_t i = 0; i < controller->host_count; i++)
		run->remembered[i] = (struct dial_remembered){
			.host = controller->hosts[i].host,
			.addresses = (const char *const *)controller->hosts[i].addresses,
			.count = controller->hosts[i].address_count,
		};
	run->place.target.remembered = run->remembered;
	run->place.target.remembered_count = controller->host_count;
}

static int make_place(struct run *run, struct error **error)
{
	const struct store_controller *controller = run->jaas.controller;
	const struct store_account *account = run->jaas.account;

	run->place.loop = run->loop;
	run->place.log = run->surroundings->log;
	run->place.target = (struct dial_target){
		.endpoints = (const char *const *)controller->endpoints,
		.endpoint_count = controller->endpoint_count,
		.ca_certificate = controller->ca_certificate,
		.public_hostname = controller->public_hostname,
		.ca_directory = CA_DIRECTORY,
		.environment = run->surroundings->environment,
	};
	run->place.account = (struct login_account){
		.controller = controller->name,
		.controller_uuid = controller->uuid,
		.user = account != NULL ? account->user : NULL,
		.token = account != NULL ? account->access_token : NULL,
	};
	if (controller->proxied)
		return error_set(error, ERROR_STORE,
			"controller %s is reached through a %s tunnel, which only juju itself can open; register it "
			"with an address "
			"that can be reached",
			controller->name, controller->proxy_type);
	if (controller->endpoint_count == 0)
		return error_set(error, ERROR_STORE,
			"controller %s has no API addresses in %s; log in to it again with \"juju login -c %s\"",
			controller->name, run->store->controllers.file, controller->name);
	remember_hosts(run, controller);
	return login_check(&run->place.account, error);
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

static void told(void *context, const struct migration *migration, enum migration_news news)
{
	struct run *run = context;
	struct subject *subject = &run->subjects[migration - engine_migration(run->engine, 0)];
	scoped(string) char *name = words_model(migration);
	scoped(string) char *line = words_news(migration, news);

	if (news == NEWS_STARTED || news == NEWS_LOST)
		subject->started = clock_wall(run->surroundings->clock);
	if (news == NEWS_ENDED)
		subject->ended = clock_wall(run->surroundings->clock);
	if (news == NEWS_ALARM)
		message_warning(&run->surroundings->messages, "%s: %s", name, line);
	else if (line != NULL)
		progress_stage(&run->progress, name, line);
	departure_check(&run->departure);
}

static void finished(void *context)
{
	struct run *run = context;

	loop_stop(run->loop);
}

static void begin(struct run *run)
{
	struct migration_port port = remote_port(run->remote);
	struct engine_listener listener = {run, told, finished};
	struct engine_plan plan = {
		.jimm_uuid = remote_login(run->remote)->controller_uuid,
		.words = (const char *const *)run->options->models,
		.count = run->count,
		.target = run->options->target,
		.dry_run = run->options->dry_run,
		.no_wait = run->options->no_wait,
	};

	run->engine = engine_new(&plan, &port, &listener);
	remote_serve(run->remote, run->engine);
	departure_serve(&run->departure, run->engine);
	engine_begin(run->engine, loop_now(run->loop));
}

static void connected(void *context, const struct error *error)
{
	struct run *run = context;

	if (error == NULL) {
		begin(run);
		return;
	}
	run->failed = error_copy(error);
	loop_stop(run->loop);
}

static void warn(void *context, const char *text)
{
	const struct run *run = context;

	message_warning(&run->surroundings->messages, "%s", text);
}

/* Somebody may have logged in again in the meantime: the store has the new token then. */
static void refresh(void *context)
{
	struct run *run = context;
	scoped(store) struct store *store = store_read(run->surroundings->environment, NULL);
	const struct store_controller *controller =
		store != NULL ? store_controller(store, run->jaas.controller->name) : NULL;
	const struct store_account *account = store != NULL ? store_account(store, run->jaas.controller->name) : NULL;

	if (controller == NULL || account == NULL || account->access_token == NULL ||
		!string_same(controller->uuid, run->jaas.controller->uuid))
		return;
	struct secret *old = run->token;
	run->token = secret_copy(account->access_token);
	run->place.account.token = run->token;
	secret_free(old);
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
	const struct remote_plan plan = {
		.place = &run->place,
		.count = run->count,
		.remembered = uuids,
		.resolve = resolve,
		.connected = connected,
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

static void add_record(struct run *run, struct report *report, size_t index)
{
	const struct migration *migration = engine_migration(run->engine, index);
	const struct words_about about = {run->jaas.controller->name};
	struct report_record *record = report_add(report);

	record->model = words_model(migration);
	record->model_uuid = string_copy(migration->uuid);
	record->from = string_copy(string_given(migration->source_name) ? migration->source_name : NULL);
	record->to = string_copy(migration->target_name);
	record->migration_id = string_copy(migration->migration_id);
	record->message = words_outcome(migration, &about);
	record->result = migration->result;
	if (migration->recorded)
		record->jimm_updated = ANSWER_YES;
	else if (migration->state.sent != 0)
		record->jimm_updated = ANSWER_NO;
	record->started = run->subjects[index].started;
	record->ended = run->subjects[index].ended;
}

static void say_error(const struct run *run, const struct report_record *record)
{
	/* Where no model was found there is none to name. */
	scoped(string) char *text = record->model_uuid != NULL ? string_format("%s: %s", record->model, record->message)
							       : string_copy(record->message);

	message_error(&run->surroundings->messages, text);
}

static int publish(struct run *run, struct error **error)
{
	scoped(report) struct report report;

	report_init(&report);
	for (size_t i = 0; i < run->count; i++)
		add_record(run, &report, i);
	if (report_publish(&report, run->options, run->surroundings, error) < 0)
		return -1;
	for (size_t i = 0; i < report.record_count; i++)
		if (report_is_error(&report.records[i]))
			say_error(run, &report.records[i]);
	return report_status(&report, departure_end(&run->departure, run->options->no_wait));
}

static int work(struct run *run, struct error **error)
{
	if (take_words(run, error) < 0)
		return -1;
	if (run->jaas.notice != NULL)
		message_notice(&run->surroundings->messages, "%s", run->jaas.notice);
	if (run->jaas.controller == NULL || make_place(run, error) < 0)
		return -1;
	if (departure_begin(&run->departure, run->loop, run->surroundings, run->options->timeout, error) < 0)
		return -1;
	open_journal(run);
	connect(run);
	if (loop_run(run->loop, error) < 0)
		return -1;
	if (run->engine == NULL)
		return departure_before(&run->departure, steal(run->failed), error);
	return publish(run, error);
}

static void release(struct run *run)
{
	engine_free(run->engine);
	remote_free(run->remote);
	loop_free(run->loop);
	journal_release(&run->journal);
	secret_free(run->token);
	departure_release(&run->departure);
	progress_release(&run->progress);
	choose_result_release(&run->jaas);
	for (size_t i = 0; i < run->count; i++)
		model_word_release(&run->subjects[i].word);
	free(run->subjects);
	free(run->remembered);
	error_free(run->failed);
}

int command_run(const struct options *options, struct surroundings *surroundings, struct error **error)
{
	if (options->model_count > 1)
		return error_set(error, ERROR_USAGE, "too many arguments specified: one model at a time");
	scoped(store) struct store *store = store_read(surroundings->environment, error);
	if (store == NULL)
		return -1;
	struct run run = {
		.options = options,
		.surroundings = surroundings,
		.store = store,
		.count = options->model_count,
		.loop = loop_new(surroundings->clock, surroundings->log, error),
	};
	int status = -1;

	run.subjects = memory_get(run.count, sizeof(*run.subjects));
	for (size_t i = 0; i < run.count; i++)
		run.subjects[i] = (struct subject){.started = INSTANT_NONE, .ended = INSTANT_NONE};
	progress_init(&run.progress, &surroundings->messages, surroundings->clock);
	if (run.loop != NULL)
		status = work(&run, error);
	release(&run);
	return status;
}
