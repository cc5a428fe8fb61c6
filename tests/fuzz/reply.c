/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/reply.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/juju/names.h"
#include "common/juju/reply.h"
#include "common/wire/envelope.h"
#include "plugin/catalogue.h"

/* A call that is refused in one form may be sent once more in another. */
#define REQUESTS_MAX 2

struct rpc {
	struct rpc_request requests[REQUESTS_MAX];
	rpc_done *done[REQUESTS_MAX];
	void *context[REQUESTS_MAX];
	size_t count;
};

/* How often a `done` was called; one input after the other. */
static size_t told;

struct rpc *rpc_new(struct loop *loop, struct transport *transport, const char *name, const struct log *log,
	rpc_closed *closed, void *context)
{
	(void)loop, (void)transport, (void)name, (void)log, (void)closed, (void)context;
	abort();
}

void rpc_call(struct rpc *rpc, const struct rpc_request *request, rpc_done *done, void *context)
{
	fuzz_expect(rpc->count < REQUESTS_MAX);
	rpc->requests[rpc->count] = *request;
	rpc->done[rpc->count] = done;
	rpc->context[rpc->count] = context;
	rpc->count++;
	json_object_put(request->params);
}

void rpc_free(struct rpc *rpc)
{
	(void)rpc;
}

static void answer(struct rpc *rpc, const struct envelope *envelope)
{
	const struct rpc_reply reply = {.response = envelope->response,
		.error = envelope->error,
		.info = envelope->error != NULL ? envelope->info : NULL,
		.asked = 1,
		.answered = 2};

	for (size_t i = 0; i < rpc->count; i++)
		rpc->done[i](rpc->context[i], &reply);
}

void fuzz_reply(const struct fuzz_call *calls, size_t count, struct fuzz_input input)
{
	scoped(envelope) struct envelope envelope = {0};
	scoped(string) char *name = fuzz_line(&input);
	scoped(string) char *message = string_copy_length(input.length > 0 ? input.bytes : "", input.length);
	const struct fuzz_call *call = &calls[0];
	struct rpc rpc = {.count = 0};

	if (envelope_read(&envelope, message, input.length, NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (strcmp(calls[i].name, name) == 0)
			call = &calls[i];
	told = 0;
	call->ask(&rpc);
	fuzz_expect(told == 0 && rpc.count == 1);
	answer(&rpc, &envelope);
	fuzz_expect(told == 1);
}

void fuzz_told(bool answered, const struct call_result *result)
{
	told++;
	fuzz_expect(!answered || result->error == NULL);
	fuzz_expect_error(result->error != NULL, result->error);
	if (result->redirect == NULL)
		return;
	fuzz_expect(error_has_code(result->error, "redirection required"));
	fuzz_expect(result->redirect->server_count <= CALL_REDIRECT_SERVERS_MAX);
	for (size_t i = 0; i < result->redirect->server_count; i++)
		fuzz_expect_printable(result->redirect->servers[i]);
	fuzz_expect_uuid(result->redirect->controller_uuid);
	fuzz_expect_text(result->redirect->alias);
}

void fuzz_learn(const struct migration_answer *answer)
{
	scoped(catalogue) struct catalogue catalogue;

	catalogue_init(&catalogue);
	for (int i = 0; i < 2; i++)
		catalogue_learn(&catalogue, answer, "alice@canonical.com", "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002", 1);
	fuzz_expect(catalogue.model_count <= CATALOGUE_MODELS_MAX);
	fuzz_expect(catalogue.controller_count <= CATALOGUE_CONTROLLERS_MAX);
	for (size_t i = 0; i < catalogue.model_count; i++) {
		const struct catalogue_model *one = &catalogue.models[i];
		const char *const texts[] = {one->owner, one->name, one->host, one->cloud, one->region};

		fuzz_expect(names_is_uuid(one->uuid) && catalogue_find(&catalogue, one->uuid) == one);
		fuzz_expect(i == 0 || strcmp(catalogue.models[i - 1].uuid, one->uuid) < 0);
		for (size_t k = 0; k < array_length(texts); k++)
			fuzz_expect_printable(texts[k]);
	}
	for (size_t i = 0; i < catalogue.controller_count; i++) {
		fuzz_expect(string_given(catalogue.controllers[i].name));
		fuzz_expect_printable(catalogue.controllers[i].name);
	}
}

void fuzz_expect_text(const char *text)
{
	fuzz_expect(text != NULL && strlen(text) <= REPLY_TEXT_MAX);
	fuzz_expect_printable(text);
}

void fuzz_expect_uuid(const char *text)
{
	fuzz_expect(text != NULL && (text[0] == '\0' || names_is_uuid(text)));
}
