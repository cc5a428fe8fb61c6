/* SPDX-License-Identifier: Apache-2.0 */
/* models.yaml, and the same written again. */
#include "common/store/models.h"

#include <string.h>

#include "tests/fuzz/store.h"

static void expect_same_list(const struct store_model_list *one, const struct store_model_list *other)
{
	fuzz_expect(string_same(one->controller, other->controller) && string_same(one->current, other->current));
	fuzz_expect(one->count == other->count);
	for (size_t i = 0; i < one->count; i++) {
		const struct store_model *a = &one->items[i], *b = &other->items[i];

		fuzz_expect(string_same(a->owner, b->owner) && string_same(a->name, b->name));
		fuzz_expect(string_same(a->uuid, b->uuid) && string_same(a->type, b->type));
		fuzz_expect(strchr(a->owner, '/') == NULL);
	}
}

void fuzz_one(const char *bytes, size_t length)
{
	struct store_models read = {0}, again = {0};
	scoped(error) struct error *error = NULL;
	scoped(document) struct document *document = fuzz_document(bytes, length);
	scoped(document) struct document *copy = fuzz_written(document, YAML_INDENT);

	if (document == NULL)
		return;
	int failed = store_models_parse(document, &read, &error) < 0;
	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || (read.count == 0 && read.items == NULL));
	if (!failed && copy != NULL) {
		fuzz_expect(store_models_parse(copy, &again, NULL) == 0);
		fuzz_expect(read.count == again.count);
		for (size_t i = 0; i < read.count; i++)
			expect_same_list(&read.items[i], &again.items[i]);
	}
	store_models_release(&read);
	store_models_release(&again);
}
