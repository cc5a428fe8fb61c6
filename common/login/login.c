/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/login.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "common/login/expect.h"
#include "common/login/session_token.h"
#include "common/login/way.h"

/* In juju's order. */
static const struct login_way *const ways[] = {&session_token_way};

/* A login on its way; `account` shows what the fields above it own. */
struct login {
	char *controller;
	char *controller_uuid;
	char *model_uuid;
	char *user;
	struct secret *token;
	struct login_account account;
	const struct login_way *way;
	const struct log *log;
	admin_login_done *done;
	void *context;
};

static void login_free(struct login *login)
{
	free(login->controller);
	free(login->controller_uuid);
	free(login->model_uuid);
	free(login->user);
	secret_free(login->token);
	free(login);
}

SCOPED_DEFINE(login, struct login *, login_free)

static struct login *login_new(const struct login_account *account)
{
	struct login *login = memory_get(1, sizeof(*login));

	login->controller = string_copy(account->controller);
	login->controller_uuid = string_copy(account->controller_uuid);
	login->model_uuid = string_copy(account->model_uuid);
	login->user = string_copy(account->user);
	login->token = secret_copy(account->token);
	login->account = (struct login_account){
		.controller = login->controller,
		.controller_uuid = login->controller_uuid,
		.model_uuid = login->model_uuid,
		.user = login->user,
		.token = login->token,
	};
	return login;
}

static const struct login_way *way_for(const struct login_account *account)
{
	for (size_t i = 0; i < array_length(ways); i++)
		if (ways[i]->applies(account))
			return ways[i];
	return NULL;
}

int login_check(const struct login_account *account, struct error **error)
{
	if (way_for(account) != NULL)
		return 0;
	scoped(string) char *name = text_printable(account->controller);
	return error_set(error, ERROR_LOGIN,
		"cannot log in to \"%s\": no session token is stored, log in first with: juju login -c %s", name, name);
}

static void finish(const struct login *login, struct login_result *answer, const struct call_result *result,
	const struct error *error)
{
	struct call_result told = *result;

	told.error = error;
	log_debug(login->log, "login", "%s with %s: %s", string_given(login->account.model_uuid) ? "model" : "api",
		login->way->name, error != NULL ? error->message : "done");
	login->done(login->context, error == NULL ? answer : NULL, &told);
}

/* Returns the error to report for a refusal, owned by the caller. */
static struct error *explained(const struct login *login, const struct error *refusal)
{
	struct error *error = login->way->explain(&login->account, refusal);

	if (error != NULL)
		return error;
	error = error_copy(refusal);
	/* On a model path every word counts for whoever asks where the model is. */
	if (refusal->kind == ERROR_REMOTE && !string_given(login->account.model_uuid)) {
		scoped(string) char *name = text_printable(login->account.controller);
		error_wrap(&error, "cannot log in to \"%s\"", name);
	}
	return error;
}

static void answered(void *context, struct login_result *answer, const struct call_result *result)
{
	scoped(login) struct login *login = context;
	scoped(error) struct error *error = NULL;

	if (result->error != NULL)
		error = explained(login, result->error);
	else
		login_expect(&login->account, answer, &error);
	finish(login, answer, result, error);
}

static void forgotten(void *context)
{
	login_free(context);
}

void login_start(struct rpc *rpc, const struct login_account *account, const struct log *log, admin_login_done *done,
	void *context)
{
	struct login *login = login_new(account);

	login->log = log;
	login->done = done;
	login->context = context;
	/* With nothing to log in with, an empty token gets the peer's own words. */
	login->way = way_for(account);
	if (login->way == NULL)
		login->way = &session_token_way;
	login->way->start(rpc, &login->account, answered, forgotten, login);
}
