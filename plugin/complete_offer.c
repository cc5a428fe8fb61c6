/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/complete_offer.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/store/choose.h"
#include "common/store/resolve.h"

static void offer_options(const struct complete_line *line, struct candidates *to)
{
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	to->may_be_dashed = true;
	for (size_t i = 0; i < count && i < COMPLETE_OPTIONS_MAX; i++) {
		const struct option_row *row = &table[i];
		scoped(string) char *name = string_format("--%s%s", row->name, row->type == OPTION_BOOLEAN ? "" : "=");
		const char letter[] = {'-', row->letter, '\0'};

		if (line->given[i] || row->listing == NOT_LISTED)
			continue;
		candidates_add(to, name, row->usage);
		/* All letters would only double the list; one that was typed is offered, so that the shell accepts it. */
		if (row->letter != '\0' && strcmp(to->typed, letter) == 0)
			candidates_add(to, letter, row->usage);
	}
}

static void offer_formats(struct candidates *to)
{
	static const enum options_format formats[] = {FORMAT_TABULAR, FORMAT_YAML, FORMAT_JSON};

	for (size_t i = 0; i < array_length(formats); i++)
		candidates_add(to, options_format_name(formats[i]), NULL);
}

static void offer_durations(struct candidates *to)
{
	candidates_add(to, "0", "watch to the end");
	candidates_add(to, "10m", "ten minutes");
	candidates_add(to, "1h", "an hour");
	candidates_add(to, "8h", "eight hours");
}

static void offer_parallel(struct candidates *to)
{
	candidates_add(to, "1", "one after the other");
	candidates_add(to, "4", "as without this option");
	candidates_add(to, "10", NULL);
}

/* Offers the names of the store's JAAS entries, each followed by `end`. */
static void offer_jaas(const struct complete_known *known, const char *end, struct candidates *to)
{
	const struct store *store = known->store;

	for (size_t i = 0; store != NULL && i < store->controllers.count; i++) {
		const struct store_controller *controller = &store->controllers.items[i];
		const struct store_account *account = store_account(store, controller->name);

		if (!store_is_jaas(store, controller) || !choose_name_safe(controller->name) ||
			(end[0] != '\0' && strchr(controller->name, ':') != NULL))
			continue;
		scoped(string) char *value = string_format("%s%s", controller->name, end);
		scoped(string) char *description = string_format(
			"JAAS%s%s", account != NULL ? ", " : ", not logged in", account != NULL ? account->user : "");
		candidates_add(to, value, description);
	}
}

/* ---- controllers ---- */

/* Returns "cloud/region, version", as far as that is known, owned by the caller. */
static char *describe(const struct catalogue_controller *controller)
{
	scoped(text) struct text text = {.ceiling = (size_t)4 * CANDIDATE_DESCRIPTION_MAX};
	bool shows_status = controller->status != NULL && strcmp(controller->status, "available") != 0;

	if (controller->cloud != NULL)
		text_add_string(&text, controller->cloud);
	if (controller->cloud != NULL && controller->region != NULL)
		text_add_format(&text, "/%s", controller->region);
	if (controller->version != NULL)
		text_add_format(&text, "%s%s", text.length > 0 ? ", " : "", controller->version);
	if (shows_status)
		text_add_format(&text, "%s%s", text.length > 0 ? ", " : "", controller->status);
	return text_take(&text);
}

static bool hosts(const struct complete_known *known, const struct catalogue_controller *controller,
	const struct catalogue_model *model)
{
	if (model == NULL || known->now - model->host_at > OFFER_HOST_AGE_MAX)
		return false;
	/* JIMM may know one controller under two names. */
	if (model->host_uuid != NULL && controller->uuid != NULL)
		return strcmp(model->host_uuid, controller->uuid) == 0;
	return string_same(model->host, controller->name);
}

/* True if all models of the line are on this controller already. */
static bool has_all(const struct complete_known *known, const struct catalogue_controller *controller,
	const struct catalogue_model *const *named, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!hosts(known, controller, named[i]))
			return false;
	return count > 0;
}

static void offer_controller(const struct catalogue_controller *controller, struct candidates *to)
{
	scoped(string) char *description = describe(controller);

	candidates_add(to, controller->name, description);
	if (strlen(to->typed) >= OFFER_UUID_MIN && controller->uuid != NULL)
		candidates_add(to, controller->uuid, controller->name);
}

static void offer_targets(const struct complete_line *line, const struct complete_known *known,
	const struct catalogue_model *const *named, size_t count, struct candidates *to)
{
	for (size_t i = 0; i < known->catalogue->controller_count; i++) {
		const struct catalogue_controller *controller = &known->catalogue->controllers[i];
		bool emptied = line->all_from != NULL && strcmp(line->all_from, controller->name) == 0;

		if (!emptied && !has_all(known, controller, named, count))
			offer_controller(controller, to);
	}
}

static bool is_controller(const struct complete_known *known, const char *name)
{
	for (size_t i = 0; i < known->catalogue->controller_count; i++)
		if (strcmp(known->catalogue->controllers[i].name, name) == 0)
			return true;
	return false;
}

/* ---- the models of the line ---- */

/* Returns the model that a word means, borrowed, or NULL. */
static const struct catalogue_model *find(const struct complete_known *known, const char *text)
{
	const struct catalogue *catalogue = known->catalogue;
	scoped(model_word) struct model_word word = {0};
	size_t count = 0;
	size_t found = 0;

	if (known->jaas == NULL || model_word_parse(text, &word, NULL) < 0)
		return NULL;
	scoped(memory) struct resolve_model *list = memory_get(catalogue->model_count, sizeof(*list));
	scoped(memory) size_t *places = memory_get(catalogue->model_count, sizeof(*places));
	for (size_t i = 0; i < catalogue->model_count; i++) {
		const struct catalogue_model *model = &catalogue->models[i];

		if (!offer_can_be_named(model))
			continue;
		places[count] = i;
		list[count++] = (struct resolve_model){model->owner, model->name, model->uuid};
	}
	const char *user = known->user != NULL ? known->user : "";
	if (resolve_model(&word, known->jaas, user, list, count, &found, NULL) < 0)
		return NULL;
	return &catalogue->models[places[found]];
}

/* Fills `named`, which has room for one more than the line has words. Returns how many words are models. */
static size_t find_named(
	const struct complete_line *line, const struct complete_known *known, const struct catalogue_model **named)
{
	size_t count = 0;

	if (line->model != NULL)
		named[count++] = find(known, line->model);
	for (size_t i = 0; i < line->count; i++)
		named[count++] = find(known, line->words[i]);
	return count;
}

/* After a model comes the target or a further model. There are many models, so they are offered only once one has been begun. Nothing
 * comes after a target. */
static void offer_end(const struct complete_line *line, const struct complete_known *known,
	const struct catalogue_model *const *named, size_t count, struct candidates *to)
{
	if (count > 1 && named[count - 1] == NULL && is_controller(known, line->words[line->count - 1]))
		return;
	offer_targets(line, known, named, count, to);
	if (to->typed[0] != '\0' && line->all_from == NULL)
		offer_models(known, named, count, to);
}

static void offer_words(const struct complete_line *line, const struct complete_known *known, struct candidates *to)
{
	scoped(memory) const struct catalogue_model **named =
		memory_get(line->count + 1, sizeof(struct catalogue_model *));
	size_t count = find_named(line, known, named);

	if (line->want == WANT_TARGET) {
		offer_end(line, known, named, count, to);
		return;
	}
	offer_models(known, named, line->want == WANT_MODEL ? 0 : count, to);
	if (strchr(to->typed, ':') == NULL && line->controller == NULL && (to->typed[0] != '\0' || known->jaas == NULL))
		offer_jaas(known, ":", to);
}

void complete_offer(const struct complete_line *line, const struct complete_known *known, struct candidates *to)
{
	switch (line->want) {
	case WANT_NOTHING:
		break;
	case WANT_OPTION:
		offer_options(line, to);
		break;
	case WANT_BOOLEAN:
		candidates_add(to, "true", NULL);
		candidates_add(to, "false", NULL);
		break;
	case WANT_FORMAT:
		offer_formats(to);
		break;
	case WANT_DURATION:
		offer_durations(to);
		break;
	case WANT_PARALLEL:
		offer_parallel(to);
		break;
	case WANT_FILE:
		offer_files(known->home, to);
		break;
	case WANT_JAAS:
		offer_jaas(known, "", to);
		break;
	case WANT_CONTROLLER:
		for (size_t i = 0; i < known->catalogue->controller_count; i++)
			offer_controller(&known->catalogue->controllers[i], to);
		break;
	case WANT_MODEL:
	case WANT_TARGET:
		offer_words(line, known, to);
		break;
	}
}
