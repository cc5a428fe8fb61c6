/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A controller's own door: who answers a request there, and the login.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/api_json.h"
#include "tests/sim/base64.h"
#include "tests/sim/world_auth.h"

#define ANONYMOUS "jujuanonymous"

static int release_of(const struct world_controller *controller)
{
	int major = 0, minor = 0, patch = 0;
	sscanf(controller->agent_version, "%d.%d.%d", &major, &minor, &patch);
	return (major * 1000 + minor) * 1000 + patch;
}

/* True for a model that was never here, or that has gone without a completed migration. */
static bool unknown_model(const struct world_session *session)
{
	if (!session->uuid)
		return false;
	return !session->model || (world_at(session->model, session->direct)->presence == WORLD_ABSENT &&
					  !world_juju_migrated(session->model, session->direct));
}

static const struct api_method *find_admin(const struct api_request *request, struct world_error *error)
{
	const struct api_method *method = api_method_in(api_direct_admin_methods, request->type, request->method);
	if (request->version != 3)
		world_fail(error, "not supported", "this version of Juju does not support login from old clients");
	else if (request->conversation->session->account)
		world_fail(error, "", "already logged in");
	else if (!method)
		world_fail(error, "not implemented", "no such request - method Admin(3).%.100s is not implemented",
			request->method);
	else
		return method;
	return NULL;
}

static bool is_among(const struct api_request *request, const char *const *names)
{
	scoped(string) char *name = string_format("%s.%s", request->type, request->method);
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

/* A method that exists may still be forbidden to this login. */
static int permitted(const struct api_request *request, struct world_error *error)
{
	static const char *const at_any_version[] = {"Pinger.Ping", "Client.FullStatus", NULL};
	static const char *const upgrading[] = {"Client.FullStatus", "Pinger.Ping", NULL};
	static const char *const exporting[] = {"Client.FullStatus", "Storage.ListFilesystems", "Storage.ListVolumes",
		"Storage.ListStorageDetails", "Pinger.Ping", NULL};
	const struct world_session *session = request->conversation->session;
	if (session->incompatible && !is_among(request, at_any_version)) {
		world_fail(error, "incompatible client", "client incompatible with server %s",
			session->direct->agent_version);
		error->server = session->direct->agent_version;
		return -1;
	}
	if (session->limit == WORLD_LIMIT_UPGRADING && !is_among(request, upgrading))
		return world_fail(error, "upgrade in progress", "upgrade in progress");
	if (session->limit == WORLD_LIMIT_EXPORTING && !is_among(request, exporting))
		return world_fail(error, "", "model migration in progress");
	if (session->limit == WORLD_LIMIT_IMPORTING)
		return world_fail(error, "", "migration in progress, model is importing");
	return 0;
}

static const struct api_method *method_of(const struct api_request *request)
{
	static const struct api_method *const tables[] = {
		api_direct_methods, api_direct_migrate_methods, api_cloud_methods};
	const struct api_method *method = NULL;
	if (request->conversation->session->uuid)
		return api_method_in(api_client_methods, request->type, request->method);
	for (size_t i = 0; i < array_length(tables) && !method; i++)
		method = api_method_in(tables[i], request->type, request->method);
	return method;
}

const struct api_method *api_direct_find(const struct api_request *request, struct world_error *error)
{
	static const char *const none[] = {NULL};
	const struct world_session *session = request->conversation->session;
	const char *const *of_model = api_model_facades(session->direct);
	const char *const *of_controller = api_controller_facades(session->direct);
	const char *const *own = session->uuid ? of_model : of_controller;
	bool known, elsewhere;
	if (!session->account && unknown_model(session)) {
		world_fail(error, "model not found", "unknown model: \"%s\"", session->uuid);
		return NULL;
	}
	if (!strcmp(request->type, "Admin"))
		return find_admin(request, error);
	if (!session->account)
		return api_versed(request, session->direct, none, NULL, error);
	api_facade_has(own, request->type, request->version, &known);
	api_facade_has(session->uuid ? of_controller : of_model, request->type, request->version, &elsewhere);
	if (!known && elsewhere) {
		world_fail(error, "not supported", "facade \"%.100s\" not supported for %s API connection",
			request->type, session->uuid ? "model" : "controller");
		return NULL;
	}
	const struct api_method *method = api_versed(request, session->direct, own, method_of(request), error);
	return method && !permitted(request, error) ? method : NULL;
}

static int bad_credentials(const struct world_session *session, struct world_error *error)
{
	if (session->direct->door->upgrading)
		return world_fail(error, "", "login failed - maintenance in progress");
	return world_fail(error, "unauthorized access", "invalid entity name or password");
}

static int nobody(const struct world_session *session, struct world_error *error)
{
	if (release_of(session->direct) >= 3002003)
		return world_fail(error, "unauthorized access", "failed to authenticate request: unauthorized");
	return world_fail(error, "no credentials provided", "no credentials provided");
}

/* The request for a login. */
struct entry {
	struct world_session *session;
	const char *user; /* of the tag, NULL: none was given */
	const char *password;
	struct json_object *macaroons;
	const struct world_account *account; /* proved; NULL: not proved yet */
	const char *why;
};

static int enter_with_password(struct entry *entry, struct world_error *error)
{
	const struct world_account *account = world_account_find(entry->session->direct, entry->user);
	if (!account || !account->password || !world_account_local(entry->user) ||
		strcmp(account->password, entry->password) != 0)
		return bad_credentials(entry->session, error);
	entry->account = account;
	return 0;
}

/* Leaves entry->account NULL if a proof has to be demanded. */
static int enter_with_macaroons(struct entry *entry, struct world_error *error)
{
	const struct world_session *session = entry->session;
	bool local = entry->user && world_account_local(entry->user);
	const struct world_account *named = local ? world_account_find(session->direct, entry->user) : NULL;
	if (local && !named)
		return bad_credentials(session, error);
	entry->account = world_auth_check(
		session->world, session->direct, entry->macaroons, named ? named->name : entry->user, &entry->why);
	if (entry->account || local || session->direct->door->external)
		return 0;
	return entry->user ? bad_credentials(session, error) : nobody(session, error);
}

static int prove(struct entry *entry, struct world_error *error)
{
	const struct world_session *session = entry->session;
	if (!entry->user && session->direct->door->upgrading)
		return world_fail(error, "", "anonymous login blocked because upgrade is in progress");
	if (session->model && world_at(session->model, session->direct)->presence == WORLD_ABSENT)
		return world_juju_login_moved(session->model, session->direct, entry->user, error);
	if (entry->user && (!strcmp(entry->user, ANONYMOUS) || !*entry->user))
		return bad_credentials(session, error);
	return entry->user && *entry->password ? enter_with_password(entry, error) : enter_with_macaroons(entry, error);
}

static enum world_limit limit_of(const struct world_session *session, bool tagged)
{
	if (session->direct->door->upgrading)
		return WORLD_LIMIT_UPGRADING;
	if (!session->model || !tagged)
		return WORLD_FREE;
	const struct world_place *place = world_at(session->model, session->direct);
	if (place->presence == WORLD_IMPORTING)
		return WORLD_LIMIT_IMPORTING;
	bool at_rest =
		!place->attempt || place->attempt->phase == WORLD_DONE || place->attempt->phase == WORLD_ABORTDONE;
	return at_rest ? WORLD_FREE : WORLD_LIMIT_EXPORTING;
}

/* Up to 3.4 a controller looks at the client's major number. */
static bool incompatible(const struct world_session *session, const char *client_version)
{
	int major = *client_version ? atoi(client_version) : 2;
	return release_of(session->direct) < 3005000 && major != world_major(session->direct);
}

static struct json_object *host_port(const char *value, const char *type, const char *scope, int port)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "value", value);
	api_put_text(object, "type", type);
	api_put_text(object, "scope", scope);
	api_put_number(object, "port", port);
	return object;
}

/* One list for each controller machine: first those that exist in name only, then the one that answers. */
static struct json_object *machines(const struct world_door *door)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; i < door->also_count; i++) {
		struct json_object *machine = json_object_new_array();
		const char *colon = strrchr(door->also_at[i], ':');
		size_t length = colon ? (size_t)(colon - door->also_at[i]) : strlen(door->also_at[i]);
		scoped(string) char *host = string_copy_length(door->also_at[i], length);
		json_object_array_add(machine, host_port(host, "ipv4", "local-cloud", colon ? atoi(colon + 1) : 17070));
		json_object_array_add(list, machine);
	}
	struct json_object *own = json_object_new_array();
	json_object_array_add(own, host_port("127.0.0.1", "ipv4", "local-cloud", door->port));
	json_object_array_add(own, host_port("::1", "ipv6", "local-machine", door->port));
	json_object_array_add(own, host_port("fe80::1", "ipv6", "link-local", door->port));
	json_object_array_add(list, own);
	return list;
}

static struct json_object *user_info(const struct world_session *session)
{
	static const char *const access[] = {"", "read", "write", "admin"};
	struct json_object *object = json_object_new_object();
	const struct world_account *account = session->account;
	scoped(string) char *display = string_copy_length(account->name, strcspn(account->name, "@"));
	api_put_text(object, "display-name", display);
	api_put_tag(object, "identity", "user", account->name);
	api_put_text(object, "controller-access", account->access);
	api_put_text(
		object, "model-access", session->model ? access[world_account_right(session->model, account)] : "");
	api_put_time(object, "last-connection", session->world->start);
	return object;
}

static struct json_object *login_result(const struct world_session *session)
{
	const struct world_controller *controller = session->direct;
	struct json_object *object = json_object_new_object();
	api_put(object, "servers", machines(controller->door));
	if (controller->door->public_dns_name)
		api_put_text(object, "public-dns-name", controller->door->public_dns_name);
	api_put_tag(object, "controller-tag", "controller", controller->uuid);
	if (session->uuid)
		api_put_tag(object, "model-tag", "model", session->uuid);
	api_put_text(object, "server-version", controller->agent_version);
	api_put(object, "facades",
		api_facades(session->uuid ? api_model_facades(controller) : api_controller_facades(controller)));
	api_put(object, "user-info", user_info(session));
	return object;
}

static struct json_object *demand_of(const struct api_request *request, const struct entry *entry)
{
	const struct world_session *session = entry->session;
	struct world_demand demand;
	bool local = entry->user && world_account_local(entry->user);
	const struct world_account *named = local ? world_account_find(session->direct, entry->user) : NULL;
	struct json_object *object = json_object_new_object(), *bakery = json_object_new_object();
	struct json_object *payloads = json_object_new_object();
	world_auth_demand(
		session->world, session->direct, named ? named->name : NULL, request->conversation->host, &demand);
	scoped(string) char *id = base64_url(demand.caveat.data, demand.caveat.length);
	scoped(string) char *payload = base64_url(demand.payload.data, demand.payload.length);
	api_put_text(payloads, id, payload);
	api_put(bakery, "m", macaroon_json(&demand.macaroon));
	api_put_number(bakery, "v", 3);
	api_put(bakery, "cdata", payloads);
	api_put_text(bakery, "ns", "std:");
	if (local)
		api_put(object, "discharge-required", macaroon_json(&demand.macaroon));
	api_put(object, "bakery-discharge-required", bakery);
	api_put_text(object, "discharge-required-error", entry->why);
	return object;
}

static int let_in(const struct entry *entry, const char *client_version, struct world_error *error)
{
	struct world_session *session = entry->session;
	bool allowed = session->model ? world_account_right(session->model, entry->account) >= WORLD_READER
				      : *entry->account->access != '\0';
	if (!allowed)
		return world_fail(error, "unauthorized access", "permission denied");
	session->account = entry->account;
	session->incompatible = incompatible(session, client_version);
	session->limit = limit_of(session, entry->user != NULL);
	return 0;
}

static void login(struct api_request *request)
{
	struct entry entry = {.session = request->conversation->session,
		.password = api_get_text(request->params, "credentials"),
		.macaroons = api_get_list(request->params, "macaroons")};
	struct world_error error;
	const char *tag = api_get_text(request->params, "auth-tag");
	if (*tag)
		entry.user = string_starts(tag, "user-") ? tag + strlen("user-") : "";
	int failed = prove(&entry, &error);
	if (!failed && !entry.account) {
		api_answer(request, demand_of(request, &entry));
		return;
	}
	if (failed || let_in(&entry, api_get_text(request->params, "client-version"), &error))
		api_fail(request, &error);
	else
		api_answer(request, login_result(entry.session));
}

static void redirect_info(struct api_request *request)
{
	struct world_error error;
	world_fail(&error, "", "not redirected");
	api_fail(request, &error);
}

const struct api_method api_direct_admin_methods[] = {
	{"Admin", "Login", login, 0},
	{"Admin", "RedirectInfo", redirect_info, 0},
	{0},
};
