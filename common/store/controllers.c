/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/controllers.h"

#include <stdlib.h>
#include <string.h>

static void host_release(struct store_host *host)
{
	free(host->host);
	node_texts_free(host->addresses, host->address_count);
}

static void controller_release(struct store_controller *controller)
{
	free(controller->name);
	free(controller->uuid);
	node_texts_free(controller->endpoints, controller->endpoint_count);
	for (size_t i = 0; i < controller->host_count; i++)
		host_release(&controller->hosts[i]);
	free(controller->hosts);
	free(controller->public_hostname);
	free(controller->ca_certificate);
	free(controller->cloud);
	free(controller->region);
	free(controller->type);
	free(controller->agent_version);
	free(controller->proxy_type);
}

static int read_texts(const char *file, const struct node *entry, struct store_controller *to, struct error **error)
{
	const struct {
		const char *key;
		char **to;
	} texts[] = {
		{"uuid", &to->uuid},
		{"public-hostname", &to->public_hostname},
		{"ca-cert", &to->ca_certificate},
		{"cloud", &to->cloud},
		{"region", &to->region},
		{"type", &to->type},
		{"agent-version", &to->agent_version},
	};

	for (size_t i = 0; i < array_length(texts); i++)
		if (node_get_text(file, entry, texts[i].key, texts[i].to, error) != 0)
			return -1;
	return 0;
}

static int read_hosts(const char *file, const struct node *entry, struct store_controller *to, struct error **error)
{
	const struct node *cache;

	if (node_get(file, entry, "dns-cache", NODE_MAPPING, &cache, error) != 0)
		return -1;
	if (cache == NULL)
		return 0;
	to->hosts = memory_get(cache->count, sizeof(*to->hosts));
	for (size_t i = 0; i < cache->count; i++) {
		struct store_host *host = &to->hosts[to->host_count++];
		host->host = string_copy(cache->keys[i]->text);
		if (node_texts(file, cache->items[i], "dns-cache", &host->addresses, &host->address_count, error) != 0)
			return -1;
	}
	return 0;
}

static int read_proxy(const char *file, const struct node *entry, struct store_controller *to, struct error **error)
{
	const struct node *proxy;

	if (node_get(file, entry, "proxy-config", NODE_MAPPING, &proxy, error) != 0)
		return -1;
	to->proxied = proxy != NULL;
	return node_get_text(file, proxy, "type", &to->proxy_type, error);
}

static int read_controller(const char *file, const struct node *key, const struct node *value,
	struct store_controller *to, struct error **error)
{
	const struct node *entry;

	to->name = string_copy(key->text);
	to->line = key->line;
	if (node_expect(file, value, NODE_MAPPING, key->text, &entry, error) != 0)
		return -1;
	if (read_texts(file, entry, to, error) != 0 || read_hosts(file, entry, to, error) != 0)
		return -1;
	if (node_texts(file, node_find(entry, "api-endpoints"), "api-endpoints", &to->endpoints, &to->endpoint_count,
		    error) != 0)
		return -1;
	if (node_get_flag(file, entry, "oidc-login", &to->oidc_login, error) != 0)
		return -1;
	return read_proxy(file, entry, to, error);
}

static int read_current(const char *file, const struct node *root, struct store_controllers *to, struct error **error)
{
	const struct node *current = node_find(root, "current-controller");

	if (node_get_text(file, root, "current-controller", &to->current, error) != 0)
		return -1;
	to->current_line = current != NULL ? current->line : 0;
	return 0;
}

static int read_entries(const struct document *document, struct store_controllers *to, struct error **error)
{
	const struct node *entries;

	if (document_entries(document, &entries, error) != 0 ||
		read_current(document->file, document->root, to, error) != 0)
		return -1;
	to->items = memory_get(entries->count, sizeof(*to->items));
	for (size_t i = 0; i < entries->count; i++)
		if (read_controller(
			    document->file, entries->keys[i], entries->items[i], &to->items[to->count++], error) != 0)
			return -1;
	return 0;
}

int store_controllers_parse(const struct document *document, struct store_controllers *out, struct error **error)
{
	*out = (struct store_controllers){.file = string_copy(document->file)};
	if (read_entries(document, out, error) == 0)
		return 0;
	store_controllers_release(out);
	return -1;
}

void store_controllers_release(struct store_controllers *controllers)
{
	for (size_t i = 0; i < controllers->count; i++)
		controller_release(&controllers->items[i]);
	free(controllers->items);
	free(controllers->file);
	free(controllers->current);
	*controllers = (struct store_controllers){0};
}
