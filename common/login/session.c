/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/session.h"

#include <stdbool.h>
#include <stdlib.h>

struct session {
	const struct session_place *place;
	char *model_uuid; /* NULL on /api */
	char *name;
	session_opened *opened;
	session_ended *ended;
	void *context;
	int64_t began;
	struct dial *dial;     /* while dialling */
	struct rpc *rpc;       /* while connected */
	struct login *attempt; /* while logging in */
	char *endpoint;
	char *address;
	bool open;
	struct login_result login;
};

static void closed(void *context, const struct error *error)
{
	struct session *session = context;

	/* The rpc does not free itself; its pending requests have been answered before. */
	rpc_free(steal(session->rpc));
	if (session->open) {
		session->ended(session->context, error);
	} else if (session->attempt != NULL) {
		login_cancel(steal(session->attempt));
		session->opened(session->context, error);
	}
}

static void logged_in(void *context, struct login_result *answer, const struct call_result *result)
{
	struct session *session = context;

	session->attempt = NULL;
	if (result->error == NULL)
		session->login = call_take(answer);
	session->open = result->error == NULL;
	session->opened(session->context, result->error);
}

static void dialled(void *context, struct transport *transport, const char *endpoint, const char *address,
	const struct error *error)
{
	struct session *session = context;
	struct login_account account = session->place->account;

	session->dial = NULL;
	if (error != NULL) {
		session->opened(session->context, error);
		return;
	}
	session->endpoint = string_copy(endpoint);
	session->address = string_copy(address);
	session->rpc = rpc_new(session->place->loop, transport, session->name, session->place->log, closed, session);
	account.model_uuid = session->model_uuid;
	const struct login_connection connection = {
		.loop = session->place->loop,
		.rpc = session->rpc,
		.target = &session->place->target,
		.endpoint = session->endpoint,
		.address = session->address,
	};
	session->attempt = login_start(&connection, &account, session->place->log, logged_in, session);
}

struct session *session_open(const struct session_place *place, const char *model_uuid, const char *name,
	session_opened *opened, session_ended *ended, void *context)
{
	struct session *session = memory_get(1, sizeof(*session));
	struct dial_target target = place->target;
	scoped(string) char *path =
		model_uuid != NULL ? string_format("/model/%s/api", model_uuid) : string_copy("/api");

	session->place = place;
	session->model_uuid = string_copy(model_uuid);
	session->name = string_copy(name);
	session->opened = opened;
	session->ended = ended;
	session->context = context;
	session->began = loop_now(place->loop);
	target.path = path;
	target.strangers = &place->account.keys->strangers;
	target.timeout = SESSION_DIAL_TIMEOUT;
	session->dial = dial_start(place->loop, &target, place->log, dialled, session);
	return session;
}

int64_t session_began(const struct session *session)
{
	return session->began;
}

struct rpc *session_rpc(const struct session *session)
{
	return session->open ? session->rpc : NULL;
}

const struct login_result *session_login(const struct session *session)
{
	return &session->login;
}

struct login_result session_take_login(struct session *session)
{
	return call_take(&session->login);
}

const char *session_endpoint(const struct session *session)
{
	return session->endpoint;
}

const char *session_address(const struct session *session)
{
	return session->address;
}

void session_close(struct session *session)
{
	if (session == NULL)
		return;
	dial_cancel(session->dial);
	rpc_free(session->rpc);
	login_cancel(session->attempt);
	login_result_release(&session->login);
	free(session->model_uuid);
	free(session->name);
	free(session->endpoint);
	free(session->address);
	free(session);
}
