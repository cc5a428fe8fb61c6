/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/keys.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/environment.h"
#include "common/base/scoped.h"

bool login_client_given(const struct login_client *client)
{
	return string_given(client->id) && secret_given(client->secret);
}

void login_keys_take_environment(struct login_keys *keys, char *const *environment)
{
	const char *id = environment_given(environment, "JUJU_CLIENT_ID");
	const char *secret = environment_given(environment, "JUJU_CLIENT_SECRET");

	if (id == NULL || secret == NULL)
		return;
	string_replace(&keys->client.id, id);
	secret_free(keys->client.secret);
	keys->client.secret = secret_new(secret, strlen(secret));
}

void login_keys_bring_token(struct login_keys *keys, const struct secret *token)
{
	struct secret *old = keys->token;

	keys->token = secret_copy(token);
	keys->token_is_new = true;
	secret_free(old);
}

void login_keys_add_macaroons(struct login_keys *keys, const struct secret *set, bool is_new)
{
	if (keys->macaroon_count < LOGIN_MACAROONS_MAX)
		keys->macaroons[keys->macaroon_count++] = (struct login_macaroons){secret_copy(set), is_new};
}

bool login_keys_have_news(const struct login_keys *keys)
{
	bool news = keys->token_is_new;

	for (size_t i = 0; i < keys->macaroon_count; i++)
		news = news || keys->macaroons[i].is_new;
	return news;
}

static void client_release(struct login_client *client)
{
	free(client->id);
	secret_free(client->secret);
}

void login_keys_release(struct login_keys *keys)
{
	client_release(&keys->client);
	client_release(&keys->remembered_client);
	secret_free(keys->token);
	secret_free(keys->password);
	secret_free(keys->remembered_password);
	secret_free(keys->typed_password);
	for (size_t i = 0; i < keys->macaroon_count; i++)
		secret_free(keys->macaroons[i].set);
	strangers_release(&keys->strangers);
	*keys = (struct login_keys){0};
}
