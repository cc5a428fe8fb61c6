/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/store.h"

#include <string.h>

/* Returns how many nodes there are. */
static size_t walk(const struct node *node, size_t depth)
{
	size_t nodes = 1;

	fuzz_expect(depth <= DOCUMENT_DEPTH_MAX || node->kind == NODE_SCALAR);
	fuzz_expect(node->count <= DOCUMENT_NODES_MAX);
	fuzz_expect((node->kind == NODE_SCALAR) == (node->text != NULL));
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == NODE_MAPPING) {
			fuzz_expect(node->keys[i]->kind == NODE_SCALAR && node->keys[i]->text != NULL);
			fuzz_expect(node_find(node, node->keys[i]->text) == node->items[i]);
			nodes++;
		}
		nodes += walk(node->items[i], depth + 1);
	}
	return nodes;
}

struct document *fuzz_document(const char *bytes, size_t length)
{
	struct error *error = NULL;
	struct document *document = document_parse("file.yaml", bytes, length, &error);

	fuzz_expect_error(document == NULL, error);
	fuzz_expect(error == NULL || error->kind == ERROR_STORE);
	error_free(error);
	if (document != NULL && document->root != NULL)
		fuzz_expect(walk(document->root, 1) <= DOCUMENT_NODES_MAX);
	return document;
}

struct document *fuzz_written(const struct document *document, int indent)
{
	scoped(file) struct file file = {NULL, 0};
	scoped(error) struct error *error = NULL;
	int failed = document != NULL && yaml_write(document, indent, &file, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || (file.bytes == NULL && file.length == 0));
	if (document == NULL || failed)
		return NULL;
	fuzz_expect(file.length <= DOCUMENT_BYTES_MAX);
	struct document *again = document_parse("file.yaml", file.bytes != NULL ? file.bytes : "", file.length, NULL);
	fuzz_expect(again != NULL && yaml_same(document->root, again->root));
	return again;
}
