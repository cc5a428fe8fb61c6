/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/session_token.h"

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"

static const char *lacks(const struct login_account *account)
{
	return secret_given(account->keys->token) ? NULL : "no session token is stored";
}

static void start(struct login *login)
{
	admin_login_with_session_token(login->connection.rpc, login->account.keys->token, login_answered, login);
}

static bool goes_on(const struct login *login, const struct error *refusal)
{
	(void)login;
	return error_has_code(refusal, "session token invalid");
}

static struct error *explain(const struct login_account *account, const struct error *refusal)
{
	scoped(string) char *name = text_printable(account->controller);
	scoped(string) char *word = shell_word(account->controller);
	struct error *error = NULL;

	if (error_has_code(refusal, "session token invalid"))
		error_set(&error, ERROR_LOGIN,
			"cannot log in to \"%s\": the session token is no longer valid (%s), log in again with: "
			"juju login -c %s",
			name, refusal->message, word);
	else if (error_has_code(refusal, "fatal login error"))
		error_set(&error, ERROR_LOGIN,
			"cannot log in to \"%s\": session token damaged or foreign (%s), type: juju logout -c %s && "
			"juju login -c %s",
			name, refusal->message, word, word);
	else if (login_unknown_way(account, refusal))
		error_set(&error, ERROR_LOGIN, "cannot use \"%s\": it is not a JAAS, it knows no session tokens (%s)",
			name, refusal->message);
	return error;
}

const struct login_way session_token_way = {
	.name = "session token",
	.peer = LOGIN_JAAS,
	.lacks = lacks,
	.start = start,
	.goes_on = goes_on,
	.explain = explain,
};
