/* SPDX-License-Identifier: Apache-2.0 */
/* An endpoint as store and environment write it, then an environment with proxies, a variable a line. */
#include <stdlib.h>
#include <string.h>

#include "common/store/endpoints.h"
#include "common/store/node.h"
#include "common/wire/endpoint.h"
#include "common/wire/proxy.h"
#include "tests/fuzz/fuzz.h"

static void proxies(const char *host, int port, int encrypted, char *const *environment)
{
	scoped(proxy) struct proxy proxy = {0};
	scoped(error) struct error *error = NULL;
	int failed = proxy_find(&proxy, environment, host, port, encrypted, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || proxy.host == NULL);
	fuzz_expect(proxy.host == NULL || (proxy.port > 0 && proxy.port <= 65535 && proxy.host[0] != '\0'));
	if (strcmp(host, "localhost") == 0 || (endpoint_family(host) == 4 && strncmp(host, "127.", 4) == 0))
		fuzz_expect(proxy.host == NULL);
}

static void expect_sound(const struct endpoint *endpoint)
{
	fuzz_expect_printable(endpoint->text);
	fuzz_expect_printable(endpoint->host);
	fuzz_expect_printable(endpoint->authority);
	fuzz_expect_printable(endpoint->path);
	fuzz_expect(endpoint->host[0] != '\0' && strlen(endpoint->host) <= ENDPOINT_HOST_MAX);
	fuzz_expect(strlen(endpoint->path) <= ENDPOINT_PATH_MAX && endpoint->port > 0 && endpoint->port <= 65535);
	fuzz_expect(endpoint->path[0] == '\0' || endpoint->path[0] == '/');
	fuzz_expect(strpbrk(endpoint->authority, " \t/?#@") == NULL);
	fuzz_expect(endpoint->numeric == (endpoint_family(endpoint->host) != 0));
	for (const char *at = endpoint->host; *at != '\0'; at++)
		fuzz_expect(*at < 'A' || *at > 'Z');
}

/* What was understood is understood the same in other words. */
static void same_again(const struct endpoint *endpoint)
{
	scoped(endpoint) struct endpoint again = {0};
	scoped(string) char *text =
		string_format("%s://%s%s", endpoint->encrypted ? "wss" : "ws", endpoint->authority, endpoint->path);

	fuzz_expect(endpoint_parse(&again, text, NULL) == 0);
	fuzz_expect(strcmp(again.host, endpoint->host) == 0 && again.port == endpoint->port);
	fuzz_expect(strcmp(again.path, endpoint->path) == 0 && again.encrypted == endpoint->encrypted);
}

static void merge(char *text)
{
	struct store_host_port addresses[] = {{text, "hostname", "public", 17070},
		{"10.1.2.3", "ipv4", "local-cloud", 17070}, {"fe80::1", "ipv6", "link-local", 17070}};
	const struct store_server servers[] = {{addresses, array_length(addresses)}, {addresses, 1}};
	char **list = NULL;
	size_t count = 0;

	store_endpoints_merge(servers, array_length(servers), text, false, &list, &count);
	fuzz_expect(count <= STORE_ENDPOINTS_MAX);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			fuzz_expect(strcmp(list[i], list[k]) != 0);
	node_texts_free(list, count);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(endpoint) struct endpoint endpoint = {0};
	scoped(fuzz_lines) struct fuzz_lines environment;
	scoped(error) struct error *error = NULL;
	scoped(string) char *text = fuzz_line(&input);
	scoped(string) char *name = endpoint_name(text);

	fuzz_lines_read(&environment, input);
	fuzz_expect(strlen(name) <= strlen(text));
	merge(text);
	int failed = endpoint_parse(&endpoint, text, &error) < 0;
	fuzz_expect_error(failed, error);
	if (failed)
		return;
	expect_sound(&endpoint);
	same_again(&endpoint);
	proxies(endpoint.host, endpoint.port, endpoint.encrypted, environment.list);
}
