/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_door.h"
#include "tests/sim/world_pending.h"
#include "tests/sim/world_token.h"
#include "tests/sim/world_watch.h"

/* Status of a close by the server. */
#define CLOSE_NORMAL 1000
/* The major version that is assumed of a client that sends none. */
#define CLIENT_MAJOR_UNSAID 3

static void run_cut(void *context)
{
	struct world_session *session = context;
	session->cutting = NULL;
	if (session->cut)
		session->cut(session->context, CLOSE_NORMAL);
}

static void run_idle(void *context)
{
	struct world_session *session = context;
	session->idle = NULL;
	run_cut(session);
}

struct world_session *world_session_open(struct world *world, const char *uuid, const char *client_version,
	void (*cut)(void *context, int code), void *context)
{
	struct world_session *session = memory_get(1, sizeof(*session));
	session->world = world;
	session->uuid = string_copy(uuid);
	session->client_major = client_version ? atoi(client_version) : 0;
	if (!session->client_major)
		session->client_major = CLIENT_MAJOR_UNSAID;
	session->cut = cut;
	session->context = context;
	if (uuid) {
		const struct world_model *model = world_model_find(world, uuid);
		session->opened_locked = model && model->recorded && *model->mode;
	}
	session->next = world->sessions;
	if (session->next)
		session->next->previous = session;
	world->sessions = session;
	world_session_ping(session);
	return session;
}

struct world_session *world_session_open_direct(struct world *world, struct world_controller *controller,
	const char *uuid, void (*cut)(void *context, int code), void *context)
{
	struct world_session *session = world_session_open(world, uuid, NULL, cut, context);
	world_queue_cancel(&world->queue, &session->idle);
	session->direct = session->controller = controller;
	session->model = uuid ? world_model_find(world, uuid) : NULL;
	return session;
}

void world_session_close(struct world_session *session)
{
	if (!session)
		return;
	while (session->calls)
		world_call_abandon(session->calls);
	world_watch_close(session);
	world_queue_cancel(&session->world->queue, &session->idle);
	world_queue_cancel(&session->world->queue, &session->cutting);
	if (session->previous)
		session->previous->next = session->next;
	else
		session->world->sessions = session->next;
	if (session->next)
		session->next->previous = session->previous;
	free(session->uuid);
	free(session);
}

void world_session_ping(struct world_session *session)
{
	if (session->uuid || session->direct)
		return;
	world_queue_cancel(&session->world->queue, &session->idle);
	session->idle = world_after(session->world, session->world->era.idle, run_idle, session);
}

void world_session_cut_after(struct world_session *session, int64_t length)
{
	if (!session->cutting)
		session->cutting = world_after(session->world, length, run_cut, session);
}

int world_session_route(struct world_session *session, struct world_error *error)
{
	struct world_model *model = world_model_find(session->world, session->uuid);
	if (!model || !model->recorded) {
		world_fail(error, "not found", "failed to find model: model not found");
	} else if (!world_dial(session->world, model->recorded, error)) {
		session->model = model;
		session->controller = model->recorded;
		return 0;
	}
	error->proxy = error->ends = true;
	return -1;
}

/* The second half of a login on a model endpoint: the answer of the controller, or of the version gate. */
static int login_model(struct world_session *session, struct world_user *user, struct world_error *error)
{
	struct world *world = session->world;
	bool allowed = world_right_of(session->model, user) >= WORLD_READER;
	if (session->controller->reach != WORLD_UP)
		return world_dial(world, session->controller, error);
	if (session->controller->door && session->controller->door->upgrading)
		return world_fail(error, "", "anonymous login blocked because upgrade is in progress");
	if (world->era.version_gate && world_major(session->controller) > session->client_major)
		return world_fail(error, "not supported", "your Juju client is not compatible with model \"%s\"",
			session->model->name);
	if (!world_juju_login(world, session->model, session->controller, allowed, error))
		return 0;
	if (world->era.model_migrating && session->opened_locked && !strcmp(error->code, "unauthorized access"))
		return world_fail(error, "model migrating", "model is finishing migration, please retry later");
	return -1;
}

static int login_as(struct world_session *session, struct world_user *user, struct world_error *error)
{
	if (session->uuid && login_model(session, user, error))
		return -1;
	session->user = user;
	return 0;
}

/* JIMM itself refuses a login; on a model endpoint its proxy says so. */
static int refuse(const struct world_session *session, struct world_error *error, const char *code, const char *message)
{
	world_fail(error, code, "%s", message);
	error->proxy = session->uuid != NULL;
	return -1;
}

int world_login_token(struct world_session *session, const char *token, struct world_error *error)
{
	struct world *world = session->world;
	const char *damaged = world->era.fatal_login ? "fatal login error" : "session token invalid";
	for (size_t i = 0; i < world->token_count; i++) {
		if (strcmp(world->tokens[i].value, token))
			continue;
		if (world->now >= world->tokens[i].expires)
			return refuse(session, error, "session token invalid", "JIMM session token expired");
		if (!strchr(world->tokens[i].user->name, '@'))
			return refuse(session, error, "session token invalid", "failed to parse email");
		return login_as(session, world->tokens[i].user, error);
	}
	if (!*token)
		return refuse(session, error, "session token invalid", "no token presented");
	if (!world_token_decodes(token))
		return refuse(session, error, damaged, "failed to decode token: illegal base64 data");
	return refuse(session, error, damaged, "failed to verify token signature");
}

int world_login_client(struct world_session *session, const char *id, const char *secret, struct world_error *error)
{
	struct world *world = session->world;
	bool fatal = session->uuid && world->era.fatal_login;
	for (size_t i = 0; i < world->user_count; i++) {
		struct world_user *user = world->users[i];
		if (user->client_id && !strcmp(user->client_id, id) && !strcmp(user->client_secret, secret))
			return login_as(session, user, error);
	}
	return refuse(
		session, error, fatal ? "fatal login error" : "unauthorized access", "invalid client credentials");
}

int world_login_device(struct world_session *session, struct world_error *error)
{
	const struct world *world = session->world;
	const char *code = world->era.fatal_login ? "fatal login error" : session->uuid ? "" : "unauthorized access";
	if (world->device_unavailable)
		return refuse(session, error, code, "failed to start device login: identity provider unreachable");
	session->device_asked = true;
	session->device_ends = world->now + world->device_code;
	return 0;
}

static void device_failed(struct world_call *call, const char *message)
{
	struct world_error error;
	bool silent = call->session->uuid && !call->world->era.fatal_login;
	refuse(call->session, &error, silent ? "" : "unauthorized access", message);
	world_call_fail(call, &error);
}

static void device_done(struct world_call *call)
{
	struct world *world = call->world;
	if (!call->session->device_asked) {
		device_failed(call, "failed to retrieve the session token: no device login was begun");
		return;
	}
	if (world->now >= call->session->device_ends) {
		device_failed(call, "failed to retrieve the session token: oauth2: \"expired_token\"");
		return;
	}
	if (world->device_fails) {
		device_failed(call, "failed to retrieve the session token: access denied");
		return;
	}
	scoped(string) char *plain = string_format("session-%zu", world->token_count);
	scoped(string) char *token = world_token_encode(plain);
	world_token_add(world, token, world->device_user, world->now + world->device_token);
	world_call_end(call, &(struct world_outcome){.text = token});
}

void world_device_token(struct world_session *session, struct world_reply reply)
{
	const struct world *world = session->world;
	int64_t left = session->device_ends - world->now, wait = world->device_after;
	/* Without a code there is nothing to wait for. */
	if (!session->device_asked)
		wait = 0;
	else if (wait >= left)
		wait = left > 0 ? left : 0;
	world_call_start(session, reply, wait, device_done);
}
