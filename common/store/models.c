/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/models.h"

#include <stdlib.h>
#include <string.h>

#include "common/store/model_word.h"

static void list_release(struct store_model_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].owner);
		free(list->items[i].name);
		free(list->items[i].uuid);
		free(list->items[i].type);
	}
	free(list->items);
	free(list->controller);
	free(list->current);
}

static int read_model(const char *file, const struct node *key, const struct node *value, struct store_model *to,
	struct error **error)
{
	const struct node *entry;
	const char *slash = strchr(key->text, '/');

	to->owner = string_copy_length(key->text, slash != NULL ? (size_t)(slash - key->text) : 0);
	model_word_cut_local(to->owner);
	to->name = string_copy(slash != NULL ? slash + 1 : key->text);
	to->line = key->line;
	if (node_expect(file, value, NODE_MAPPING, key->text, &entry, error) != 0 ||
		node_get_text(file, entry, "uuid", &to->uuid, error) != 0)
		return -1;
	return node_get_text(file, entry, "type", &to->type, error);
}

static int read_list(const char *file, const struct node *key, const struct node *value, struct store_model_list *to,
	struct error **error)
{
	const struct node *entry;
	const struct node *models;

	to->controller = string_copy(key->text);
	to->line = key->line;
	if (node_expect(file, value, NODE_MAPPING, key->text, &entry, error) != 0 ||
		node_get(file, entry, "models", NODE_MAPPING, &models, error) != 0 ||
		node_get_text(file, entry, "current-model", &to->current, error) != 0)
		return -1;
	size_t count = models != NULL ? models->count : 0;
	to->items = memory_get(count, sizeof(*to->items));
	for (size_t i = 0; i < count; i++)
		if (read_model(file, models->keys[i], models->items[i], &to->items[to->count++], error) != 0)
			return -1;
	return 0;
}

static int read_entries(const struct document *document, struct store_models *to, struct error **error)
{
	const struct node *entries;

	if (document_entries(document, &entries, error) != 0)
		return -1;
	to->items = memory_get(entries->count, sizeof(*to->items));
	for (size_t i = 0; i < entries->count; i++)
		if (read_list(document->file, entries->keys[i], entries->items[i], &to->items[to->count++], error) != 0)
			return -1;
	return 0;
}

int store_models_parse(const struct document *document, struct store_models *out, struct error **error)
{
	*out = (struct store_models){.file = string_copy(document->file)};
	if (read_entries(document, out, error) == 0)
		return 0;
	store_models_release(out);
	return -1;
}

void store_models_release(struct store_models *models)
{
	for (size_t i = 0; i < models->count; i++)
		list_release(&models->items[i]);
	free(models->items);
	free(models->file);
	*models = (struct store_models){0};
}
