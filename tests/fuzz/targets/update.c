/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a login taught, written into files of the store: lines of values, a line "%%", controllers.yaml, a line "%%", accounts.yaml.
 * Afterwards both say what they said before, and the values.
 */
#include "common/store/update.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/store/store.h"
#include "tests/fuzz/fuzz.h"

#define NAME "jaas"
#define UUID "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"

static char *variables[3];

static struct store *read_store(void)
{
	return store_read_briefly(variables, NULL);
}

static bool has_texts(char *const *list, size_t count, char *const *texts, size_t text_count)
{
	if (count != text_count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], texts[i]) != 0)
			return false;
	return true;
}

static void expect_written(const struct store *store, const struct store_update *update, unsigned int written)
{
	const struct store_controller *controller = store_controller(store, NAME);
	const struct store_account *account = store_account(store, NAME);

	if (written & STORE_WROTE_CONTROLLERS) {
		fuzz_expect(controller != NULL && strcmp(controller->uuid, UUID) == 0);
		fuzz_expect(string_same(controller->agent_version, update->agent_version));
		if (string_given(update->public_hostname))
			fuzz_expect(string_same(controller->public_hostname, update->public_hostname));
		fuzz_expect(has_texts(
			controller->endpoints, controller->endpoint_count, update->endpoints, update->endpoint_count));
	}
	if (written & STORE_WROTE_ACCOUNTS) {
		fuzz_expect(account != NULL && account->access_token != NULL);
		fuzz_expect(strcmp(secret_reveal(account->access_token), secret_reveal(update->access_token)) == 0);
	}
}

static void expect_others_kept(const struct store *before, const struct store *after)
{
	fuzz_expect(before->controllers.count == after->controllers.count);
	fuzz_expect(before->accounts.count == after->accounts.count);
	for (size_t i = 0; i < before->controllers.count; i++) {
		const struct store_controller *a = &before->controllers.items[i], *b = &after->controllers.items[i];

		fuzz_expect(strcmp(a->name, b->name) == 0 && strcmp(a->ca_certificate, b->ca_certificate) == 0);
		if (strcmp(a->name, NAME) != 0)
			fuzz_expect(strcmp(a->agent_version, b->agent_version) == 0);
	}
	for (size_t i = 0; i < before->accounts.count; i++)
		fuzz_expect(strcmp(before->accounts.items[i].user, after->accounts.items[i].user) == 0);
}

static void update_once(const struct store_update *update)
{
	scoped(error) struct error *error = NULL;
	scoped(store) struct store *before = read_store();
	unsigned int written = 0, again = 0;
	enum store_attempt attempt = store_update_try(fuzz_folder(), variables, update, &written, &error);

	fuzz_expect(attempt != STORE_BUSY);
	fuzz_expect_error(attempt == STORE_FAILED, error);
	if (before == NULL || attempt == STORE_FAILED)
		return;
	scoped(store) struct store *after = read_store();
	fuzz_expect(after != NULL);
	expect_others_kept(before, after);
	expect_written(after, update, written);
	fuzz_expect(store_update_try(fuzz_folder(), variables, update, &again, NULL) == STORE_DONE && again == 0);
}

static void fill(const char *name, struct fuzz_input part)
{
	scoped(string) char *path = string_format("%s/%s", fuzz_folder(), name);

	fuzz_write(path, part.bytes, part.length);
}

/* One text out of a line: "" is no text of a list. */
static char *given(char *line, char *otherwise)
{
	return line != NULL && line[0] != '\0' ? line : otherwise;
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(fuzz_lines) struct fuzz_lines values;
	scoped(string) char *data = string_format("JUJU_DATA=%s", fuzz_folder());
	scoped(string) char *temporary = string_format("TMPDIR=%s", fuzz_folder());

	variables[0] = data;
	variables[1] = temporary;
	fuzz_lines_read(&values, fuzz_part(&input));
	fill("controllers.yaml", fuzz_part(&input));
	fill("accounts.yaml", input);
	char *endpoints[] = {given(values.list[0], "jimm.example.com:443"), given(values.list[1], "10.1.2.3:17070")};
	const struct store_host hosts[] = {{endpoints[0], endpoints, array_length(endpoints)}};
	scoped(secret) struct secret *token = secret_new(endpoints[1], strlen(endpoints[1]));
	const struct store_update update = {.controller = NAME,
		.uuid = UUID,
		.agent_version = values.count > 2 && strcmp(values.list[2], "0.0.0") != 0 ? values.list[2] : "3.6.12",
		.public_hostname = values.count > 3 ? values.list[3] : "",
		.endpoints = endpoints,
		.endpoint_count = array_length(endpoints),
		.hosts = hosts,
		.host_count = array_length(hosts),
		.last_known_access = values.count > 4 ? values.list[4] : "",
		.access_token = token};
	update_once(&update);
}
