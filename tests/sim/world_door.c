/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_door.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_script.h"

/* Most accounts of one controller. */
#define ACCOUNTS_MOST 64
#define USUAL_ACCOUNTS "[{\"name\":\"admin\",\"password\":\"admin-password\",\"access\":\"superuser\"}]"

static int kept_word(const char *word, const char *const *words, const char **kept)
{
	while (*words && strcmp(*words, word))
		words++;
	*kept = *words;
	return *words ? 0 : -1;
}

static int read_account(struct world_door *door, struct json_object *script, struct error **error)
{
	static const char *const accesses[] = {"login", "superuser", "", NULL};
	struct world_account *account = &door->accounts[door->account_count];
	const char *name, *password, *access;
	if (world_script_text(script, "name", NULL, &name, error) ||
		world_script_text(script, "password", NULL, &password, error) ||
		world_script_text(script, "access", "login", &access, error))
		return -1;
	if (!name || kept_word(access, accesses, &account->access))
		return error_set(error, ERROR_FAILED, "\"accounts\": a name is missing, or \"access\" is unknown");
	account->name = string_copy(name);
	account->password = string_copy(password);
	door->account_count++;
	return 0;
}

static int read_accounts(struct world_door *door, struct json_object *script, struct error **error)
{
	struct json_object *list;
	scoped(json) struct json_object *usual = json_tokener_parse(USUAL_ACCOUNTS);
	if (world_script_member(script, "accounts", json_type_array, &list, error))
		return -1;
	list = list ? list : usual;
	size_t count = json_object_array_length(list);
	if (count > ACCOUNTS_MOST)
		return error_set(error, ERROR_FAILED, "\"accounts\": too many");
	door->accounts = memory_get(count, sizeof(struct world_account));
	for (size_t i = 0; i < count; i++)
		if (read_account(door, json_object_array_get_idx(list, i), error))
			return -1;
	return 0;
}

static int read_manners(struct world_door *door, struct json_object *script, struct error **error)
{
	static const char *const healths[] = {"running", "starting", "stopping", NULL};
	static const char *const deaths[] = {"", "refuses", "silent-tcp", "silent-tls", NULL};
	const char *dns_name, *health, *dead;
	size_t death = 0;
	if (world_script_text(script, "public-dns-name", NULL, &dns_name, error) ||
		world_script_text(script, "health", "running", &health, error) ||
		world_script_flag(script, "external-identity", false, &door->external, error) ||
		world_script_text(script, "dead", "", &dead, error) ||
		world_script_length(script, "delay", 0, &door->delay, error) ||
		world_script_flag(script, "upgrading", false, &door->upgrading, error) ||
		world_script_length(script, "macaroon-life", 24 * 60 * INSTANT_MINUTE, &door->macaroon_life, error) ||
		world_script_names(script, "also-at", &door->also_at, &door->also_count, error))
		return -1;
	door->public_dns_name = string_copy(dns_name);
	if (kept_word(health, healths, &door->health))
		return error_set(error, ERROR_FAILED, "\"health\" is unknown");
	while (deaths[death] && strcmp(deaths[death], dead))
		death++;
	if (!deaths[death])
		return error_set(error, ERROR_FAILED, "\"dead\" is unknown");
	door->dead = (enum world_dead)death;
	return 0;
}

static int read_store(struct world_door *door, struct json_object *script, struct error **error)
{
	static const char *const keeps[] = {"password", "wrong-password", "nothing", "cookie", "old-cookie",
		"foreign-cookie", "no-account", "no-entry", NULL};
	struct json_object *store;
	const char *user = door->account_count ? door->accounts[0].name : "admin", *keep;
	size_t index = 0;
	if (world_script_member(script, "store", json_type_object, &store, error) ||
		world_script_text(store, "user", user, &user, error) ||
		world_script_text(store, "keeps", "password", &keep, error))
		return -1;
	while (keeps[index] && strcmp(keeps[index], keep))
		index++;
	if (!keeps[index])
		return error_set(error, ERROR_FAILED, "\"keeps\" is unknown");
	door->keep = (enum world_keep)index;
	door->kept_user = string_copy(user);
	return 0;
}

int world_door_read(struct world_controller *controller, struct json_object *script, struct error **error)
{
	bool direct;
	if (world_script_flag(script, "direct", false, &direct, error))
		return -1;
	if (!direct)
		return 0;
	controller->door = memory_get(1, sizeof(struct world_door));
	controller->door->model_uuid = string_format("c%s", controller->uuid + 1);
	if (read_accounts(controller->door, script, error) || read_manners(controller->door, script, error) ||
		read_store(controller->door, script, error) || world_script_log(script, &controller->door->log, error))
		return -1;
	return 0;
}

void world_door_free(struct world_door *door)
{
	if (!door)
		return;
	for (size_t i = 0; i < door->account_count; i++) {
		free(door->accounts[i].name);
		free(door->accounts[i].password);
	}
	for (size_t i = 0; i < door->also_count; i++)
		free(door->also_at[i]);
	for (size_t i = 0; i < door->proof_count; i++)
		free(door->proofs[i].value);
	free(door->accounts);
	free(door->also_at);
	free(door->proofs);
	free(door->public_dns_name);
	free(door->kept_user);
	free(door->model_uuid);
	json_object_put(door->log);
	free(door->ca);
	free(door);
}

void world_door_opened(struct world_controller *controller, int port, const char *ca)
{
	scoped(string) char *address = string_format("127.0.0.1:%d", port);
	controller->door->port = port;
	string_replace(&controller->door->ca, ca);
	string_replace(&controller->address, address);
}

const struct world_account *world_account_find(const struct world_controller *controller, const char *name)
{
	const char *at = strchr(name, '@');
	size_t length = at && !strcmp(at, "@local") ? (size_t)(at - name) : strlen(name);
	for (size_t i = 0; i < controller->door->account_count; i++) {
		const struct world_account *account = &controller->door->accounts[i];
		if (strlen(account->name) == length && !strncmp(account->name, name, length))
			return account;
	}
	return NULL;
}

bool world_account_superuser(const struct world_account *account)
{
	return !strcmp(account->access, "superuser");
}

bool world_account_local(const char *name)
{
	const char *at = strchr(name, '@');
	return !at || !strcmp(at, "@local");
}

enum world_right world_account_right(const struct world_model *model, const struct world_account *account)
{
	if (world_account_superuser(account) || !strcmp(model->owner, account->name))
		return WORLD_ADMINISTRATOR;
	for (size_t i = 0; i < model->listed_count; i++)
		if (!strcmp(model->listed[i], account->name))
			return WORLD_READER;
	return WORLD_STRANGER;
}
