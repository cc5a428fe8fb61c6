/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/text.h"
#include "tests/sim/base64.h"
#include "tests/sim/world_auth.h"

#define FILE_MAX (1024 * 1024)

static int write_file(const char *directory, const char *name, const char *content, struct error **error)
{
	scoped(string) char *path = string_format("%s/%s", directory, name);
	mode_t before = umask(077);
	FILE *file = fopen(path, "w");

	umask(before);
	if (!file)
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	int bad = fputs(content, file) < 0;
	if (fclose(file) != 0 || bad)
		return error_set(error, ERROR_FAILED, "cannot write %s", path);
	return 0;
}

static void add_indented(struct text *text, const char *lines)
{
	while (*lines) {
		int length = (int)strcspn(lines, "\n");
		text_add_format(text, "            %.*s\n", length, lines);
		lines += length + (lines[length] == '\n');
	}
}

static void add_jimm(struct text *text, const struct world *world, int port, const char *ca)
{
	text_add_format(text,
		"    jaas:\n        uuid: %s\n        api-endpoints: ['127.0.0.1:%d']\n"
		"        ca-cert: |\n",
		world->uuid, port);
	add_indented(text, ca);
	text_add_string(text,
		"        cloud: \"\"\n        agent-version: 3.6.12\n        controller-machine-count: 0\n"
		"        active-controller-machine-count: 0\n        oidc-login: true\n");
}

static void add_controller(struct text *text, const struct world_controller *controller)
{
	text_add_format(text,
		"    %s:\n        uuid: %s\n        api-endpoints: ['%s']\n"
		"        ca-cert: |\n",
		controller->name, controller->uuid, controller->address);
	add_indented(text, controller->door->ca);
	text_add_format(text,
		"        cloud: %s\n        region: %s\n        type: %s\n        agent-version: %s\n"
		"        controller-machine-count: 1\n        active-controller-machine-count: 0\n",
		controller->cloud, controller->region, controller->cloud, controller->agent_version);
}

static int stored(const struct world_controller *controller)
{
	return controller->door && controller->door->keep != WORLD_KEEP_NO_ENTRY;
}

static int write_controllers(
	const struct world *world, const char *directory, int port, const char *ca, struct error **error)
{
	struct text text;

	text_init(&text, FILE_MAX);
	text_add_string(&text, "controllers:\n");
	add_jimm(&text, world, port, ca);
	for (size_t i = 0; i < world->controller_count; i++)
		if (stored(&world->controllers[i]))
			add_controller(&text, &world->controllers[i]);
	text_add_string(&text, "current-controller: jaas\n");
	scoped(string) char *content = text_take(&text);
	return write_file(directory, "controllers.yaml", content, error);
}

static const char *token_of(const struct world *world, const struct world_user *user)
{
	for (size_t i = 0; i < world->token_count; i++) {
		if (world->tokens[i].user == user)
			return world->tokens[i].value;
	}
	return "";
}

static void add_account(struct text *text, const struct world_controller *controller)
{
	const struct world_door *door = controller->door;
	const struct world_account *account = world_account_find(controller, door->kept_user);

	text_add_format(text, "  %s:\n    user: %s\n", controller->name, door->kept_user);
	if (door->keep == WORLD_KEEP_PASSWORD && account && account->password)
		text_add_format(text, "    password: %s\n", account->password);
	if (door->keep == WORLD_KEEP_WRONG_PASSWORD)
		text_add_string(text, "    password: wrong-password\n");
	if (account && *account->access)
		text_add_format(text, "    last-known-access: %s\n", account->access);
}

static int write_accounts(const struct world *world, const char *directory, struct error **error)
{
	const struct world_user *user = world->users[0];
	struct text text;

	text_init(&text, FILE_MAX);
	text_add_format(&text, "controllers:\n  jaas:\n    user: %s\n    access-token: %s\n", user->name,
		token_of(world, user));
	for (size_t i = 0; i < world->controller_count; i++)
		if (stored(&world->controllers[i]) && world->controllers[i].door->keep != WORLD_KEEP_NO_ACCOUNT)
			add_account(&text, &world->controllers[i]);
	scoped(string) char *content = text_take(&text);
	return write_file(directory, "accounts.yaml", content, error);
}

/* The set of macaroons that the entry's cookie holds, NULL for none. */
static struct json_object *set_of(const struct world *world, struct world_controller *controller)
{
	const struct world_door *door = controller->door;
	struct world_controller other = *controller;
	scoped(string) char *uuid = string_format("not %s", controller->uuid);

	if (door->keep == WORLD_KEEP_COOKIE)
		return world_auth_set(world, controller, door->kept_user, door->macaroon_life);
	if (door->keep == WORLD_KEEP_OLD_COOKIE)
		return world_auth_set(world, controller, door->kept_user, -INSTANT_MINUTE);
	other.uuid = uuid;
	if (door->keep == WORLD_KEEP_FOREIGN_COOKIE)
		return world_auth_set(world, &other, door->kept_user, door->macaroon_life);
	return NULL;
}

static void name_cookie(struct json_object *cookie, struct json_object *set)
{
	struct macaroon primary;
	struct text name;

	macaroon_read(&primary, json_object_array_get_idx(set, 0));
	text_init(&name, FILE_MAX);
	text_add_string(&name, "macaroon-");
	for (size_t i = 0; i < MACAROON_KEY; i++)
		text_add_format(&name, "%02x", primary.signature[i]);
	json_object_object_add(cookie, "Name", json_object_new_string(name.data));
	text_release(&name);
}

static char *cookies_of(const struct world *world, const struct world_controller *controller, struct json_object *set)
{
	const char *domain = controller->uuid;
	const char *plain =
		json_object_to_json_string_ext(set, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	scoped(string) char *value = base64_standard(plain, strlen(plain));
	struct json_object *cookie = json_object_new_object(), *jar = json_object_new_array();
	char now[INSTANT_TEXT_SIZE], end[INSTANT_TEXT_SIZE];
	const char *const times[] = {"Creation", "LastAccess", "Updated"};

	name_cookie(cookie, set);
	json_object_object_add(cookie, "Value", json_object_new_string(value));
	json_object_object_add(cookie, "Domain", json_object_new_string(domain));
	json_object_object_add(cookie, "Path", json_object_new_string("/"));
	json_object_object_add(cookie, "Secure", json_object_new_boolean(0));
	json_object_object_add(cookie, "HttpOnly", json_object_new_boolean(0));
	json_object_object_add(cookie, "Persistent", json_object_new_boolean(1));
	json_object_object_add(cookie, "HostOnly", json_object_new_boolean(1));
	instant_format(world->start + controller->door->macaroon_life, end);
	json_object_object_add(cookie, "Expires", json_object_new_string(end));
	for (size_t i = 0; i < array_length(times); i++)
		json_object_object_add(cookie, times[i], json_object_new_string(instant_format(world->start, now)));
	json_object_object_add(cookie, "CanonicalHost", json_object_new_string(domain));
	json_object_array_add(jar, cookie);
	char *text = string_copy(
		json_object_to_json_string_ext(jar, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(jar);
	return text;
}

static int write_cookies(
	const struct world *world, struct world_controller *controller, const char *directory, struct error **error)
{
	scoped(string) char *jars = string_format("%s/cookies", directory);
	scoped(string) char *name = string_format("%s.json", controller->name);
	struct json_object *set = stored(controller) ? set_of(world, controller) : NULL;

	if (!set)
		return 0;
	scoped(string) char *content = cookies_of(world, controller, set);
	json_object_put(set);
	if (mkdir(jars, 0700) < 0 && errno != EEXIST)
		return error_set(error, ERROR_FAILED, "cannot make %s: %s", jars, strerror(errno));
	return write_file(jars, name, content, error);
}

int server_store_write(const struct world *world, const char *directory, int port, const char *ca, struct error **error)
{
	if (world->user_count == 0)
		return error_set(error, ERROR_FAILED, "cannot write %s: the world has no user", directory);
	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return error_set(error, ERROR_FAILED, "cannot make %s: %s", directory, strerror(errno));
	if (write_controllers(world, directory, port, ca, error) < 0 || write_accounts(world, directory, error) < 0)
		return -1;
	for (size_t i = 0; i < world->controller_count; i++)
		if (write_cookies(world, &world->controllers[i], directory, error) < 0)
			return -1;
	return 0;
}
