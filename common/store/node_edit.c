/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/node_edit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* True for texts like "3.6.14", "10.1.2.3", "4.0.1-beta2": no number has two points. */
static bool is_dotted(const char *text)
{
	size_t first = strspn(text, "0123456789");
	const char *rest = text + first;
	size_t second = rest[0] == '.' ? strspn(rest + 1, "0123456789") : 0;

	if (first == 0 || second == 0 || rest[1 + second] != '.' || !isdigit((unsigned char)rest[2 + second]))
		return false;
	return strspn(rest, ".-0123456789abcdefghijklmnopqrstuvwxyz") == strlen(rest);
}

bool node_clearly_text(const char *text)
{
	static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};

	if (is_dotted(text))
		return true;
	if (!isalpha((unsigned char)text[0]) && text[0] != '/' && text[0] != '_' && !((unsigned char)text[0] & 0x80))
		return false;
	for (size_t i = 0; i < array_length(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return false;
	return true;
}

static struct node *scalar(const char *text)
{
	struct node *node = node_new(NODE_SCALAR, node_clearly_text(text) ? NODE_PLAIN : NODE_SINGLE_QUOTED, 0);

	node->text = string_copy(text);
	return node;
}

/* Returns the index of `key`, or `count` if it is missing. */
static size_t index_of(const struct node *mapping, const char *key)
{
	size_t i = 0;

	while (i < mapping->count && strcmp(mapping->keys[i]->text, key) != 0)
		i++;
	return i;
}

/* Returns the index for a new `key`: after the last one that `order` names before it. */
static size_t place_of(const struct node *mapping, const char *key, const char *const *order)
{
	size_t place = order != NULL ? 0 : mapping->count;

	for (; order != NULL && *order != NULL && strcmp(*order, key) != 0; order++) {
		size_t there = index_of(mapping, *order);

		if (there < mapping->count && there + 1 > place)
			place = there + 1;
	}
	return place;
}

/* Moves the last pair of `mapping` to `place`. */
static void move_last(struct node *mapping, size_t place)
{
	size_t last = mapping->count - 1;
	struct node *key = mapping->keys[last];
	struct node *item = mapping->items[last];

	memmove(mapping->keys + place + 1, mapping->keys + place, (last - place) * sizeof(struct node *));
	memmove(mapping->items + place + 1, mapping->items + place, (last - place) * sizeof(struct node *));
	mapping->keys[place] = key;
	mapping->items[place] = item;
}

/* Makes `item` (taken over) the value of `key`. */
static void put(struct node *mapping, const char *key, struct node *item, const char *const *order)
{
	size_t there = index_of(mapping, key);

	if (there < mapping->count) {
		node_free(mapping->items[there]);
		mapping->items[there] = item;
		return;
	}
	size_t place = place_of(mapping, key, order);
	node_add(mapping, scalar(key), item);
	move_last(mapping, place);
}

bool node_set_text(struct node *mapping, const char *key, const char *text, const char *const *order)
{
	struct node *old = node_find(mapping, key);
	struct node *item = scalar(text);

	if (old != NULL && old->kind == NODE_SCALAR && !node_null(old)) {
		if (strcmp(old->text, text) == 0) {
			node_free(item);
			return false;
		}
		if (old->style == NODE_SINGLE_QUOTED || old->style == NODE_DOUBLE_QUOTED)
			item->style = old->style;
	}
	put(mapping, key, item, order);
	return true;
}

static bool holds_texts(const struct node *list, char *const *texts, size_t count)
{
	if (list == NULL || list->kind != NODE_SEQUENCE || list->count != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (list->items[i]->kind != NODE_SCALAR || strcmp(list->items[i]->text, texts[i]) != 0)
			return false;
	return true;
}

bool node_set_texts(struct node *mapping, const char *key, char *const *texts, size_t count, const char *const *order)
{
	const struct node *old = node_find(mapping, key);

	if (holds_texts(old, texts, count))
		return false;
	int block = old != NULL && old->kind == NODE_SEQUENCE && old->style == NODE_BLOCK && count > 0;
	struct node *list = node_new(NODE_SEQUENCE, block ? NODE_BLOCK : NODE_FLOW, 0);
	for (size_t i = 0; i < count; i++)
		node_add(list, NULL, scalar(texts[i]));
	put(mapping, key, list, order);
	return true;
}

struct node *node_enter(struct node *mapping, const char *key, const char *const *order)
{
	struct node *inner = node_find(mapping, key);

	if (!node_null(inner))
		return inner->kind == NODE_MAPPING ? inner : NULL;
	inner = node_new(NODE_MAPPING, NODE_FLOW, 0);
	put(mapping, key, inner, order);
	return inner;
}

bool node_remove(struct node *mapping, const char *key)
{
	size_t there = index_of(mapping, key);

	if (there == mapping->count)
		return false;
	node_free(mapping->keys[there]);
	node_free(mapping->items[there]);
	mapping->count--;
	memmove(mapping->keys + there, mapping->keys + there + 1, (mapping->count - there) * sizeof(struct node *));
	memmove(mapping->items + there, mapping->items + there + 1, (mapping->count - there) * sizeof(struct node *));
	return true;
}
