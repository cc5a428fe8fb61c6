/* SPDX-License-Identifier: Apache-2.0 */
/* Words for connections that could not be made or have ended: one row for each that can be said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "common/wire/failure.h"

#define UNREACHED "connection refused or no route to host"
#define AT_ONCE "the connection was closed at once"

static void said(struct error *error, enum error_kind kind, const char *start, const char *end)
{
	scoped(string) char *whole = string_format("%s%s", start, end);

	assert_string_equal(error->message, whole);
	assert_int_equal(error->kind, kind);
	error_free(error);
}

static void test_connect(void **state)
{
	static const struct {
		int number;
		const char *said, *message;
	} cases[] = {
		{ECONNREFUSED, "", UNREACHED},
		{EHOSTUNREACH, "", UNREACHED},
		{ECONNRESET, "", "connection reset by peer"},
		{ETIMEDOUT, "", "connection timed out"},
		{ENETUNREACH, "", "network is unreachable"},
		{EADDRNOTAVAIL, "", "no address to connect from"},
		{EACCES, "", "not permitted"},
		{EPERM, "", "not permitted"},
		{EMFILE, "", "too many open files"},
		{ENFILE, "", "too many open files"},
		{0, "Unable to connect", UNREACHED},
		{0, "", AT_ONCE},
		{EINTR, "", AT_ONCE},
		/* A number that libwebsockets tells itself is the right one. */
		{EINTR, "errno 110", "connection timed out"},
		{ECONNREFUSED, "conn fail: 101", "network is unreachable"},
		{0, "conn fail: none", AT_ONCE},
		{0, "proxy conn refused", "the proxy refuses it"},
		{0, "http_proxy fail", "the proxy refuses it"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct error *error = NULL;

		assert_int_equal(failure_connect("there:443", cases[i].number, cases[i].said, &error), -1);
		said(error, ERROR_NETWORK, "cannot connect to there:443: ", cases[i].message);
	}
}

static void test_upgrade(void **state)
{
	static const struct {
		unsigned int status;
		const char *said;
		enum error_kind kind;
		const char *message;
	} cases[] = {
		{302, "", ERROR_PROTOCOL, "HTTP status 302, and redirects are not followed"},
		{399, "", ERROR_PROTOCOL, "HTTP status 399, and redirects are not followed"},
		{404, "HS: x", ERROR_PROTOCOL, "HTTP status 404"},
		{200, "", ERROR_PROTOCOL, "HTTP status 200"},
		{101, "", ERROR_PROTOCOL, "what answers there is not a controller"},
		{0, "problems parsing", ERROR_PROTOCOL, "what answers there is not a controller"},
		{0, "HS: ws upgrade", ERROR_PROTOCOL, "what answers there is not a controller"},
		{0, "", ERROR_NETWORK, "the connection was closed before it answered"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct error *error = NULL;

		assert_int_equal(failure_upgrade("there:443", cases[i].status, cases[i].said, &error), -1);
		said(error, cases[i].kind, "cannot open a websocket at there:443: ", cases[i].message);
	}
}

static void test_exchange(void **state)
{
	struct error *garbled = NULL, *silent = NULL;

	(void)state;
	assert_int_equal(failure_exchange("there:443", "HS: x", &garbled), -1);
	said(garbled, ERROR_PROTOCOL, "cannot ask there:443: ", "what answers there is not a controller");
	assert_int_equal(failure_exchange("there:443", "", &silent), -1);
	said(silent, ERROR_NETWORK, "cannot ask there:443: ", "the connection was closed before it answered");
}

static void test_close(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *message;
	} cases[] = {
		{"", 0, "(1005)"},
		{"\3", 1, "(1005)"},
		{"\3\350", 2, "(1000)"},
		{"\3\361going away", 12, "(1009: going away)"},
		{"\3\361\033[1m\nx\377", 9, "(1009: ?[1m x?)"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct error *error = NULL;

		assert_int_equal(
			failure_close("there:443", (const unsigned char *)cases[i].bytes, cases[i].length, &error), -1);
		said(error, ERROR_NETWORK, "there:443 closed the connection ", cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_upgrade),
		cmocka_unit_test(test_exchange),
		cmocka_unit_test(test_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
