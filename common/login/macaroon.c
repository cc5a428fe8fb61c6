/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/macaroon.h"

#include "common/base/scoped.h"
#include "common/login/discharge.h"
#include "common/login/plain.h"
#include "common/store/cookies.h"

static const char *lacks(const struct login_account *account)
{
	return account->user != NULL ? NULL : "nobody is logged in as far as the store tells";
}

static void answered(void *context, struct login_result *answer, const struct call_result *result)
{
	struct login *login = context;

	if (result->error != NULL || answer->demand == NULL) {
		login_answered(login, answer, result);
		return;
	}
	log_debug(login->log, "login", "%zu sets of macaroons do not do: %s", login->account.keys->macaroon_count,
		string_given(answer->demanded) ? answer->demanded : "no reason given");
	discharge_begin(login, answer->demand);
}

static void take_sets(struct login *login, const struct cookie_sets *sets)
{
	for (size_t i = 0; i < sets->count; i++)
		login_keys_add_macaroons(login->account.keys, sets->items[i], false);
	log_debug(login->log, "login", "sets of macaroons in the cookie jar: %zu", sets->count);
}

bool macaroon_kept(const struct login_account *account)
{
	const struct login_jar *jar = account->jar;
	scoped(cookie_sets) struct cookie_sets sets = {0};

	if (jar == NULL)
		return false;
	enum store_attempt attempt = cookies_read_try(
		jar->directory, account->controller, jar->hosts, jar->host_count, clock_wall(jar->clock), &sets, NULL);
	return attempt == STORE_BUSY || sets.count > 0;
}

/* Reads the jar, once for all logins, and does without one that is unreadable. Returns false while juju holds it: read
 * again later. */
static bool read_jar(struct login *login)
{
	const struct login_jar *jar = login->account.jar;
	int64_t waited = loop_now(login->connection.loop) - login->began;
	scoped(cookie_sets) struct cookie_sets sets = {0};
	scoped(error) struct error *error = NULL;

	if (jar == NULL || login->account.keys->jar_is_read)
		return true;
	enum store_attempt attempt = cookies_read_try(jar->directory, login->account.controller, jar->hosts,
		jar->host_count, clock_wall(jar->clock), &sets, &error);
	if (attempt == STORE_BUSY && waited < COOKIES_PATIENCE)
		return false;
	if (attempt == STORE_BUSY)
		cookies_give_up(jar->directory, login->account.controller, &error);
	if (error != NULL)
		log_warning(login->log, "login", "%s", error->message);
	login->account.keys->jar_is_read = true;
	take_sets(login, &sets);
	return true;
}

static void go_on(void *context)
{
	struct login *login = context;
	struct loop *loop = login->connection.loop;

	if (read_jar(login))
		plain_login(login, NULL, NULL, answered);
	else
		loop_timer_set(loop, &login->soon, loop_now(loop) + COOKIES_PAUSE, go_on, login);
}

static void start(struct login *login)
{
	go_on(login);
}

const struct login_way macaroon_way = {
	.name = "macaroons",
	.peer = LOGIN_PLAIN,
	.lacks = lacks,
	.start = start,
	.led_in = discharge_led_in,
	.explain = plain_explain,
};
