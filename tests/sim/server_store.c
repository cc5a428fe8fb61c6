/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/text.h"
#include "tests/sim/world_state.h"

#define FILE_MAX 65536

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

static int write_controllers(
	const struct world *world, const char *directory, int port, const char *ca, struct error **error)
{
	struct text text;

	text_init(&text, FILE_MAX);
	text_add_format(&text,
		"controllers:\n    jaas:\n        uuid: %s\n        api-endpoints: ['127.0.0.1:%d']\n"
		"        ca-cert: |\n",
		world->uuid, port);
	add_indented(&text, ca);
	text_add_string(&text,
		"        cloud: \"\"\n        agent-version: 3.6.12\n        controller-machine-count: 0\n"
		"        active-controller-machine-count: 0\n        oidc-login: true\ncurrent-controller: jaas\n");
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

int server_store_write(const struct world *world, const char *directory, int port, const char *ca, struct error **error)
{
	if (world->user_count == 0)
		return error_set(error, ERROR_FAILED, "cannot write %s: the world has no user", directory);
	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return error_set(error, ERROR_FAILED, "cannot make %s: %s", directory, strerror(errno));
	const struct world_user *user = world->users[0];
	scoped(string) char *accounts = string_format(
		"controllers:\n  jaas:\n    user: %s\n    access-token: %s\n", user->name, token_of(world, user));
	if (write_controllers(world, directory, port, ca, error) < 0)
		return -1;
	return write_file(directory, "accounts.yaml", accounts, error);
}
