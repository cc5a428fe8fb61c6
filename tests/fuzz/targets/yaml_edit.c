/* SPDX-License-Identifier: Apache-2.0 */
/* Values changed in the tree of a file: a line with a key, one with a value, then the file. What was changed is what is read again. */
#include <string.h>

#include "common/store/node_edit.h"
#include "tests/fuzz/store.h"

static const char *const order[] = {"uuid", "api-endpoints", "dns-cache", "agent-version", NULL};

/* Writes, reads again, and expects `key` to have the text `value`. */
static void expect_kept(const struct document *document, const char *key, const char *value)
{
	scoped(document) struct document *again = fuzz_written(document, YAML_INDENT);
	const struct node *node = again != NULL ? node_find(again->root, key) : NULL;
	scoped(string) char *text = NULL;

	if (again == NULL)
		return;
	fuzz_expect(node != NULL && node->kind == NODE_SCALAR && strcmp(node->text, value) == 0);
	fuzz_expect(node_get_text("file.yaml", again->root, key, &text, NULL) == 0);
	fuzz_expect(strcmp(text, value) == 0);
}

static void expect_list_kept(const struct document *document, const char *key, char *const *texts, size_t count)
{
	scoped(document) struct document *again = fuzz_written(document, YAML_INDENT_CONTROLLERS);
	const struct node *node = again != NULL ? node_find(again->root, key) : NULL;

	if (again == NULL)
		return;
	fuzz_expect(node != NULL && node->kind == NODE_SEQUENCE && node->count == count);
	for (size_t i = 0; i < count; i++)
		fuzz_expect(strcmp(node->items[i]->text, texts[i]) == 0);
}

static void edit(struct document *document, char *key, char *value)
{
	char *const texts[] = {value, key};

	node_set_text(document->root, key, value, order);
	fuzz_expect(!node_set_text(document->root, key, value, order));
	expect_kept(document, key, value);
	if (strcmp(key, "dns-cache") != 0 && node_enter(document->root, "dns-cache", order) != NULL)
		node_set_texts(node_enter(document->root, "dns-cache", order), key, texts, array_length(texts), NULL);
	node_set_texts(document->root, key, texts, array_length(texts), order);
	fuzz_expect(!node_set_texts(document->root, key, texts, array_length(texts), order));
	expect_list_kept(document, key, texts, array_length(texts));
	fuzz_expect(node_remove(document->root, key) && !node_remove(document->root, key));
	document_free(fuzz_written(document, YAML_INDENT));
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(string) char *typed = fuzz_line(&input);
	/* A key without a text is read as the text "null". */
	scoped(string) char *key = string_copy(typed[0] != '\0' ? typed : "key");
	scoped(string) char *value = fuzz_line(&input);
	scoped(document) struct document *document = fuzz_document(input.bytes, input.length);

	if (document != NULL && document->root != NULL && document->root->kind == NODE_MAPPING)
		edit(document, key, value);
}
