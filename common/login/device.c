/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/device.h"

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"
#include "common/login/session_token.h"

static const char *lacks(const struct login_account *account)
{
	/* On such a path JIMM connects to the controller first, and the blocked call holds up all later ones. */
	if (string_given(account->model_uuid))
		return "it is not for the path of a model";
	/* Without an account juju itself stops, and a new token could not be kept. */
	if (account->user == NULL)
		return "nobody is logged in as far as the store tells";
	if (account->person == NULL || !account->person->present)
		return "nobody is at a terminal";
	return account->keys->nobody_there ? "nobody has completed the one before" : NULL;
}

static void free_token(void *token)
{
	secret_free(token);
}

/* A token is kept only after a login with it, as in juju. */
static void led_in(struct login *login)
{
	login_keys_bring_token(login->account.keys, login->state);
}

static void fail_late(struct login *login)
{
	scoped(string) char *name = text_printable(login->account.controller);
	scoped(string) char *word = shell_word(login->account.controller);
	scoped(error) struct error *error = NULL;

	error_set(&error, ERROR_LOGIN,
		"cannot log in to \"%s\": nobody has completed the device login within %d minutes; try again, or log "
		"in "
		"with: juju login -c %s",
		name, (int)(CALL_TIMEOUT_DEVICE / INSTANT_MINUTE), word);
	login_failed(login, error);
}

static void token_came(void *context, const struct secret *token, const struct call_result *result)
{
	struct login *login = context;

	/* The code expired or nobody entered it: another would fare no better. A lost connection does not tell that. */
	if (result->error != NULL && (result->error->kind == ERROR_TIMEOUT || result->error->kind == ERROR_REMOTE))
		login->account.keys->nobody_there = true;
	if (result->error != NULL && result->error->kind == ERROR_TIMEOUT) {
		fail_late(login);
		return;
	}
	if (result->error != NULL) {
		login_answered(login, NULL, result);
		return;
	}
	login->state = secret_copy(token);
	login->release = free_token;
	admin_login_with_session_token(login->connection.rpc, login->state, login_answered, login);
}

static void device_came(void *context, struct admin_device *device, const struct call_result *result)
{
	struct login *login = context;
	const struct login_person *person = login->account.person;

	if (result->error != NULL) {
		login_answered(login, NULL, result);
		return;
	}
	/* Sent before the code is shown: with it JIMM begins to look for the person. */
	admin_get_device_session_token(login->connection.rpc, token_came, login);
	person->show_device(person->context, device->address, device->code);
}

static void start(struct login *login)
{
	admin_login_device(login->connection.rpc, device_came, login);
}

static struct error *explain(const struct login_account *account, const struct error *refusal)
{
	scoped(string) char *name = text_printable(account->controller);
	scoped(string) char *word = shell_word(account->controller);
	struct error *error = NULL;

	if (login_unknown_way(account, refusal))
		error_set(&error, ERROR_LOGIN, "cannot use \"%s\": it is not a JAAS, it knows no device login (%s)",
			name, refusal->message);
	else
		error_set(&error, ERROR_LOGIN,
			"cannot log in to \"%s\": the device login was not completed (%s); try again, or type: "
			"juju login -c %s",
			name, string_given(refusal->message) ? refusal->message : "no reason given", word);
	return error;
}

const struct login_way device_way = {
	.name = "device login",
	.peer = LOGIN_JAAS,
	.lacks = lacks,
	.start = start,
	.led_in = led_in,
	.later = &session_token_way,
	.explain = explain,
};
