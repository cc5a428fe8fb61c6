/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/endpoint.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

#define PORT_MAX 65535

int endpoint_family(const char *host)
{
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1)
		return 4;
	return inet_pton(AF_INET6, host, address) == 1 ? 6 : 0;
}

int endpoint_is_loopback(const char *host)
{
	static const unsigned char own[16] = {[15] = 1};
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1)
		return address[0] == 127;
	return inet_pton(AF_INET6, host, address) == 1 && memcmp(address, own, sizeof(own)) == 0;
}

/* Returns 1 to PORT_MAX, or -1 when `text` is not such a number. */
static int read_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 5 || text[digits] != '\0')
		return -1;
	int port = (int)strtol(text, NULL, 10);
	return port >= 1 && port <= PORT_MAX ? port : -1;
}

int endpoint_split(const char *authority, char **host, int *port)
{
	const char *rest = NULL;
	scoped(string) char *found = NULL;

	*host = NULL;
	*port = 0;
	if (authority[0] == '[') {
		rest = strchr(authority, ']');
		if (rest == NULL)
			return -1;
		found = string_copy_length(authority + 1, (size_t)(rest - authority) - 1);
		rest++;
		if (endpoint_family(found) != 6)
			return -1;
	} else {
		/* With more than one colon it is an IPv6 address. */
		const char *colon = strchr(authority, ':');
		rest = colon != NULL && strchr(colon + 1, ':') == NULL ? colon : authority + strlen(authority);
		found = string_copy_length(authority, (size_t)(rest - authority));
	}
	if (rest[0] != '\0' && (rest[0] != ':' || (*port = read_port(rest + 1)) < 0))
		return -1;
	*host = steal(found);
	return 0;
}

char *endpoint_name(const char *hostname)
{
	char *host = NULL;
	int port = 0;

	if (endpoint_split(hostname, &host, &port) == 0)
		return host;
	return string_copy(hostname);
}

static int host_is_sound(const char *host)
{
	size_t length = strlen(host);

	if (length == 0 || length > ENDPOINT_HOST_MAX)
		return 0;
	if (strchr(host, ':') != NULL)
		return endpoint_family(host) == 6;
	for (const char *at = host; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && strchr("-._", *at) == NULL)
			return 0;
	return 1;
}

/* Everything in a request line must be visible ASCII. */
static int path_is_sound(const char *path)
{
	if (strlen(path) > ENDPOINT_PATH_MAX)
		return 0;
	for (const char *at = path; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7f || *at == '?' || *at == '#')
			return 0;
	return 1;
}

static const char *skip_scheme(struct endpoint *endpoint, const char *text)
{
	endpoint->encrypted = 1;
	if (strncasecmp(text, "wss://", 6) == 0)
		return text + 6;
	if (strncasecmp(text, "ws://", 5) != 0)
		return text;
	endpoint->encrypted = 0;
	return text + 5;
}

static int fill(struct endpoint *endpoint, const char *text)
{
	const char *start = skip_scheme(endpoint, text);
	size_t length = strcspn(start, "/");
	scoped(string) char *authority = string_copy_length(start, length);
	size_t path_length = strlen(start + length);

	while (path_length > 0 && start[length + path_length - 1] == '/')
		path_length--;
	endpoint->path = string_copy_length(start + length, path_length);
	if (!path_is_sound(endpoint->path) || endpoint_split(authority, &endpoint->host, &endpoint->port) != 0 ||
		!host_is_sound(endpoint->host))
		return -1;
	for (char *at = endpoint->host; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	if (endpoint->port == 0)
		endpoint->port = endpoint->encrypted ? 443 : 80;
	endpoint->numeric = endpoint_family(endpoint->host) != 0;
	endpoint->authority = string_format(
		strchr(endpoint->host, ':') != NULL ? "[%s]:%d" : "%s:%d", endpoint->host, endpoint->port);
	return 0;
}

int endpoint_parse(struct endpoint *endpoint, const char *text, struct error **error)
{
	*endpoint = (struct endpoint){.text = text_printable(text)};
	if (fill(endpoint, text) == 0)
		return 0;
	error_set(
		error, ERROR_STORE, "cannot use the endpoint \"%s\": it is not of the form host:port", endpoint->text);
	endpoint_release(endpoint);
	return -1;
}

void endpoint_release(struct endpoint *endpoint)
{
	free(endpoint->text);
	free(endpoint->host);
	free(endpoint->authority);
	free(endpoint->path);
	*endpoint = (struct endpoint){0};
}
