/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/plain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"

/* The command that controllers write into their audit logs. */
#define WORDS "juju jaas-migrate"

#define REASON_MAX 2048

const char *plain_local_user(const struct login_account *account)
{
	return string_given(account->user) && strchr(account->user, '@') == NULL ? account->user : "";
}

void plain_login(struct login *login, const struct secret *password, const struct secret *more, admin_login_done *done)
{
	const struct login_keys *keys = login->account.keys;
	const struct secret *sets[LOGIN_MACAROONS_MAX + 1];
	struct admin_login request = {
		.user = plain_local_user(&login->account),
		.password = password,
		.macaroons = sets,
		.client_version = login->account.agent_version,
		.words = WORDS,
	};

	for (size_t i = 0; i < keys->macaroon_count; i++)
		sets[request.macaroon_count++] = keys->macaroons[i].set;
	if (more != NULL)
		sets[request.macaroon_count++] = more;
	admin_login(login->connection.rpc, &request, done, login);
}

struct error *plain_explain(const struct login_account *account, const struct error *refusal)
{
	scoped(string) char *name = text_printable(account->controller);
	scoped(string) char *word = shell_word(account->controller);
	struct error *error = NULL;

	if (string_given(account->model_uuid))
		return NULL;
	/* Older versions of juju do not store that it is a JAAS. */
	if (error_has_code(refusal, "not supported"))
		error_set(&error, ERROR_LOGIN,
			"cannot log in to \"%s\": it is a JAAS, and the client store does not say so (%s), log in "
			"again with: "
			"juju login -c %s",
			name, refusal->message, word);
	else if (error_has_code(refusal, "unauthorized access") || error_has_code(refusal, "login expired") ||
		 error_has_code(refusal, "no credentials provided"))
		error_set(&error, ERROR_LOGIN, "cannot log in to \"%s\": %s, log in again with: juju login -c %s", name,
			refusal->message, word);
	return error;
}

void plain_fail(struct login *login, const char *format, ...)
{
	scoped(string) char *name = text_printable(login->account.controller);
	scoped(error) struct error *error = NULL;
	char reason[REASON_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	error_set(&error, ERROR_LOGIN, "cannot log in to \"%s\": %s", name, reason);
	login_failed(login, error);
}
