/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/api_json.h"

const char *api_lowest_version(const struct world *world)
{
	const char *lowest = NULL;
	for (size_t i = 0; i < world->controller_count; i++) {
		const char *version = world->controllers[i].agent_version;
		if (!world->controllers[i].unregistered && (!lowest || strverscmp(version, lowest) < 0))
			lowest = version;
	}
	return lowest ? lowest : "0.0.0";
}

static struct json_object *user_info(const struct world_session *session, const char *access, const char *model_access)
{
	struct json_object *object = json_object_new_object();
	const char *name = session->user->name;
	scoped(string) char *display = string_copy_length(name, strcspn(name, "@"));
	api_put_text(object, "display-name", display);
	api_put_tag(object, "identity", "user", name);
	api_put_text(object, "controller-access", access);
	api_put_text(object, "model-access", model_access);
	api_put_time(object, "last-connection", session->world->start);
	return object;
}

static struct json_object *jimm_result(const struct world_session *session)
{
	const struct world *world = session->world;
	struct json_object *object = json_object_new_object();
	api_put_tag(object, "controller-tag", "controller", world->uuid);
	api_put_text(object, "server-version", api_lowest_version(world));
	api_put_text(object, "public-dns-name", world->dns_name);
	api_put(object, "facades", api_facades(world->era.facades));
	api_put(object, "user-info", user_info(session, session->user->admin ? "administrator" : "", ""));
	return object;
}

/* What the controller answers to JIMM's login, without its "servers". */
static struct json_object *model_result(const struct world_session *session)
{
	static const char *const access[] = {"", "read", "write", "admin"};
	struct json_object *object = json_object_new_object();
	const char *model_access = access[world_right_of(session->model, session->user)];
	const char *controller_access = session->user->admin ? "superuser" : "login";
	api_put_tag(object, "controller-tag", "controller", session->controller->uuid);
	api_put_tag(object, "model-tag", "model", session->model->uuid);
	api_put_text(object, "server-version", session->controller->agent_version);
	api_put(object, "facades", api_facades(api_model_facades(session->controller)));
	api_put(object, "user-info", user_info(session, controller_access, model_access));
	return object;
}

static void logged_in(struct api_request *request, int failed, const struct world_error *error)
{
	const struct world_session *session = request->conversation->session;
	if (failed)
		api_fail(request, error);
	else
		api_answer(request, session->uuid ? model_result(session) : jimm_result(session));
}

static void login_token(struct api_request *request)
{
	struct world_error error;
	int failed = world_login_token(
		request->conversation->session, api_get_text(request->params, "session-token"), &error);
	logged_in(request, failed, &error);
}

static void login_client(struct api_request *request)
{
	struct world_error error;
	int failed = world_login_client(request->conversation->session, api_get_text(request->params, "client-id"),
		api_get_text(request->params, "client-secret"), &error);
	logged_in(request, failed, &error);
}

static void login_old(struct api_request *request)
{
	struct world_error error;
	world_fail(&error, "not supported", "JIMM does not support login from old clients");
	error.proxy = request->conversation->session->uuid != NULL;
	api_fail(request, &error);
}

static void login_cookie(struct api_request *request)
{
	struct world_error error;
	world_fail(&error, "unauthorized access", "no identity in the session cookie");
	api_fail(request, &error);
}

static void login_device(struct api_request *request)
{
	struct world_error error;
	if (world_login_device(request->conversation->session, &error)) {
		api_fail(request, &error);
		return;
	}
	struct json_object *object = json_object_new_object();
	api_put_text(object, "verification-uri", "https://login.example.com/device");
	api_put_text(object, "user-code", "WDJB-MJHT");
	api_answer(request, object);
}

static void device_token_done(void *context, const struct world_outcome *outcome)
{
	struct api_request *request = context;
	if (outcome->error) {
		api_fail(request, outcome->error);
		return;
	}
	struct json_object *object = json_object_new_object();
	api_put_text(object, "session-token", outcome->text);
	api_answer(request, object);
}

static void device_token(struct api_request *request)
{
	world_device_token(request->conversation->session, (struct world_reply){device_token_done, request});
}

static void ping(struct api_request *request)
{
	world_session_ping(request->conversation->session);
	api_answer(request, NULL);
}

const struct api_method api_admin_methods[] = {
	{"Admin", "Login", login_old, 0},
	{"Admin", "LoginWithSessionToken", login_token, 0},
	{"Admin", "LoginWithClientCredentials", login_client, 0},
	{"Admin", "LoginWithSessionCookie", login_cookie, 0},
	{"Admin", "LoginDevice", login_device, 0},
	{"Admin", "GetDeviceSessionToken", device_token, 0},
	{"Pinger", "Ping", ping, 0},
	{0},
};
