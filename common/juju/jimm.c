/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/jimm.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/facades.h"
#include "common/juju/names.h"
#include "common/juju/reply.h"

static void read_controller(struct reply *reply, struct json_object *from, struct jimm_controller *controller)
{
	struct json_object *status = reply_object(reply, from, "status");

	controller->name = reply_require(reply, reply_text(reply, from, "name"), "name");
	controller->uuid = reply_uuid(reply, from, "uuid");
	controller->cloud = reply_tag(reply, from, "cloud-tag", "cloud");
	controller->region = reply_text(reply, from, "cloud-region");
	controller->agent_version = reply_text(reply, from, "agent-version");
	controller->public_address = reply_text(reply, from, "public-address");
	controller->status = reply_text(reply, status, "status");
	controller->status_info = reply_text(reply, status, "info");
	controller->status_since = reply_instant(reply, status, "since");
}

static int decode_controllers(const char *method, struct json_object *response, void *answer, struct error **error)
{
	struct reply reply = {.method = method, .error = error};
	struct jimm_controllers *controllers = answer;
	size_t count = 0;
	struct json_object *list = reply_list(&reply, response, "controllers", JIMM_CONTROLLERS_MAX, &count);

	controllers->list = memory_get(count, sizeof(*controllers->list));
	controllers->count = count;
	for (size_t i = 0; i < count; i++)
		read_controller(&reply, reply_entry(&reply, list, i, "controllers"), &controllers->list[i]);
	return reply_end(&reply);
}

static int decode_list(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return decode_controllers("JIMM.ListControllers", response, answer, error);
}

static int decode_targets(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return decode_controllers("JIMM.ListMigrationTargets", response, answer, error);
}

/* The state is one word in a list, and nested in an object in the answer about one model. */
static char *read_upgrade_state(struct reply *reply, struct json_object *from)
{
	static const char key[] = "upgrade-to-job-status";
	struct json_object *job = NULL;

	json_object_object_get_ex(from, key, &job);
	if (job == NULL || json_object_get_type(job) == json_type_string)
		return reply_text(reply, from, key);
	return reply_text(reply, reply_object(reply, reply_object(reply, from, key), "detail"), "state");
}

static int state_is_active(const char *state)
{
	static const char *const active[] = {"available", "pending", "running", "retryable", "scheduled"};

	for (size_t i = 0; i < array_length(active); i++)
		if (strcmp(state, active[i]) == 0)
			return 1;
	return 0;
}

static void read_model(struct reply *reply, struct json_object *from, struct jimm_model *model)
{
	model->name = reply_text(reply, from, "model-name");
	model->uuid = reply_require(reply, reply_uuid(reply, from, "model-uuid"), "model-uuid");
	model->controller_name = reply_text(reply, from, "controller-name");
	model->controller_uuid = reply_uuid(reply, from, "controller-uuid");
	model->upgrade_state = read_upgrade_state(reply, from);
	model->upgrade_active = state_is_active(model->upgrade_state);
}

static int decode_model(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "JIMM.ModelControllerInfo", .error = error};

	(void)info;
	read_model(&reply, response, answer);
	return reply_end(&reply);
}

static int decode_models(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "JIMM.ListModels", .error = error};
	struct jimm_models *models = answer;
	size_t count = 0;
	struct json_object *list = reply_list(&reply, response, "models", JIMM_MODELS_MAX, &count);

	(void)info;
	models->list = memory_get(count, sizeof(*models->list));
	models->count = count;
	for (size_t i = 0; i < count; i++)
		read_model(&reply, reply_entry(&reply, list, i, "models"), &models->list[i]);
	return reply_end(&reply);
}

void jimm_controllers_release(struct jimm_controllers *controllers)
{
	for (size_t i = 0; i < controllers->count; i++) {
		struct jimm_controller *controller = &controllers->list[i];

		free(controller->name);
		free(controller->uuid);
		free(controller->cloud);
		free(controller->region);
		free(controller->agent_version);
		free(controller->public_address);
		free(controller->status);
		free(controller->status_info);
	}
	free(controllers->list);
	*controllers = (struct jimm_controllers){0};
}

void jimm_model_release(struct jimm_model *model)
{
	free(model->name);
	free(model->uuid);
	free(model->controller_name);
	free(model->controller_uuid);
	free(model->upgrade_state);
	*model = (struct jimm_model){0};
}

void jimm_models_release(struct jimm_models *models)
{
	for (size_t i = 0; i < models->count; i++)
		jimm_model_release(&models->list[i]);
	free(models->list);
	*models = (struct jimm_models){0};
}

static void release_controllers(void *answer)
{
	jimm_controllers_release(answer);
}

static void release_model(void *answer)
{
	jimm_model_release(answer);
}

static void release_models(void *answer)
{
	jimm_models_release(answer);
}

static void deliver_controllers(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((jimm_controllers_done *)done)(context, answer, result);
}

static void deliver_model(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((jimm_model_done *)done)(context, answer, result);
}

static void deliver_models(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((jimm_models_done *)done)(context, answer, result);
}

/* An object with one text. */
static struct json_object *one_text(const char *key, const char *value)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, key, json_object_new_string(value));
	return object;
}

void jimm_list_controllers(struct rpc *rpc, jimm_controllers_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "JIMM",
		.method = "ListControllers",
		.timeout = CALL_TIMEOUT_LONG,
		.size = sizeof(struct jimm_controllers),
		.decode = decode_list,
		.release = release_controllers,
		.deliver = deliver_controllers,
	};

	call_plain(rpc, &method, FACADE_JIMM_VERSION, NULL, (call_any *)done, context);
}

void jimm_disable_controller_uuid_masking(struct rpc *rpc, call_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "JIMM",
		.method = "DisableControllerUUIDMasking",
		.timeout = CALL_TIMEOUT,
		.decode = call_decode_nothing,
		.deliver = call_deliver_nothing,
	};

	call_plain(rpc, &method, FACADE_JIMM_VERSION, NULL, (call_any *)done, context);
}

void jimm_update_migrated_model(struct rpc *rpc, const char *uuid, const char *target, call_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "JIMM",
		.method = "UpdateMigratedModel",
		.timeout = CALL_TIMEOUT_LONG,
		.decode = call_decode_nothing,
		.deliver = call_deliver_nothing,
	};
	scoped(string) char *tag = names_tag("model", uuid);
	struct json_object *params = one_text("model-tag", tag);

	json_object_object_add(params, "target-controller", json_object_new_string(target));
	call_plain(rpc, &method, FACADE_JIMM_VERSION, params, (call_any *)done, context);
}

void jimm_model_controller_info(struct rpc *rpc, const char *model, jimm_model_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "JIMM",
		.method = "ModelControllerInfo",
		.timeout = CALL_TIMEOUT,
		.size = sizeof(struct jimm_model),
		.decode = decode_model,
		.release = release_model,
		.deliver = deliver_model,
	};

	call_plain(rpc, &method, FACADE_JIMM_VERSION, one_text("model", model), (call_any *)done, context);
}

void jimm_list_models(struct rpc *rpc, jimm_models_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "JIMM",
		.method = "ListModels",
		.timeout = CALL_TIMEOUT_LONG,
		.size = sizeof(struct jimm_models),
		.decode = decode_models,
		.release = release_models,
		.deliver = deliver_models,
	};

	call_plain(rpc, &method, FACADE_JIMM_VERSION, NULL, (call_any *)done, context);
}

void jimm_list_migration_targets(struct rpc *rpc, const char *uuid, jimm_controllers_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "JIMM",
		.method = "ListMigrationTargets",
		.timeout = CALL_TIMEOUT,
		.size = sizeof(struct jimm_controllers),
		.decode = decode_targets,
		.release = release_controllers,
		.deliver = deliver_controllers,
	};
	scoped(string) char *tag = names_tag("model", uuid);

	call_plain(rpc, &method, FACADE_JIMM_VERSION, one_text("model-tag", tag), (call_any *)done, context);
}
