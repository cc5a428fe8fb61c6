/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/macaroon.h"

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "common/login/discharge.h"
#include "common/login/plain.h"

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

static void start(struct login *login)
{
	plain_login(login, NULL, NULL, answered);
}

const struct login_way macaroon_way = {
	.name = "macaroons",
	.peer = LOGIN_PLAIN,
	.lacks = lacks,
	.start = start,
	.led_in = discharge_led_in,
	.explain = plain_explain,
};
