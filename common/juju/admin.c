/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/admin.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/names.h"
#include "common/juju/reply.h"
#include "common/juju/secret_json.h"

#define ADMIN_VERSION_JIMM 4
#define ADMIN_VERSION_CONTROLLER 3
/* The newest form of macaroons (bakery). */
#define BAKERY_VERSION 3

static int decode_login(const char *method, struct json_object *response, void *answer, struct error **error)
{
	return login_result_decode(answer, response, method, error);
}

static int decode_token_login(
	struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return decode_login("Admin.LoginWithSessionToken", response, answer, error);
}

static int decode_client_login(
	struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return decode_login("Admin.LoginWithClientCredentials", response, answer, error);
}

static int decode_plain_login(
	struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return decode_login("Admin.Login", response, answer, error);
}

static void release_login(void *answer)
{
	login_result_release(answer);
}

static void deliver_login(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((admin_login_done *)done)(context, answer, result);
}

static const struct call_method login_with_session_token = {
	.facade = "Admin",
	.method = "LoginWithSessionToken",
	.timeout = CALL_TIMEOUT_LOGIN,
	.size = sizeof(struct login_result),
	.decode = decode_token_login,
	.release = release_login,
	.deliver = deliver_login,
};

static const struct call_method login_with_client_credentials = {
	.facade = "Admin",
	.method = "LoginWithClientCredentials",
	.timeout = CALL_TIMEOUT_LOGIN,
	.size = sizeof(struct login_result),
	.decode = decode_client_login,
	.release = release_login,
	.deliver = deliver_login,
};

static const struct call_method login_plain = {
	.facade = "Admin",
	.method = "Login",
	.timeout = CALL_TIMEOUT_LOGIN,
	.size = sizeof(struct login_result),
	.decode = decode_plain_login,
	.release = release_login,
	.deliver = deliver_login,
};

void admin_login_with_session_token(struct rpc *rpc, const struct secret *token, admin_login_done *done, void *context)
{
	struct json_object *params = json_object_new_object();

	json_object_object_add(params, "session-token", secret_json(token));
	call_plain(rpc, &login_with_session_token, ADMIN_VERSION_JIMM, params, (call_any *)done, context);
}

void admin_login_with_client_credentials(
	struct rpc *rpc, const char *id, const struct secret *secret, admin_login_done *done, void *context)
{
	struct json_object *params = json_object_new_object();

	json_object_object_add(params, "client-id", json_object_new_string(id));
	json_object_object_add(params, "client-secret", secret_json(secret));
	call_plain(rpc, &login_with_client_credentials, ADMIN_VERSION_JIMM, params, (call_any *)done, context);
}

/* ---- the device login ---- */

static int decode_device(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "Admin.LoginDevice", .error = error};
	struct admin_device *device = answer;

	(void)info;
	device->address = reply_require(&reply, reply_text(&reply, response, "verification-uri"), "verification-uri");
	device->code = reply_require(&reply, reply_text(&reply, response, "user-code"), "user-code");
	return reply_end(&reply);
}

static void release_device(void *answer)
{
	admin_device_release(answer);
}

static void deliver_device(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((admin_device_done *)done)(context, answer, result);
}

void admin_login_device(struct rpc *rpc, admin_device_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "Admin",
		.method = "LoginDevice",
		.timeout = CALL_TIMEOUT_LOGIN,
		.size = sizeof(struct admin_device),
		.decode = decode_device,
		.release = release_device,
		.deliver = deliver_device,
	};

	call_plain(rpc, &method, ADMIN_VERSION_JIMM, NULL, (call_any *)done, context);
}

void admin_device_release(struct admin_device *device)
{
	free(device->address);
	/* Whoever knows the code can let somebody else in. */
	if (device->code != NULL)
		secret_erase(device->code, strlen(device->code));
	free(device->code);
	*device = (struct admin_device){0};
}

static int decode_token(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "Admin.GetDeviceSessionToken", .error = error};
	struct secret **token = answer;

	(void)info;
	*token = secret_of_reply(&reply, response, "session-token", ADMIN_TOKEN_MAX);
	if (*token == NULL)
		reply_fail(&reply, "session-token", "is missing");
	return reply_end(&reply);
}

static void release_token(void *answer)
{
	secret_free(*(struct secret **)answer);
}

static void deliver_token(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((admin_token_done *)done)(context, answer != NULL ? *(struct secret **)answer : NULL, result);
}

void admin_get_device_session_token(struct rpc *rpc, admin_token_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "Admin",
		.method = "GetDeviceSessionToken",
		.timeout = CALL_TIMEOUT_DEVICE,
		.size = sizeof(struct secret *),
		.decode = decode_token,
		.release = release_token,
		.deliver = deliver_token,
	};

	call_plain(rpc, &method, ADMIN_VERSION_JIMM, NULL, (call_any *)done, context);
}

/* ---- plain controllers ---- */

/* Returns the sets as a JSON list of lists, owned by the caller; NULL if there are none. Leaves out texts that are not lists. */
static struct json_object *macaroon_sets(const struct secret *const *sets, size_t count)
{
	struct json_object *list = NULL;

	for (size_t i = 0; i < count; i++) {
		struct json_object *set = secret_json_parse(sets[i]);

		if (!json_object_is_type(set, json_type_array)) {
			json_object_put(set);
			continue;
		}
		if (list == NULL)
			list = json_object_new_array();
		json_object_array_add(list, set);
	}
	return list;
}

void admin_login(struct rpc *rpc, const struct admin_login *login, admin_login_done *done, void *context)
{
	struct json_object *params = json_object_new_object();
	scoped(string) char *tag = string_given(login->user) ? names_tag("user", login->user) : string_copy("");
	int by_password = secret_given(login->password);

	json_object_object_add(params, "auth-tag", json_object_new_string(tag));
	json_object_object_add(params, "credentials", secret_json(login->password));
	json_object_object_add(params, "nonce", json_object_new_string(""));
	json_object_object_add(
		params, "macaroons", by_password ? NULL : macaroon_sets(login->macaroons, login->macaroon_count));
	json_object_object_add(params, "bakery-version", json_object_new_int(BAKERY_VERSION));
	if (string_given(login->words))
		json_object_object_add(params, "cli-args", json_object_new_string(login->words));
	json_object_object_add(params, "user-data", json_object_new_string(""));
	if (string_given(login->client_version))
		json_object_object_add(params, "client-version", json_object_new_string(login->client_version));
	call_plain(rpc, &login_plain, ADMIN_VERSION_CONTROLLER, params, (call_any *)done, context);
}
