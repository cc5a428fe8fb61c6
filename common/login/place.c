/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/place.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"

/* Certificates in this folder are trusted beside a controller's own, as in juju. */
#define CA_DIRECTORY "/etc/juju/certs.d"

static int check(
	const struct store *store, const char *name, const struct store_controller *controller, struct error **error)
{
	if (controller == NULL) {
		scoped(string) char *shown = text_printable(name);
		return error_set(error, ERROR_STORE, "controller %s not found in %s", shown, store->controllers.file);
	}
	scoped(string) char *shown = text_printable(name);
	scoped(string) char *word = shell_word(name);
	scoped(string) char *tunnel = text_printable(controller->proxy_type);
	if (controller->proxied)
		return error_set(error, ERROR_STORE,
			"controller %s is reached through a %s tunnel, which only juju itself can open; register it "
			"with an address that can be reached",
			shown, tunnel);
	if (controller->endpoint_count == 0)
		return error_set(error, ERROR_STORE,
			"controller %s has no API addresses in %s; type: juju unregister %s%s, then log in to its "
			"address anew",
			shown, store->controllers.file, shell_dashes(name, NULL), word);
	return 0;
}

static void remember_hosts(struct place *place, const struct store_controller *controller)
{
	place->remembered = memory_get(controller->host_count, sizeof(*place->remembered));
	for (size_t i = 0; i < controller->host_count; i++)
		place->remembered[i] = (struct dial_remembered){
			.host = controller->hosts[i].host,
			.addresses = (const char *const *)controller->hosts[i].addresses,
			.count = controller->hosts[i].address_count,
		};
	place->session.target.remembered = place->remembered;
	place->session.target.remembered_count = controller->host_count;
}

/* Lists the hosts under which versions of juju file macaroons for this controller. */
static void find_jar(struct place *place, const struct store_controller *controller, const struct clock *clock)
{
	place->hosts = memory_get(2 + controller->endpoint_count, sizeof(*place->hosts));
	place->jar = (struct login_jar){
		.directory = place->directory,
		.hosts = place->hosts,
		.clock = clock,
	};
	place->hosts[place->jar.host_count++] = controller->uuid;
	if (string_given(controller->public_hostname))
		place->hosts[place->jar.host_count++] = controller->public_hostname;
	for (size_t i = 0; i < controller->endpoint_count; i++)
		place->hosts[place->jar.host_count++] = controller->endpoints[i];
	place->session.account.jar = clock != NULL ? &place->jar : NULL;
}

static void take_keys(struct place *place, const struct store_account *account, char *const *environment)
{
	login_keys_take_environment(&place->keys, environment);
	if (account == NULL)
		return;
	place->keys.token = secret_copy(account->access_token);
	place->stored_token = secret_copy(account->access_token);
	place->keys.password = secret_copy(account->password);
}

int place_init(struct place *place, const struct store *store, const char *controller, const struct place_plan *plan,
	struct error **error)
{
	const struct store_controller *entry = store_controller(store, controller);
	const struct store_account *account = store_account(store, controller);

	*place = (struct place){0};
	if (check(store, controller, entry, error) != 0)
		return -1;
	place->directory = store->directory;
	place->session.loop = plan->loop;
	place->session.log = plan->log;
	place->session.target = (struct dial_target){
		.endpoints = (const char *const *)entry->endpoints,
		.endpoint_count = entry->endpoint_count,
		.ca_certificate = entry->ca_certificate,
		.public_hostname = entry->public_hostname,
		.ca_directory = CA_DIRECTORY,
		.environment = plan->environment,
	};
	place->session.account = (struct login_account){
		.controller = entry->name,
		.controller_uuid = entry->uuid,
		.user = account != NULL ? account->user : NULL,
		.agent_version = entry->agent_version,
		.peer = store_is_jaas(store, entry) ? LOGIN_JAAS : LOGIN_PLAIN,
		.keys = &place->keys,
		.person = plan->person,
	};
	remember_hosts(place, entry);
	find_jar(place, entry, plan->clock);
	take_keys(place, account, plan->environment);
	return 0;
}

static bool same_secret(const struct secret *one, const struct secret *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return strcmp(secret_reveal(one), secret_reveal(other)) == 0;
}

void place_refresh(struct place *place)
{
	const struct login_account *mine = &place->session.account;
	scoped(store) struct store *store = store_read(place->session.target.environment, NULL);
	const struct store_controller *entry = store != NULL ? store_controller(store, mine->controller) : NULL;
	const struct store_account *account = store != NULL ? store_account(store, mine->controller) : NULL;

	if (entry == NULL || account == NULL || account->access_token == NULL ||
		!string_same(entry->uuid, mine->controller_uuid))
		return;
	/* Unchanged: a token from a login of this run is newer. */
	if (same_secret(account->access_token, place->stored_token))
		return;
	secret_free(place->stored_token);
	place->stored_token = secret_copy(account->access_token);
	secret_free(place->keys.token);
	place->keys.token = secret_copy(account->access_token);
	place->keys.token_is_new = false;
}

void place_release(struct place *place)
{
	login_keys_release(&place->keys);
	secret_free(place->stored_token);
	free(place->remembered);
	free(place->hosts);
	*place = (struct place){0};
}
