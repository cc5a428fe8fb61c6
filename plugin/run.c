/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/run.h"

#include <stdlib.h>
#include <string.h>

#include "common/store/resolve.h"
#include "plugin/detour.h"
#include "plugin/records.h"
#include "plugin/telling.h"

/* ---- before the network ---- */

static int parse_words(struct run *run, struct error **error)
{
	for (size_t i = 0; i < run->count; i++)
		if (model_word_parse(run->subjects[i].typed, &run->subjects[i].word, error) < 0)
			return -1;
	return 0;
}

static int choose(struct run *run, struct error **error)
{
	scoped(memory) struct model_word *words = memory_get(run->count, sizeof(*words));

	for (size_t i = 0; i < run->count; i++)
		words[i] = run->subjects[i].word;
	const struct choose_request request = {
		.option = run->options->controller,
		.models = words,
		.model_count = run->count,
		.environment = run->surroundings->environment,
	};
	return choose_jaas(run->store, &request, &run->jaas, error);
}

/* What logins have brought while one loop ran is kept for the next one. */
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

static void logins_written(void *context)
{
	struct run *run = context;

	loop_stop(run->loop);
}

static void evidence_read(void *context)
{
	struct run *run = context;

	credentials_settle(&run->credentials, logins_written, run);
}

static void finished(void *context)
{
	struct run *run = context;

	const struct evidence_plan plan = {
		.engine = run->engine,
		.count = run->count,
		.place = run->place,
		.witnesses = witnesses_store(&run->witnesses),
		.store = run->store,
		.done = evidence_read,
		.context = run,
	};

	/* A run that is interrupted waits neither for a log nor for another process's lock. After a split this process must not use the
	 * sockets and locks any more, and the copy has nobody to show a log to. */
	if (run->departure.signal != 0 || run->departure.split || run->departure.copy)
		loop_stop(run->loop);
	else if (!evidence_begin(&run->evidence, &plan))
		evidence_read(run);
}

/* The words of all models, borrowed; the list is the caller's (free()). */
static const char **words_of(const struct run *run)
{
	const char **words = memory_get(run->count, sizeof(*words));

	for (size_t i = 0; i < run->count; i++)
		words[i] = run->subjects[i].typed;
	return words;
}

static int show(struct run *run, struct error **error)
{
	scoped(memory) const char **words = words_of(run);

	const struct live_models models = {words, run->count, run->target};

	if (!live_wanted(run->options, run->surroundings))
		return 0;
	return live_begin(&run->live, run->loop, run->surroundings, &models, error);
}

static void begin(struct run *run)
{
	struct migration_port port = remote_port(run->remote);
	struct engine_listener listener = {run, telling_news, finished};
	scoped(memory) const char **words = words_of(run);
	struct engine_plan plan = {
		.jimm_uuid = remote_login(run->remote)->controller_uuid,
		.user = remote_login(run->remote)->identity,
		.words = words,
		.count = run->count,
		.parallel = run->parallel,
		.target = run->target,
		.dry_run = run->options->dry_run,
		.no_wait = run->options->no_wait,
	};

	run->engine = engine_new(&plan, &port, &listener);
	remote_serve(run->remote, run->engine);
	departure_serve(&run->departure, run->engine, run->remote);
	live_serve(&run->live, run->engine);
	live_logged_in(&run->live, run->jaas.controller->name);
	engine_begin(run->engine, loop_now(run->loop));
}

static void keep(struct run *run)
{
	if (run->options->remember && !credentials_keep(&run->credentials, &run->remember))
		message_notice(&run->surroundings->messages,
			"nothing new to keep in the keyring for %s: this run has logged in with what is stored already",
			run->jaas.controller->name);
}

static void fail(struct run *run, struct error *error)
{
	run->failed = error;
	loop_stop(run->loop);
}

/* It is known now which models these are. */
static void picked(void *context, struct error *error)
{
	struct run *run = context;

	if (error == NULL && run->count > 0)
		show(run, &error);
	if (error != NULL) {
		fail(run, error);
		return;
	}
	if (run->count == 0) {
		run->nothing = true;
		loop_stop(run->loop);
		return;
	}
	remote_expect(run->remote, run->count);
	begin(run);
}

static void connected(void *context, const struct error *error)
{
	struct run *run = context;

	if (error != NULL) {
		struct error *failed = error_copy(error);

		detour_name(run->jaas.controller, run->surroundings->environment, &failed);
		fail(run, failed);
		return;
	}
	keep(run);
	if (run->picks)
		pick_begin(&run->pick, run, picked);
	else
		begin(run);
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

static void connect(struct run *run)
{
	scoped(memory) const char **uuids = memory_get(run->count, sizeof(*uuids));

	/* With many models the engine decides which ones are logged in to, and when. */
	if (run->count == 1) {
		const struct store_model *model =
			choose_remembered(run->store, run->jaas.controller->name, &run->subjects[0].word, NULL);

		uuids[0] = model != NULL ? model->uuid : NULL;
	}
	witnesses_init(
		&run->witnesses, run->store, run->loop, run->surroundings, &run->remember, run->options->remember);
	const struct remote_store store = witnesses_store(&run->witnesses);
	const struct remote_plan plan = {
		.store = &store,
		.place = run->place,
		.count = run->picks ? 0 : run->count,
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

/* ---- its parts in their order ---- */

struct subject *run_add(struct run *run, const char *word)
{
	run->subjects = memory_room(run->subjects, run->count, &run->capacity, sizeof(*run->subjects));
	struct subject *subject = &run->subjects[run->count++];
	*subject = (struct subject){.typed = string_copy(word), .started = INSTANT_NONE, .ended = INSTANT_NONE};
	return subject;
}

static void subject_release(struct subject *subject)
{
	free(subject->typed);
	model_word_release(&subject->word);
	for (size_t i = 0; i < array_length(subject->troubles); i++)
		free(subject->troubles[i]);
}

void run_drop(struct run *run, size_t index)
{
	subject_release(&run->subjects[index]);
	run->count--;
	memmove(&run->subjects[index], &run->subjects[index + 1], (run->count - index) * sizeof(*run->subjects));
}

int run_begin(struct run *run, char *const *words, size_t count, struct error **error)
{
	for (size_t i = 0; i < count; i++)
		run_add(run, words[i]);
	progress_init(&run->progress, &run->surroundings->messages, run->surroundings->clock);
	run->loop = loop_new(run->surroundings->clock, run->surroundings->log, error);
	return run->loop != NULL ? 0 : -1;
}

int run_choose(struct run *run, struct error **error)
{
	if (parse_words(run, error) < 0 || choose(run, error) < 0)
		return -1;
	if (run->jaas.notice != NULL)
		message_notice(&run->surroundings->messages, "%s", run->jaas.notice);
	return 0;
}

int run_work(struct run *run, struct report *report, struct error **error)
{
	if (make_place(run, error) < 0)
		return -1;
	if (departure_begin(&run->departure, run->loop, run->surroundings, run->options->timeout, error) < 0)
		return -1;
	/* The loop stands still while a keyring is asked. */
	run->remember.place.leave = run->departure.descriptor;
	if (!run->picks && show(run, error) < 0)
		return -1;
	connect(run);
	int ran = loop_run(run->loop, error);
	live_end(&run->live);
	if (ran < 0)
		return -1;
	pick_end(&run->pick);
	if (run->nothing)
		return 0;
	if (run->engine == NULL)
		return departure_before(&run->departure, steal(run->failed), error);
	for (size_t i = 0; i < run->count; i++)
		records_add(run, report, i);
	return 0;
}

void run_end(struct run *run)
{
	evidence_release(&run->evidence);
	if (run->engine != NULL)
		remote_settle(run->remote, INSTANT_MINUTE);
	engine_free(steal(run->engine));
	remote_free(steal(run->remote));
	pick_release(&run->pick);
	credentials_leave(&run->credentials);
	witnesses_release(&run->witnesses);
	loop_free(steal(run->loop));
	run->remember.place.leave = 0;
	departure_serve(&run->departure, NULL, NULL);
	progress_release(&run->progress);
	live_release(&run->live);
	for (size_t i = 0; i < run->count; i++)
		subject_release(&run->subjects[i]);
	free(steal(run->subjects));
	error_free(steal(run->failed));
	run->count = run->capacity = 0;
}

void run_release(struct run *run)
{
	run_end(run);
	departure_release(&run->departure);
	remember_release(&run->remember);
	credentials_release(&run->credentials);
	catalogue_release(&run->catalogue);
	choose_result_release(&run->jaas);
	journal_release(&run->journal);
}
