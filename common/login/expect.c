/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/expect.h"

#include <string.h>
#include <strings.h>

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"
#include "common/juju/names.h"
#include "common/login/client_credentials.h"

static const char *told(const char *value)
{
	return string_given(value) ? value : "not told";
}

static int expect_jimm(const char *name, const struct login_result *result, struct error **error)
{
	if (!facades_are_jimm(&result->facades))
		return error_set(error, ERROR_LOGIN,
			"cannot use \"%s\": it is not a JAAS, it does not serve facade JIMM 4", name);
	return 0;
}

bool login_is_stranger(const struct login_account *account, const struct login_result *result)
{
	const char *uuid = account->controller_uuid;

	return !string_given(account->model_uuid) && string_given(uuid) &&
	       strcasecmp(uuid, result->controller_uuid) != 0;
}

static int expect_controller(
	const char *name, const struct login_account *account, const struct login_result *result, struct error **error)
{
	if (!login_is_stranger(account, result))
		return 0;
	scoped(string) char *stored = text_printable(account->controller_uuid);
	return error_set(error, ERROR_LOGIN,
		"cannot use \"%s\": another controller answers there (UUID %s, the store says %s)", name,
		told(result->controller_uuid), stored);
}

static int expect_model(const char *name, const char *uuid, const struct login_result *result, struct error **error)
{
	if (strcasecmp(uuid, result->model_uuid) == 0)
		return 0;
	scoped(string) char *asked = text_printable(uuid);
	return error_set(error, ERROR_LOGIN, "cannot use \"%s\": it answers for another model (UUID %s instead of %s)",
		name, told(result->model_uuid), asked);
}

static int expect_user(const char *name, const char *word, const char *stored_user, const struct login_way *way,
	const struct login_result *result, struct error **error)
{
	scoped(string) char *user = names_user(stored_user);

	if (*user == '\0' || strcmp(user, result->identity) == 0)
		return 0;
	scoped(string) char *stored = text_printable(user);
	if (way == &client_credentials_way)
		return error_set(error, ERROR_LOGIN,
			"cannot use \"%s\": JUJU_CLIENT_ID logs in user %s, the store says %s; unset it to be that "
			"user",
			name, told(result->identity), stored);
	return error_set(error, ERROR_LOGIN,
		"cannot use \"%s\": its login is for user %s, the store says %s, log in again with: juju login -c %s",
		name, told(result->identity), stored, word);
}

int login_expect(const struct login_account *account, const struct login_way *way, const struct login_result *result,
	struct error **error)
{
	scoped(string) char *name = text_printable(account->controller);
	scoped(string) char *word = shell_word(account->controller);
	int on_model = string_given(account->model_uuid);

	if (account->peer == LOGIN_JAAS && result->demand != NULL)
		return error_set(
			error, ERROR_LOGIN, "cannot use \"%s\": it is not a JAAS, it asks for macaroons", name);
	if (!on_model && account->peer == LOGIN_JAAS && expect_jimm(name, result, error) != 0)
		return -1;
	if (!on_model && expect_controller(name, account, result, error) != 0)
		return -1;
	if (on_model && expect_model(name, account->model_uuid, result, error) != 0)
		return -1;
	return expect_user(name, word, account->user, way, result, error);
}
