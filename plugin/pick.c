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

/* ---- the asking ---- */

static void listed(void *context, struct lists *lists, const struct error *error)
{
	struct pick *pick = context;

	if (error == NULL)
		take_typed(pick->run, &lists->models);
	pick->done(pick->run, error != NULL ? error_copy(error) : NULL);
}

void pick_begin(struct pick *pick, struct run *run, pick_done *done)
{
	struct rpc *rpc = remote_api(run->remote);
	struct error *error = NULL;

	pick->run = run;
	pick->done = done;
	if (rpc == NULL) {
		error_set(&error, ERROR_NETWORK, "the connection to JIMM has ended");
		done(run, error);
		return;
	}
	pick->asking = lists_ask(rpc, remote_login(run->remote), LISTS_MODELS, listed, pick);
}

void pick_release(struct pick *pick)
{
	lists_forget(pick->asking);
	*pick = (struct pick){.run = NULL};
}
