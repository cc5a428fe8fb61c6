/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/failure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

#define CLOSE_WORDS_MAX 120
/* The same words for both, since not every version of libwebsockets tells them apart. */
#define UNREACHED "connection refused or no route to host"
/* Reported for a close frame without a code. */
#define CLOSE_CODE_NONE 1005

static const char *system_reason(int number, const char *said)
{
	static const char *const told[] = {"errno ", "conn fail: "};

	/* Newer versions of libwebsockets give the errno in one of these forms, older ones may lose it. */
	for (size_t i = 0; i < array_length(told); i++) {
		const char *at = strstr(said, told[i]);

		if (at != NULL)
			number = (int)strtol(at + strlen(told[i]), NULL, 10);
	}
	switch (number) {
	case ECONNREFUSED:
		return UNREACHED;
	case ECONNRESET:
		return "connection reset by peer";
	case ETIMEDOUT:
		return "connection timed out";
	case ENETUNREACH:
		return "network is unreachable";
	case EHOSTUNREACH:
		return UNREACHED;
	case EADDRNOTAVAIL:
		return "no address to connect from";
	case EACCES:
	case EPERM:
		return "not permitted";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	default:
		return strcmp(said, "Unable to connect") == 0 ? UNREACHED : NULL;
	}
}

/* Said by older versions of libwebsockets, and by newer ones. */
static int is_of_proxy(const char *said)
{
	return string_starts(said, "proxy") || string_starts(said, "http_proxy");
}

int failure_connect(const char *name, int number, const char *said, struct error **error)
{
	const char *reason = system_reason(number, said);

	if (reason != NULL)
		return error_set(error, ERROR_NETWORK, "cannot connect to %s: %s", name, reason);
	if (is_of_proxy(said))
		return error_set(error, ERROR_NETWORK, "cannot connect to %s: the proxy refuses it", name);
	return error_set(error, ERROR_NETWORK, "cannot connect to %s: the connection was closed at once", name);
}

/* What libwebsockets says about an answer that it cannot parse. */
static int is_no_answer(const char *said)
{
	return string_starts(said, "problems parsing") || string_starts(said, "HS:");
}

int failure_upgrade(const char *name, unsigned int status, const char *said, struct error **error)
{
	if (status >= 300 && status < 400)
		return error_set(error, ERROR_PROTOCOL,
			"cannot open a websocket at %s: HTTP status %u, and redirects are not followed", name, status);
	if (status != 0 && status != 101)
		return error_set(error, ERROR_PROTOCOL, "cannot open a websocket at %s: HTTP status %u", name, status);
	if (status == 101 || is_no_answer(said))
		return error_set(error, ERROR_PROTOCOL,
			"cannot open a websocket at %s: what answers there is not a controller", name);
	return error_set(error, ERROR_NETWORK,
		"cannot open a websocket at %s: the connection was closed before it answered", name);
}

int failure_exchange(const char *name, const char *said, struct error **error)
{
	if (is_no_answer(said))
		return error_set(error, ERROR_PROTOCOL, "cannot ask %s: what answers there is not a controller", name);
	return error_set(error, ERROR_NETWORK, "cannot ask %s: the connection was closed before it answered", name);
}

int failure_close(const char *name, const unsigned char *bytes, size_t length, struct error **error)
{
	int code = length >= 2 ? bytes[0] << 8 | bytes[1] : CLOSE_CODE_NONE;
	scoped(string) char *words =
		length > 2 ? text_printable_length((const char *)bytes + 2, length - 2, CLOSE_WORDS_MAX)
			   : string_copy("");

	return error_set(error, ERROR_NETWORK, "%s closed the connection (%d%s%s)", name, code,
		words[0] != '\0' ? ": " : "", words);
}
