/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/complete.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/environment.h"
#include "common/store/choose.h"
#include "common/store/directory.h"
#include "plugin/catalogue_file.h"
#include "plugin/complete_look.h"
#include "plugin/complete_offer.h"
#include "plugin/output.h"

struct completion {
	struct complete_line line;
	const struct surroundings *surroundings;
	struct clock *clock;
	int64_t until; /* of clock_now */
	int64_t now;   /* since 1970 */
	struct store *store;
	struct choose_result jaas;
	char *user;
	struct catalogue_place place;
	struct catalogue catalogue;
	struct catalogue told; /* by a look */
};

static bool wants_names(const struct complete_line *line)
{
	return line->want == WANT_MODEL || line->want == WANT_CONTROLLER || line->want == WANT_TARGET;
}

/* Returns what stands before the colon of a word that may be a model, "" without a colon; owned by the caller. */
static char *jaas_part(const char *word)
{
	const char *colon = word != NULL ? strchr(word, ':') : NULL;

	return string_copy_length(word != NULL ? word : "", colon != NULL ? (size_t)(colon - word) : 0);
}

static void choose(struct completion *completion)
{
	const struct complete_line *line = &completion->line;
	size_t count = 0;
	struct model_word *words = memory_get(line->count + 2, sizeof(*words));
	scoped(string) char *typed = jaas_part(line->typed);
	/* In the place of a target, a colon need not end the name of a JAAS. */
	bool is_model = line->want == WANT_MODEL ||
			(line->want == WANT_TARGET && store_controller(completion->store, typed) != NULL);
	const char *const texts[] = {line->model, is_model ? line->typed : NULL};

	for (size_t i = 0; i < line->count + array_length(texts); i++) {
		const char *text = i < line->count ? line->words[i] : texts[i - line->count];

		if (text != NULL)
			words[count++] =
				(struct model_word){.text = (char *)(uintptr_t)text, .controller = jaas_part(text)};
	}
	const struct choose_request request = {line->controller, words, count, completion->surroundings->environment};
	choose_jaas(completion->store, &request, &completion->jaas, NULL);
	for (size_t i = 0; i < count; i++)
		free(words[i].controller);
	free(words);
}

/* Returns the user that a login would have, owned by the caller: as in login.h, a service account of the environment comes first. */
static char *user_of(const struct completion *completion)
{
	const char *client = environment_given(completion->surroundings->environment, "JUJU_CLIENT_ID");
	const char *secret = environment_given(completion->surroundings->environment, "JUJU_CLIENT_SECRET");

	if (client != NULL && secret != NULL)
		return string_format("%s@serviceaccount", client);
	return string_copy(completion->jaas.account != NULL ? completion->jaas.account->user : NULL);
}

/* ---- the network ---- */

static bool is_old(const struct completion *completion)
{
	int64_t oldest = completion->now - COMPLETE_AGE_MAX;

	return completion->catalogue.models_at < oldest || completion->catalogue.controllers_at < oldest;
}

/* True shortly after a failed look, unless something has changed since that could make the next one succeed. */
static bool is_hopeless(const struct completion *completion)
{
	scoped(string) char *accounts = directory_join(completion->store->directory, "accounts.yaml");
	int64_t tried = catalogue_tried(&completion->place);

	return tried != INSTANT_NONE && tried <= completion->now && completion->now - tried < COMPLETE_PAUSE &&
	       catalogue_changed(accounts) < tried;
}

static void look(struct completion *completion)
{
	if (!is_old(completion) || is_hopeless(completion))
		return;
	if (!complete_look(completion->store, completion->jaas.controller->name, completion->surroundings->environment,
		    completion->clock, completion->until, &completion->told))
		catalogue_mark_tried(&completion->place, completion->now);
	if (completion->told.user == NULL)
		return;
	string_replace(&completion->user, completion->told.user);
	if (!string_same(completion->catalogue.user, completion->told.user)) {
		catalogue_release(&completion->catalogue);
		completion->catalogue.user = string_copy(completion->told.user);
	}
	catalogue_merge(&completion->catalogue, &completion->told);
}

/* ---- what is known ---- */

/* juju's own list has something new only if it was written after ours was told. */
static void add_remembered(struct completion *completion)
{
	scoped(string) char *path = directory_join(completion->store->directory, "models.yaml");
	const char *name = completion->jaas.controller->name;

	if (catalogue_changed(path) < completion->catalogue.models_at || store_read_models(completion->store, NULL) < 0)
		return;
	const struct store_model_list *list = store_model_list(completion->store, name);
	if (list != NULL)
		catalogue_add_remembered(&completion->catalogue, list);
}

static void gather(struct completion *completion)
{
	completion->store = store_read_briefly(completion->surroundings->environment, NULL);
	if (completion->store == NULL)
		return;
	choose(completion);
	if (completion->jaas.controller == NULL || !wants_names(&completion->line))
		return;
	completion->user = user_of(completion);
	catalogue_place_init(&completion->place, completion->surroundings->environment, completion->store->directory,
		completion->jaas.controller->uuid);
	catalogue_read(&completion->place, completion->user, completion->now, &completion->catalogue);
	look(completion);
	add_remembered(completion);
}

static void offer(struct completion *completion)
{
	const struct complete_line *line = &completion->line;
	char *const *environment = completion->surroundings->environment;
	const struct complete_known known = {
		.store = completion->store,
		.jaas = completion->jaas.controller != NULL ? completion->jaas.controller->name : NULL,
		.user = completion->user,
		.catalogue = &completion->catalogue,
		.now = completion->now,
		.home = output_home(environment),
	};
	scoped(candidates) struct candidates candidates = {
		.before = line->before, .typed = line->typed, .may_be_dashed = line->may_be_dashed};

	complete_offer(line, &known, &candidates);
	candidates_print(&candidates, completion->surroundings->out);
	fflush(completion->surroundings->out);
}

static void release(struct completion *completion)
{
	choose_result_release(&completion->jaas);
	store_free(completion->store);
	free(completion->user);
	catalogue_place_release(&completion->place);
	catalogue_release(&completion->catalogue);
	catalogue_release(&completion->told);
	complete_line_release(&completion->line);
}

void complete_run(char *const *words, const struct surroundings *surroundings)
{
	scoped(clock) struct clock *clock = clock_new(surroundings->environment, NULL);
	struct completion completion = {.surroundings = surroundings, .clock = clock};

	if (clock == NULL)
		return;
	completion.until = clock_now(clock) + COMPLETE_BUDGET;
	completion.now = clock_wall(clock);
	catalogue_init(&completion.catalogue);
	catalogue_init(&completion.told);
	complete_line_read(&completion.line, words);
	/* Everything else can be completed from the line alone. */
	if (wants_names(&completion.line) || completion.line.want == WANT_JAAS)
		gather(&completion);
	offer(&completion);
	/* The shell has its candidates and waits for no more. */
	catalogue_write(&completion.place, &completion.told, completion.now + COMPLETE_BUDGET, NULL);
	release(&completion);
}
