/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/redirect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/reply.h"

void redirect_free(struct call_redirect *redirect)
{
	if (redirect == NULL)
		return;
	for (size_t i = 0; i < redirect->server_count; i++)
		free(redirect->servers[i]);
	free(redirect->servers);
	free(redirect->controller_uuid);
	free(redirect->alias);
	free(redirect);
}

static void add_server(struct reply *reply, struct call_redirect *redirect, struct json_object *server)
{
	scoped(string) char *host = reply_text(reply, server, "value");
	int64_t port = reply_integer(reply, server, "port");

	if (*host == '\0' || port < 1 || port > 65535 || redirect->server_count == CALL_REDIRECT_SERVERS_MAX)
		return;
	redirect->servers[redirect->server_count++] =
		string_format(strchr(host, ':') != NULL ? "[%s]:%" PRId64 : "%s:%" PRId64, host, port);
}

/* One list of addresses for each machine of the controller. */
static void add_servers(struct reply *reply, struct call_redirect *redirect, struct json_object *info)
{
	size_t machines = 0;
	struct json_object *list = reply_list(reply, info, "servers", CALL_REDIRECT_SERVERS_MAX, &machines);

	redirect->servers = memory_get(CALL_REDIRECT_SERVERS_MAX, sizeof(*redirect->servers));
	for (size_t i = 0; i < machines; i++) {
		struct json_object *machine = json_object_array_get_idx(list, i);

		if (machine != NULL && json_object_get_type(machine) != json_type_array)
			reply_fail(reply, "servers", "has an entry that is no list");
		else
			for (size_t k = 0; machine != NULL && k < json_object_array_length(machine); k++)
				add_server(reply, redirect, reply_entry(reply, machine, k, "servers"));
	}
}

struct call_redirect *redirect_new(const struct error *error, struct json_object *info)
{
	if (info == NULL || !error_has_code(error, "redirection required"))
		return NULL;

	struct reply reply = {.method = "redirection"};
	scoped(redirect) struct call_redirect *redirect = memory_get(1, sizeof(*redirect));

	redirect->controller_uuid = reply_tag_uuid(&reply, info, "controller-tag", "controller");
	redirect->alias = reply_text(&reply, info, "controller-alias");
	add_servers(&reply, redirect, info);
	return reply_end(&reply) == 0 ? steal(redirect) : NULL;
}
