/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/witnesses.h"

#include <stdlib.h>

#include "common/login/macaroon.h"
#include "plugin/credentials.h"

struct witnesses_entry {
	struct witnesses *owner;
	const struct store_controller *controller;
	struct credentials credentials; /* all zero until they are asked for */
	bool tried, usable;
	bool person; /* may be asked for the password */
};

void witnesses_init(struct witnesses *witnesses, const struct store *store, struct loop *loop,
	const struct surroundings *surroundings, struct remember *remember, bool keep)
{
	*witnesses = (struct witnesses){
		.surroundings = surroundings,
		.store = store,
		.loop = loop,
		.remember = remember,
		.keep = keep,
	};
	witnesses->list = memory_get(store->controllers.count, sizeof(*witnesses->list));
	for (size_t i = 0; i < store->controllers.count; i++) {
		const struct store_controller *controller = &store->controllers.items[i];

		if (!store_is_jaas(store, controller))
			witnesses->list[witnesses->count++] =
				(struct witnesses_entry){.owner = witnesses, .controller = controller};
	}
}

/* A login that could only end in asking a person is not tried. */
static bool has_keys(const struct witnesses_entry *entry)
{
	const struct login_account *account = &entry->credentials.place.session.account;

	return entry->person || secret_given(account->keys->password) ||
	       secret_given(account->keys->remembered_password) || macaroon_kept(account);
}

/* Done only on demand: it takes some work, and most runs need one entry or none. */
static void try_entry(struct witnesses_entry *entry)
{
	const struct witnesses *witnesses = entry->owner;
	const struct credentials_plan plan = {
		.store = witnesses->store,
		.controller = entry->controller->name,
		.surroundings = witnesses->surroundings,
		.remember = witnesses->remember,
		.alone = !entry->person,
	};
	scoped(error) struct error *error = NULL;

	entry->tried = true;
	entry->usable = store_account(witnesses->store, entry->controller->name) != NULL &&
			credentials_init(&entry->credentials, &plan, &error) == 0 && has_keys(entry);
	if (!entry->usable)
		log_debug(witnesses->surroundings->log, "witness", "%s is not asked: %s", entry->controller->name,
			error != NULL ? error->message : "there is nothing to log in with");
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

static const struct session_place *place(void *context, size_t index, bool target)
{
	struct witnesses *witnesses = context;
	struct witnesses_entry *entry = &witnesses->list[index];

	/* Nobody is asked for a password that is only useful; but with --remember the person wants to be asked. */
	entry->person |= target && witnesses->keep;
	if (!entry->tried)
		try_entry(entry);
	return entry->usable ? credentials_place(&entry->credentials, witnesses->loop) : NULL;
}

static void logged_in(void *context, size_t index, const struct session *session)
{
	struct witnesses *witnesses = context;
	struct credentials *credentials = &witnesses->list[index].credentials;

	credentials_logged_in(credentials, session);
	if (witnesses->keep)
		credentials_keep(credentials, witnesses->remember);
}

struct remote_store witnesses_store(struct witnesses *witnesses)
{
	return (struct remote_store){witnesses->count, name, uuid, place, logged_in, witnesses};
}

void witnesses_release(struct witnesses *witnesses)
{
	for (size_t i = 0; i < witnesses->count; i++) {
		credentials_leave(&witnesses->list[i].credentials);
		credentials_release(&witnesses->list[i].credentials);
	}
	free(witnesses->list);
	*witnesses = (struct witnesses){0};
}
