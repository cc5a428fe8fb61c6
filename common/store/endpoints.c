/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/endpoints.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"

struct list {
	char **texts;
	size_t count;
	size_t capacity;
};

/* Returns "host:port" or "[v6]:port", owned by the caller. */
static char *text_of(const struct store_host_port *address)
{
	bool brackets = strchr(address->value, ':') != NULL;

	return string_format("%s%s%s:%d", brackets ? "[" : "", address->value, brackets ? "]" : "", address->port);
}

static bool usable(const struct store_host_port *address)
{
	return string_given(address->value) && address->port > 0 && address->port <= 65535 &&
	       !string_same(address->scope, "local-machine") && !string_same(address->scope, "link-local");
}

static bool holds(const struct list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->texts[i], text) == 0)
			return true;
	return false;
}

/* Adds `text` (taken over) if it is new and there is room. */
static void add(struct list *list, char *text)
{
	if (list->count >= STORE_ENDPOINTS_MAX || holds(list, text)) {
		free(text);
		return;
	}
	list->texts = memory_room(list->texts, list->count, &list->capacity, sizeof(char *));
	list->texts[list->count++] = text;
}

/* Returns the address that text_of writes as `text`, borrowed, or NULL. */
static const struct store_host_port *find(const struct store_server *server, const char *text)
{
	for (size_t i = 0; i < server->count; i++) {
		scoped(string) char *own =
			string_given(server->addresses[i].value) ? text_of(&server->addresses[i]) : NULL;

		if (string_same(own, text))
			return &server->addresses[i];
	}
	return NULL;
}

/* Adds the usable addresses of a server, with `first` (may be NULL) before the others. */
static void add_server(struct list *list, const struct store_server *server, const struct store_host_port *first)
{
	if (first != NULL && usable(first))
		add(list, text_of(first));
	for (size_t i = 0; i < server->count; i++)
		if (usable(&server->addresses[i]))
			add(list, text_of(&server->addresses[i]));
}

static void add_servers(struct list *list, const struct store_server *servers, size_t count, const char *front)
{
	const struct store_host_port *first = NULL;
	size_t holder = 0;

	for (; holder < count && first == NULL; holder++)
		first = find(&servers[holder], front);
	if (first != NULL)
		add_server(list, &servers[holder - 1], first);
	for (size_t i = 0; i < count; i++)
		add_server(list, &servers[i], NULL);
}

static void put_first(struct list *list, char *text)
{
	if (list->count >= STORE_ENDPOINTS_MAX)
		free(list->texts[--list->count]);
	list->texts = memory_room(list->texts, list->count, &list->capacity, sizeof(char *));
	memmove(list->texts + 1, list->texts, list->count++ * sizeof(char *));
	list->texts[0] = text;
}

static const char *without_scheme(const char *endpoint)
{
	const char *mark = strstr(endpoint, "://");

	return mark != NULL ? mark + strlen("://") : endpoint;
}

void store_endpoints_merge(const struct store_server *servers, size_t server_count, const char *dialled, bool tunnelled,
	char ***endpoints, size_t *count)
{
	const char *text = tunnelled || dialled == NULL ? "" : without_scheme(dialled);
	struct list list = {0};

	add_servers(&list, servers, server_count, text);
	if (text[0] != '\0' && !holds(&list, text))
		put_first(&list, string_copy(text));
	*endpoints = list.texts != NULL ? list.texts : memory_get(0, sizeof(char *));
	*count = list.count;
}
