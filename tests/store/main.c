/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writing side of the client store as a small program, for tests that need more than one process or another YAML parser.
 *
 *     store rewrite INDENT <FILES                        what yaml_write makes of files; behind each stands a NUL
 *     store update DIRECTORY CONTROLLER UUID KEY=VALUE... one update; several endpoint= make a list
 *     store hammer DIRECTORY CONTROLLER UUID FIRST LAST updates of both files with numbers, each of which must find the one before
 *     store cookies DIRECTORY CONTROLLER COUNT           COUNT sets of macaroons, one after the other
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/store/cookies.h"
#include "common/store/store.h"
#include "common/store/update.h"
#include "common/store/yaml_write.h"

#define INPUT_MAX (1 << 24)
#define ENDPOINTS_MAX 8

extern char **environ;

static int failed(const struct error *error)
{
	fprintf(stderr, "%s\n", error->message);
	return 1;
}

/* How long an attempt that was busy may be repeated: far longer than a sound one ever takes. */
struct patience {
	int left;
};

static int again(struct patience *patience, enum store_attempt attempt)
{
	const struct timespec pause = {.tv_nsec = 200 * 1000};

	if (attempt != STORE_BUSY || patience->left-- == 0)
		return 0;
	nanosleep(&pause, NULL);
	return 1;
}

static int rewrite_one(const char *input, int indent)
{
	scoped(file) struct file file = {NULL, 0};
	scoped(error) struct error *error = NULL;
	scoped(document) struct document *document = document_parse("input", input, strlen(input), &error);

	if (document == NULL || yaml_write(document, indent, &file, &error) != 0) {
		printf("%s", error->message);
		return 1;
	}
	fwrite(file.bytes, 1, file.length, stdout);
	return 0;
}

static int rewrite(const char *indent)
{
	scoped(string) char *input = memory_get(INPUT_MAX + 1, 1);
	const char *end = input + fread(input, 1, INPUT_MAX, stdin);
	int status = 0;

	for (const char *at = input; at < end; at += strlen(at) + 1) {
		status |= rewrite_one(at, atoi(indent));
		putchar('\0');
	}
	return fflush(stdout) != 0 || status;
}

static enum store_attempt update_until_done(
	const char *directory, const struct store_update *update, unsigned int *written, struct error **error)
{
	struct patience patience = {100000};
	enum store_attempt attempt = STORE_BUSY;

	do
		attempt = store_update_try(directory, environ, update, written, error);
	while (again(&patience, attempt));
	if (attempt == STORE_BUSY)
		store_lock_give_up(directory, environ, error);
	return attempt;
}

static int update(char *const *words, int count)
{
	struct store_update update = {.controller = words[1], .uuid = words[2]};
	struct {
		const char *key;
		const char **value;
	} keys[] = {
		{"agent-version=", &update.agent_version},
		{"public-hostname=", &update.public_hostname},
		{"last-known-access=", &update.last_known_access},
	};
	char *endpoints[ENDPOINTS_MAX];
	scoped(secret) struct secret *token = NULL;
	scoped(error) struct error *error = NULL;

	for (int i = 3; i < count; i++) {
		const char *value = strchr(words[i], '=') + 1;

		for (size_t j = 0; j < array_length(keys); j++)
			if (string_starts(words[i], keys[j].key))
				*keys[j].value = value;
		if (string_starts(words[i], "endpoint=") && update.endpoint_count < ENDPOINTS_MAX) {
			endpoints[update.endpoint_count++] = words[i] + strlen("endpoint=");
			update.endpoints = endpoints;
		}
		if (string_starts(words[i], "access-token=") && token == NULL)
			update.access_token = token = secret_new(value, strlen(value));
	}
	return update_until_done(words[0], &update, NULL, &error) == STORE_DONE ? 0 : failed(error);
}

/* The store must still say what we have written last. */
static int look_back(const char *directory, const char *controller, const char *version, struct error **error)
{
	scoped(string) char *variable = string_format("JUJU_DATA=%s", directory);
	char *environment[] = {variable, NULL};
	scoped(store) struct store *store = store_read(environment, error);
	const struct store_controller *entry = store != NULL ? store_controller(store, controller) : NULL;
	const struct store_account *account = store != NULL ? store_account(store, controller) : NULL;

	if (store == NULL)
		return -1;
	if (entry == NULL || account == NULL || strcmp(entry->agent_version, version) != 0 ||
		strcmp(secret_reveal(account->access_token), version) != 0)
		return error_set(error, ERROR_FAILED, "%s was lost", version);
	return 0;
}

static int hammer(char *const *words)
{
	int last = atoi(words[4]);

	for (int i = atoi(words[3]); i <= last; i++) {
		scoped(error) struct error *error = NULL;
		scoped(string) char *version = string_format("1.0.%d", i);
		scoped(string) char *endpoint = string_format("10.1.2.3:%d", i);
		scoped(secret) struct secret *token = secret_new(version, strlen(version));
		unsigned int written = 0;
		const struct store_update update = {
			.controller = words[1],
			.uuid = words[2],
			.agent_version = version,
			.endpoints = &endpoint,
			.endpoint_count = 1,
			.access_token = token,
		};

		if (update_until_done(words[0], &update, &written, &error) != STORE_DONE)
			return failed(error);
		if (written != (STORE_WROTE_CONTROLLERS | STORE_WROTE_ACCOUNTS))
			error_set(&error, ERROR_FAILED, "not both files were written");
		if (error != NULL || look_back(words[0], words[1], version, &error) != 0)
			return failed(error);
	}
	return 0;
}

static int save(const char *directory, const char *controller, int number, struct error **error)
{
	scoped(string) char *text = string_format("[{\"i\":\"x\",\"signature\":\"%064x\"}]", number);
	scoped(secret) struct secret *macaroons = secret_new(text, strlen(text));
	const struct cookie_set set = {macaroons, "lab.example.com:443", INSTANT_NONE};
	struct patience patience = {100000};
	enum store_attempt attempt = STORE_BUSY;

	do
		attempt = cookies_save_try(directory, controller, &set, (int64_t)time(NULL) * INSTANT_SECOND, error);
	while (again(&patience, attempt));
	return attempt == STORE_BUSY ? cookies_give_up(directory, controller, error) : attempt == STORE_DONE ? 0 : -1;
}

static int cookies(char *const *words)
{
	int count = atoi(words[2]);

	for (int i = 1; i <= count; i++) {
		scoped(error) struct error *error = NULL;

		if (save(words[0], words[1], i, &error) != 0)
			return failed(error);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "rewrite") == 0 && argc == 3)
		return rewrite(argv[2]);
	if (strcmp(what, "update") == 0 && argc > 4)
		return update(argv + 2, argc - 2);
	if (strcmp(what, "hammer") == 0 && argc == 7)
		return hammer(argv + 2);
	if (strcmp(what, "cookies") == 0 && argc == 5)
		return cookies(argv + 2);
	fprintf(stderr, "usage: store rewrite|update|hammer|cookies ...\n");
	return 2;
}
