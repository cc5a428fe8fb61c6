/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/controller.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/juju/reply.h"

static void read_model(struct reply *reply, struct json_object *from, struct controller_model *model)
{
	struct json_object *inner = reply_object(reply, from, "model");

	model->name = reply_text(reply, inner, "name");
	model->uuid = reply_require(reply, reply_uuid(reply, inner, "uuid"), "uuid");
	model->owner = reply_owner(reply, inner);
	model->type = reply_text(reply, inner, "type");
	if (*model->type == '\0')
		string_replace(&model->type, "iaas");
}

int controller_models_decode(
	struct controller_models *models, struct json_object *response, const char *method, struct error **error)
{
	struct reply reply = {.method = method, .error = error};
	size_t count = 0;
	struct json_object *list = reply_list(&reply, response, "user-models", CONTROLLER_MODELS_MAX, &count);

	models->list = memory_get(count, sizeof(*models->list));
	models->count = count;
	for (size_t i = 0; i < count; i++)
		read_model(&reply, reply_entry(&reply, list, i, "user-models"), &models->list[i]);
	return reply_end(&reply);
}

static int decode_models(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return controller_models_decode(answer, response, "Controller.AllModels", error);
}

void controller_models_release(struct controller_models *models)
{
	for (size_t i = 0; i < models->count; i++) {
		free(models->list[i].name);
		free(models->list[i].uuid);
		free(models->list[i].owner);
		free(models->list[i].type);
	}
	free(models->list);
	*models = (struct controller_models){0};
}

static void release_models(void *answer)
{
	controller_models_release(answer);
}

static void deliver_models(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((controller_models_done *)done)(context, answer, result);
}

void controller_all_models(struct rpc *rpc, int version, controller_models_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "Controller",
		.method = "AllModels",
		.timeout = CALL_TIMEOUT_LONG,
		.size = sizeof(struct controller_models),
		.decode = decode_models,
		.release = release_models,
		.deliver = deliver_models,
	};

	call_plain(rpc, &method, version, NULL, (call_any *)done, context);
}
