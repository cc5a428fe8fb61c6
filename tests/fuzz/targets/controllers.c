/* SPDX-License-Identifier: Apache-2.0 */
/* controllers.yaml, and the same written again. */
#include "common/store/controllers.h"

#include "tests/fuzz/store.h"

static void expect_same(const struct store_controllers *one, const struct store_controllers *other)
{
	fuzz_expect(one->count == other->count && string_same(one->current, other->current));
	for (size_t i = 0; i < one->count; i++) {
		const struct store_controller *a = &one->items[i], *b = &other->items[i];

		fuzz_expect(string_same(a->name, b->name) && string_same(a->uuid, b->uuid) && a->name != NULL);
		fuzz_expect(a->endpoint_count == b->endpoint_count && a->host_count == b->host_count);
		fuzz_expect(string_same(a->public_hostname, b->public_hostname) && string_same(a->cloud, b->cloud));
		fuzz_expect(string_same(a->ca_certificate, b->ca_certificate));
		fuzz_expect(string_same(a->agent_version, b->agent_version) && a->oidc_login == b->oidc_login);
		for (size_t j = 0; j < a->endpoint_count; j++)
			fuzz_expect(string_same(a->endpoints[j], b->endpoints[j]) && a->endpoints[j][0] != '\0');
	}
}

void fuzz_one(const char *bytes, size_t length)
{
	struct store_controllers read = {0}, again = {0};
	scoped(error) struct error *error = NULL;
	scoped(document) struct document *document = fuzz_document(bytes, length);
	scoped(document) struct document *copy = fuzz_written(document, YAML_INDENT_CONTROLLERS);

	if (document == NULL)
		return;
	int failed = store_controllers_parse(document, &read, &error) < 0;
	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || (read.count == 0 && read.items == NULL));
	if (!failed && copy != NULL) {
		fuzz_expect(store_controllers_parse(copy, &again, NULL) == 0);
		expect_same(&read, &again);
	}
	store_controllers_release(&read);
	store_controllers_release(&again);
}
