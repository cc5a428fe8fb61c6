/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Peers that talk JSON to the simulated JAAS, for tests of its wire face.
 */
#ifndef TESTS_UNIT_SIM_PEER_H
#define TESTS_UNIT_SIM_PEER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/api.h"
#include "tests/sim/world_state.h"
#include "tests/sim/world_token.h"

#define UUID "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define TAG "model-" UUID
#define JIMM_UUID "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
#define SOURCE_UUID "1c9f0000-0000-4000-8000-000000000001"
#define TARGET_UUID "1c9f0000-0000-4000-8000-000000000002"
#define ENTITY "{\"entities\":[{\"tag\":\"" TAG "\"}]}"
#define MIGRATE "{\"specs\":[{\"model-tag\":\"" UUID "\",\"target-controller\":\"my-controller\"}]}"
#define UPDATE "{\"model-tag\":\"" TAG "\",\"target-controller\":\"my-controller\"}"
#define PATIENCE (20 * INSTANT_MINUTE)

struct peer {
	struct world *world;
	struct api_conversation *conversation;
	struct json_object *replies; /* all so far */
	int64_t id;
	int closed;
};

static inline void on_send(void *context, const char *text, size_t length)
{
	struct peer *peer = context;
	assert_int_equal(peer->closed, 0);
	assert_int_equal(strlen(text), length);
	/* juju reads the first message of a stream up to the end of its line. */
	assert_int_equal(text[length - 1], '\n');
	struct json_object *reply = json_tokener_parse(text);
	assert_non_null(reply);
	json_object_array_add(peer->replies, reply);
}

static inline void on_close(void *context, int code)
{
	struct peer *peer = context;
	peer->closed = code;
}

static const struct api_callbacks callbacks = {on_send, on_close};

static inline struct world *make(const char *script)
{
	struct json_object *parsed = json_tokener_parse(script);
	struct error *error = NULL;
	assert_non_null(parsed);
	struct world *world = world_new(parsed, &error);
	if (!world)
		fail_msg("%s", error->message);
	json_object_put(parsed);
	return world;
}

static inline void peer_open(struct peer *peer, struct world *world, const char *path)
{
	*peer = (struct peer){.world = world, .replies = json_object_new_array()};
	peer->conversation = api_open(world, path, "4.0.14", &callbacks, peer);
	assert_non_null(peer->conversation);
}

/* On the own door of the controller `name`, dialled as 127.0.0.1:17070. */
static inline void peer_open_direct(struct peer *peer, struct world *world, const char *name, const char *path)
{
	*peer = (struct peer){.world = world, .replies = json_object_new_array()};
	peer->conversation =
		api_open_direct(world, world_controller_find(world, name), path, "127.0.0.1:17070", &callbacks, peer);
	assert_non_null(peer->conversation);
}

static inline void peer_close(struct peer *peer)
{
	api_closed(peer->conversation);
	json_object_put(peer->replies);
}

static inline int64_t tell(struct peer *peer, const char *type, int version, const char *method, const char *more)
{
	char text[8192];
	int length = snprintf(text, sizeof(text),
		"{\"request-id\":%lld,\"type\":\"%s\",\"version\":%d,\"request\":\"%s\",%s}", (long long)++peer->id,
		type, version, method, more);
	api_receive(peer->conversation, text, (size_t)length);
	return peer->id;
}

static inline struct json_object *reply_of(const struct peer *peer, int64_t id)
{
	for (size_t i = 0; i < json_object_array_length(peer->replies); i++) {
		struct json_object *reply = json_object_array_get_idx(peer->replies, i), *number;
		if (json_object_object_get_ex(reply, "request-id", &number) && json_object_get_int64(number) == id)
			return reply;
	}
	return NULL;
}

static inline struct json_object *await(struct peer *peer, int64_t id)
{
	int64_t end = world_now(peer->world) + PATIENCE;
	while (!reply_of(peer, id) && world_next(peer->world) <= end)
		world_advance(peer->world, world_next(peer->world));
	struct json_object *reply = reply_of(peer, id);
	assert_non_null(reply);
	return reply;
}

static inline struct json_object *ask(
	struct peer *peer, const char *type, int version, const char *method, const char *params)
{
	char more[8000];
	snprintf(more, sizeof(more), "\"params\":%s", params);
	return await(peer, tell(peer, type, version, method, more));
}

/* What a path such as "response/results/0/error/code" holds, as text; "" when nothing is there. */
static const char *at(struct json_object *object, const char *path)
{
	char part[64];
	while (*path && object) {
		size_t length = strcspn(path, "/");
		snprintf(part, sizeof(part), "%.*s", (int)length, path);
		struct json_object *next = NULL;
		if (json_object_is_type(object, json_type_array))
			next = json_object_array_get_idx(object, (size_t)atoi(part));
		else if (json_object_is_type(object, json_type_object))
			json_object_object_get_ex(object, part, &next);
		object = next;
		path += length + (path[length] == '/');
	}
	return object ? json_object_get_string(object) : "";
}

static inline struct json_object *login(struct peer *peer, const char *user)
{
	char plain[96], params[256];
	snprintf(plain, sizeof(plain), "token-%s", user);
	char *token = world_token_encode(plain);
	snprintf(params, sizeof(params), "{\"session-token\":\"%s\"}", token);
	free(token);
	return ask(peer, "Admin", 4, "LoginWithSessionToken", params);
}

static inline void open_as(struct peer *peer, struct world *world, const char *path, const char *user)
{
	peer_open(peer, world, path);
	assert_string_equal(at(login(peer, user), "error"), "");
}

static const char *const alice = "alice@canonical.com";

static inline void advance(struct world *world, double seconds)
{
	world_advance(world, world_now(world) + (int64_t)(seconds * (double)INSTANT_SECOND));
}

#endif
