/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/password.h"

#include "common/login/plain.h"

static const char *lacks(const struct login_account *account)
{
	return secret_given(account->keys->password) ? NULL : "no password is stored";
}

static void answered(void *context, struct login_result *answer, const struct call_result *result)
{
	struct login *login = context;

	if (result->error == NULL && answer->demand != NULL)
		plain_fail(login, "it asks for macaroons in place of the stored password");
	else
		login_answered(login, answer, result);
}

static void start(struct login *login)
{
	plain_login(login, login->account.keys->password, NULL, answered);
}

const struct login_way password_way = {
	.name = "password",
	.peer = LOGIN_PLAIN,
	.lacks = lacks,
	.start = start,
	.explain = plain_explain,
};
