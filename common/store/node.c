/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

struct node *node_new(enum node_kind kind, enum node_style style, unsigned int line)
{
	struct node *node = memory_get(1, sizeof(*node));

	node->kind = kind;
	node->style = style;
	node->line = line;
	return node;
}

void node_add(struct node *node, struct node *key, struct node *item)
{
	size_t capacity = node->capacity;

	node->items = memory_room(node->items, node->count, &node->capacity, sizeof(struct node *));
	if (key != NULL) {
		node->keys = memory_room(node->keys, node->count, &capacity, sizeof(struct node *));
		node->keys[node->count] = key;
	}
	node->items[node->count++] = item;
}

void node_free(struct node *node)
{
	if (node == NULL)
		return;
	for (size_t i = 0; i < node->count; i++) {
		if (node->keys != NULL)
			node_free(node->keys[i]);
		node_free(node->items[i]);
	}
	if (node->text != NULL)
		secret_erase(node->text, strlen(node->text));
	free(node->text);
	free(node->tag);
	free(node->keys);
	free(node->items);
	free(node);
}

static int one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, words[i]) == 0)
			return 1;
	return 0;
}

int node_null(const struct node *node)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (node == NULL)
		return 1;
	return node->kind == NODE_SCALAR && node->style == NODE_PLAIN && node->tag == NULL &&
	       one_of(node->text, words, array_length(words));
}

struct node *node_find(const struct node *mapping, const char *key)
{
	if (mapping == NULL || mapping->kind != NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (strcmp(mapping->keys[i]->text, key) == 0)
			return mapping->items[i];
	return NULL;
}

int node_fail(struct error **error, const char *file, unsigned int line, const char *format, ...)
{
	char words[TEXT_SHOWN_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	scoped(string) char *shown = text_printable(words);
	return error_set(error, ERROR_STORE, "cannot read %s:%u: %s; fix it or restore a backup", file, line, shown);
}

static const char *kind_name(enum node_kind kind)
{
	static const char *const names[] = {
		[NODE_SCALAR] = "a text", [NODE_SEQUENCE] = "a list", [NODE_MAPPING] = "a mapping"};

	return names[kind];
}

int node_expect(const char *file, const struct node *node, enum node_kind kind, const char *what,
	const struct node **out, struct error **error)
{
	*out = NULL;
	if (node_null(node))
		return 0;
	if (node->kind != kind)
		return node_fail(error, file, node->line, "\"%.200s\" must be %s, not %s", what, kind_name(kind),
			kind_name(node->kind));
	*out = node;
	return 0;
}

int node_get(const char *file, const struct node *mapping, const char *key, enum node_kind kind,
	const struct node **out, struct error **error)
{
	return node_expect(file, node_find(mapping, key), kind, key, out, error);
}

int node_get_text(const char *file, const struct node *mapping, const char *key, char **out, struct error **error)
{
	const struct node *node;

	*out = NULL;
	if (node_get(file, mapping, key, NODE_SCALAR, &node, error) != 0)
		return -1;
	*out = string_copy(node != NULL ? node->text : "");
	return 0;
}

int node_get_secret(
	const char *file, const struct node *mapping, const char *key, struct secret **out, struct error **error)
{
	const struct node *node;

	*out = NULL;
	if (node_get(file, mapping, key, NODE_SCALAR, &node, error) != 0)
		return -1;
	if (node != NULL && node->text[0] != '\0')
		*out = secret_new(node->text, strlen(node->text));
	return 0;
}

int node_get_flag(const char *file, const struct node *mapping, const char *key, int *out, struct error **error)
{
	static const char *const yes[] = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
	static const char *const no[] = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
	const struct node *node;

	*out = 0;
	if (node_get(file, mapping, key, NODE_SCALAR, &node, error) != 0)
		return -1;
	if (node == NULL || one_of(node->text, no, array_length(no)))
		return 0;
	if (!one_of(node->text, yes, array_length(yes)))
		return node_fail(error, file, node->line, "\"%s\" must be true or false", key);
	*out = 1;
	return 0;
}

int node_texts(
	const char *file, const struct node *node, const char *what, char ***out, size_t *count, struct error **error)
{
	const struct node *list;

	*out = NULL;
	*count = 0;
	if (node_expect(file, node, NODE_SEQUENCE, what, &list, error) != 0)
		return -1;
	if (list == NULL)
		return 0;

	char **texts = memory_get(list->count, sizeof(*texts));
	size_t filled = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct node *item;
		if (node_expect(file, list->items[i], NODE_SCALAR, what, &item, error) != 0) {
			node_texts_free(texts, filled);
			return -1;
		}
		if (item != NULL && item->text[0] != '\0')
			texts[filled++] = string_copy(item->text);
	}
	*out = texts;
	*count = filled;
	return 0;
}

void node_texts_free(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}
