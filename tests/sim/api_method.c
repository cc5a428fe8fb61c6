/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/sim/api_json.h"

const struct api_method *api_method_in(const struct api_method *methods, const char *facade, const char *name)
{
	for (; methods->name; methods++)
		if (!strcmp(methods->facade, facade) && !strcmp(methods->name, name))
			return methods;
	return NULL;
}

static const struct api_method *unknown(const struct api_request *request, struct world_error *error)
{
	world_fail(error, "not implemented", "no such request - method %.100s(%lld).%.100s is not implemented",
		request->type, (long long)request->version, request->method);
	return NULL;
}

static const struct api_method *find_admin(const struct api_request *request, struct world_error *error)
{
	const struct api_method *method = api_method_in(api_admin_methods, request->type, request->method);
	bool login = !strcmp(request->method, "Login");
	if (method && request->version >= (login ? 1 : 4) && request->version <= 4)
		return method;
	unknown(request, error);
	error->proxy = request->conversation->session->uuid != NULL;
	return NULL;
}

/* On /api: JIMM's own facades, in the versions and with the methods of its time. */
static const struct api_method *find_api(const struct api_request *request, struct world_error *error)
{
	static const struct api_method *const tables[] = {api_admin_methods, api_jimm_methods, api_migrate_methods,
		api_models_methods, api_controller_methods, api_cloud_methods};
	const struct world_era *era = &request->conversation->world->era;
	const struct api_method *method = NULL;
	bool known, early = !strcmp(request->type, "Pinger");
	if (!api_facade_has(era->facades, request->type, request->version, &known) ||
		(!early && !request->conversation->session->user))
		return unknown(request, error);
	for (size_t i = 0; i < array_length(tables) && !method; i++)
		method = api_method_in(tables[i], request->type, request->method);
	if (!method || (method->capability && !*(const bool *)((const char *)era + method->capability)))
		return unknown(request, error);
	return method;
}

const struct api_method *api_versed(const struct api_request *request, const struct world_controller *controller,
	const char *const *facades, const struct api_method *method, struct world_error *error)
{
	bool new = world_major(controller) >= 4, known;
	bool versed = api_facade_has(facades, request->type, request->version, &known);
	if (!known && !request->version)
		world_fail(error, "not implemented",
			new ? "unknown facade type \"%.100s\"" : "unknown object type \"%.100s\"", request->type);
	else if (!versed)
		world_fail(error, "not implemented",
			new ? "unknown version %lld for facade type \"%.100s\""
			    : "unknown version (%lld) of interface \"%.100s\"",
			(long long)request->version, request->type);
	else if (method)
		return method;
	else if (!new)
		return unknown(request, error);
	else
		world_fail(error, "not implemented",
			"unknown method \"%.100s\" at version %lld for facade type \"%.100s\"", request->method,
			(long long)request->version, request->type);
	return NULL;
}

/* On a model endpoint: the controller's facades, with its own words for what it does not know. */
static const struct api_method *find_model(const struct api_request *request, struct world_error *error)
{
	static const char *const none[] = {NULL};
	const struct world_session *session = request->conversation->session;
	const char *const *facades = session->user ? api_model_facades(session->controller) : none;
	return api_versed(request, session->controller, facades,
		api_method_in(api_client_methods, request->type, request->method), error);
}

const struct api_method *api_method_find(const struct api_request *request, struct world_error *error)
{
	if (request->conversation->session->direct)
		return api_direct_find(request, error);
	if (!strcmp(request->type, "Admin"))
		return find_admin(request, error);
	return request->conversation->session->uuid ? find_model(request, error) : find_api(request, error);
}
