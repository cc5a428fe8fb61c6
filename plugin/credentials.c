/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/credentials.h"

#include "common/base/environment.h"
#include "common/login/client_credentials.h"

/* juju's own words. */
static void show_device(void *context, const char *address, const char *code)
{
	const struct credentials *credentials = context;

	message_request(
		&credentials->surroundings->messages, "Please visit %s and enter code %s to log in.", address, code);
}

static void ask_password(
	void *context, const char *user, const char *controller, bool again, login_told *told, void *waiter)
{
	struct credentials *credentials = context;
	scoped(string) char *question = string_format(
		"%splease enter password for %s on %s: ", again ? "the password is wrong; " : "", user, controller);

	prompt_secret(&credentials->prompt, question, told, waiter);
}

static void forget(void *context)
{
	struct credentials *credentials = context;

	prompt_forget(&credentials->prompt);
}

static void look_for_person(struct credentials *credentials)
{
	const struct surroundings *surroundings = credentials->surroundings;

	credentials->person = (struct login_person){
		.present = surroundings->in_is_terminal && surroundings->err_terminal.is_terminal,
		.show_device = show_device,
		.ask_password = ask_password,
		.forget = forget,
		.context = credentials,
	};
}

static struct keyring_item item_of(const struct login_account *account, enum keyring_kind kind, const char *user)
{
	return (struct keyring_item){account->controller_uuid, account->controller, kind, user};
}

/* A service account that only the keyring knows is used if nothing else can log in. */
static void recall_client(
	const struct login_account *account, const struct surroundings *surroundings, struct remember *remember)
{
	struct login_keys *keys = account->keys;
	const char *id = environment_given(surroundings->environment, "JUJU_CLIENT_ID");
	const struct keyring_item item = item_of(account, KEYRING_CLIENT_SECRET, id);

	if (!login_client_given(&keys->client) && !secret_given(keys->token))
		keys->remembered_client.secret = remember_find(remember, &item, &keys->remembered_client.id);
}

/* Asked for even if the cookie jar holds macaroons: the controller may refuse these. */
static void recall_password(const struct login_account *account, struct remember *remember)
{
	struct login_keys *keys = account->keys;
	const struct keyring_item item = item_of(account, KEYRING_PASSWORD, account->user);
	scoped(string) char *user = NULL;

	if (!secret_given(keys->password) && string_given(account->user))
		keys->remembered_password = remember_find(remember, &item, &user);
}

/* `id`, `secret`: whether the variable is set. One without the other logs nobody in. */
static int check_account(const struct credentials *credentials, bool id, bool secret, struct error **error)
{
	const struct login_account *account = &credentials->place.session.account;

	if (login_check(account, error) == 0)
		return 0;
	if (account->peer == LOGIN_JAAS && id != secret)
		error_wrap(error, id ? "JUJU_CLIENT_ID is set, JUJU_CLIENT_SECRET is not"
				     : "JUJU_CLIENT_SECRET is set, JUJU_CLIENT_ID is not");
	return -1;
}

bool credentials_keep(const struct credentials *credentials, struct remember *remember)
{
	const struct login_account *account = &credentials->place.session.account;
	const struct login_client *client = &account->keys->client;
	const struct keyring_item item = item_of(account, KEYRING_CLIENT_SECRET, client->id);

	if (account->keys->typed_password != NULL) {
		const struct keyring_item password = item_of(account, KEYRING_PASSWORD, account->user);

		remember_keep(remember, &password, account->keys->typed_password);
		return true;
	}
	if (account->keys->way != &client_credentials_way)
		return false;
	remember_keep(remember, &item, client->secret);
	return true;
}

int credentials_init(struct credentials *credentials, const struct credentials_plan *plan, struct error **error)
{
	const struct surroundings *surroundings = plan->surroundings;
	bool id = environment_given(surroundings->environment, "JUJU_CLIENT_ID") != NULL;
	bool secret = environment_given(surroundings->environment, "JUJU_CLIENT_SECRET") != NULL;

	credentials->surroundings = surroundings;
	look_for_person(credentials);
	const struct place_plan place = {
		.log = surroundings->log,
		.clock = surroundings->clock,
		.environment = surroundings->environment,
		.person = plan->alone ? NULL : &credentials->person,
	};
	if (place_init(&credentials->place, plan->store, plan->controller, &place, error) != 0)
		return -1;
	const struct login_account *account = &credentials->place.session.account;
	if (account->peer == LOGIN_JAAS)
		recall_client(account, surroundings, plan->remember);
	else
		recall_password(account, plan->remember);
	/* It is not used for any other controller. */
	if (account->peer == LOGIN_JAAS)
		environment_erase(surroundings->environment, "JUJU_CLIENT_SECRET");
	return check_account(credentials, id, secret, error);
}

const struct session_place *credentials_place(struct credentials *credentials, struct loop *loop)
{
	credentials->place.session.loop = loop;
	prompt_init(&credentials->prompt, loop, credentials->surroundings->in, credentials->surroundings->err);
	return &credentials->place.session;
}

static void warn(void *context, const char *text)
{
	const struct credentials *credentials = context;

	message_warning(&credentials->surroundings->messages, "%s: %s",
		credentials->is_new ? "the new login could not be stored" : "what JAAS told could not be stored", text);
}

static void settled(struct credentials *credentials)
{
	void (*told)(void *context) = steal(credentials->settled);

	if (told != NULL)
		told(credentials->context);
}

static void done(void *context)
{
	struct credentials *credentials = context;

	credentials->writing = NULL;
	settled(credentials);
}

void credentials_logged_in(struct credentials *credentials, const struct session *session)
{
	const struct write_back_plan plan = {credentials->surroundings->clock, warn, done, credentials};
	const struct write_back_news news = {
		session_login(session), session_endpoint(session), session_address(session)};

	credentials->is_new = login_keys_have_news(&credentials->place.keys);
	/* A connection that is opened again brings nothing new, except what a person has typed. */
	if (credentials->written && !credentials->is_new)
		return;
	credentials->written = true;
	write_back_cancel(steal(credentials->writing));
	credentials->writing = write_back_start(&credentials->place, &news, &plan);
}

void credentials_settle(struct credentials *credentials, void (*told)(void *context), void *context)
{
	credentials->settled = told;
	credentials->context = context;
	if (credentials->writing == NULL)
		settled(credentials);
}

void credentials_leave(struct credentials *credentials)
{
	write_back_cancel(steal(credentials->writing));
}

void credentials_release(struct credentials *credentials)
{
	place_release(&credentials->place);
}
