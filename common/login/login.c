/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/login.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"
#include "common/login/client_credentials.h"
#include "common/login/device.h"
#include "common/login/expect.h"
#include "common/login/macaroon.h"
#include "common/login/password.h"
#include "common/login/session_token.h"
#include "common/login/way.h"

/* In juju's order; what juju does not have comes before a person is asked. */
static const struct login_way *const ways[] = {
	&client_credentials_way,
	&session_token_way,
	&remembered_client_way,
	&device_way,
	&password_way,
	&macaroon_way,
};

static void forget_state(struct login *login)
{
	void *state = steal(login->state);

	if (state != NULL)
		login->release(state);
}

static void login_free(struct login *login)
{
	forget_state(login);
	loop_timer_cancel(login->connection.loop, &login->soon);
	free((char *)(uintptr_t)login->account.controller);
	free((char *)(uintptr_t)login->account.controller_uuid);
	free((char *)(uintptr_t)login->account.model_uuid);
	free((char *)(uintptr_t)login->account.user);
	free((char *)(uintptr_t)login->account.agent_version);
	error_free(login->refusal);
	free(login);
}

SCOPED_DEFINE(login, struct login *, login_free)

static const char *kind_of_path(const struct login *login)
{
	return string_given(login->account.model_uuid) ? "model" : "api";
}

/* The way that worked on /api works everywhere; another's refusal would hide what a controller says about the model. */
static const char *left_because(const struct login_account *account, const struct login_way *way)
{
	if (string_given(account->model_uuid) && account->keys->way != NULL && account->keys->way != way)
		return "another way has led in";
	return way->lacks(account);
}

static int nothing_to_log_in_with(const struct login_account *account, struct error **error)
{
	scoped(string) char *name = text_printable(account->controller);
	scoped(string) char *word = shell_word(account->controller);

	if (account->peer == LOGIN_PLAIN)
		return error_set(error, ERROR_LOGIN,
			"cannot log in to \"%s\": nobody is logged in there, log in first with: juju login -c %s", name,
			word);
	return error_set(error, ERROR_LOGIN,
		"cannot log in to \"%s\": no session token is stored, log in first with: juju login -c %s", name, word);
}

int login_check(const struct login_account *account, struct error **error)
{
	for (size_t i = 0; i < array_length(ways); i++)
		if (ways[i]->peer == account->peer && left_because(account, ways[i]) == NULL)
			return 0;
	return nothing_to_log_in_with(account, error);
}

/* Tells the owner, then frees the login. */
static void finish(
	struct login *whole, struct login_result *answer, const struct call_result *result, const struct error *error)
{
	scoped(login) struct login *login = whole;
	struct call_result told = *result;

	told.error = error;
	login->done(login->context, error == NULL ? answer : NULL, &told);
}

static void finish_failed(struct login *login)
{
	scoped(error) struct error *error = steal(login->refusal);

	if (error == NULL)
		nothing_to_log_in_with(&login->account, &error);
	finish(login, NULL, &(struct call_result){0}, error);
}

/* Starts the next way that applies. */
static void try_next(void *context)
{
	struct login *login = context;
	const struct error *stranger = strangers_find(&login->account.keys->strangers, login->connection.endpoint);

	/* Another connection may have found that out while this one was dialled. */
	if (stranger != NULL) {
		finish(login, NULL, &(struct call_result){0}, stranger);
		return;
	}
	for (; login->next < array_length(ways); login->next++) {
		const struct login_way *way = ways[login->next];
		const char *reason = left_because(&login->account, way);

		if (way->peer != login->account.peer)
			continue;
		if (reason != NULL) {
			log_debug(login->log, "login", "%s: not by %s: %s", kind_of_path(login), way->name, reason);
			continue;
		}
		log_debug(login->log, "login", "%s: trying %s", kind_of_path(login), way->name);
		login->next++;
		login->began = loop_now(login->connection.loop);
		login->way = way;
		way->start(login);
		return;
	}
	finish_failed(login);
}

static void note(struct login *login, struct error *refusal)
{
	log_debug(login->log, "login", "%s with %s: %s", kind_of_path(login), login->way->name, refusal->message);
	error_free(login->refusal);
	login->refusal = refusal;
}

/* Returns the error to report for a refusal, owned by the caller. */
static struct error *explained(const struct login *login, const struct error *refusal)
{
	struct error *error = refusal->kind == ERROR_REMOTE ? login->way->explain(&login->account, refusal) : NULL;

	if (error != NULL)
		return error;
	error = error_copy(refusal);
	/* On a model path the exact refusal tells callers where the model is: it stays as it is. */
	if (refusal->kind == ERROR_REMOTE && !string_given(login->account.model_uuid)) {
		scoped(string) char *name = text_printable(login->account.controller);
		error_wrap(&error, "cannot log in to \"%s\"", name);
	}
	return error;
}

static void refused(struct login *login, const struct call_result *result)
{
	bool goes_on = result->error->kind == ERROR_REMOTE && login->way->goes_on != NULL &&
		       login->way->goes_on(login, result->error);

	note(login, explained(login, result->error));
	forget_state(login);
	if (goes_on) {
		try_next(login);
		return;
	}
	scoped(error) struct error *error = steal(login->refusal);
	finish(login, NULL, result, error);
}

static void led_in(struct login *login)
{
	const struct login_way *way = login->way;

	if (way->led_in != NULL)
		way->led_in(login);
	if (!string_given(login->account.model_uuid))
		login->account.keys->way = way->later != NULL ? way->later : way;
}

void login_answered(void *context, struct login_result *answer, const struct call_result *result)
{
	struct login *login = context;
	scoped(error) struct error *error = NULL;

	if (result->error != NULL) {
		refused(login, result);
		return;
	}
	login_expect(&login->account, login->way, answer, &error);
	log_debug(login->log, "login", "%s with %s: %s", kind_of_path(login), login->way->name,
		error != NULL ? error->message : "done");
	if (error == NULL)
		led_in(login);
	else if (login_is_stranger(&login->account, answer))
		strangers_add(&login->account.keys->strangers, login->connection.endpoint, error);
	finish(login, answer, result, error);
}

void login_failed(struct login *login, const struct error *error)
{
	note(login, error_copy(error));
	finish_failed(login);
}

bool login_unknown_way(const struct login_account *account, const struct error *refusal)
{
	return !string_given(account->model_uuid) &&
	       (error_has_code(refusal, "not supported") || error_has_code(refusal, "not implemented"));
}

struct login *login_start(const struct login_connection *connection, const struct login_account *account,
	const struct log *log, admin_login_done *done, void *context)
{
	struct login *login = memory_get(1, sizeof(*login));

	login->connection = *connection;
	login->account = *account;
	login->account.controller = string_copy(account->controller);
	login->account.controller_uuid = string_copy(account->controller_uuid);
	login->account.model_uuid = string_copy(account->model_uuid);
	login->account.user = string_copy(account->user);
	login->account.agent_version = string_copy(account->agent_version);
	login->log = log;
	login->done = done;
	login->context = context;
	/* When no way applies `done` is due at once, but it must not be called from in here. */
	loop_timer_set(connection->loop, &login->soon, loop_now(connection->loop), try_next, login);
	return login;
}

void login_cancel(struct login *login)
{
	if (login != NULL)
		login_free(login);
}
