/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An rpc without a connection: it records requests, and the test answers them; and tables of remote calls on it. Include it in one place of a test program;
 * it defines everything that common/wire/rpc.h declares and so keeps the real one out of the program.
 */
#ifndef TESTS_UNIT_SUPPORT_FAKE_RPC_H
#define TESTS_UNIT_SUPPORT_FAKE_RPC_H

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/call.h"
#include "common/wire/rpc.h"

#define FAKE_REQUESTS_MAX 64

struct fake_request {
	char *text; /* "JIMM(4).ListControllers {}" or "AllWatcher(3)[1].Next {}" */
	int64_t timeout;
	rpc_done *done;
	void (*forget)(void *context);
	void *context;
	int pending;
};

struct rpc {
	struct fake_request requests[FAKE_REQUESTS_MAX];
	size_t count;
};

static inline struct rpc *fake_rpc(void)
{
	return memory_get(1, sizeof(struct rpc));
}

struct rpc *rpc_new(struct loop *loop, struct transport *transport, const char *name, const struct log *log,
	rpc_closed *closed, void *context)
{
	(void)loop;
	(void)transport;
	(void)name;
	(void)log;
	(void)closed;
	(void)context;
	return fake_rpc();
}

void rpc_call(struct rpc *rpc, const struct rpc_request *request, rpc_done *done, void *context)
{
	const char *params = request->params != NULL ? json_object_to_json_string_ext(request->params,
							       JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
						     : "{}";
	scoped(string) char *id = request->id != NULL ? string_format("[%s]", request->id) : string_copy("");

	if (rpc->count == FAKE_REQUESTS_MAX)
		abort();
	rpc->requests[rpc->count++] = (struct fake_request){
		.text = string_format("%s(%d)%s.%s %s", request->facade, request->version, id, request->method, params),
		.timeout = request->timeout,
		.done = done,
		.forget = request->forget,
		.context = context,
		.pending = 1,
	};
	json_object_put(request->params);
}

void rpc_free(struct rpc *rpc)
{
	if (rpc == NULL)
		return;
	for (size_t i = 0; i < rpc->count; i++) {
		if (rpc->requests[i].pending && rpc->requests[i].forget != NULL)
			rpc->requests[i].forget(rpc->requests[i].context);
		free(rpc->requests[i].text);
	}
	free(rpc);
}

static inline void fake_reply(struct rpc *rpc, size_t index, const struct rpc_reply *reply)
{
	struct fake_request *request = &rpc->requests[index];

	if (index >= rpc->count || !request->pending)
		abort();
	request->pending = 0;
	request->done(request->context, reply);
}

static inline struct json_object *fake_json(const char *text)
{
	struct json_object *object = text != NULL ? json_tokener_parse(text) : NULL;

	if (text != NULL && object == NULL) {
		fprintf(stderr, "the test's own JSON is broken: %s\n", text);
		abort();
	}
	return object;
}

/* Answers request `index` with the response `text` (NULL: none). */
static inline void fake_answer(struct rpc *rpc, size_t index, const char *text)
{
	struct json_object *response = fake_json(text);

	fake_reply(rpc, index, &(struct rpc_reply){.response = response, .asked = 100, .answered = 200});
	json_object_put(response);
}

/* Answers request `index` with an error of the peer; `info` may be NULL. */
static inline void fake_refuse(struct rpc *rpc, size_t index, const char *code, const char *message, const char *info)
{
	struct json_object *object = fake_json(info);
	scoped(error) struct error *error = NULL;

	error_set_remote(&error, code, message);
	fake_reply(rpc, index, &(struct rpc_reply){.error = error, .info = object, .asked = 100, .answered = 200});
	json_object_put(object);
}

/* Fails request `index` without an answer of the peer. */
static inline void fake_fail(struct rpc *rpc, size_t index, enum error_kind kind, const char *message)
{
	scoped(error) struct error *error = NULL;

	error_set(&error, kind, "%s", message);
	fake_reply(rpc, index, &(struct rpc_reply){.error = error, .asked = 100, .answered = 200});
}

/* What the `done` of a call has been told, as text. */
struct fake_outcome {
	int calls; /* how often it was called */
	char *text;
};

/* Notes one call of a `done`; `text` (taken over) shows the answer. */
static inline void fake_told(struct fake_outcome *outcome, char *text)
{
	free(outcome->text);
	outcome->text = text;
	outcome->calls++;
}

/* Returns how a failure is noted: "kind[code] message" and, where there is one, " -> servers|uuid|alias". Owned by the
 * caller. */
static inline char *fake_failure(const struct call_result *result)
{
	const struct call_redirect *redirect = result->redirect;
	char *text = string_format("%d[%s] %s", (int)result->error->kind,
		result->error->code != NULL ? result->error->code : "-", result->error->message);

	for (size_t i = 0; redirect != NULL && i < redirect->server_count; i++) {
		scoped(string) char *before = text;
		text = string_format("%s%s%s", before, i == 0 ? " -> " : ",", redirect->servers[i]);
	}
	if (redirect != NULL) {
		scoped(string) char *before = text;
		text = string_format("%s|%s|%s", before, redirect->controller_uuid, redirect->alias);
	}
	return text;
}

/* A remote call, how it is sent, one answer to it and what becomes of that. */
struct fake_case {
	void (*start)(struct rpc *rpc, struct fake_outcome *outcome);
	const char *sent;
	const char *answer; /* NULL: a reply without a response */
	const char *told;
};

/* Returns how many cases fail, and says which on stderr. */
static inline int fake_run(const struct fake_case *cases, size_t count)
{
	int failures = 0;

	for (size_t i = 0; i < count; i++) {
		struct fake_outcome outcome = {0};
		scoped(rpc) struct rpc *rpc = fake_rpc();

		cases[i].start(rpc, &outcome);
		const char *sent = rpc->count == 1 ? rpc->requests[0].text : "(not one request)";
		fake_answer(rpc, 0, cases[i].answer);
		if (strcmp(sent, cases[i].sent) != 0 || outcome.calls != 1 ||
			strcmp(outcome.text, cases[i].told) != 0) {
			fprintf(stderr, "case %zu\n  sent %s\n  not  %s\n  told %s (%d times)\n  not  %s\n", i, sent,
				cases[i].sent, outcome.text != NULL ? outcome.text : "nothing", outcome.calls,
				cases[i].told);
			failures++;
		}
		free(outcome.text);
	}
	return failures;
}

#endif
