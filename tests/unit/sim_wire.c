/* SPDX-License-Identifier: Apache-2.0 */
/* The wire log tells what was asked, and none of the secrets that it was asked with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/server_wire.h"

static const struct wire_connection connection = {.number = 7, .path = "/api", .door = "prod-a"};

/* What the log has for one request, owned by the caller. */
static char *logged(const char *text)
{
	char *data = NULL;
	size_t size = 0;
	FILE *log = open_memstream(&data, &size);
	struct wire_connection copy = connection;
	struct wire_message message = wire_request(log, 0, &copy, text, strlen(text));
	wire_message_release(&message);
	wire_connection_release(&copy);
	fclose(log);
	return data;
}

static void hides_secrets_at_any_depth(void **state)
{
	static const char *const params[] = {
		"{\"session-token\":\"SECRET\"}",
		"{\"client-id\":\"ci-bot\",\"client-secret\":\"SECRET\"}",
		"{\"auth-tag\":\"user-bob\",\"credentials\":\"SECRET\"}",
		"{\"macaroons\":[[{\"s64\":\"SECRET\"}]],\"token\":\"SECRET\"}",
		"{\"users\":[{\"username\":\"bob\",\"password\":\"SECRET\"}]}",
		"{\"changes\":[{\"deep\":[{\"access-token\":\"SECRET\"}]}]}",
	};
	(void)state;
	for (size_t i = 0; i < array_length(params); i++) {
		scoped(string) char *text = string_format(
			"{\"request-id\":1,\"type\":\"Admin\",\"version\":3,\"request\":\"Login\",\"params\":%s}",
			params[i]);
		scoped(string) char *line = logged(text);
		assert_null(strstr(line, "SECRET"));
		assert_non_null(strstr(line, "\"...\""));
		assert_non_null(strstr(line, "\"method\":\"Admin.Login\""));
		assert_non_null(strstr(line, "\"door\":\"prod-a\""));
	}
}

static void tells_of_https_without_its_bodies(void **state)
{
	char *data = NULL;
	size_t size = 0;
	FILE *log = open_memstream(&data, &size);
	(void)state;
	wire_asked(log, 0, &connection, "POST", 40);
	wire_answered(log, 0, &connection, "POST", 401, 120);
	fclose(log);
	assert_string_equal(data,
		"{\"at\":\"1970-01-01T00:00:00Z\",\"connection\":7,\"door\":\"prod-a\",\"path\":\"/api\","
		"\"from\":\"client\",\"method\":\"POST\",\"size\":40}\n"
		"{\"at\":\"1970-01-01T00:00:00Z\",\"connection\":7,\"door\":\"prod-a\",\"path\":\"/api\","
		"\"from\":\"server\",\"method\":\"POST\",\"status\":401,\"size\":120}\n");
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hides_secrets_at_any_depth),
		cmocka_unit_test(tells_of_https_without_its_bodies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
