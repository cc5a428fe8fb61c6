/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/proxy.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/environment.h"
#include "common/base/text.h"
#include "common/wire/endpoint.h"

#define PROXY_PORT_DEFAULT 80
/* Room that libwebsockets has for user and password, and for the host, in bytes. */
#define PROXY_USER_MAX 90
#define PROXY_HOST_MAX 120

/* Fills `bytes` with the address `text`, IPv4 as mapped. Returns 1, or 0 when it is not an address. */
static int address_bytes(const char *text, unsigned char bytes[16])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	memcpy(bytes, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, bytes + sizeof(mapped)) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static int same_bits(const unsigned char *one, const unsigned char *other, int bits)
{
	size_t whole = (size_t)bits / 8;
	unsigned char mask = (unsigned char)(0xff00 >> (bits % 8));

	return memcmp(one, other, whole) == 0 && (bits % 8 == 0 || ((one[whole] ^ other[whole]) & mask) == 0);
}

static int in_range(const char *range, const char *host)
{
	const char *slash = strchr(range, '/');
	scoped(string) char *base = string_copy_length(range, (size_t)(slash - range));
	unsigned char start[16];
	unsigned char bytes[16];
	char *end = NULL;
	long bits = strtol(slash + 1, &end, 10);

	if (end == slash + 1 || *end != '\0' || !address_bytes(base, start) || !address_bytes(host, bytes))
		return 0;
	int family = endpoint_family(base);
	if (family != endpoint_family(host) || bits < 0 || bits > (family == 4 ? 32 : 128))
		return 0;
	return same_bits(start, bytes, (int)bits + (family == 4 ? 96 : 0));
}

static int under_domain(const char *domain, const char *host)
{
	size_t domain_length = strlen(domain);
	size_t length = strlen(host);

	return length > domain_length && strcasecmp(host + length - domain_length, domain) == 0;
}

static int name_matches(const char *name, const char *host)
{
	if (string_starts(name, "*."))
		name++;
	if (name[0] == '.')
		return under_domain(name, host);
	if (strcasecmp(name, host) == 0)
		return 1;
	scoped(string) char *domain = string_format(".%s", name);
	return under_domain(domain, host);
}

static int entry_matches(const char *entry, const char *host, int port)
{
	unsigned char wanted[16];
	unsigned char bytes[16];
	scoped(string) char *name = NULL;
	int only = 0;

	if (strcmp(entry, "*") == 0)
		return 1;
	if (strchr(entry, '/') != NULL)
		return in_range(entry, host);
	if (endpoint_split(entry, &name, &only) != 0 || name[0] == '\0' || (only != 0 && only != port))
		return 0;
	if (address_bytes(name, wanted))
		return address_bytes(host, bytes) && memcmp(wanted, bytes, sizeof(bytes)) == 0;
	return endpoint_family(host) == 0 && name_matches(name, host);
}

static int is_excepted(const char *list, const char *host, int port)
{
	scoped(string) char *copy = string_copy(list != NULL ? list : "");
	char *place = NULL;

	for (char *entry = strtok_r(copy, ",", &place); entry != NULL; entry = strtok_r(NULL, ",", &place)) {
		entry += strspn(entry, " \t");
		size_t length = strlen(entry);
		while (length > 0 && isspace((unsigned char)entry[length - 1]))
			entry[--length] = '\0';
		if (length > 0 && entry_matches(entry, host, port))
			return 1;
	}
	return 0;
}

static const char *either_case(char *const *environment, const char *upper, const char *lower)
{
	const char *value = environment_given(environment, upper);

	return value != NULL ? value : environment_given(environment, lower);
}

static int parse(struct proxy *proxy, const char *text, struct error **error)
{
	const char *scheme = strstr(text, "://");
	const char *start = scheme != NULL ? scheme + 3 : text;

	if (scheme != NULL && strncasecmp(text, "http://", 7) != 0) {
		scoped(string) char *shown = text_printable_length(text, (size_t)(scheme - text), 20);
		return error_set(error, ERROR_USAGE,
			"cannot use the proxy of https_proxy: only http:// proxies are supported, not %s://", shown);
	}
	size_t length = strcspn(start, "/");
	scoped(string) char *authority = string_copy_length(start, length);
	const char *at = strrchr(authority, '@');
	const char *place = at != NULL ? at + 1 : authority;
	size_t user = at != NULL ? (size_t)(at - authority) : 0;
	if (user > PROXY_USER_MAX || endpoint_split(place, &proxy->host, &proxy->port) != 0 || proxy->host[0] == '\0' ||
		strlen(proxy->host) > PROXY_HOST_MAX) {
		secret_erase(authority, length);
		return error_set(error, ERROR_USAGE,
			"cannot use the proxy of https_proxy: it is not of the form http://host:port");
	}
	if (user > 0)
		proxy->user = secret_new(authority, user);
	secret_erase(authority, length);
	if (proxy->port == 0)
		proxy->port = PROXY_PORT_DEFAULT;
	return 0;
}

int proxy_find(
	struct proxy *proxy, char *const *environment, const char *host, int port, int encrypted, struct error **error)
{
	const char *text = encrypted ? either_case(environment, "HTTPS_PROXY", "https_proxy") : NULL;

	*proxy = (struct proxy){0};
	if (text == NULL)
		text = either_case(environment, "HTTP_PROXY", "http_proxy");
	if (text == NULL || strcasecmp(host, "localhost") == 0 || endpoint_is_loopback(host) ||
		is_excepted(either_case(environment, "NO_PROXY", "no_proxy"), host, port))
		return 0;
	if (parse(proxy, text, error) == 0)
		return 0;
	proxy_release(proxy);
	return -1;
}

void proxy_release(struct proxy *proxy)
{
	free(proxy->host);
	secret_free(proxy->user);
	*proxy = (struct proxy){0};
}
