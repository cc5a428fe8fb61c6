/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_http.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WEBSOCKET_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static char **field_of(struct http_request *request, const char *name, size_t length)
{
	const struct {
		const char *name;
		char **field;
	} known[] = {
		{"Host", &request->host},
		{"Upgrade", &request->upgrade},
		{"Sec-WebSocket-Key", &request->key},
		{"Sec-WebSocket-Version", &request->version},
		{"Sec-WebSocket-Protocol", &request->protocol},
		{"Sec-WebSocket-Extensions", &request->extensions},
		{"Origin", &request->origin},
		{"X-Juju-ClientVersion", &request->client_version},
		{"Connection", &request->connection},
		{"Content-Length", &request->length},
		{"Bakery-Protocol-Version", &request->bakery},
		{"Authorization", &request->authorization},
	};

	for (size_t i = 0; i < array_length(known); i++) {
		if (strlen(known[i].name) == length && strncasecmp(known[i].name, name, length) == 0)
			return known[i].field;
	}
	return NULL;
}

static int read_request_line(struct http_request *request, const char *line, size_t length)
{
	const char *blank = memchr(line, ' ', length);
	const char *path = blank ? blank + 1 : NULL;
	size_t path_length = path ? strcspn(path, " ?\r") : 0;

	if (!path_length || *path != '/')
		return -1;
	request->method = string_copy_length(line, (size_t)(blank - line));
	request->path = string_copy_length(path, path_length);
	return 0;
}

static void read_field(struct http_request *request, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	char **field = colon ? field_of(request, line, (size_t)(colon - line)) : NULL;

	if (!field)
		return;
	const char *value = colon + 1;
	while (value < line + length && *value == ' ')
		value++;
	string_free(*field);
	*field = string_copy_length(value, (size_t)(line + length - value));
}

long http_request_read(struct http_request *request, const char *data, size_t length)
{
	scoped(string) char *head = string_copy_length(data, length);
	const char *end = strstr(head, "\r\n\r\n");

	if (!end)
		return length > HTTP_HEAD_MAX ? -1 : 0;
	const char *line = head;
	while (line < end) {
		const char *stop = strstr(line, "\r\n");
		size_t size = (size_t)(stop - line);
		if (line == head && read_request_line(request, line, size) < 0)
			return -1;
		read_field(request, line, size);
		line = stop + 2;
	}
	return request->path ? end + 4 - head : -1;
}

void http_request_release(struct http_request *request)
{
	char *const owned[] = {request->method, request->path, request->host, request->upgrade, request->key,
		request->version, request->protocol, request->extensions, request->origin, request->client_version,
		request->connection, request->length, request->bakery, request->authorization};

	for (size_t i = 0; i < array_length(owned); i++)
		free(owned[i]);
	*request = (struct http_request){0};
}

int http_refusal(const struct http_request *request)
{
	if (strcmp(request->method, "GET") != 0)
		return 400;
	if (!request->upgrade || strcasecmp(request->upgrade, "websocket") != 0 || !request->key ||
		!string_same(request->version, "13"))
		return 400;
	if (request->origin && strcmp(request->origin, "http://localhost/") != 0)
		return 403;
	return 0;
}

void http_accept(struct text *out, const char *key)
{
	scoped(string) char *joined = string_format("%s" WEBSOCKET_GUID, key);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned char answer[64];
	unsigned int size = 0;

	EVP_Digest(joined, strlen(joined), digest, &size, EVP_sha1(), NULL);
	EVP_EncodeBlock(answer, digest, (int)size);
	text_add_format(out,
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Accept: %s\r\n\r\n",
		(const char *)answer);
}

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {{200, "OK"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
		{405, "Method Not Allowed"}, {407, "Proxy Authentication Required"}, {500, "Internal Server Error"},
		{503, "Service Unavailable"}};

	for (size_t i = 0; i < array_length(reasons); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Refused";
}

void http_answer(struct text *out, int status, const char *type, const char *lines, const char *body, int closes)
{
	text_add_format(out, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n%sContent-Length: %zu\r\n%s\r\n%s", status,
		reason_of(status), type, lines, strlen(body), closes ? "Connection: close\r\n" : "", body);
}

void http_refuse(struct text *out, int status)
{
	const char *reason = status == 200 ? "Refused" : reason_of(status);
	scoped(string) char *body = string_format("%s\n", reason);

	text_add_format(out,
		"HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n"
		"Connection: close\r\n\r\n%s",
		status, reason, strlen(body), body);
}
