/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/login_result.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/names.h"
#include "common/juju/reply.h"

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
	/* JIMM's own word, and the one of controllers. */
	result->administrator = strcmp(result->controller_access, "administrator") == 0 ||
				strcmp(result->controller_access, "superuser") == 0;
}

int login_result_decode(
	struct login_result *result, struct json_object *response, const char *method, struct error **error)
{
	struct reply reply = {.method = method, .error = error};

	result->discharge = reply_object(&reply, response, "bakery-discharge-required") != NULL ||
			    reply_object(&reply, response, "discharge-required") != NULL;
	result->controller_uuid = reply_tag_uuid(&reply, response, "controller-tag", "controller");
	result->model_uuid = reply_tag_uuid(&reply, response, "model-tag", "model");
	result->server_version = reply_text(&reply, response, "server-version");
	result->public_dns_name = reply_text(&reply, response, "public-dns-name");
	read_user(&reply, response, result);
	read_facades(&reply, response, &result->facades);
	return reply_end(&reply);
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
	*result = (struct login_result){0};
}
