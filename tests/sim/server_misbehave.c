/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_misbehave.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/instant.h"

static const struct {
	const char *name;
	enum misbehave_kind kind;
	int numbers; /* that follow the name */
	const char *help;
} kinds[] = {
	{"plain-controller", MISBEHAVE_PLAIN_CONTROLLER, 0, "a Juju controller: refuses Admin version 4"},
	{"no-jimm", MISBEHAVE_NO_JIMM, 0, "logs in, but offers no facade JIMM"},
	{"web-site", MISBEHAVE_WEB_SITE, 0, "answers the upgrade with a page"},
	{"garbage", MISBEHAVE_GARBAGE, 0, "answers messages with what is no JSON"},
	{"silent-tls", MISBEHAVE_SILENT_TLS, 0, "takes the connection, never begins TLS"},
	{"silent-upgrade", MISBEHAVE_SILENT_UPGRADE, 0, "never answers the upgrade"},
	{"silent-login", MISBEHAVE_SILENT_LOGIN, 0, "never answers a message"},
	{"silent-calls", MISBEHAVE_SILENT_CALLS, 0, "answers the login and nothing after it"},
	{"close", MISBEHAVE_CLOSE, 1, "cuts every connection at its N-th message from the client"},
	{"cut", MISBEHAVE_CUT, 1, "cuts the connection of the N-th message of the run, in either direction, once"},
	{"lose", MISBEHAVE_LOSE, 1, "never sends the N-th reply of the run"},
	{"late", MISBEHAVE_LATE, 2, "sends the N-th reply of the run SECONDS later"},
	{"truncate", MISBEHAVE_TRUNCATE, 1, "sends only the first half of the N-th reply, as a whole message"},
	{"break", MISBEHAVE_BREAK, 1, "cuts the connection in the middle of the N-th reply"},
};

int misbehave_parse(const char *text, struct misbehave *misbehave)
{
	size_t length = strcspn(text, ":");
	char *rest = NULL;

	for (size_t i = 0; i < array_length(kinds); i++) {
		if (strlen(kinds[i].name) != length || strncmp(kinds[i].name, text, length) != 0)
			continue;
		*misbehave = (struct misbehave){.kind = kinds[i].kind};
		const char *numbers = text + length;
		if (kinds[i].numbers > 0 && *numbers == ':') {
			misbehave->count = strtoul(numbers + 1, &rest, 10);
			numbers = rest;
		}
		if (kinds[i].numbers > 1 && *numbers == ':') {
			misbehave->late = (int64_t)(strtod(numbers + 1, &rest) * (double)INSTANT_SECOND);
			numbers = rest;
		}
		return *numbers == '\0' && (misbehave->count > 0) == (kinds[i].numbers > 0) ? 0 : -1;
	}
	return -1;
}

void misbehave_list(FILE *to)
{
	static const char *const numbers[] = {"", ":N", ":N:SECONDS"};

	for (size_t i = 0; i < array_length(kinds); i++)
		fprintf(to, "    %s%s - %s\n", kinds[i].name, numbers[kinds[i].numbers], kinds[i].help);
}

static char *reply(const struct json_object *id, const char *rest)
{
	return string_format("{\"request-id\":%lld,%s}\n", (long long)json_object_get_int64(id), rest);
}

static char *answer_of_controller(const struct json_object *id, const char *facade, int version)
{
	if (strcmp(facade, "Admin") == 0)
		return reply(id, "\"error\":\"this version of Juju does not support login from old clients\","
				 "\"error-code\":\"not supported\",\"response\":{}");
	scoped(string) char *rest = string_format("\"error\":\"unknown version (%d) of interface \\\"%s\\\"\","
						  "\"error-code\":\"not implemented\",\"response\":{}",
		version, facade);
	return reply(id, rest);
}

static char *answer_without_jimm(const struct json_object *id, const char *uuid, const char *facade, int version)
{
	scoped(string) char *login =
		string_format("\"response\":{\"controller-tag\":\"controller-%s\",\"server-version\":\"3.6.14\","
			      "\"facades\":[{\"name\":\"ModelManager\",\"versions\":[9,10]},{\"name\":\"Pinger\","
			      "\"versions\":[1]}],\"user-info\":{\"display-name\":\"alice\",\"identity\":"
			      "\"user-alice@canonical.com\",\"controller-access\":\"login\",\"model-access\":\"\"}}",
			uuid);

	return strcmp(facade, "Admin") == 0 ? reply(id, login) : answer_of_controller(id, facade, version);
}

char *misbehave_answer(enum misbehave_kind kind, const char *uuid, const char *text, size_t length)
{
	if (kind == MISBEHAVE_GARBAGE)
		return string_copy("<html>{\"request-id\":");
	if (kind != MISBEHAVE_PLAIN_CONTROLLER && kind != MISBEHAVE_NO_JIMM)
		return NULL;
	scoped(string) char *copy = string_copy_length(text, length);
	struct json_object *request = json_tokener_parse(copy);
	struct json_object *id = json_object_object_get(request, "request-id");
	const char *facade = json_object_get_string(json_object_object_get(request, "type"));
	int version = json_object_get_int(json_object_object_get(request, "version"));
	char *answer = kind == MISBEHAVE_NO_JIMM ? answer_without_jimm(id, uuid, facade ? facade : "", version)
						 : answer_of_controller(id, facade ? facade : "", version);
	json_object_put(request);
	return answer;
}
