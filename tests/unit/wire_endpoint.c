/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints as people and stores write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "common/wire/endpoint.h"

struct sample {
	const char *text;
	const char *authority; /* NULL: it is refused */
	const char *host;
	int port;
	const char *path;
	int encrypted;
	int numeric;
};

#define LONG_HOST                                                         \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa." \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct sample samples[] = {
	{"10.1.2.3:17070", "10.1.2.3:17070", "10.1.2.3", 17070, "", 1, 1},
	{"[fd00::3]:17070", "[fd00::3]:17070", "fd00::3", 17070, "", 1, 1},
	{"fd00::3", "[fd00::3]:443", "fd00::3", 443, "", 1, 1},
	{"jimm.example.com:443", "jimm.example.com:443", "jimm.example.com", 443, "", 1, 0},
	{"JIMM.Example.com", "jimm.example.com:443", "jimm.example.com", 443, "", 1, 0},
	{"jimm.example.com:443/some/prefix", "jimm.example.com:443", "jimm.example.com", 443, "/some/prefix", 1, 0},
	{"wss://jimm.example.com/", "jimm.example.com:443", "jimm.example.com", 443, "", 1, 0},
	{"WSS://jimm.example.com:1/x//", "jimm.example.com:1", "jimm.example.com", 1, "/x", 1, 0},
	{"ws://localhost:8080", "localhost:8080", "localhost", 8080, "", 0, 0},
	{"ws://localhost", "localhost:80", "localhost", 80, "", 0, 0},
	{"", NULL, NULL, 0, NULL, 0, 0},
	{":17070", NULL, NULL, 0, NULL, 0, 0},
	{"host:0", NULL, NULL, 0, NULL, 0, 0},
	{"host:65536", NULL, NULL, 0, NULL, 0, 0},
	{"host:-1", NULL, NULL, 0, NULL, 0, 0},
	{"host:17070x", NULL, NULL, 0, NULL, 0, 0},
	{"[fd00::3:17070", NULL, NULL, 0, NULL, 0, 0},
	{"[fd00::3]17070", NULL, NULL, 0, NULL, 0, 0},
	{"[host]:17070", NULL, NULL, 0, NULL, 0, 0},
	{"fd00::g", NULL, NULL, 0, NULL, 0, 0},
	{"https://host:1", NULL, NULL, 0, NULL, 0, 0},
	{"bob@host:1", NULL, NULL, 0, NULL, 0, 0},
	{"ho st:1", NULL, NULL, 0, NULL, 0, 0},
	{"host:1\r\nX-Evil: 1", NULL, NULL, 0, NULL, 0, 0},
	{"host:1/a b", NULL, NULL, 0, NULL, 0, 0},
	{"host:1/a\r\nX-Evil:1", NULL, NULL, 0, NULL, 0, 0},
	{"host:1/a?b", NULL, NULL, 0, NULL, 0, 0},
	{LONG_HOST ":1", NULL, NULL, 0, NULL, 0, 0},
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(samples); i++) {
		const struct sample *sample = &samples[i];
		struct endpoint endpoint;
		scoped(error) struct error *error = NULL;
		int result = endpoint_parse(&endpoint, sample->text, &error);

		print_message("  %s\n", sample->text);
		if (sample->authority == NULL) {
			assert_int_equal(result, -1);
			assert_int_equal(error->kind, ERROR_STORE);
			assert_true(string_starts(error->message, "cannot use the endpoint \""));
			assert_null(strchr(error->message, '\n'));
			continue;
		}
		assert_int_equal(result, 0);
		assert_string_equal(endpoint.text, sample->text);
		assert_string_equal(endpoint.authority, sample->authority);
		assert_string_equal(endpoint.host, sample->host);
		assert_string_equal(endpoint.path, sample->path);
		assert_int_equal(endpoint.port, sample->port);
		assert_int_equal(endpoint.encrypted, sample->encrypted);
		assert_int_equal(endpoint.numeric, sample->numeric);
		endpoint_release(&endpoint);
	}
}

static void test_name(void **state)
{
	static const char *const names[][2] = {
		{"jimm.example.com", "jimm.example.com"},
		{"jimm.example.com:443", "jimm.example.com"},
		{"[fd00::1]:443", "fd00::1"},
		{"", ""},
		{"host:what", "host:what"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(names); i++) {
		scoped(string) char *name = endpoint_name(names[i][0]);
		assert_string_equal(name, names[i][1]);
	}
}

static void test_loopback(void **state)
{
	static const struct {
		const char *host;
		int is;
	} hosts[] = {
		{"127.0.0.1", 1},
		{"127.255.0.9", 1},
		{"::1", 1},
		{"0:0:0:0:0:0:0:1", 1},
		{"128.0.0.1", 0},
		{"0.0.0.0", 0},
		{"::", 0},
		{"::2", 0},
		{"fe80::1", 0},
		{"::ffff:10.0.0.1", 0},
		{"localhost", 0},
		{"127.0.0.1.example.com", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < array_length(hosts); i++)
		assert_int_equal(endpoint_is_loopback(hosts[i].host), hosts[i].is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
