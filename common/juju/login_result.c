/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/login_result.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/names.h"
#include "common/juju/reply.h"
#include "common/juju/secret_json.h"

static void read_versions(struct reply *reply, struct json_object *from, struct facade *facade)
{
	size_t count = 0;
	struct json_object *list = reply_list(reply, from, "versions", FACADE_VERSIONS_MAX, &count);

	facade->versions = memory_get(count, sizeof(*facade->versions));
	for (size_t i = 0; i < count; i++) {
		struct json_object *version = json_object_array_get_idx(list, i);

		if (json_object_get_type(version) == json_type_int)
			facade->versions[facade->version_count++] = json_object_get_int(version);
		else
			reply_fail(reply, "versions", "has an entry that is no integer");
	}
}

static void read_facades(struct reply *reply, struct json_object *response, struct facades *facades)
{
	size_t count = 0;
	struct json_object *list = reply_list(reply, response, "facades", FACADES_MAX, &count);

	facades->list = memory_get(count, sizeof(*facades->list));
	facades->count = count;
	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = reply_entry(reply, list, i, "facades");

		facades->list[i].name = reply_text(reply, entry, "name");
		read_versions(reply, entry, &facades->list[i]);
	}
}

static void read_user(struct reply *reply, struct json_object *response, struct login_result *result)
{
	struct json_object *user = reply_object(reply, response, "user-info");
	scoped(string) char *identity = reply_text(reply, user, "identity");

	result->identity = names_user(identity);
	result->controller_access = reply_text(reply, user, "controller-access");
	result->model_access = reply_text(reply, user, "model-access");
	/* The first is JIMM's word, the second that of controllers. */
	result->administrator = strcmp(result->controller_access, "administrator") == 0 ||
				strcmp(result->controller_access, "superuser") == 0;
}

static void read_address(struct reply *reply, struct json_object *from, struct login_address *address)
{
	int64_t port = reply_integer(reply, from, "port");

	address->host = reply_text(reply, from, "value");
	address->scope = reply_text(reply, from, "scope");
	if (port < 0 || port > 65535)
		reply_fail(reply, "port", "is no port");
	address->port = (int)port;
}

static void read_machine(struct reply *reply, struct json_object *list, struct login_machine *machine)
{
	/* A machine without addresses is a null. */
	size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

	if ((list != NULL && !json_object_is_type(list, json_type_array)) || count > LOGIN_ADDRESSES_MAX) {
		reply_fail(reply, "servers", "has an entry that is no list, or too long");
		return;
	}
	machine->addresses = memory_get(count, sizeof(*machine->addresses));
	machine->count = count;
	for (size_t i = 0; i < count; i++)
		read_address(reply, reply_entry(reply, list, i, "servers"), &machine->addresses[i]);
}

static void read_machines(struct reply *reply, struct json_object *response, struct login_result *result)
{
	size_t count = 0;
	struct json_object *list = reply_list(reply, response, "servers", LOGIN_MACHINES_MAX, &count);

	result->machines = memory_get(count, sizeof(*result->machines));
	result->machine_count = count;
	for (size_t i = 0; i < count; i++)
		read_machine(reply, json_object_array_get_idx(list, i), &result->machines[i]);
}

/* The newer key is preferred: only it carries the payloads for the discharger. */
static struct secret *read_demand(struct reply *reply, struct json_object *response)
{
	struct json_object *demand = reply_object(reply, response, "bakery-discharge-required");
	struct json_object *older = reply_object(reply, response, "discharge-required");

	if (demand == NULL)
		demand = older;
	return demand != NULL ? secret_json_write(demand) : NULL;
}

int login_result_decode(
	struct login_result *result, struct json_object *response, const char *method, struct error **error)
{
	struct reply reply = {.method = method, .error = error};

	result->demand = read_demand(&reply, response);
	result->demanded = reply_text(&reply, response, "discharge-required-error");
	result->controller_uuid = reply_tag_uuid(&reply, response, "controller-tag", "controller");
	result->model_uuid = reply_tag_uuid(&reply, response, "model-tag", "model");
	result->server_version = reply_text(&reply, response, "server-version");
	result->public_dns_name = reply_text(&reply, response, "public-dns-name");
	read_user(&reply, response, result);
	read_facades(&reply, response, &result->facades);
	read_machines(&reply, response, result);
	return reply_end(&reply);
}

static void release_machine(struct login_machine *machine)
{
	for (size_t i = 0; i < machine->count; i++) {
		free(machine->addresses[i].host);
		free(machine->addresses[i].scope);
	}
	free(machine->addresses);
}

void login_result_release(struct login_result *result)
{
	free(result->controller_uuid);
	free(result->model_uuid);
	free(result->server_version);
	free(result->identity);
	free(result->controller_access);
	free(result->model_access);
	free(result->public_dns_name);
	facades_release(&result->facades);
	for (size_t i = 0; i < result->machine_count; i++)
		release_machine(&result->machines[i]);
	free(result->machines);
	secret_free(result->demand);
	free(result->demanded);
	*result = (struct login_result){0};
}
