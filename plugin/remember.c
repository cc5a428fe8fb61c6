/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/remember.h"

#include <stdlib.h>

#include "common/base/environment.h"
#include "common/base/text.h"
#include "plugin/confinement.h"
#include "plugin/keyring_helper.h"

void remember_init(struct remember *remember, const struct surroundings *surroundings)
{
	scoped(error) struct error *error = NULL;
	scoped(string) char *program = keyring_helper_program(&error);
	char *const *environment = surroundings->environment;
	int display = environment_given(environment, "DISPLAY") != NULL ||
		      environment_given(environment, "WAYLAND_DISPLAY") != NULL;

	*remember = (struct remember){.surroundings = surroundings};
	remember->helper = program != NULL ? keyring_helper_find(program, &error) : NULL;
	if (error != NULL)
		log_debug(surroundings->log, "keyring", "%s", error->message);
	remember->place = (struct keyring_place){
		.helper = remember->helper,
		.environment = environment,
		.clock = surroundings->clock,
		.log = surroundings->log,
		.may_prompt = display && surroundings->in_is_terminal && surroundings->err_terminal.is_terminal,
	};
}

/* ---- finding ---- */

/* On a machine without a keyring, such as a server, this is not said at every run. */
static bool is_just_absent(enum keyring_word word)
{
	return word == KEYRING_NO_HELPER || word == KEYRING_NO_SERVICE;
}

/* Returns why there was no answer, or NULL when there was one; owned by the caller. */
static char *complaint_about(const struct remember *remember, const struct keyring_result *result)
{
	char *complaint = keyring_complaint(result);

	if (complaint == NULL || !is_just_absent(result->word))
		return complaint;
	scoped(string) char *bare = complaint;
	return confinement_keyring(remember->surroundings->environment, bare);
}

struct secret *remember_find(struct remember *remember, const struct keyring_item *item, char **user)
{
	scoped(keyring_result) struct keyring_result result = {.word = 0};

	*user = NULL;
	if (remember->given_up || !string_given(item->controller_uuid))
		return NULL;
	keyring_ask(&remember->place, KEYRING_FIND, item, NULL, &result);
	scoped(string) char *complaint = complaint_about(remember, &result);
	remember->given_up = complaint != NULL;
	remember->said = complaint != NULL && !is_just_absent(result.word);
	if (remember->said)
		message_notice(&remember->surroundings->messages, "going on without the keyring: %s", complaint);
	*user = steal(result.user);
	return steal(result.secret);
}

/* ---- keeping ---- */

static bool is_kept(const struct remember *remember, const struct keyring_item *item)
{
	for (size_t i = 0; i < remember->count; i++) {
		const struct remember_kept *kept = &remember->kept[i];

		if (kept->kind == item->kind && string_same(kept->user, item->user) &&
			string_same(kept->controller_uuid, item->controller_uuid))
			return true;
	}
	return false;
}

void remember_keep(struct remember *remember, const struct keyring_item *item, const struct secret *secret)
{
	if (!string_given(item->controller_uuid) || !string_given(item->user) || is_kept(remember, item))
		return;
	scoped(string) char *user = text_printable(item->user);
	scoped(string) char *controller = text_printable(item->controller);
	const char *what = item->kind == KEYRING_CLIENT_SECRET ? "client secret" : "password";

	remember->kept = memory_room(remember->kept, remember->count, &remember->capacity, sizeof(*remember->kept));
	remember->kept[remember->count++] = (struct remember_kept){
		.call = keyring_begin(&remember->place, KEYRING_STORE, item, secret),
		.controller_uuid = string_copy(item->controller_uuid),
		.kind = item->kind,
		.user = string_copy(item->user),
		.shown = string_format("the %s of %s on %s", what, user, controller),
	};
}

static void settle(struct remember *remember, struct remember_kept *kept)
{
	const struct messages *messages = &remember->surroundings->messages;
	scoped(keyring_result) struct keyring_result result = {.word = 0};

	keyring_finish(steal(kept->call), &result);
	scoped(string) char *complaint = complaint_about(remember, &result);
	if (complaint == NULL)
		message_notice(messages, "%s is kept in the keyring", kept->shown);
	else if (!remember->said)
		message_warning(messages, "%s is not kept in the keyring: %s", kept->shown, complaint);
	remember->said = remember->said || complaint != NULL;
}

void remember_end(struct remember *remember, bool leaving)
{
	for (size_t i = 0; i < remember->count; i++) {
		struct remember_kept *kept = &remember->kept[i];

		if (kept->call != NULL && (!leaving || keyring_answered(kept->call)))
			settle(remember, kept);
	}
}

/* ---- forgetting ---- */

/* Returns how many items were removed, or -1 with an error. */
static int forget(struct remember *remember, const struct store_controller *controller, struct error **error)
{
	const struct messages *messages = &remember->surroundings->messages;
	const struct keyring_item item = {.controller_uuid = controller->uuid, .controller = controller->name};
	scoped(keyring_result) struct keyring_result result = {.word = 0};
	scoped(string) char *name = text_printable(controller->name);

	if (!string_given(controller->uuid))
		return 0;
	keyring_ask(&remember->place, KEYRING_ERASE, &item, NULL, &result);
	scoped(string) char *complaint = complaint_about(remember, &result);
	if (complaint != NULL)
		return error_set(
			error, ERROR_FAILED, "cannot remove what the keyring may hold for %s: %s", name, complaint);
	if (result.count > 0)
		message_notice(messages, "%s: removed %d secret%s from the keyring", name, result.count,
			result.count == 1 ? "" : "s");
	return result.count;
}

int remember_forget(
	struct remember *remember, const struct store *store, const struct store_controller *jaas, struct error **error)
{
	int removed = forget(remember, jaas, error);

	for (size_t i = 0; i < store->controllers.count && removed >= 0; i++) {
		const struct store_controller *controller = &store->controllers.items[i];
		int more = store_is_jaas(store, controller) ? 0 : forget(remember, controller, error);

		removed = more < 0 ? -1 : removed + more;
	}
	if (removed == 0) {
		scoped(string) char *name = text_printable(jaas->name);
		message_notice(&remember->surroundings->messages, "%s: the keyring holds nothing to remove", name);
	}
	return removed < 0 ? -1 : 0;
}

void remember_release(struct remember *remember)
{
	for (size_t i = 0; i < remember->count; i++) {
		keyring_cancel(remember->kept[i].call);
		free(remember->kept[i].controller_uuid);
		free(remember->kept[i].user);
		free(remember->kept[i].shown);
	}
	free(steal(remember->kept));
	free(steal(remember->helper));
	remember->count = 0;
}
