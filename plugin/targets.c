/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/targets.h"

#include <stdlib.h>

#include "common/base/text.h"
#include "common/juju/controller.h"
#include "common/juju/jimm.h"
#include "common/store/choose.h"
#include "common/store/resolve.h"
#include "plugin/credentials.h"
#include "plugin/detour.h"

/* Longest list of names, in bytes. */
#define NAMES_MAX 1000
/* Longest text after the names, in bytes. */
#define WORDS_MAX 4000

struct quest {
	const char *jaas;
	struct loop *loop;
	struct session *session;
	struct model_word word;
	char *lead;           /* what the names are */
	char *names;          /* the answer, or NULL */
	bool is_target;       /* the word is the name of a controller */
	struct error *doubt;  /* why the word is no model, or NULL */
	struct error *failed; /* why there is no answer, or NULL */
	struct loop_timer late;
};

static void give_up(struct quest *quest, const struct error *error)
{
	if (quest->failed == NULL)
		quest->failed = error_copy(error);
	loop_stop(quest->loop);
}

static void too_late(void *context)
{
	struct quest *quest = context;
	scoped(error) struct error *error = NULL;

	error_set(&error, ERROR_TIMEOUT, "JIMM does not answer");
	give_up(quest, error);
}

static void take_names(struct quest *quest, const struct jimm_controllers *controllers, const char *lead)
{
	const char *jimm = session_login(quest->session)->controller_uuid;
	scoped(text) struct text names;

	text_init(&names, NAMES_MAX);
	for (size_t i = 0; i < controllers->count; i++) {
		/* Callers without rights get one entry that stands for JIMM itself. */
		if (string_same(controllers->list[i].uuid, jimm))
			continue;
		text_add_format(&names, "%s%s", names.length > 0 ? ", " : "", controllers->list[i].name);
		quest->is_target |= quest->doubt != NULL && string_same(controllers->list[i].name, quest->word.text);
	}
	if (names.length > 0) {
		quest->names = string_format("%s%s", names.data, names.full ? ", ..." : "");
		quest->lead = string_copy(lead);
	}
	loop_stop(quest->loop);
}

static void controllers_told(void *context, struct jimm_controllers *answer, const struct call_result *result)
{
	struct quest *quest = context;

	if (result->error != NULL)
		give_up(quest, result->error);
	else
		take_names(quest, answer, "JIMM knows");
}

/* Old JIMMs do not have this call, and it is for administrators: the plain list of controllers is asked for instead. */
static void targets_told(void *context, struct jimm_controllers *answer, const struct call_result *result)
{
	struct quest *quest = context;

	if (result->error != NULL)
		jimm_list_controllers(session_rpc(quest->session), controllers_told, quest);
	else
		take_names(quest, answer, "it can go to");
}

static void models_told(void *context, struct controller_models *answer, const struct call_result *result)
{
	struct quest *quest = context;
	size_t found = 0;

	if (result->error != NULL) {
		give_up(quest, result->error);
		return;
	}
	struct resolve_model *list = memory_get(answer->count, sizeof(*list));
	for (size_t i = 0; i < answer->count; i++)
		list[i] = (struct resolve_model){answer->list[i].owner, answer->list[i].name, answer->list[i].uuid};
	int status = resolve_model(&quest->word, quest->jaas, session_login(quest->session)->identity, list,
		answer->count, &found, &quest->doubt);
	free(list);
	if (status < 0)
		jimm_list_controllers(session_rpc(quest->session), controllers_told, quest);
	else
		jimm_list_migration_targets(session_rpc(quest->session), answer->list[found].uuid, targets_told, quest);
}

static void opened(void *context, const struct error *error)
{
	struct quest *quest = context;

	if (error != NULL)
		give_up(quest, error);
	else
		controller_all_models(session_rpc(quest->session),
			facades_best(&session_login(quest->session)->facades, "Controller"), models_told, quest);
}

static void ended(void *context, const struct error *error)
{
	give_up(context, error);
}

static void quest_release(struct quest *quest)
{
	if (quest->loop != NULL)
		loop_timer_cancel(quest->loop, &quest->late);
	session_close(quest->session);
	loop_free(quest->loop);
	model_word_release(&quest->word);
	free(quest->lead);
	free(quest->names);
	error_free(quest->failed);
	error_free(quest->doubt);
}

SCOPED_DEFINE_STRUCT(quest, struct quest, quest_release)

/* Runs the loop until there is an answer or none is to come. */
static int ask(struct quest *quest, struct credentials *credentials, const struct surroundings *surroundings,
	struct error **error)
{
	quest->loop = loop_new(surroundings->clock, surroundings->log, error);
	if (quest->loop == NULL)
		return -1;
	loop_timer_set(quest->loop, &quest->late, loop_now(quest->loop) + TARGETS_TIMEOUT, too_late, quest);
	quest->session =
		session_open(credentials_place(credentials, quest->loop), NULL, quest->jaas, opened, ended, quest);
	int status = loop_run(quest->loop, error);
	if (status == 0 && quest->names == NULL && quest->failed != NULL)
		status = error_move(error, steal(quest->failed));
	return status;
}

static int find(struct quest *quest, const struct options *options, const struct surroundings *surroundings,
	struct error **error)
{
	scoped(store) struct store *store = store_read(surroundings->environment, error);
	scoped(choose_result) struct choose_result jaas = {NULL, NULL, NULL};
	scoped(remember) struct remember remember;
	struct credentials credentials = {.surroundings = NULL};

	remember_init(&remember, surroundings);
	if (store == NULL || model_word_parse(options->models[0], &quest->word, error) < 0)
		return -1;
	const struct choose_request request = {
		.option = options->controller,
		.models = &quest->word,
		.model_count = 1,
		.environment = surroundings->environment,
	};
	if (choose_jaas(store, &request, &jaas, error) < 0)
		return -1;
	quest->jaas = jaas.controller->name;
	const struct credentials_plan plan = {
		.store = store,
		.controller = quest->jaas,
		.surroundings = surroundings,
		.remember = &remember,
		.alone = true,
	};
	int status = credentials_init(&credentials, &plan, error);
	if (status == 0)
		status = ask(quest, &credentials, surroundings, error);
	if (status < 0)
		detour_name(jaas.controller, surroundings->environment, error);
	session_close(steal(quest->session));
	credentials_release(&credentials);
	return status;
}

int targets_refuse(const struct options *options, const struct surroundings *surroundings, struct error **error)
{
	scoped(quest) struct quest quest = {.jaas = NULL};
	scoped(error) struct error *failed = NULL;
	scoped(text) struct text words;

	text_init(&words, WORDS_MAX);
	if (find(&quest, options, surroundings, &failed) < 0 && quest.doubt == NULL)
		text_add_format(&words, "\n  cannot tell where it can go: %s", failed->message);
	if (quest.is_target)
		return error_set(error, ERROR_USAGE, "model not specified; %s is a controller", quest.word.text);
	if (quest.doubt != NULL)
		text_add_format(&words, "\n  %s", quest.doubt->message);
	return error_set(error, ERROR_USAGE, "target controller not specified%s%s%s%s%s",
		quest.names != NULL ? "; " : "", quest.names != NULL ? quest.lead : "", quest.names != NULL ? ": " : "",
		quest.names != NULL ? quest.names : "", words.length > 0 ? words.data : "");
}
