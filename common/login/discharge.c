/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/discharge.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"
#include "common/juju/discharge.h"
#include "common/login/plain.h"
#include "common/wire/endpoint.h"
#include "common/wire/http.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define JSON_TYPE "application/json"
/* Without this header the demand for a proof has another status. */
#define PROTOCOL_HEADER "Bakery-Protocol-Version:"
#define PROTOCOL_VERSION "3"
#define DOOR "/discharge"

struct discharging {
	struct login *login;
	struct macaroon *set[DISCHARGES_MAX]; /* the primary one first; discharges are not bound before the end */
	size_t count;
	size_t at;     /* index of the current macaroon */
	size_t caveat; /* index of its current caveat */
	char *base;    /* path of the discharger, without DOOR */
	char *door;    /* path that takes a password */
	struct secret *password;
	int asked;      /* typed passwords that were wrong */
	bool by_person; /* the last password was typed */
	bool asking;    /* the person is being asked */
	bool proved;    /* a proof was sent for this caveat */
	struct http *http;
	struct secret *written; /* the whole set, bound */
};

static void discharging_free(void *state)
{
	struct discharging *discharging = state;
	const struct login_person *person = discharging->login->account.person;

	if (discharging->asking)
		person->forget(person->context);
	http_cancel(discharging->http);
	for (size_t i = 0; i < discharging->count; i++)
		macaroon_free(discharging->set[i]);
	secret_free(discharging->password);
	secret_free(discharging->written);
	free(discharging->base);
	free(discharging->door);
	free(discharging);
}

static void fail(struct login *login, const struct error *cause)
{
	scoped(string) char *name = text_printable(login->account.controller);
	scoped(error) struct error *error = error_copy(cause);

	error_wrap(&error, "cannot log in to \"%s\"", name);
	login_failed(login, error);
}

/* ---- where to ---- */

/* Returns the path in `url` if it points to the endpoint that was dialled, else NULL. Owned by the caller. */
static char *path_here(const struct login *login, const char *url)
{
	scoped(endpoint) struct endpoint there = {0};
	scoped(endpoint) struct endpoint here = {0};
	scoped(string) char *text = NULL;

	if (endpoint_parse(&here, login->connection.endpoint, NULL) != 0)
		return NULL;
	/* What was dialled without TLS is on this machine; a URL must not change from TLS to plain or back. */
	if (here.encrypted && string_starts(url, "https://"))
		text = string_format("wss://%s", url + strlen("https://"));
	else if (!here.encrypted && string_starts(url, "http://"))
		text = string_format("ws://%s", url + strlen("http://"));
	if (text == NULL || endpoint_parse(&there, text, NULL) != 0 || there.port != here.port ||
		strcmp(there.host, here.host) != 0)
		return NULL;
	return string_copy(there.path);
}

/* The path goes into a request line, which a blank or a line break would make into another. */
static bool is_path(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7F)
			return false;
	return text[0] == '/';
}

/* Returns the path of a door given as a URL or a path; NULL when it is elsewhere or invalid. Owned by the caller. */
static char *door_path(const struct discharging *discharging, const char *told)
{
	scoped(string) char *path = NULL;

	if (told[0] == '/')
		path = string_copy(told);
	else if (strstr(told, "://") != NULL)
		path = path_here(discharging->login, told);
	else
		path = string_format("%s/%s", discharging->base, told);
	return path != NULL && is_path(path) ? steal(path) : NULL;
}

static void post(
	struct discharging *discharging, const char *path, const char *type, const struct secret *body, http_done *done)
{
	const struct login_connection *connection = &discharging->login->connection;
	const struct http_request request = {
		.target = connection->target,
		.endpoint = connection->endpoint,
		.address = connection->address,
		.path = path,
		.content_type = type,
		.body = body,
		.header = PROTOCOL_HEADER,
		.value = PROTOCOL_VERSION,
	};

	discharging->http = http_post(connection->loop, &request, discharging->login->log, done, discharging);
}

static const struct macaroon_caveat *present_caveat(const struct discharging *discharging)
{
	return &discharging->set[discharging->at]->caveats[discharging->caveat];
}

/* ---- the password ---- */

static void send_password(struct discharging *discharging);

static void told(void *context, const struct secret *password, const struct error *error)
{
	struct discharging *discharging = context;
	struct login *login = discharging->login;

	discharging->asking = false;
	if (secret_given(password)) {
		discharging->password = secret_copy(password);
		send_password(discharging);
		return;
	}
	login->account.keys->nobody_there = true;
	plain_fail(login, "%s", error != NULL ? error->message : "no password was given");
}

static void ask(struct discharging *discharging)
{
	struct login *login = discharging->login;
	const struct login_person *person = login->account.person;
	scoped(string) char *user = text_printable(login->account.user);
	scoped(string) char *name = text_printable(login->account.controller);
	scoped(string) char *word = shell_word(login->account.controller);

	if (person == NULL || person->ask_password == NULL || login->account.keys->nobody_there) {
		plain_fail(
			login, "its password for user %s is needed, log in again with: juju login -c %s", user, word);
		return;
	}
	discharging->by_person = true;
	discharging->asking = true;
	person->ask_password(person->context, user, name, discharging->asked > 0, told, discharging);
}

/* A remembered password is tried before a person is asked. */
static void find_password(struct discharging *discharging)
{
	struct login_keys *keys = discharging->login->account.keys;

	secret_free(steal(discharging->password));
	if (!secret_given(keys->remembered_password) || keys->remembered_password_is_wrong) {
		ask(discharging);
		return;
	}
	discharging->by_person = false;
	discharging->password = secret_copy(keys->remembered_password);
	send_password(discharging);
}

static void wrong_password(struct discharging *discharging, const char *message)
{
	struct login *login = discharging->login;
	scoped(string) char *word = shell_word(login->account.controller);

	log_debug(login->log, "login", "the password is refused: %s", message);
	if (!discharging->by_person)
		login->account.keys->remembered_password_is_wrong = true;
	else
		discharging->asked++;
	if (discharging->asked < LOGIN_PASSWORDS_MAX)
		find_password(discharging);
	else
		plain_fail(
			login, "%s, %d times, log in again with: juju login -c %s", message, discharging->asked, word);
}

/* ---- the discharge ---- */

static void discharged(void *context, unsigned int status, const char *body, size_t length, const struct error *error);

static void send_caveat(struct discharging *discharging, const struct discharge_token *token)
{
	scoped(secret) struct secret *body = discharge_write(present_caveat(discharging), token);
	scoped(string) char *path = string_format("%s" DOOR, discharging->base);

	discharging->proved = token != NULL;
	post(discharging, path, FORM_TYPE, body, discharged);
}

static void proved(void *context, unsigned int status, const char *body, size_t length, const struct error *error)
{
	struct discharging *discharging = context;
	scoped(discharge_answer) struct discharge_answer answer = {0};
	scoped(error) struct error *unreadable = NULL;

	discharging->http = NULL;
	if (error == NULL && discharge_read_proof(status, body, length, &answer, &unreadable) != 0)
		error = unreadable;
	if (error != NULL)
		fail(discharging->login, error);
	else if (answer.outcome == DISCHARGE_PROVED)
		send_caveat(discharging, &answer.token);
	else
		wrong_password(discharging, string_given(answer.message) ? answer.message : "the password is refused");
}

static void send_password(struct discharging *discharging)
{
	scoped(secret) struct secret *body =
		discharge_write_password(discharging->login->account.user, discharging->password);

	post(discharging, discharging->door, JSON_TYPE, body, proved);
}

/* The discharger asks us to prove who we are. */
static void prove(struct discharging *discharging, const char *door)
{
	struct login *login = discharging->login;
	scoped(string) char *word = shell_word(login->account.controller);

	free(steal(discharging->door));
	if (discharging->proved) {
		plain_fail(login, "it does not accept its own proof of the password");
		return;
	}
	if (string_given(door))
		discharging->door = door_path(discharging, door);
	if (discharging->door == NULL)
		plain_fail(login,
			"it asks for a proof that only juju itself can give, log in again with: juju login -c %s",
			word);
	else
		find_password(discharging);
}

static void logged_in(void *context, struct login_result *answer, const struct call_result *result)
{
	struct login *login = context;

	if (result->error == NULL && answer->demand != NULL)
		plain_fail(login, "it does not accept what it has discharged itself (%s)",
			string_given(answer->demanded) ? answer->demanded : "no reason given");
	else
		login_answered(login, answer, result);
}

static void log_in(struct discharging *discharging)
{
	for (size_t i = 1; i < discharging->count; i++)
		macaroon_bind_to(discharging->set[i], discharging->set[0]);
	discharging->written = macaroon_set_write((const struct macaroon *const *)discharging->set, discharging->count);
	plain_login(discharging->login, NULL, discharging->written, logged_in);
}

/* Begins with the current caveat. */
static void begin_caveat(struct discharging *discharging)
{
	const struct macaroon_caveat *caveat = present_caveat(discharging);
	scoped(string) char *word = shell_word(discharging->login->account.controller);
	scoped(string) char *where = text_printable(caveat->location);

	free(discharging->base);
	discharging->proved = false;
	discharging->base = path_here(discharging->login, caveat->location);
	if (discharging->base == NULL)
		plain_fail(discharging->login,
			"it asks for a proof from %s, which only juju itself can get, log in again with: juju login -c "
			"%s",
			where, word);
	else
		send_caveat(discharging, NULL);
}

/* Goes on to the next third-party caveat: discharges may have some of their own. */
static void next_caveat(struct discharging *discharging)
{
	for (; discharging->at < discharging->count; discharging->at++, discharging->caveat = 0) {
		const struct macaroon *macaroon = discharging->set[discharging->at];

		for (; discharging->caveat < macaroon->caveat_count; discharging->caveat++) {
			if (!macaroon->caveats[discharging->caveat].third_party)
				continue;
			begin_caveat(discharging);
			return;
		}
	}
	log_in(discharging);
}

static void take(struct discharging *discharging, struct macaroon *macaroon)
{
	if (discharging->count == DISCHARGES_MAX) {
		macaroon_free(macaroon);
		plain_fail(discharging->login, "it asks for more than %d discharges", DISCHARGES_MAX - 1);
		return;
	}
	discharging->set[discharging->count++] = macaroon;
	discharging->caveat++;
	next_caveat(discharging);
}

static void discharged(void *context, unsigned int status, const char *body, size_t length, const struct error *error)
{
	struct discharging *discharging = context;
	scoped(discharge_answer) struct discharge_answer answer = {0};
	scoped(error) struct error *unreadable = NULL;

	discharging->http = NULL;
	if (error == NULL && discharge_read(status, body, length, &answer, &unreadable) != 0)
		error = unreadable;
	if (error != NULL)
		fail(discharging->login, error);
	else if (answer.outcome == DISCHARGE_DONE)
		take(discharging, steal(answer.macaroon));
	else if (answer.outcome == DISCHARGE_ASKS)
		prove(discharging, answer.door);
	else
		plain_fail(discharging->login, "it does not discharge its own macaroon (%s)",
			string_given(answer.message) ? answer.message : "no reason given");
}

void discharge_begin(struct login *login, const struct secret *demand)
{
	scoped(string) char *word = shell_word(login->account.controller);
	scoped(error) struct error *error = NULL;
	struct macaroon *primary = NULL;

	if (!string_given(plain_local_user(&login->account))) {
		plain_fail(login,
			"the stored proof of who you are is no longer valid, log in again with: juju login -c %s",
			word);
		return;
	}
	primary = macaroon_parse(demand, &error);
	if (primary == NULL) {
		fail(login, error);
		return;
	}
	struct discharging *discharging = memory_get(1, sizeof(*discharging));
	discharging->login = login;
	discharging->set[discharging->count++] = primary;
	login->state = discharging;
	login->release = discharging_free;
	next_caveat(discharging);
}

void discharge_led_in(struct login *login)
{
	struct discharging *discharging = login->state;
	struct login_keys *keys = login->account.keys;

	if (discharging == NULL)
		return;
	login_keys_add_macaroons(keys, discharging->written, true);
	if (discharging->by_person && discharging->password != NULL) {
		secret_free(keys->typed_password);
		keys->typed_password = secret_copy(discharging->password);
	}
}
