/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/admin.h"

#include <json-c/json.h>

#define ADMIN_VERSION_JIMM 4

/* json-c does not erase what it frees. */
static void erase_text(struct json_object *text, void *nothing)
{
	(void)nothing;
	secret_erase((char *)(uintptr_t)json_object_get_string(text), (size_t)json_object_get_string_len(text));
}

/* A JSON text that is erased when it is freed. */
static struct json_object *secret_text(const struct secret *secret)
{
	struct json_object *text = json_object_new_string(secret_given(secret) ? secret_reveal(secret) : "");

	json_object_set_userdata(text, NULL, erase_text);
	return text;
}

static int decode_token_login(
	struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return login_result_decode(answer, response, "Admin.LoginWithSessionToken", error);
}

static void release_login(void *answer)
{
	login_result_release(answer);
}

static void deliver_login(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((admin_login_done *)done)(context, answer, result);
}

void admin_login_with_session_token(struct rpc *rpc, const struct secret *token, admin_login_done *done,
	void (*forget)(void *context), void *context)
{
	static const struct call_method method = {
		.facade = "Admin",
		.method = "LoginWithSessionToken",
		.timeout = CALL_TIMEOUT_LOGIN,
		.size = sizeof(struct login_result),
		.decode = decode_token_login,
		.release = release_login,
		.deliver = deliver_login,
	};
	struct json_object *params = json_object_new_object();

	json_object_object_add(params, "session-token", secret_text(token));
	call_send(rpc, &(struct call){
			       .method = &method,
			       .version = ADMIN_VERSION_JIMM,
			       .params = params,
			       .done = (call_any *)done,
			       .forget = forget,
			       .context = context,
		       });
}
