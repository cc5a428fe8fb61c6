/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/jimm.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/juju/facades.h"
#include "common/juju/names.h"
#include "common/juju/reply.h"

/* One MigrateModel, with all that is needed to send it again in its old form. */
struct migrate {
	struct rpc *rpc;
	char *uuid;
	char *target;
	int tagged; /* sent in the old form, with a tag */
	jimm_migrate_done *done;
	void *context;
};

/* The answer: the id of the migration. */
struct migrate_answer {
	char *id;
};

static void migrate_free(struct migrate *migrate)
{
	free(migrate->uuid);
	free(migrate->target);
	free(migrate);
}

static void migrate_forget(void *context)
{
	migrate_free(context);
}

static int decode(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	struct reply reply = {.method = "JIMM.MigrateModel", .error = error};
	struct json_object *result = reply_single(&reply, response, 0, info);

	((struct migrate_answer *)answer)->id = reply_text(&reply, result, "migration-id");
	return reply_end(&reply);
}

static void release(void *answer)
{
	free(((struct migrate_answer *)answer)->id);
}

static void migrate_send(struct migrate *migrate);

/* True if a JIMM before 2025 demands a tag. It does so before it does anything, so only after this refusal may the request be
 * sent again. */
static int wants_tag(const struct error *error)
{
	return error_says(error, "is not a valid") && error_says(error, "tag");
}

static void deliver(call_any *done, void *context, void *answer, const struct call_result *result)
{
	struct migrate *migrate = context;

	(void)done;
	if (!migrate->tagged && wants_tag(result->error)) {
		migrate->tagged = 1;
		migrate_send(migrate);
		return;
	}
	jimm_migrate_done *told = migrate->done;
	void *to = migrate->context;
	migrate_free(migrate);
	told(to, answer != NULL ? ((struct migrate_answer *)answer)->id : NULL, result);
}

static struct json_object *migrate_params(const struct migrate *migrate)
{
	scoped(string) char *tag = migrate->tagged ? names_tag("model", migrate->uuid) : string_copy(migrate->uuid);
	struct json_object *spec = json_object_new_object();
	struct json_object *specs = json_object_new_array();
	struct json_object *params = json_object_new_object();

	json_object_object_add(spec, "model-tag", json_object_new_string(tag));
	json_object_object_add(spec, "target-controller", json_object_new_string(migrate->target));
	json_object_array_add(specs, spec);
	json_object_object_add(params, "specs", specs);
	return params;
}

static void migrate_send(struct migrate *migrate)
{
	static const struct call_method method = {
		.facade = "JIMM",
		.method = "MigrateModel",
		.timeout = CALL_TIMEOUT_LONG,
		.size = sizeof(struct migrate_answer),
		.decode = decode,
		.release = release,
		.deliver = deliver,
	};

	call_send(migrate->rpc, &(struct call){
					.method = &method,
					.version = FACADE_JIMM_VERSION,
					.params = migrate_params(migrate),
					.forget = migrate_forget,
					.context = migrate,
				});
}

void jimm_migrate_model(struct rpc *rpc, const char *uuid, const char *target, jimm_migrate_done *done, void *context)
{
	struct migrate *migrate = memory_get(1, sizeof(*migrate));

	*migrate = (struct migrate){
		.rpc = rpc,
		.uuid = string_copy(uuid),
		.target = string_copy(target),
		.done = done,
		.context = context,
	};
	migrate_send(migrate);
}
