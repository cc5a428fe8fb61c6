/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/witnesses.h"

#include <stdlib.h>

#include "common/login/place.h"
#include "common/login/write_back.h"

struct witnesses_entry {
	struct witnesses *owner;
	const struct store_controller *controller;
	struct place place; /* all zero until it is asked for */
	bool tried, usable;
	struct write_back *writing; /* what could not be written at once, or NULL */
	bool written;
};

void witnesses_init(struct witnesses *witnesses, const struct store *store, struct loop *loop,
	const struct surroundings *surroundings)
{
	*witnesses = (struct witnesses){.surroundings = surroundings, .store = store, .loop = loop};
	witnesses->list = memory_get(store->controllers.count, sizeof(*witnesses->list));
	for (size_t i = 0; i < store->controllers.count; i++) {
		const struct store_controller *controller = &store->controllers.items[i];

		if (!store_is_jaas(store, controller))
			witnesses->list[witnesses->count++] =
				(struct witnesses_entry){.owner = witnesses, .controller = controller};
	}
}

/* A place takes some work to make, and most runs ask for one or none. */
static void try_entry(struct witnesses_entry *entry)
{
	const struct witnesses *witnesses = entry->owner;
	const struct place_plan plan = {
		.loop = witnesses->loop,
		.log = witnesses->surroundings->log,
		.environment = witnesses->surroundings->environment,
	};
	scoped(error) struct error *error = NULL;

	entry->tried = true;
	entry->usable = store_account(witnesses->store, entry->controller->name) != NULL &&
			place_init(&entry->place, witnesses->store, entry->controller->name, &plan, &error) == 0 &&
			login_check(&entry->place.session.account, &error) == 0;
	if (!entry->usable)
		log_debug(witnesses->surroundings->log, "witness", "%s is not asked: %s", entry->controller->name,
			error != NULL ? error->message : "juju has no account there");
}

static const char *name(void *context, size_t index)
{
	const struct witnesses *witnesses = context;

	return witnesses->list[index].controller->name;
}

static const char *uuid(void *context, size_t index)
{
	const struct witnesses *witnesses = context;

	return witnesses->list[index].controller->uuid;
}

static const struct session_place *place(void *context, size_t index)
{
	struct witnesses *witnesses = context;
	struct witnesses_entry *entry = &witnesses->list[index];

	if (!entry->tried)
		try_entry(entry);
	return entry->usable ? &entry->place.session : NULL;
}

/* Nobody has asked for this login by name, so what cannot be kept of it is worth a log line only. */
static void warn(void *context, const char *text)
{
	const struct witnesses_entry *entry = context;

	log_debug(entry->owner->surroundings->log, "witness", "what the login to %s brought is not kept: %s",
		entry->controller->name, text);
}

static void done(void *context)
{
	struct witnesses_entry *entry = context;

	entry->writing = NULL;
}

static void logged_in(void *context, size_t index, const struct session *session)
{
	struct witnesses *witnesses = context;
	struct witnesses_entry *entry = &witnesses->list[index];
	const struct write_back_plan plan = {witnesses->surroundings->clock, warn, done, entry};
	const struct write_back_news news = {
		session_login(session), session_endpoint(session), session_address(session)};

	if (entry->written)
		return;
	entry->written = true;
	entry->writing = write_back_start(&entry->place, &news, &plan);
}

struct remote_store witnesses_store(struct witnesses *witnesses)
{
	return (struct remote_store){witnesses->count, name, uuid, place, logged_in, witnesses};
}

void witnesses_release(struct witnesses *witnesses)
{
	for (size_t i = 0; i < witnesses->count; i++) {
		write_back_cancel(witnesses->list[i].writing);
		place_release(&witnesses->list[i].place);
	}
	free(witnesses->list);
	*witnesses = (struct witnesses){0};
}
