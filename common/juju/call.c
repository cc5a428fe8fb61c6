/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/call.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/redirect.h"

/* A call that was sent and not answered. */
struct pending {
	const struct call_method *method;
	call_any *done;
	void (*forget)(void *context);
	void *context;
};

static void pending_free(struct pending *pending)
{
	free(pending);
}

SCOPED_DEFINE(pending, struct pending *, pending_free)

/* Delivers one outcome. The rpc must not be used afterwards: `done` may have freed it. */
static void deliver(const struct pending *pending, void *answer, const struct rpc_reply *reply,
	const struct error *error, struct json_object *info)
{
	scoped(redirect) struct call_redirect *redirect = redirect_new(error, info);
	const struct call_result result = {
		.error = error, .asked = reply->asked, .answered = reply->answered, .redirect = redirect};

	pending->method->deliver(pending->done, pending->context, error == NULL ? answer : NULL, &result);
}

static void answered(void *context, const struct rpc_reply *reply)
{
	scoped(pending) struct pending *pending = context;
	const struct call_method *method = pending->method;
	scoped(error) struct error *error = NULL;
	struct json_object *info = NULL;

	if (reply->error != NULL) {
		deliver(pending, NULL, reply, reply->error, reply->info);
		return;
	}
	scoped(string) char *answer = memory_get(1, method->size);
	method->decode(reply->response, answer, &info, &error);
	deliver(pending, answer, reply, error, info);
	if (method->release != NULL)
		method->release(answer);
}

static void forgotten(void *context)
{
	scoped(pending) struct pending *pending = context;

	if (pending->forget != NULL)
		pending->forget(pending->context);
}

void call_send(struct rpc *rpc, const struct call *call)
{
	struct pending *pending = memory_get(1, sizeof(*pending));

	*pending = (struct pending){
		.method = call->method, .done = call->done, .forget = call->forget, .context = call->context};
	const struct rpc_request request = {
		.facade = call->method->facade,
		.version = call->version,
		.id = call->id,
		.method = call->method->method,
		.params = call->params,
		.timeout = call->method->timeout,
		.forget = forgotten,
	};
	rpc_call(rpc, &request, answered, pending);
}

void call_plain(struct rpc *rpc, const struct call_method *method, int version, struct json_object *params,
	call_any *done, void *context)
{
	call_send(rpc, &(struct call){
			       .method = method,
			       .version = version,
			       .params = params,
			       .done = done,
			       .context = context,
		       });
}

int call_decode_nothing(struct json_object *response, void *answer, struct json_object **info, struct error **error)
{
	(void)response;
	(void)answer;
	(void)info;
	(void)error;
	return 0;
}

void call_deliver_nothing(call_any *done, void *context, void *answer, const struct call_result *result)
{
	(void)answer;
	((call_done *)done)(context, result);
}
