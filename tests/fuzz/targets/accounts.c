/* SPDX-License-Identifier: Apache-2.0 */
/* accounts.yaml, and the same written again. */
#include "common/store/accounts.h"

#include <string.h>

#include "tests/fuzz/store.h"

static bool same_secret(const struct secret *one, const struct secret *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return strcmp(secret_reveal(one), secret_reveal(other)) == 0;
}

static void expect_same(const struct store_accounts *one, const struct store_accounts *other)
{
	fuzz_expect(one->count == other->count);
	for (size_t i = 0; i < one->count; i++) {
		const struct store_account *a = &one->items[i], *b = &other->items[i];

		fuzz_expect(string_same(a->controller, b->controller) && string_same(a->user, b->user));
		fuzz_expect(same_secret(a->password, b->password) && same_secret(a->access_token, b->access_token));
		fuzz_expect(string_same(a->last_known_access, b->last_known_access) && string_same(a->type, b->type));
		fuzz_expect(a->password == NULL || secret_given(a->password));
	}
}

void fuzz_one(const char *bytes, size_t length)
{
	struct store_accounts read = {0}, again = {0};
	scoped(error) struct error *error = NULL;
	scoped(document) struct document *document = fuzz_document(bytes, length);
	scoped(document) struct document *copy = fuzz_written(document, YAML_INDENT);

	if (document == NULL)
		return;
	int failed = store_accounts_parse(document, &read, &error) < 0;
	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || (read.count == 0 && read.items == NULL));
	if (!failed && copy != NULL) {
		fuzz_expect(store_accounts_parse(copy, &again, NULL) == 0);
		expect_same(&read, &again);
	}
	store_accounts_release(&read);
	store_accounts_release(&again);
}
