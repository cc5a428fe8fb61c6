/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/client_credentials.h"

#include "common/base/scoped.h"
#include "common/base/text.h"

static const char *lacks(const struct login_account *account)
{
	return login_client_given(&account->keys->client) ? NULL
							  : "JUJU_CLIENT_ID and JUJU_CLIENT_SECRET are not both given";
}

static void start_with(struct login *login, const struct login_client *client)
{
	admin_login_with_client_credentials(login->connection.rpc, client->id, client->secret, login_answered, login);
}

static void start(struct login *login)
{
	start_with(login, &login->account.keys->client);
}

static bool goes_on(const struct login *login, const struct error *refusal)
{
	(void)login;
	return !error_has_code(refusal, "fatal login error");
}

static struct error *explain_as(const struct login_account *account, const struct error *refusal, const char *what)
{
	scoped(string) char *name = text_printable(account->controller);
	struct error *error = NULL;

	if (login_unknown_way(account, refusal))
		error_set(&error, ERROR_LOGIN, "cannot use \"%s\": it knows no client credentials (%s)", name,
			refusal->message);
	/* On a model path, a controller that the model has left answers the same. */
	else if (!string_given(account->model_uuid) &&
		 (error_has_code(refusal, "unauthorized access") || error_has_code(refusal, "fatal login error")))
		error_set(&error, ERROR_LOGIN, "cannot log in to \"%s\": it refuses %s (%s)", name, what,
			refusal->message);
	return error;
}

static struct error *explain(const struct login_account *account, const struct error *refusal)
{
	return explain_as(account, refusal, "the client id and secret in JUJU_CLIENT_ID and JUJU_CLIENT_SECRET");
}

static const char *lacks_remembered(const struct login_account *account)
{
	return login_client_given(&account->keys->remembered_client) ? NULL : "none are remembered";
}

static void start_remembered(struct login *login)
{
	start_with(login, &login->account.keys->remembered_client);
}

static struct error *explain_remembered(const struct login_account *account, const struct error *refusal)
{
	return explain_as(account, refusal, "the client id and secret that are remembered");
}

const struct login_way client_credentials_way = {
	.name = "client credentials",
	.peer = LOGIN_JAAS,
	.lacks = lacks,
	.start = start,
	.goes_on = goes_on,
	.explain = explain,
};

const struct login_way remembered_client_way = {
	.name = "remembered client credentials",
	.peer = LOGIN_JAAS,
	.lacks = lacks_remembered,
	.start = start_remembered,
	.goes_on = goes_on,
	.explain = explain_remembered,
};
