/* SPDX-License-Identifier: Apache-2.0 */
/* Which endpoints are remembered after a login. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/store/endpoints.h"
#include "common/store/node.h"

#define SERVERS_MAX 4
#define ADDRESSES_MAX 4

/* A case; an address without a value ends a server, a server without addresses ends the list. */
struct endpoints_case {
	const char *dialled;
	bool tunnelled;
	struct store_host_port servers[SERVERS_MAX][ADDRESSES_MAX];
	const char *expected; /* with a blank between two */
};

#define A(value, scope)                                       \
	{                                                     \
		(char *)(value), NULL, (char *)(scope), 17070 \
	}

static const struct endpoints_case cases[] = {
	/* A JAAS tells of no servers: what was dialled remains. */
	{"jimm.example.com:443", false, {{{0}}}, "jimm.example.com:443"},
	{"wss://jimm.example.com:443", false, {{{0}}}, "jimm.example.com:443"},
	{"wss://jimm.example.com:443/path", false, {{{0}}}, "jimm.example.com:443/path"},
	/* Three machines: the dialled one in front, its own address before its others. */
	{"10.1.2.4:17070", false,
		{{A("10.1.2.3", "local-cloud"), A("127.0.0.1", "local-machine")},
			{A("10.1.2.4", "local-cloud"), A("fe80::1", "link-local")}},
		"10.1.2.4:17070 10.1.2.3:17070"},
	{"10.1.2.6:17070", false,
		{{A("10.1.2.3", "public")}, {A("10.1.2.4", ""), A("10.1.2.5", "")},
			{A("fd00::3", "public"), A("10.1.2.6", "local-fan")}},
		"10.1.2.6:17070 [fd00::3]:17070 10.1.2.3:17070 10.1.2.4:17070 10.1.2.5:17070"},
	{"[fd00::3]:17070", false, {{A("10.1.2.3", "public")}, {A("10.1.2.4", ""), A("fd00::3", "")}},
		"[fd00::3]:17070 10.1.2.4:17070 10.1.2.3:17070"},
	/* Unknown to the controller, by name, with a path, through what it calls its own loopback. */
	{"name.example.com:17070", false, {{A("10.1.2.3", "public")}}, "name.example.com:17070 10.1.2.3:17070"},
	{"10.1.2.3:17070/path", false, {{A("10.1.2.9", "")}, {A("10.1.2.3", "")}},
		"10.1.2.3:17070/path 10.1.2.9:17070 10.1.2.3:17070"},
	{"127.0.0.1:17070", false, {{A("10.1.2.9", "")}, {A("10.1.2.3", "public"), A("127.0.0.1", "local-machine")}},
		"127.0.0.1:17070 10.1.2.3:17070 10.1.2.9:17070"},
	/* Another port is another endpoint. */
	{"10.1.2.3:17071", false, {{A("10.1.2.3", "")}}, "10.1.2.3:17071 10.1.2.3:17070"},
	/* A tunnel's end is nobody's endpoint. */
	{"127.0.0.1:40000", true, {{A("10.1.2.3", "")}, {A("10.1.2.4", "")}}, "10.1.2.3:17070 10.1.2.4:17070"},
	{"10.1.2.4:17070", true, {{A("10.1.2.3", "")}, {A("10.1.2.4", "")}}, "10.1.2.3:17070 10.1.2.4:17070"},
	{NULL, false, {{A("10.1.2.3", "")}}, "10.1.2.3:17070"},
	/* Doubles, and what is no address. */
	{"10.1.2.3:17070", false,
		{{A("10.1.2.3", ""), A("10.1.2.3", "public")}, {A("", ""), A("10.1.2.3", "")},
			{{(char *)"10.1.2.4", NULL, NULL, 0}, {(char *)"10.1.2.5", NULL, NULL, 70000}}},
		"10.1.2.3:17070"},
	{NULL, true, {{{0}}}, ""},
};

static size_t take_servers(const struct endpoints_case *from, struct store_server servers[SERVERS_MAX])
{
	size_t count = 0;

	for (; count < SERVERS_MAX && from->servers[count][0].value != NULL; count++) {
		servers[count] = (struct store_server){(struct store_host_port *)from->servers[count], 0};
		while (servers[count].count < ADDRESSES_MAX && from->servers[count][servers[count].count].value != NULL)
			servers[count].count++;
	}
	return count;
}

static void test_merge(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct store_server servers[SERVERS_MAX];
		size_t count = take_servers(&cases[i], servers);
		scoped(text) struct text found = {.ceiling = 10000};
		char **endpoints = NULL;
		size_t endpoint_count = 0;

		store_endpoints_merge(
			servers, count, cases[i].dialled, cases[i].tunnelled, &endpoints, &endpoint_count);
		assert_non_null(endpoints);
		text_add_string(&found, "");
		for (size_t j = 0; j < endpoint_count; j++)
			text_add_format(&found, "%s%s", j > 0 ? " " : "", endpoints[j]);
		assert_string_equal(found.data, cases[i].expected);
		node_texts_free(endpoints, endpoint_count);
	}
}

static void test_ceiling(void **state)
{
	struct store_host_port addresses[STORE_ENDPOINTS_MAX + 50];
	struct store_server server = {addresses, array_length(addresses)};
	char **endpoints = NULL;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < server.count; i++)
		addresses[i] = (struct store_host_port){(char *)"10.1.2.3", NULL, NULL, (int)i + 1};
	store_endpoints_merge(&server, 1, "10.1.2.4:1", false, &endpoints, &count);
	assert_int_equal(count, STORE_ENDPOINTS_MAX);
	assert_string_equal(endpoints[0], "10.1.2.4:1");
	assert_string_equal(endpoints[1], "10.1.2.3:1");
	assert_string_equal(endpoints[count - 1], "10.1.2.3:255");
	node_texts_free(endpoints, count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
