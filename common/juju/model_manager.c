/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/model_manager.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/juju/names.h"
#include "common/juju/reply.h"

static struct model_migration *read_migration(struct reply *reply, struct json_object *from)
{
	struct json_object *inner = reply_object(reply, from, "migration");

	if (inner == NULL)
		return NULL;
	struct model_migration *migration = memory_get(1, sizeof(*migration));
	migration->status = reply_text(reply, inner, "status");
	migration->start = reply_instant(reply, inner, "start");
	migration->end = reply_instant(reply, inner, "end");
	return migration;
}

static void read_summary(struct reply *reply, struct json_object *from, struct model_summary *summary)
{
	struct json_object *status = reply_object(reply, from, "status");

	summary->uuid = reply_require(reply, reply_uuid(reply, from, "uuid"), "uuid");
	summary->name = reply_text(reply, from, "name");
	summary->owner = reply_owner(reply, from);
	summary->controller_uuid = reply_uuid(reply, from, "controller-uuid");
	summary->cloud = reply_tag(reply, from, "cloud-tag", "cloud");
	summary->region = reply_text(reply, from, "cloud-region");
	summary->life = reply_text(reply, from, "life");
	summary->agent_version = reply_text(reply, from, "agent-version");
	summary->status = reply_text(reply, status, "status");
	summary->status_info = reply_text(reply, status, "info");
	summary->status_since = reply_instant(reply, status, "since");
	summary->migration = read_migration(reply, from);
}

static void read_entry(struct reply *reply, struct json_object *entry, struct model_summaries *summaries)
{
	scoped(error) struct error *refusal = NULL;
	struct json_object *info = NULL;

	if (reply_refusal(reply, entry, &info, &refusal) != 0) {
		if (summaries->refused++ == 0)
			summaries->error = steal(refusal);
		return;
	}
	struct json_object *result = reply_object(reply, entry, "result");
	if (result == NULL)
		reply_fail(reply, "result", "is missing");
	else
		read_summary(reply, result, &summaries->list[summaries->count++]);
}

static int decode_summaries(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "ModelManager.ListModelSummaries", .error = error};
	struct model_summaries *summaries = answer;
	size_t count = 0;
	struct json_object *list = reply_list(&reply, response, "results", MODEL_SUMMARIES_MAX, &count);

	(void)info;
	summaries->list = memory_get(count, sizeof(*summaries->list));
	for (size_t i = 0; i < count && !reply.failed; i++) {
		read_entry(&reply, reply_entry(&reply, list, i, "results"), summaries);
		/* Free each entry at once: its JSON takes eight times the memory of what is kept, which matters with a thousand models. */
		json_object_array_put_idx(list, i, NULL);
	}
	return reply_end(&reply);
}

static int decode_info(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "ModelManager.ModelInfo", .error = error};
	struct json_object *result = reply_single(&reply, response, 1, info);

	if (result != NULL)
		read_summary(&reply, result, answer);
	return reply_end(&reply);
}

void model_summary_release(struct model_summary *summary)
{
	if (summary->migration != NULL)
		free(summary->migration->status);
	free(summary->migration);
	free(summary->uuid);
	free(summary->name);
	free(summary->owner);
	free(summary->controller_uuid);
	free(summary->cloud);
	free(summary->region);
	free(summary->life);
	free(summary->agent_version);
	free(summary->status);
	free(summary->status_info);
	*summary = (struct model_summary){0};
}

void model_summaries_release(struct model_summaries *summaries)
{
	for (size_t i = 0; i < summaries->count; i++)
		model_summary_release(&summaries->list[i]);
	free(summaries->list);
	error_free(summaries->error);
	*summaries = (struct model_summaries){0};
}

static void release_summaries(void *answer)
{
	model_summaries_release(answer);
}

static void release_info(void *answer)
{
	model_summary_release(answer);
}

static void deliver_summaries(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((model_summaries_done *)done)(context, answer, result);
}

static void deliver_info(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((model_info_done *)done)(context, answer, result);
}

void model_manager_list_summaries(
	struct rpc *rpc, int version, const char *user, model_summaries_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "ModelManager",
		.method = "ListModelSummaries",
		.timeout = CALL_TIMEOUT_LONG,
		.size = sizeof(struct model_summaries),
		.decode = decode_summaries,
		.release = release_summaries,
		.deliver = deliver_summaries,
	};
	scoped(string) char *tag = names_tag("user", user);
	struct json_object *params = json_object_new_object();

	json_object_object_add(params, "user-tag", json_object_new_string(tag));
	json_object_object_add(params, "all", json_object_new_boolean(0));
	call_plain(rpc, &method, version, params, (call_any *)done, context);
}

static int decode_models(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)info;
	return controller_models_decode(answer, response, "ModelManager.ListModels", error);
}

static void release_models(void *answer)
{
	controller_models_release(answer);
}

static void deliver_models(call_any *done, void *context, void *answer, const struct call_result *result)
{
	((controller_models_done *)done)(context, answer, result);
}

void model_manager_list_models(
	struct rpc *rpc, int version, const char *user, controller_models_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "ModelManager",
		.method = "ListModels",
		.timeout = CALL_TIMEOUT,
		.size = sizeof(struct controller_models),
		.decode = decode_models,
		.release = release_models,
		.deliver = deliver_models,
	};
	scoped(string) char *tag = names_tag("user", user);
	struct json_object *params = json_object_new_object();

	json_object_object_add(params, "tag", json_object_new_string(tag));
	call_plain(rpc, &method, version, params, (call_any *)done, context);
}

static struct json_object *one_entity(const char *uuid)
{
	scoped(string) char *tag = names_tag("model", uuid);
	struct json_object *entity = json_object_new_object();
	struct json_object *entities = json_object_new_array();
	struct json_object *params = json_object_new_object();

	json_object_object_add(entity, "tag", json_object_new_string(tag));
	json_object_array_add(entities, entity);
	json_object_object_add(params, "entities", entities);
	return params;
}

void model_manager_model_info(struct rpc *rpc, int version, const char *uuid, model_info_done *done, void *context)
{
	static const struct call_method method = {
		.facade = "ModelManager",
		.method = "ModelInfo",
		.timeout = CALL_TIMEOUT,
		.size = sizeof(struct model_summary),
		.decode = decode_info,
		.release = release_info,
		.deliver = deliver_info,
	};

	call_plain(rpc, &method, version, one_entity(uuid), (call_any *)done, context);
}
