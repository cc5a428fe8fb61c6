/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/pick.h"

#include <stdlib.h>

#include "common/base/text.h"
#include "common/store/resolve.h"
#include "plugin/run.h"

/* ---- what was typed ---- */

/* Returns the UUID that a word means, borrowed from the list, or NULL: it is for the engine to say why there is none. */
static const char *meaning(
	const struct run *run, const struct subject *subject, const struct resolve_model *list, size_t count)
{
	size_t found = 0;

	if (resolve_model(&subject->word, run->jaas.controller->name, remote_login(run->remote)->identity, list, count,
		    &found, NULL) < 0)
		return NULL;
	return list[found].uuid;
}

static bool same(const struct subject *one, const char *one_uuid, const struct subject *other, const char *other_uuid)
{
	return string_same(one->typed, other->typed) || (one_uuid != NULL && string_same(one_uuid, other_uuid));
}

static void say_twice(const struct run *run, const struct subject *first, const struct subject *again)
{
	const struct messages *messages = &run->surroundings->messages;
	scoped(string) char *one = text_printable(first->typed);
	scoped(string) char *other = text_printable(again->typed);

	if (string_same(one, other))
		message_notice(messages, "%s is named twice: taken once", one);
	else
		message_notice(messages, "%s and %s are the same model: taken once", one, other);
}

/* Keeps of each model the word that came first. */
static void drop_doubles(struct run *run, const struct resolve_model *list, size_t count)
{
	scoped(memory) const char **uuids = memory_get(run->count, sizeof(*uuids));

	for (size_t i = 0; i < run->count;) {
		size_t first = 0;

		uuids[i] = meaning(run, &run->subjects[i], list, count);
		while (first < i && !same(&run->subjects[first], uuids[first], &run->subjects[i], uuids[i]))
			first++;
		if (first == i) {
			i++;
			continue;
		}
		say_twice(run, &run->subjects[first], &run->subjects[i]);
		run_drop(run, i);
	}
}

static void take_typed(struct run *run, const struct controller_models *models)
{
	scoped(memory) struct resolve_model *list = memory_get(models->count, sizeof(*list));

	for (size_t i = 0; i < models->count; i++)
		list[i] = (struct resolve_model){models->list[i].owner, models->list[i].name, models->list[i].uuid};
	drop_doubles(run, list, models->count);
}

/* ---- all that a controller hosts ---- */

static void answered(void *context, bool yes)
{
	struct pick *pick = context;
	struct error *error = NULL;

	if (!yes)
		error_set(&error, ERROR_FAILED, "aborted");
	pick->done(pick->run, error);
}

/* Its UUID finds it again in whatever is listed later; a person gets a name. */
static int take_model(struct run *run, const struct hosted_model *model, struct error **error)
{
	scoped(string) char *name = string_format("%s/%s", model->owner, model->name);
	struct subject *subject = run_add(run, *model->owner != '\0' ? name : model->uuid);

	return model_word_parse(model->uuid, &subject->word, error);
}

/* What moves nothing needs no word about it. */
static void tell_or_ask(struct pick *pick, const struct hosted *hosted)
{
	const struct options *options = pick->run->options;
	struct surroundings *surroundings = pick->run->surroundings;
	scoped(string) char *text = confirm_text(hosted, pick->run->target);

	if (options->dry_run || options->no_prompt) {
		message_notice(&surroundings->messages, "%s", text);
		pick->done(pick->run, NULL);
		return;
	}
	message_request(&surroundings->messages, "%s", text);
	confirm_ask(&pick->confirm, pick->run->loop, surroundings, answered, pick);
}

/* Returns 0 when there is something to move, 1 when there is not, -1 with an error. */
static int take_hosted(struct run *run, const struct lists *lists, struct hosted *hosted, struct error **error)
{
	const char *jimm = remote_login(run->remote)->controller_uuid;

	if (hosted_known(lists, jimm, run->target, error) < 0 ||
		hosted_find(lists, jimm, run->options->all_from, hosted, error) < 0)
		return -1;
	for (size_t i = 0; i < hosted->count; i++)
		if (take_model(run, &hosted->list[i], error) < 0)
			return -1;
	if (hosted->count > 0)
		return 0;
	message_notice(&run->surroundings->messages, "%s hosts no model%s%s", hosted->controller,
		hosted->partly ? " that you may see" : "", hosted->left_out > 0 ? " but its own" : "");
	return 1;
}

static void empty_controller(struct pick *pick, const struct lists *lists)
{
	struct hosted hosted __attribute__((cleanup(scoped_hosted_release))) = {.controller = NULL};
	struct error *error = NULL;

	if (take_hosted(pick->run, lists, &hosted, &error) == 0)
		tell_or_ask(pick, &hosted);
	else
		pick->done(pick->run, error);
}

/* ---- the asking ---- */

static void listed(void *context, struct lists *lists, const struct error *error)
{
	struct pick *pick = context;

	if (error == NULL && pick->run->options->all_from != NULL) {
		empty_controller(pick, lists);
		return;
	}
	if (error == NULL)
		take_typed(pick->run, &lists->models);
	pick->done(pick->run, error != NULL ? error_copy(error) : NULL);
}

void pick_begin(struct pick *pick, struct run *run, pick_done *done)
{
	enum lists_wish wish = run->options->all_from != NULL ? LISTS_PLACES : LISTS_MODELS;
	struct rpc *rpc = remote_api(run->remote);
	struct error *error = NULL;

	pick->run = run;
	pick->done = done;
	if (rpc == NULL) {
		error_set(&error, ERROR_NETWORK, "the connection to JIMM has ended");
		done(run, error);
		return;
	}
	pick->asking = lists_ask(rpc, remote_login(run->remote), wish, listed, pick);
}

void pick_end(struct pick *pick)
{
	confirm_release(&pick->confirm);
}

void pick_release(struct pick *pick)
{
	pick_end(pick);
	lists_forget(pick->asking);
	*pick = (struct pick){.run = NULL};
}
