/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/write_back.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/macaroon.h"
#include "common/store/cookies.h"
#include "common/store/endpoints.h"
#include "common/store/node.h"
#include "common/store/update.h"
#include "common/wire/endpoint.h"
#include "common/wire/proxy.h"

struct write_back {
	struct place *place;
	struct write_back_plan plan;
	struct store_update update;
	char **endpoints; /* those of the update */
	struct store_host host;
	char *agent_version, *public_hostname, *access;
	struct secret *token; /* a new one, or NULL */
	int64_t since;        /* start of the attempts at this file */
	bool store_done;
	struct loop_timer again;
};

void write_back_cancel(struct write_back *write)
{
	if (write == NULL)
		return;
	loop_timer_cancel(write->place->session.loop, &write->again);
	node_texts_free(write->endpoints, write->update.endpoint_count);
	node_texts_free(write->host.addresses, write->host.address_count);
	free(write->host.host);
	free(write->agent_version);
	free(write->public_hostname);
	free(write->access);
	secret_free(write->token);
	free(write);
}

SCOPED_DEFINE(write_back, struct write_back *, write_back_cancel)

/* ---- what there is to write ---- */

static void note_endpoints(struct write_back *write, const struct login_result *login, const char *endpoint)
{
	scoped(memory) struct store_server *servers = memory_get(login->machine_count, sizeof(*servers));
	struct store_host_port *all = memory_get(login->machine_count * LOGIN_ADDRESSES_MAX, sizeof(*all));

	for (size_t i = 0; i < login->machine_count; i++) {
		const struct login_machine *machine = &login->machines[i];

		servers[i] = (struct store_server){&all[i * LOGIN_ADDRESSES_MAX], machine->count};
		for (size_t j = 0; j < machine->count; j++)
			servers[i].addresses[j] = (struct store_host_port){
				.value = machine->addresses[j].host,
				.scope = machine->addresses[j].scope,
				.port = machine->addresses[j].port,
			};
	}
	store_endpoints_merge(
		servers, login->machine_count, endpoint, false, &write->endpoints, &write->update.endpoint_count);
	write->update.endpoints = write->endpoints;
	free(all);
}

static const struct dial_remembered *remembered(const struct dial_target *target, const char *host)
{
	for (size_t i = 0; i < target->remembered_count; i++)
		if (strcasecmp(target->remembered[i].host, host) == 0)
			return &target->remembered[i];
	return NULL;
}

/* The address that answered comes first among those of its host. A proxy's says nothing about the host. */
static void note_host(struct write_back *write, const char *text, const char *address)
{
	const struct dial_target *target = &write->place->session.target;
	scoped(endpoint) struct endpoint endpoint = {0};
	scoped(proxy) struct proxy proxy = {0};

	if (endpoint_parse(&endpoint, text, NULL) != 0 || endpoint.numeric ||
		proxy_find(&proxy, target->environment, endpoint.host, endpoint.port, endpoint.encrypted, NULL) != 0 ||
		proxy.host != NULL)
		return;
	const struct dial_remembered *known = remembered(target, endpoint.host);
	size_t count = known != NULL ? known->count : 0;
	struct store_host *host = &write->host;
	host->host = string_copy(known != NULL ? known->host : endpoint.host);
	host->addresses = memory_get(count + 1, sizeof(*host->addresses));
	host->addresses[host->address_count++] = string_copy(address);
	for (size_t i = 0; i < count; i++)
		if (strcmp(known->addresses[i], address) != 0)
			host->addresses[host->address_count++] = string_copy(known->addresses[i]);
	write->update.hosts = host;
	write->update.host_count = 1;
}

static struct write_back *write_back_new(
	struct place *place, const struct write_back_news *news, const struct write_back_plan *plan)
{
	struct write_back *write = memory_get(1, sizeof(*write));
	const struct login_result *login = news->login;

	write->place = place;
	write->plan = *plan;
	write->since = loop_now(place->session.loop);
	write->agent_version = string_copy(login->server_version);
	write->public_hostname = string_copy(login->public_dns_name);
	write->access = string_copy(login->controller_access);
	write->token = place->keys.token_is_new ? secret_copy(place->keys.token) : NULL;
	write->update.controller = place->session.account.controller;
	write->update.uuid = place->session.account.controller_uuid;
	write->update.user = place->session.account.user;
	write->update.agent_version = write->agent_version;
	write->update.public_hostname = write->public_hostname;
	write->update.last_known_access = write->access;
	write->update.access_token = write->token;
	note_endpoints(write, login, news->endpoint);
	note_host(write, news->endpoint, news->address);
	return write;
}

/* ---- writing it ---- */

static const struct log *log_of(const struct write_back *write)
{
	return write->place->session.log;
}

static bool is_late(const struct write_back *write, int64_t patience)
{
	return loop_now(write->place->session.loop) - write->since >= patience;
}

/* Returns true when it is done, or was given up. */
static bool write_store(struct write_back *write)
{
	char *const *environment = write->place->session.target.environment;
	const char *directory = write->place->directory;
	unsigned int written = 0;
	scoped(error) struct error *error = NULL;
	enum store_attempt attempt = store_update_try(directory, environment, &write->update, &written, &error);

	if (attempt == STORE_BUSY && !is_late(write, STORE_LOCK_PATIENCE))
		return false;
	write->place->keys.token_is_new = false;
	if (attempt == STORE_BUSY)
		store_lock_give_up(directory, environment, &error);
	if (error != NULL)
		write->plan.warn(write->plan.context, error->message);
	else
		log_debug(log_of(write), "login", "written back:%s%s%s", written == 0 ? " nothing has changed" : "",
			(written & STORE_WROTE_CONTROLLERS) != 0 ? " controllers.yaml" : "",
			(written & STORE_WROTE_ACCOUNTS) != 0 ? " accounts.yaml" : "");
	return true;
}

/* The same for one set of macaroons. */
static bool write_set(struct write_back *write, struct login_macaroons *macaroons)
{
	const struct login_account *account = &write->place->session.account;
	const char *public_hostname = write->place->session.target.public_hostname;
	const struct cookie_set set = {
		.macaroons = macaroons->set,
		.host = string_given(public_hostname) ? public_hostname : account->controller_uuid,
		.expires = macaroon_set_expires(macaroons->set),
	};
	scoped(error) struct error *error = NULL;
	enum store_attempt attempt = cookies_save_try(
		write->place->directory, account->controller, &set, clock_wall(write->plan.clock), &error);

	if (attempt == STORE_BUSY && !is_late(write, COOKIES_PATIENCE))
		return false;
	macaroons->is_new = false;
	if (attempt == STORE_BUSY)
		cookies_give_up(write->place->directory, account->controller, &error);
	if (error != NULL)
		write->plan.warn(write->plan.context, error->message);
	else
		log_debug(log_of(write), "login", "kept in the cookie jar: a set of macaroons");
	return true;
}

static bool write_sets(struct write_back *write)
{
	struct login_keys *keys = write->place->session.account.keys;

	for (size_t i = 0; i < keys->macaroon_count; i++)
		if (keys->macaroons[i].is_new && !write_set(write, &keys->macaroons[i]))
			return false;
	return true;
}

/* Returns true when nothing is left to do. */
static bool write_all(struct write_back *write)
{
	if (!write->store_done && write_store(write)) {
		write->store_done = true;
		write->since = loop_now(write->place->session.loop);
	}
	return write->store_done && write_sets(write);
}

static void once_more(void *context)
{
	struct write_back *write = context;

	if (!write_all(write)) {
		loop_timer_set(write->place->session.loop, &write->again,
			loop_now(write->place->session.loop) + STORE_LOCK_PAUSE, once_more, write);
		return;
	}
	const struct write_back_plan plan = write->plan;
	write_back_cancel(write);
	plan.done(plan.context);
}

struct write_back *write_back_start(
	struct place *place, const struct write_back_news *news, const struct write_back_plan *plan)
{
	scoped(write_back) struct write_back *write = write_back_new(place, news, plan);

	if (write_all(write))
		return NULL;
	loop_timer_set(
		place->session.loop, &write->again, loop_now(place->session.loop) + STORE_LOCK_PAUSE, once_more, write);
	return steal(write);
}
