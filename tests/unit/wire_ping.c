/* SPDX-License-Identifier: Apache-2.0 */
/* Keep-alive, on a clock that jumps: minutes of waiting take no time here. */
#include <stdint.h>

#include "common/base/clock.h"

static int64_t fake_now(const struct clock *clock);
static int64_t fake_sleep(struct clock *clock, int64_t until, const struct clock_traffic *traffic);

/* The loop is compiled in with another clock; the rest of the wire comes from the library. */
#define clock_now fake_now
#define clock_sleep fake_sleep
#include "common/wire/loop.c"
#undef clock_now
#undef clock_sleep

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/wire/rpc.h"
#include "tests/unit/support/opened.h"

struct clock {
	int64_t now;
	int silent;          /* the peer never answers */
	uint64_t unanswered; /* messages that it never answers otherwise */
};

struct scene {
	struct clock clock;
	struct peer *peer;
	struct loop *loop;
	struct rpc *rpc;
	struct loop_timer end;
	struct text story;
	int64_t ended;
};

static int64_t fake_now(const struct clock *clock)
{
	return clock->now;
}

/* Time jumps to the next timer as soon as the peer has answered everything that it ever answers. */
static int64_t fake_sleep(struct clock *clock, int64_t until, const struct clock_traffic *traffic)
{
	if (traffic->opened + traffic->ended == 0 ||
		(!clock->silent && traffic->received + clock->unanswered < traffic->sent))
		return INSTANT_SECOND;
	if (until == INSTANT_NEVER)
		return INSTANT_SECOND;
	if (until > clock->now)
		clock->now = until;
	return 0;
}

static void done(void *context, const struct rpc_reply *reply)
{
	struct scene *scene = context;

	text_add_format(&scene->story, "%d %s\n", reply->error != NULL ? (int)reply->error->kind : 0,
		reply->error != NULL ? reply->error->message : "");
}

static void on_closed(void *context, const struct error *error)
{
	struct scene *scene = context;

	text_add_format(&scene->story, "closed %d %s\n", (int)error->kind, error->message);
	scene->ended = scene->clock.now;
	loop_stop(scene->loop);
}

static void on_end(void *context)
{
	struct scene *scene = context;

	loop_stop(scene->loop);
}

static void scene_init(struct scene *scene, void (*how)(struct peer_connection *, void *), void *context)
{
	*scene = (struct scene){.peer = peer_start(&(struct peer_options){.serve = how, .context = context})};
	text_init(&scene->story, 10000);
	scene->loop = loop_new(&scene->clock, NULL, NULL);
	scene->rpc = opened_rpc(scene->loop, scene->peer, on_closed, scene);
}

static void scene_run(struct scene *scene, int64_t until)
{
	struct rpc_request request = {
		.facade = "Admin", .version = 4, .method = "GetDeviceSessionToken", .timeout = INSTANT_NEVER};

	scene->clock.unanswered = 1;
	rpc_call(scene->rpc, &request, done, scene);
	loop_timer_set(scene->loop, &scene->end, until, on_end, scene);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
	loop_timer_cancel(scene->loop, &scene->end);
}

static void scene_release(struct scene *scene)
{
	rpc_free(scene->rpc);
	loop_free(scene->loop);
	peer_stop(scene->peer);
	text_release(&scene->story);
}

/* Answers pings as a controller does before the login, and nothing else; counts them. */
static void serve_pings(struct peer_connection *connection, void *context)
{
	int *pings = context;

	for (char *text = peer_read(connection); text != NULL; text = peer_read(connection)) {
		char answer[100];
		int id = 0;

		if (strstr(text, "\"type\":\"Pinger\",\"version\":1,\"request\":\"Ping\",\"params\":{}}") != NULL &&
			sscanf(text, "{\"request-id\":%d,", &id) == 1) {
			__atomic_fetch_add(pings, 1, __ATOMIC_SEQ_CST);
			snprintf(answer, sizeof(answer),
				"{\"request-id\":%d,\"error\":\"no\",\"error-code\":\"not implemented\"}", id);
			peer_say(connection, answer);
		}
		free(text);
	}
}

static void test_ten_minutes(void **state)
{
	struct scene scene;
	int pings = 0;

	(void)state;
	scene_init(&scene, serve_pings, &pings);
	scene_run(&scene, 10 * INSTANT_MINUTE + INSTANT_SECOND);
	assert_int_equal(__atomic_load_n(&pings, __ATOMIC_SEQ_CST), 20);
	assert_null(scene.story.data);
	scene_release(&scene);
}

static void serve_silence(struct peer_connection *connection, void *context)
{
	(void)context;
	while (peer_await(connection, PEER_CLOSE) == 0)
		continue;
}

static void test_silence(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene, serve_silence, NULL);
	scene.clock.silent = 1;
	scene_run(&scene, 10 * INSTANT_MINUTE);
	assert_string_equal(scene.story.data,
		"5 connection to jaas lost: no answer to a ping within 30 seconds\n"
		"closed 5 connection to jaas lost: no answer to a ping within 30 seconds\n");
	assert_int_equal(scene.ended, INSTANT_MINUTE);
	scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ten_minutes),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
