/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/session_token.h"

#include "common/base/scoped.h"
#include "common/base/text.h"

static int applies(const struct login_account *account)
{
	return secret_given(account->token);
}

static void start(struct rpc *rpc, const struct login_account *account, admin_login_done *done,
	void (*forget)(void *context), void *context)
{
	admin_login_with_session_token(rpc, account->token, done, forget, context);
}

/* On a model path "not supported" comes from JIMM as well, which is no plain controller then. */
static int no_jimm(const struct login_account *account, const struct error *refusal)
{
	return !string_given(account->model_uuid) &&
	       (error_has_code(refusal, "not supported") || error_has_code(refusal, "not implemented"));
}

static struct error *explain(const struct login_account *account, const struct error *refusal)
{
	scoped(string) char *name = text_printable(account->controller);
	struct error *error = NULL;

	if (error_has_code(refusal, "session token invalid"))
		error_set(&error, ERROR_LOGIN,
			"cannot log in to \"%s\": the session token is no longer valid (%s), log in again with: "
			"juju login -c %s",
			name, refusal->message, name);
	else if (error_has_code(refusal, "fatal login error"))
		error_set(&error, ERROR_LOGIN,
			"cannot log in to \"%s\": the session token is damaged or not meant for it (%s), log in again "
			"with: juju logout -c %s && juju login -c %s",
			name, refusal->message, name, name);
	else if (no_jimm(account, refusal))
		error_set(&error, ERROR_LOGIN, "cannot use \"%s\": it is no JAAS, it knows no session tokens (%s)",
			name, refusal->message);
	return error;
}

const struct login_way session_token_way = {
	.name = "session token",
	.applies = applies,
	.start = start,
	.explain = explain,
};
