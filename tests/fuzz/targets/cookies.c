/* SPDX-License-Identifier: Apache-2.0 */
/* A cookie jar: what it gives out, what a set does to it, and what is written. A line with a host, a set, a line "%%", then the file. */
#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"
#include "common/store/cookie_jar.h"
#include "tests/fuzz/fuzz.h"

#define NOW (INT64_C(1790000000) * INSTANT_SECOND)

static const char *const hosts[] = {"https://jimm.example.com:443/x", "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002", ""};

static struct cookie_jar *read_jar(const char *bytes, size_t length)
{
	scoped(error) struct error *error = NULL;
	struct cookie_jar *jar = cookie_jar_parse("jar.json", bytes, length, &error);

	fuzz_expect_error(jar == NULL, error);
	return jar;
}

static size_t given_out(const struct cookie_jar *jar)
{
	scoped(cookie_sets) struct cookie_sets sets = {NULL, 0};

	cookie_jar_select(jar, hosts, array_length(hosts), NOW, &sets);
	fuzz_expect(sets.count <= COOKIES_COUNT_MAX);
	for (size_t i = 0; i < sets.count; i++) {
		scoped(string) char *name = cookie_jar_name(sets.items[i]);

		fuzz_expect(strlen(secret_reveal(sets.items[i])) <= COOKIES_VALUE_MAX);
		fuzz_expect(name == NULL || strncmp(name, "macaroon-", strlen("macaroon-")) == 0);
	}
	return sets.count;
}

/* What is written reads again, gives out the same, and is written the same. */
static void written_again(struct cookie_jar *jar)
{
	scoped(secret) struct secret *text = cookie_jar_format(jar, NOW);
	scoped(cookie_jar) struct cookie_jar *again =
		cookie_jar_parse("jar.json", secret_reveal(text), strlen(secret_reveal(text)), NULL);

	fuzz_expect(again != NULL);
	fuzz_expect(given_out(again) == given_out(jar));
	scoped(secret) struct secret *second = cookie_jar_format(again, NOW);
	fuzz_expect(strcmp(secret_reveal(second), secret_reveal(text)) == 0);
}

static void put(struct cookie_jar *jar, const struct secret *macaroons, const char *host)
{
	const struct cookie_set set = {macaroons, host, NOW + INSTANT_MINUTE * 60};
	scoped(error) struct error *error = NULL;
	bool changed = false;
	int failed = cookie_jar_put(jar, &set, NOW, &changed, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || !changed);
	if (failed)
		return;
	/* An entry that was changed after now is left alone. */
	fuzz_expect(!changed || strcmp(host, hosts[1]) != 0 || given_out(jar) > 0);
	fuzz_expect(cookie_jar_put(jar, &set, NOW, &changed, NULL) == 0 && !changed);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(string) char *told = fuzz_line(&input);
	struct fuzz_input part = fuzz_part(&input);
	scoped(string) char *text = fuzz_text(&part);
	scoped(secret) struct secret *set = secret_new(text, strlen(text));
	scoped(secret) struct secret *file = secret_new(input.length > 0 ? input.bytes : "", input.length);
	scoped(cookie_jar) struct cookie_jar *jar = read_jar(secret_reveal(file), input.length);
	scoped(string) char *host = cookie_jar_host(told);

	fuzz_expect(strlen(host) <= strlen(told) && strchr(host, '/') == NULL);
	if (jar == NULL)
		return;
	written_again(jar);
	put(jar, set, told);
	written_again(jar);
}
