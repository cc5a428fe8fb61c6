/* SPDX-License-Identifier: Apache-2.0 */
/* JSON-RPC against small peers on real sockets; the time is the test's own where the case is about time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/wire/envelope.h"
#include "common/wire/rpc.h"
#include "tests/unit/support/opened.h"

#define PATIENCE (60 * INSTANT_SECOND)

struct scene {
	struct peer *peer;
	struct clock *clock;
	struct loop *loop;
	struct rpc *rpc;
	struct loop_timer patience;
	struct text story; /* what was called back, a line each */
	size_t replies;
	size_t expected;     /* replies to wait for */
	int wait_for_closed; /* then runs on until the connection has ended */
	int free_in_done;    /* frees the rpc in the first reply */
};

static char *const no_environment[] = {NULL};

static void out_of_patience(void *context)
{
	(void)context;
	fail_msg("nothing happens any more");
}

static void tell(struct scene *scene, const char *who, const struct error *error, struct json_object *response)
{
	const char *body = response != NULL ? json_object_to_json_string_ext(response, JSON_C_TO_STRING_PLAIN) : "none";

	if (error == NULL)
		text_add_format(&scene->story, "%s: %s\n", who, body);
	else
		text_add_format(&scene->story, "%s: %d %s%s%s\n", who, (int)error->kind, error->message,
			error->code != NULL ? " code " : "", error->code != NULL ? error->code : "");
}

static void got(struct scene *scene, const char *who, const struct rpc_reply *reply)
{
	tell(scene, who, reply->error, reply->response);
	assert_true(reply->answered >= reply->asked);
	if (reply->info != NULL)
		text_add_format(&scene->story, "info %s\n",
			json_object_to_json_string_ext(reply->info, JSON_C_TO_STRING_PLAIN));
	scene->replies++;
	if (scene->free_in_done) {
		rpc_free(steal(scene->rpc));
		loop_stop(scene->loop);
	}
	if (scene->replies == scene->expected && !scene->wait_for_closed)
		loop_stop(scene->loop);
}

static void first_done(void *context, const struct rpc_reply *reply)
{
	got(context, "first", reply);
}

static void second_done(void *context, const struct rpc_reply *reply)
{
	got(context, "second", reply);
}

static void forgotten(void *context)
{
	struct scene *scene = context;

	text_add_string(&scene->story, "forgotten\n");
}

static void on_closed(void *context, const struct error *error)
{
	struct scene *scene = context;

	tell(scene, "closed", error, NULL);
	if (scene->free_in_done)
		rpc_free(steal(scene->rpc));
	loop_stop(scene->loop);
}

static void be_patient(struct scene *scene)
{
	loop_timer_set(scene->loop, &scene->patience, loop_now(scene->loop) + PATIENCE, out_of_patience, NULL);
}

static void run(struct scene *scene)
{
	be_patient(scene);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
	loop_timer_cancel(scene->loop, &scene->patience);
}

static void scene_init(struct scene *scene, void (*serve)(struct peer_connection *, void *), void *context)
{
	*scene = (struct scene){0};
	text_init(&scene->story, 100000);
	scene->peer = peer_start(&(struct peer_options){.serve = serve, .context = context});
	scene->clock = clock_new(no_environment, NULL);
	scene->loop = loop_new(scene->clock, NULL, NULL);
	be_patient(scene);
	scene->rpc = opened_rpc(scene->loop, scene->peer, on_closed, scene);
	loop_timer_cancel(scene->loop, &scene->patience);
}

static void scene_release(struct scene *scene)
{
	rpc_free(scene->rpc);
	loop_free(scene->loop);
	clock_free(scene->clock);
	peer_stop(scene->peer);
	text_release(&scene->story);
}

static void call(struct scene *scene, rpc_done *done, const char *method, int64_t timeout)
{
	struct json_object *params = json_object_new_object();

	json_object_object_add(params, "path", json_object_new_string("a/b"));
	struct rpc_request request = {
		.facade = "ModelManager",
		.version = 9,
		.method = method,
		.params = params,
		.timeout = timeout,
		.forget = forgotten,
	};
	rpc_call(scene->rpc, &request, done, scene);
}

/* Runs two calls against a peer that serves them like this, and compares what was called back. */
static void two_calls(void (*serve)(struct peer_connection *, void *), int wait_for_closed, const char *story)
{
	struct scene scene;

	scene_init(&scene, serve, NULL);
	scene.expected = 2;
	scene.wait_for_closed = wait_for_closed;
	call(&scene, first_done, "One", 40 * INSTANT_SECOND);
	call(&scene, second_done, "Two", 40 * INSTANT_SECOND);
	assert_string_equal(scene.story.data != NULL ? scene.story.data : "", "");
	run(&scene);
	assert_string_equal(scene.story.data, story);
	scene_release(&scene);
}

static void expect(struct peer_connection *connection, const char *message)
{
	char *text = peer_read(connection);

	if (text == NULL || strcmp(text, message) != 0) {
		print_error("expected %s, read %s\n", message, text != NULL ? text : "nothing");
		abort();
	}
	free(text);
}

static void expect_both(struct peer_connection *connection)
{
	expect(connection, "{\"request-id\":1,\"type\":\"ModelManager\",\"version\":9,\"request\":\"One\",\"params\":{"
			   "\"path\":\"a/b\"}}");
	expect(connection, "{\"request-id\":2,\"type\":\"ModelManager\",\"version\":9,\"request\":\"Two\",\"params\":{"
			   "\"path\":\"a/b\"}}");
}

static void serve_reversed(struct peer_connection *connection, void *context)
{
	(void)context;
	expect_both(connection);
	peer_say(connection, "{\"request-id\":77,\"response\":{}}");
	peer_say(connection, "{\"request-id\":2,\"response\":{\"results\":null}}\n");
	peer_say(connection, "{\"request-id\":2,\"response\":{\"again\":1}}\n");
	peer_say(connection, "{\"request-id\":1,\"response\":{\"n\":1},\"trace-id\":\"\"}\n");
	free(peer_read(connection));
}

static void test_reversed(void **state)
{
	(void)state;
	two_calls(serve_reversed, 0, "second: {\"results\":null}\nfirst: {\"n\":1}\n");
}

static void serve_errors(struct peer_connection *connection, void *context)
{
	(void)context;
	expect_both(connection);
	peer_say(connection,
		"{\"request-id\":1,\"error\":\"bad\\u001b[2J\\nthing\",\"error-code\":\"unauthorized access\","
		"\"response\":{\"x\":1},\"error-info\":{\"server-version\":\"4.0\"}}");
	peer_say(connection, "{\"request-id\":2,\"error\":\"upgrading\",\"error-info\":null}");
	free(peer_read(connection));
}

static void test_errors(void **state)
{
	(void)state;
	two_calls(serve_errors, 0,
		"first: 9 bad?[2J thing code unauthorized access\ninfo {\"server-version\":\"4.0\"}\nsecond: 9 "
		"upgrading code \n");
}

static void serve_nulls(struct peer_connection *connection, void *context)
{
	(void)context;
	expect_both(connection);
	peer_say(connection, "{\"request-id\":1,\"response\":null,\"error\":null,\"error-code\":null}");
	peer_say(connection, "{\"request-id\":2,\"error\":\"\",\"response\":[]}");
	free(peer_read(connection));
}

static void test_nulls(void **state)
{
	(void)state;
	two_calls(serve_nulls, 0, "first: none\nsecond: none\n");
}

static void serve_garbage(struct peer_connection *connection, void *context)
{
	expect_both(connection);
	peer_say(connection, context != NULL ? context : "what?");
	free(peer_read(connection));
}

static void test_garbage(void **state)
{
	(void)state;
	two_calls(serve_garbage, 1,
		"first: 5 connection to jaas lost: the answer is no JSON object\n"
		"second: 5 connection to jaas lost: the answer is no JSON object\n"
		"closed: 8 connection to jaas lost: the answer is no JSON object\n");
}

static void serve_half_answer(struct peer_connection *connection, void *context)
{
	(void)context;
	expect_both(connection);
	peer_say(connection, "{\"request-id\":1,\"response\":{}}");
	peer_frame(connection, PEER_TEXT, 0, "{\"request-id\":2,", 16);
}

static void test_closed_half_way(void **state)
{
	(void)state;
	two_calls(serve_half_answer, 1,
		"first: {}\nsecond: 5 connection to jaas lost: the connection to peer:1 broke\n"
		"closed: 5 connection to jaas lost: the connection to peer:1 broke\n");
}

static void serve_silence(struct peer_connection *connection, void *context)
{
	(void)context;
	while (peer_await(connection, PEER_CLOSE) == 0)
		continue;
}

static void test_timeout(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene, serve_silence, NULL);
	scene.expected = 1;
	call(&scene, first_done, "One", 100 * INSTANT_MILLISECOND);
	run(&scene);
	assert_string_equal(scene.story.data, "first: 6 no answer from jaas to ModelManager.One within 0.1 seconds\n");
	scene_release(&scene);
}

static void serve_one(struct peer_connection *connection, void *context)
{
	(void)context;
	free(peer_read(connection));
	peer_say(connection, "{\"request-id\":1,\"response\":{}}");
	free(peer_read(connection));
}

static void test_freed_in_done(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene, serve_one, NULL);
	scene.free_in_done = 1;
	call(&scene, first_done, "One", INSTANT_NEVER);
	call(&scene, second_done, "Two", INSTANT_NEVER);
	run(&scene);
	assert_null(scene.rpc);
	assert_string_equal(scene.story.data, "first: {}\nforgotten\n");
	scene_release(&scene);
}

static void test_freed_when_cut_off(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene, serve_garbage, NULL);
	scene.free_in_done = 1;
	call(&scene, first_done, "One", INSTANT_NEVER);
	call(&scene, second_done, "Two", INSTANT_NEVER);
	run(&scene);
	assert_string_equal(
		scene.story.data, "first: 5 connection to jaas lost: the answer is no JSON object\nforgotten\n");
	scene_release(&scene);
}

static void serve_farewell(struct peer_connection *connection, void *context)
{
	(void)connection;
	(void)context;
}

static void test_called_after_the_end(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene, serve_farewell, NULL);
	run(&scene);
	assert_string_equal(scene.story.data, "closed: 5 connection to jaas lost: the connection to peer:1 broke\n");
	scene.expected = 1;
	call(&scene, first_done, "One", INSTANT_NEVER);
	run(&scene);
	assert_string_equal(scene.story.data, "closed: 5 connection to jaas lost: the connection to peer:1 broke\n"
					      "first: 5 connection to jaas lost: the connection to peer:1 broke\n");
	scene_release(&scene);
}

struct message {
	const char *text;
	const char *error; /* NULL: it is read */
};

static const struct message messages[] = {
	{"{\"request-id\":1}", NULL},
	{"{\"request-id\":1}\r\n \n", NULL},
	{"", "the answer is empty"},
	{" \n", "the answer is empty"},
	{"[]", "the answer is no JSON object"},
	{"null", "the answer is no JSON object"},
	{"12", "the answer is no JSON object"},
	{"{\"a\":", "the answer is JSON that breaks off"},
	{"{} {}", "the answer is no JSON"},
	{"{\"a\":\"\xff\"}", "the answer is no JSON"},
	{"HTTP/1.1 200 OK", "the answer is no JSON object"},
};

static void test_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(messages); i++) {
		struct envelope envelope;
		scoped(error) struct error *error = NULL;
		int result = envelope_read(&envelope, messages[i].text, strlen(messages[i].text), &error);

		print_message("  message %zu\n", i);
		assert_int_equal(result, messages[i].error == NULL ? 0 : -1);
		assert_string_equal(
			error != NULL ? error->message : "", messages[i].error != NULL ? messages[i].error : "");
		assert_true(error == NULL || error->kind == ERROR_PROTOCOL);
		envelope_release(&envelope);
	}
}

/* An error stays one, whatever it says. */
static void test_words_of_an_error(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"{\"error\":\"no such thing\"}", "no such thing"},
		{"{\"error\":\"\u0358\"}", "an error without words"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(rows); i++) {
		struct envelope envelope;

		assert_int_equal(envelope_read(&envelope, rows[i].text, strlen(rows[i].text), NULL), 0);
		assert_non_null(envelope.error);
		assert_string_equal(envelope.error->message, rows[i].message);
		envelope_release(&envelope);
	}
}

static void check_bomb(const char *opening, const char *closing, size_t count, const char *message)
{
	struct text text;
	struct envelope envelope;
	scoped(error) struct error *error = NULL;

	text_init(&text, TRANSPORT_MESSAGE_MAX);
	text_add_string(&text, "{\"a\":");
	for (size_t i = 0; i < count; i++)
		text_add_string(&text, opening);
	text_add_string(&text, "1");
	for (size_t i = 0; i < count; i++)
		text_add_string(&text, closing);
	text_add_string(&text, "}");
	assert_int_equal(envelope_read(&envelope, text.data, text.length, &error), message == NULL ? 0 : -1);
	assert_string_equal(error != NULL ? error->message : "", message != NULL ? message : "");
	envelope_release(&envelope);
	text_release(&text);
}

static void test_bombs(void **state)
{
	(void)state;
	check_bomb("[", "]", 50, NULL);
	check_bomb("[", "]", 100, "the answer is nested too deep");
	check_bomb("[", "]", 1000000, "the answer is too large to be read");
	check_bomb("{\"a\":", "}", 100, "the answer is nested too deep");
}

static void test_request_without_version(void **state)
{
	struct rpc_request request = {.facade = "Pinger", .method = "Ping", .id = "w1"};
	size_t length = 0;
	scoped(string) char *text = envelope_write(&request, 7, &length);

	(void)state;
	assert_string_equal(
		text, "{\"request-id\":7,\"type\":\"Pinger\",\"id\":\"w1\",\"request\":\"Ping\",\"params\":{}}");
	assert_int_equal(length, strlen(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reversed),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_closed_half_way),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_freed_in_done),
		cmocka_unit_test(test_freed_when_cut_off),
		cmocka_unit_test(test_called_after_the_end),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_words_of_an_error),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_request_without_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
