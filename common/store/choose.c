/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/choose.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/environment.h"
#include "common/base/nearest.h"
#include "common/base/shell.h"
#include "common/base/text.h"
#include "common/store/resolve.h"

/* Longest list of names in a message, and longest name in it, in bytes. */
#define NAMES_MAX ((size_t)8 * 1024)
#define SHOWN_MAX 200
/* Where a controller was named that stands before the colon of a model. */
#define MODEL_ARGUMENT "the model argument"

/* The controller that was named explicitly, and where. */
struct named {
	char *name; /* NULL: none was */
	const char *source;
};

static inline void scoped_named_release(struct named *named)
{
	free(named->name);
}

static char *shown(const char *foreign)
{
	return text_printable_length(foreign, strlen(foreign), SHOWN_MAX);
}

/* Adds a name, quoted for a shell. */
static void add_argument(struct text *list, const char *name)
{
	scoped(string) char *printable = shown(name);
	scoped(string) char *word = shell_word(printable);

	text_add_string(list, word);
}

/* Returns the names of the store's controllers (with `only_jaas`, of the JAAS ones), each with `before` in front, owned by
 * the caller; "" when there is none. */
static char *names(const struct store *store, int only_jaas, const char *before, const char *between)
{
	scoped(text) struct text list;

	text_init(&list, NAMES_MAX);
	for (size_t i = 0; i < store->controllers.count; i++) {
		const struct store_controller *controller = &store->controllers.items[i];
		if (only_jaas && !store_is_jaas(store, controller))
			continue;
		text_add_format(&list, "%s%s", list.length > 0 ? between : "", before);
		add_argument(&list, controller->name);
	}
	int cut = list.full;
	scoped(string) char *text = text_take(&list);
	return string_format("%s%s", text, cut ? " ..." : "");
}

int choose_name_safe(const char *name)
{
	return name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strchr(name, '/') == NULL;
}

/* Takes the controller of -c and of the model words, which must all be the same. */
static int named_by_words(const struct choose_request *request, struct named *named, struct error **error)
{
	const char *option = string_given(request->option) ? request->option : NULL;
	const struct model_word *first = NULL;

	for (size_t i = 0; i < request->model_count; i++) {
		const struct model_word *word = &request->models[i];
		if (word->controller[0] == '\0')
			continue;
		scoped(string) char *text = shown(word->text);
		if (option != NULL && strcmp(word->controller, option) != 0) {
			scoped(string) char *other = shown(option);
			return error_set(error, ERROR_USAGE,
				"-c %s and model %s name different controllers; leave one of the two out", other, text);
		}
		if (first != NULL && strcmp(word->controller, first->controller) != 0) {
			scoped(string) char *other = shown(first->text);
			return error_set(error, ERROR_USAGE,
				"models %s and %s name different controllers; run this once for each", other, text);
		}
		first = word;
	}
	if (option != NULL)
		*named = (struct named){string_copy(option), "-c"};
	else if (first != NULL)
		*named = (struct named){string_copy(first->controller), MODEL_ARGUMENT};
	return 0;
}

static int named_by_environment(char *const *environment, struct named *named, struct error **error)
{
	const char *model = environment_given(environment, "JUJU_MODEL");
	const char *controller = environment_given(environment, "JUJU_CONTROLLER");
	const char *colon = model != NULL ? strchr(model, ':') : NULL;
	scoped(string) char *part =
		colon != NULL && colon != model ? string_copy_length(model, (size_t)(colon - model)) : NULL;

	if (part != NULL && controller != NULL && strcmp(part, controller) != 0) {
		scoped(string) char *one = shown(part);
		scoped(string) char *other = shown(controller);
		return error_set(error, ERROR_FAILED,
			"controller name from JUJU_MODEL (%s) conflicts with value in JUJU_CONTROLLER (%s); "
			"unset one of them, or give -c",
			one, other);
	}
	if (part != NULL)
		*named = (struct named){steal(part), "JUJU_MODEL"};
	else if (controller != NULL)
		*named = (struct named){string_copy(controller), "JUJU_CONTROLLER"};
	return 0;
}

static int refuse_plain(const struct store *store, const struct named *named, struct error **error)
{
	scoped(string) char *name = shown(named->name);
	scoped(string) char *jaas = names(store, 1, "-c ", " or ");

	if (jaas[0] == '\0')
		return error_set(error, ERROR_STORE,
			"controller %s (from %s) is not a JAAS, nor is any other controller in %s; "
			"log in to one with \"juju login <jaas address>\"",
			name, named->source, store->controllers.file);
	/* With -c beside it the two would name different controllers. */
	int in_word = strcmp(named->source, MODEL_ARGUMENT) == 0;
	return error_set(error, ERROR_STORE, "controller %s (from %s) is not a JAAS; %suse %s", name, named->source,
		in_word ? "leave it out there, and " : "", jaas);
}

static int refuse_unknown(const struct store *store, const struct named *named, struct error **error)
{
	scoped(string) char *name = shown(named->name);
	scoped(string) char *known = names(store, 0, "", ", ");
	struct nearest nearest;

	nearest_init(&nearest, named->name);
	for (size_t i = 0; i < store->controllers.count; i++)
		nearest_take(&nearest, store->controllers.items[i].name);
	scoped(string) char *meant = nearest_text(&nearest);
	if (meant != NULL)
		return error_set(error, ERROR_STORE, "controller %s not found (from %s); did you mean %s?", name,
			named->source, meant);
	return error_set(error, ERROR_STORE, "controller %s not found (from %s); %s has %s", name, named->source,
		store->controllers.file, known);
}

/* Returns the controller that was named, or NULL with an error. */
static const struct store_controller *take_named(
	const struct store *store, const struct named *named, struct error **error)
{
	const struct store_controller *controller = store_controller(store, named->name);

	if (controller == NULL)
		refuse_unknown(store, named, error);
	else if (!store_is_jaas(store, controller))
		refuse_plain(store, named, error);
	else
		return controller;
	return NULL;
}

static int refuse_number(const struct store *store, size_t jaas_count, struct error **error)
{
	scoped(string) char *known = jaas_count > 0 ? names(store, 1, "-c ", " or ") : names(store, 0, "", ", ");

	if (jaas_count > 0)
		return error_set(error, ERROR_STORE, "several JAAS controllers in %s, none of them current; use %s",
			store->controllers.file, known);
	return error_set(error, ERROR_STORE,
		"no JAAS controller in %s, only %s; log in to one with \"juju login <jaas address>\"",
		store->controllers.file, known);
}

static char *only_one(const struct store *store, const struct store_controller *controller)
{
	scoped(string) char *name = shown(controller->name);
	scoped(string) char *current = shown(store->controllers.current);

	if (current[0] == '\0')
		return string_format("Using %s, the only JAAS controller; none is current", name);
	return string_format("Using %s, the only JAAS controller; the current one, %s, is not a JAAS", name, current);
}

/* Returns the current controller if it is a JAAS, else the only one, with a notice; or NULL with an error. */
static const struct store_controller *take_unnamed(const struct store *store, char **notice, struct error **error)
{
	const struct store_controller *current = store_controller(store, store->controllers.current);
	const struct store_controller *only = NULL;
	size_t count = 0;

	if (current != NULL && store_is_jaas(store, current))
		return current;
	for (size_t i = 0; i < store->controllers.count; i++) {
		if (!store_is_jaas(store, &store->controllers.items[i]))
			continue;
		only = &store->controllers.items[i];
		count++;
	}
	if (count != 1) {
		refuse_number(store, count, error);
		return NULL;
	}
	*notice = only_one(store, only);
	return only;
}

static int refuse_unsafe(const char *name, const char *source, struct error **error)
{
	scoped(string) char *printable = shown(name);

	return error_set(error, ERROR_USAGE,
		"cannot use controller name \"%s\" (from %s): it cannot be part of a file name", printable, source);
}

int choose_jaas(const struct store *store, const struct choose_request *request, struct choose_result *result,
	struct error **error)
{
	scoped(named) struct named named = {NULL, NULL};
	scoped(string) char *notice = NULL;

	*result = (struct choose_result){NULL, NULL, NULL};
	if (named_by_words(request, &named, error) != 0)
		return -1;
	if (named.name == NULL && named_by_environment(request->environment, &named, error) != 0)
		return -1;
	if (named.name != NULL && !choose_name_safe(named.name))
		return refuse_unsafe(named.name, named.source, error);
	if (store->controllers.count == 0)
		return error_set(error, ERROR_STORE,
			"No controllers registered. Log in to a JAAS first: \"juju login <jaas address>\" (looked in "
			"%s)",
			store->controllers.file);

	const struct store_controller *controller =
		named.name != NULL ? take_named(store, &named, error) : take_unnamed(store, &notice, error);
	if (controller == NULL)
		return -1;
	if (!choose_name_safe(controller->name))
		return refuse_unsafe(controller->name, store->controllers.file, error);
	*result = (struct choose_result){controller, store_account(store, controller->name), steal(notice)};
	return 0;
}

void choose_result_release(struct choose_result *result)
{
	free(result->notice);
	*result = (struct choose_result){NULL, NULL, NULL};
}

const struct store_model *choose_remembered(
	const struct store *store, const char *controller, const struct model_word *word, struct error **error)
{
	const struct store_model_list *list = store_model_list(store, controller);
	const struct store_account *account = store_account(store, controller);
	size_t count = 0;
	size_t index = 0;

	struct resolve_model *models = memory_get(list != NULL ? list->count : 0, sizeof(*models));
	const struct store_model **kept = memory_get(list != NULL ? list->count : 0, sizeof(struct store_model *));
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct store_model *model = &list->items[i];
		if (!model_word_uuid(model->uuid))
			continue;
		models[count] = (struct resolve_model){model->owner, model->name, model->uuid};
		kept[count++] = model;
	}
	int status =
		resolve_model(word, controller, account != NULL ? account->user : "", models, count, &index, error);
	const struct store_model *found = status == 0 ? kept[index] : NULL;
	free(models);
	free(kept);
	return found;
}
