/* SPDX-License-Identifier: Apache-2.0 */
/* One websocket against small peers on real sockets: what it asks for, and what it makes of bad peers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/wire/loop_private.h"
#include "common/wire/transport.h"
#include "tests/unit/support/peer.h"
#include "tests/unit/support/scene.h"

/* A peer without TLS, and a transport to it. */
static void talk(struct scene *scene, struct peer_options options, const char *say, size_t expected)
{
	struct peer *peer = peer_start(&options);

	scene_init(scene);
	scene->say = say;
	scene->expected = expected;
	scene_open(scene, peer_port(peer), NULL);
	transport_free(steal(scene->transport));
	peer_stop(peer);
}

static void test_tls_with_a_plain_peer(void **state)
{
	struct identity *authority = identity_new(&(struct identity_subject){.authority = 1, .to = 3}, NULL);
	scoped(string) char *pem = identity_pem(authority);
	struct trust_source trust = {.ca_certificate = pem, .name = "juju-apiserver", .environment = scene_environment};
	struct peer *peer = peer_start(&(struct peer_options){.manner = PEER_HANGS_UP});
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_open(&scene, peer_port(peer), &trust);
	assert_int_equal(scene.error->kind, ERROR_NETWORK);
	scene_release(&scene);
	peer_stop(peer);
	identity_free(authority);
}

static int occurs(const char *request, const char *line)
{
	return strcasestr(request, line) != NULL;
}

static void test_request(void **state)
{
	struct identity *authority = identity_new(&(struct identity_subject){.authority = 1, .to = 3}, NULL);
	struct identity *identity =
		identity_new(&(struct identity_subject){.name = "juju-apiserver", .from = -1, .to = 3}, authority);
	scoped(string) char *pem = identity_pem(authority);
	struct trust_source trust = {.ca_certificate = pem, .name = "juju-apiserver", .environment = scene_environment};
	struct peer *peer = peer_start(&(struct peer_options){.identity = identity});
	scoped(string) char *host = string_format("\r\nHost: 127.0.0.1:%d\r\n", peer_port(peer));
	struct scene scene;

	(void)state;
	setenv("http_proxy", "http://192.0.2.1:1", 1);
	scene_init(&scene);
	scene_open(&scene, peer_port(peer), &trust);
	assert_int_equal(scene.opened, 1);
	scoped(string) char *request = peer_request(peer);
	assert_true(string_starts(request, "GET /api HTTP/1.1\r\n"));
	assert_true(occurs(request, host));
	assert_true(occurs(request, "\r\nX-Juju-ClientVersion: 4.0.14\r\n"));
	assert_true(occurs(request, "\r\nSec-WebSocket-Version: 13\r\n"));
	assert_false(occurs(request, "\r\nOrigin:"));
	assert_false(occurs(request, "\r\nSec-WebSocket-Protocol:"));
	assert_false(occurs(request, "\r\nSec-WebSocket-Extensions:"));
	assert_false(occurs(request, "\r\nCookie:"));
	assert_false(occurs(request, "\r\nAuthorization:"));
	unsetenv("http_proxy");
	scene_release(&scene);
	peer_stop(peer);
	identity_free(identity);
	identity_free(authority);
}

struct answer {
	const char *text;
	enum error_kind kind;
	const char *message;
};

static const struct answer answers[] = {
	{"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/api\r\nContent-Length: 0\r\n\r\n", ERROR_PROTOCOL,
		"cannot open a websocket at the-peer:17070: HTTP status 302, and redirects are not followed"},
	{"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad", ERROR_PROTOCOL,
		"cannot open a websocket at the-peer:17070: HTTP status 400"},
	{"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", ERROR_PROTOCOL,
		"cannot open a websocket at the-peer:17070: HTTP status 401"},
	{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 33\r\n\r\napiserver shutdown in progress...\n",
		ERROR_PROTOCOL, "cannot open a websocket at the-peer:17070: HTTP status 503"},
	{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", ERROR_PROTOCOL,
		"cannot open a websocket at the-peer:17070: HTTP status 200"},
	{"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
	 "no\r\n\r\n",
		ERROR_PROTOCOL, "cannot open a websocket at the-peer:17070: what answers there is not a controller"},
	{"SSH-2.0-OpenSSH_9.2\r\n", ERROR_NETWORK,
		"cannot open a websocket at the-peer:17070: the connection was closed before it answered"},
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(answers); i++) {
		struct scene scene;

		print_message("  %.20s\n", answers[i].text);
		talk(&scene, (struct peer_options){.answer = answers[i].text}, NULL, 0);
		assert_int_equal(scene.opened, 0);
		assert_string_equal(scene.error->message, answers[i].message);
		assert_int_equal(scene.error->kind, answers[i].kind);
		scene_release(&scene);
	}
}

static void test_hangs_up(void **state)
{
	struct scene scene;

	(void)state;
	talk(&scene, (struct peer_options){.manner = PEER_HANGS_UP_LATE}, NULL, 0);
	assert_int_equal(scene.error->kind, ERROR_NETWORK);
	assert_string_equal(scene.error->message,
		"cannot open a websocket at the-peer:17070: the connection was closed before it answered");
	scene_release(&scene);
}

static void test_refused(void **state)
{
	struct peer *peer = peer_start(&(struct peer_options){0});
	int port = peer_port(peer);
	struct scene scene;

	(void)state;
	peer_stop(peer);
	scene_init(&scene);
	scene_open(&scene, port, NULL);
	assert_int_equal(scene.error->kind, ERROR_NETWORK);
	assert_string_equal(
		scene.error->message, "cannot connect to the-peer:17070: connection refused or no route to host");
	assert_int_equal(loop_traffic(scene.loop)->dialled, 1);
	assert_int_equal(loop_traffic(scene.loop)->ended, 1);
	scene_release(&scene);
}

/* Sends what it was told back in fragments of odd sizes, with a ping in between. */
static void serve_fragments(struct peer_connection *connection, void *context)
{
	char *text = peer_read(connection);
	size_t length = text != NULL ? strlen(text) : 0;

	(void)context;
	for (size_t at = 0, size = 1; at < length; at += size, size = (size * 7 + 3) % 5000) {
		if (at + size > length)
			size = length - at;
		peer_frame(connection, at == 0 ? PEER_TEXT : PEER_CONTINUATION, at + size == length, text + at, size);
		if (at == 0)
			peer_frame(connection, PEER_PING, 1, "alive", 5);
	}
	assert_int_equal(peer_await(connection, PEER_PONG), 0);
	free(text);
	peer_say(connection, "done");
	free(peer_read(connection));
}

static void test_fragments(void **state)
{
	size_t length = (size_t)300 * 1024;
	scoped(string) char *text = malloc(length + 1);
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + i % 23);
	text[length] = '\0';
	talk(&scene, (struct peer_options){.serve = serve_fragments}, text, 2);
	assert_int_equal(scene.messages, 2);
	assert_int_equal(scene.received.length, length + 6);
	assert_memory_equal(scene.received.data, text, length);
	assert_string_equal(scene.received.data + length, "\ndone\n");
	assert_int_equal(loop_traffic(scene.loop)->sent, 1);
	assert_int_equal(loop_traffic(scene.loop)->received, 2);
	scene_release(&scene);
}

/* Messages whose lengths are at the borders of what fits a read, a frame head and a TLS record. */
static void serve_lengths(struct peer_connection *connection, void *context)
{
	static const size_t lengths[] = {
		0, 1, 125, 126, 127, 4095, 4096, 4097, 16383, 16384, 16385, 65535, 65536, 70000};
	char *text = calloc(1, 70000);

	(void)context;
	memset(text, 'x', 70000);
	for (size_t i = 0; i < array_length(lengths); i++)
		peer_frame(connection, PEER_TEXT, 1, text, lengths[i]);
	free(text);
	free(peer_read(connection));
}

static void test_lengths(void **state)
{
	struct identity *authority = identity_new(&(struct identity_subject){.authority = 1, .to = 3}, NULL);
	struct identity *identity =
		identity_new(&(struct identity_subject){.name = "x", .from = -1, .to = 3}, authority);
	scoped(string) char *pem = identity_pem(authority);
	struct trust_source trust = {.ca_certificate = pem, .name = "x", .environment = scene_environment};

	(void)state;
	for (int encrypted = 0; encrypted < 2; encrypted++) {
		struct peer_options options = {.identity = encrypted ? identity : NULL, .serve = serve_lengths};
		struct peer *peer = peer_start(&options);
		struct scene scene;

		scene_init(&scene);
		scene.expected = 14;
		scene_open(&scene, peer_port(peer), encrypted ? &trust : NULL);
		assert_int_equal(scene.messages, 14);
		assert_int_equal(scene.received.length,
			1 + 125 + 126 + 127 + 4095 + 4096 + 4097 + 16383 + 16384 + 16385 + 65535 + 65536 + 70000 + 14);
		scene_release(&scene);
		peer_stop(peer);
	}
	identity_free(identity);
	identity_free(authority);
}

static void serve_oversize(struct peer_connection *connection, void *context)
{
	size_t piece = (size_t)1024 * 1024;
	char *text = calloc(1, piece);

	(void)context;
	memset(text, ' ', piece);
	for (int i = 0; i < 18; i++)
		peer_frame(connection, i == 0 ? PEER_TEXT : PEER_CONTINUATION, 0, text, piece);
	free(text);
}

static void serve_binary(struct peer_connection *connection, void *context)
{
	(void)context;
	peer_frame(connection, PEER_BINARY, 1, "{}", 2);
	free(peer_read(connection));
}

static void serve_goodbye(struct peer_connection *connection, void *context)
{
	(void)context;
	peer_frame(connection, PEER_CLOSE, 1, "\x03\xe9going\x1b[2Jaway", 15);
	free(peer_read(connection));
}

static void serve_half(struct peer_connection *connection, void *context)
{
	(void)context;
	peer_frame(connection, PEER_TEXT, 0, "{\"request", 9);
}

struct ending {
	void (*serve)(struct peer_connection *connection, void *context);
	enum error_kind kind;
	const char *message;
};

static const struct ending endings[] = {
	{serve_oversize, ERROR_PROTOCOL, "the-peer:17070 sends a message of more than 16777216 bytes"},
	{serve_binary, ERROR_PROTOCOL, "the-peer:17070 sends data that is not text"},
	{serve_goodbye, ERROR_NETWORK, "the-peer:17070 closed the connection (1001: going?[2Jaway)"},
	{serve_half, ERROR_NETWORK, "the connection to the-peer:17070 broke"},
};

static void test_endings(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(endings); i++) {
		struct scene scene;

		print_message("  %s\n", endings[i].message);
		talk(&scene, (struct peer_options){.serve = endings[i].serve}, NULL, 1);
		assert_int_equal(scene.opened, 1);
		assert_int_equal(scene.ended, 1);
		assert_int_equal(scene.messages, 0);
		assert_string_equal(scene.error->message, endings[i].message);
		assert_int_equal(scene.error->kind, endings[i].kind);
		assert_int_equal(loop_traffic(scene.loop)->ended, 1);
		scene_release(&scene);
	}
}

static void serve_until_close(struct peer_connection *connection, void *context)
{
	int *done = context;

	free(peer_read(connection));
	peer_say(connection, "first");
	free(peer_read(connection));
	__atomic_store_n(done, 1, __ATOMIC_SEQ_CST);
}

/* A close frame goes out even when the loop is freed right after the transport. */
static void test_close_frame(void **state)
{
	int done = 0;
	struct peer *peer = peer_start(&(struct peer_options){.serve = serve_until_close, .context = &done});
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.say = "hello";
	scene.expected = 1;
	scene_open(&scene, peer_port(peer), NULL);
	assert_string_equal(scene.received.data, "first\n");
	scene_release(&scene);
	for (int i = 0; i < 1000 && !__atomic_load_n(&done, __ATOMIC_SEQ_CST); i++)
		usleep(10000);
	assert_int_equal(peer_close_code(peer), 1000);
	peer_stop(peer);
}

/* What has not been opened can be freed at any time, and what is open in its own callback. */
static void test_freed_early(void **state)
{
	struct peer *peer = peer_start(&(struct peer_options){.manner = PEER_SILENT});
	struct transport_target target = {
		.name = "x", .authority = "x:1", .path = "/api", .address = "127.0.0.1", .port = peer_port(peer)};
	struct scene scene;

	(void)state;
	scene_init(&scene);
	transport_free(transport_open(scene.loop, &target, NULL, &scene_events, &scene));
	struct transport *transport = transport_open(scene.loop, &target, NULL, &scene_events, &scene);
	loop_timer_set(scene.loop, &scene.patience, loop_now(scene.loop) + 20 * INSTANT_MILLISECOND,
		(void (*)(void *))loop_stop, scene.loop);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	transport_free(transport);
	assert_int_equal(scene.opened + scene.ended, 0);
	assert_int_equal(loop_traffic(scene.loop)->dialled, 2);
	assert_int_equal(loop_traffic(scene.loop)->ended, 2);
	scene_release(&scene);
	peer_stop(peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tls_with_a_plain_peer),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_hangs_up),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_endings),
		cmocka_unit_test(test_close_frame),
		cmocka_unit_test(test_freed_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
