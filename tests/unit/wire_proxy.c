/* SPDX-License-Identifier: Apache-2.0 */
/* When a proxy is used, and which. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "common/wire/proxy.h"

struct choice {
	const char *variables[3];
	const char *host;
	int port;
	int plain;         /* ws:// */
	const char *proxy; /* "host:port", with "user@" before it; NULL: none */
};

static const struct choice choices[] = {
	{{NULL}, "jimm.example.com", 443, 0, NULL},
	{{"https_proxy=http://proxy.example.com:3128"}, "jimm.example.com", 443, 0, "proxy.example.com:3128"},
	{{"HTTPS_PROXY=http://proxy.example.com:3128/"}, "jimm.example.com", 443, 0, "proxy.example.com:3128"},
	{{"https_proxy=proxy.example.com:3128"}, "jimm.example.com", 443, 0, "proxy.example.com:3128"},
	{{"https_proxy=HTTP://proxy.example.com"}, "jimm.example.com", 443, 0, "proxy.example.com:80"},
	{{"https_proxy=http://bob:s3cret@proxy.example.com:1"}, "jimm.example.com", 443, 0,
		"bob:s3cret@proxy.example.com:1"},
	{{"https_proxy=http://[fd00::1]:3128"}, "10.0.0.1", 17070, 0, "fd00::1:3128"},
	{{"http_proxy=one:1", "https_proxy=two:2"}, "jimm.example.com", 443, 0, "two:2"},
	{{"http_proxy=one:1", "https_proxy="}, "jimm.example.com", 443, 0, "one:1"},
	{{"http_proxy=one:1", "https_proxy=two:2"}, "jimm.example.com", 80, 1, "one:1"},
	{{"https_proxy=two:2"}, "jimm.example.com", 80, 1, NULL},
	{{"https_proxy=p:1"}, "localhost", 17070, 0, NULL},
	{{"https_proxy=p:1"}, "127.0.0.1", 17070, 0, NULL},
	{{"https_proxy=p:1"}, "127.8.9.1", 17070, 0, NULL},
	{{"https_proxy=p:1"}, "::1", 17070, 0, NULL},
	{{"https_proxy=p:1"}, "128.0.0.1", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=*"}, "10.0.0.1", 17070, 0, NULL},
	{{"https_proxy=p:1", "NO_PROXY= example.com , other"}, "jimm.example.com", 443, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=example.com"}, "Example.com", 443, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=example.com"}, "notexample.com", 443, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=.example.com"}, "example.com", 443, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=.example.com"}, "a.b.example.com", 443, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=*.example.com"}, "a.example.com", 443, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=*.example.com"}, "example.com", 443, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=example.com:443"}, "example.com", 443, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=example.com:444"}, "example.com", 443, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=10.0.0.1"}, "10.0.0.1", 17070, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=10.0.0.1:17071"}, "10.0.0.1", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=10.0.0.1"}, "10.0.0.10", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=0.0.1"}, "10.0.0.1", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=10.0.0.0/9"}, "10.127.3.4", 17070, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=10.0.0.0/9"}, "10.128.3.4", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=10.0.0.0/33"}, "10.0.0.1", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=10.0.0.1/32"}, "10.0.0.1", 17070, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=10.0.0.0/x"}, "10.0.0.1", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=fd00::/8"}, "fd42::1", 17070, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=fd00::/8"}, "fe42::1", 17070, 0, "p:1"},
	{{"https_proxy=p:1", "no_proxy=[fd00::1]:17070"}, "fd00::1", 17070, 0, NULL},
	{{"https_proxy=p:1", "no_proxy=0.0.0.0/0"}, "fd00::1", 17070, 0, "p:1"},
};

static void environment_of(const char *const *variables, char *environment[4])
{
	size_t count = 0;

	for (; count < 3 && variables[count] != NULL; count++)
		environment[count] = (char *)(uintptr_t)variables[count];
	environment[count] = NULL;
}

static void test_choices(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(choices); i++) {
		const struct choice *choice = &choices[i];
		char *environment[4];
		struct proxy proxy;

		environment_of(choice->variables, environment);
		print_message("  %zu: %s\n", i, choice->host);
		assert_int_equal(proxy_find(&proxy, environment, choice->host, choice->port, !choice->plain, NULL), 0);
		if (choice->proxy == NULL) {
			assert_null(proxy.host);
		} else {
			assert_non_null(proxy.host);
			scoped(string) char *shown =
				string_format("%s%s%s:%d", proxy.user != NULL ? secret_reveal(proxy.user) : "",
					proxy.user != NULL ? "@" : "", proxy.host, proxy.port);
			assert_string_equal(shown, choice->proxy);
		}
		proxy_release(&proxy);
	}
}

static void test_refused(void **state)
{
	static const char *const variables[][2] = {
		{"https_proxy=socks5://bob:s3cret@proxy:1080",
			"cannot use the proxy of https_proxy: only http:// proxies are supported, not socks5://"},
		{"https_proxy=https://bob:s3cret@proxy:1080",
			"cannot use the proxy of https_proxy: only http:// proxies are supported, not https://"},
		{"https_proxy=http://bob:s3cret@",
			"cannot use the proxy of https_proxy: it is not of the form http://host:port"},
		{"https_proxy=http://bob:s3cret@proxy:port",
			"cannot use the proxy of https_proxy: it is not of the form http://host:port"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(variables); i++) {
		char *environment[] = {(char *)(uintptr_t)variables[i][0], NULL};
		struct proxy proxy;
		scoped(error) struct error *error = NULL;

		assert_int_equal(proxy_find(&proxy, environment, "jimm.example.com", 443, 1, &error), -1);
		assert_int_equal(error->kind, ERROR_USAGE);
		assert_string_equal(error->message, variables[i][1]);
		assert_null(proxy.host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
