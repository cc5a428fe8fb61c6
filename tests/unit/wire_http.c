/* SPDX-License-Identifier: Apache-2.0 */
/* Posting to a controller: what is sent, whom it is sent to, and what is made of the reply. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/wire/http.h"
#include "common/wire/transport_http.h"
#include "tests/unit/support/peer.h"

#define PATIENCE (60 * INSTANT_SECOND)

static char *const no_environment[] = {NULL};

struct scene {
	struct clock *clock;
	struct loop *loop;
	struct loop_timer patience;
	int done;
	unsigned int status;
	char *body;
	struct error *error;
};

static void out_of_patience(void *context)
{
	(void)context;
	fail_msg("nothing happens any more");
}

static void posted(void *context, unsigned int status, const char *body, size_t length, const struct error *error)
{
	struct scene *scene = context;

	scene->done++;
	scene->status = status;
	scene->body = string_copy_length(body, length);
	scene->error = error_copy(error);
	loop_stop(scene->loop);
}

static void scene_post(struct scene *scene, struct dial_target target, const char *endpoint)
{
	scoped(secret) struct secret *body = secret_new("id=a&token=s3cret", 17);
	const struct http_request request = {
		.target = &target,
		.endpoint = endpoint,
		.address = "127.0.0.1",
		.path = "/auth/discharge",
		.content_type = "application/x-www-form-urlencoded",
		.body = body,
		.header = "Bakery-Protocol-Version:",
		.value = "3",
	};

	*scene = (struct scene){.clock = clock_new(no_environment, NULL)};
	scene->loop = loop_new(scene->clock, NULL, NULL);
	loop_timer_set(scene->loop, &scene->patience, loop_now(scene->loop) + PATIENCE, out_of_patience, NULL);
	http_post(scene->loop, &request, NULL, posted, scene);
	assert_int_equal(scene->done, 0);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
	loop_timer_cancel(scene->loop, &scene->patience);
	assert_int_equal(scene->done, 1);
}

static void scene_release(struct scene *scene)
{
	loop_free(scene->loop);
	clock_free(scene->clock);
	free(scene->body);
	error_free(scene->error);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"

static struct identity *controller_identity(const struct identity *ca)
{
	const struct identity_subject subject = {.name = "juju-apiserver", .from = -1, .to = 1};

	return identity_new(&subject, ca);
}

static struct identity *authority(void)
{
	const struct identity_subject subject = {.common_name = "an authority", .from = -1, .to = 1, .authority = 1};

	return identity_new(&subject, NULL);
}

/* Over TLS, with the store's CA and the one name of controllers; Host is what was dialled. */
static void test_posts(void **state)
{
	struct identity *ca = authority();
	struct identity *identity = controller_identity(ca);
	struct peer *peer = peer_start(&(struct peer_options){.identity = identity, .answer = OK "{\"a\":1}"});
	scoped(string) char *pem = identity_pem(ca);
	scoped(string) char *endpoint = string_format("127.0.0.1:%d", peer_port(peer));
	struct scene scene;

	(void)state;
	scene_post(&scene, (struct dial_target){.ca_certificate = pem, .environment = no_environment}, endpoint);
	assert_null(scene.error);
	assert_int_equal(scene.status, 200);
	assert_string_equal(scene.body, "{\"a\":1}");
	scoped(string) char *request = peer_request(peer);
	scoped(string) char *sni = peer_sni(peer);
	scoped(string) char *host = string_format("\r\nHost: %s\r\n", endpoint);
	assert_true(string_starts(request, "POST /auth/discharge HTTP/1.1\r\n"));
	assert_non_null(strstr(request, host));
	assert_non_null(strstr(request, "\r\nBakery-Protocol-Version: 3\r\n"));
	assert_non_null(strstr(request, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
	assert_null(strstr(request, "Origin"));
	assert_non_null(strstr(request, "\r\n\r\nid=a&token=s3cret"));
	assert_string_equal(sni, "juju-apiserver");
	peer_stop(peer);
	scene_release(&scene);
	identity_free(identity);
	identity_free(ca);
}

/* Nothing leaves for a peer that the store's CA does not vouch for. */
static void test_foreign_ca(void **state)
{
	struct identity *ca = authority();
	struct identity *other = authority();
	struct identity *identity = controller_identity(other);
	struct peer *peer = peer_start(&(struct peer_options){.identity = identity, .answer = OK "{\"a\":1}"});
	scoped(string) char *pem = identity_pem(ca);
	scoped(string) char *endpoint = string_format("127.0.0.1:%d", peer_port(peer));
	struct scene scene;

	(void)state;
	/* The public name does not help either, and the first refusal is the one to tell. */
	scene_post(&scene,
		(struct dial_target){
			.ca_certificate = pem, .public_hostname = "jimm.example.com", .environment = no_environment},
		endpoint);
	assert_non_null(scene.error);
	assert_int_equal(scene.error->kind, ERROR_TLS);
	assert_non_null(strstr(scene.error->message, "not by the store's CA"));
	assert_int_equal(peer_accepted(peer), 2);
	scoped(string) char *request = peer_request(peer);
	assert_string_equal(request, "");
	peer_stop(peer);
	scene_release(&scene);
	identity_free(identity);
	identity_free(other);
	identity_free(ca);
}

static void test_replies(void **state)
{
	static const struct {
		const char *answer;
		unsigned int status;
		const char *body; /* NULL: a failure */
		enum error_kind kind;
		const char *says;
	} cases[] = {
		{"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Macaroon\r\nContent-Length: 2\r\n\r\n{}", 401, "{}", 0,
			NULL},
		{"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\n\r\nbad", 500, "bad", 0, NULL},
		{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", 0, NULL},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, "abcde",
			0, NULL},
		{"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n", 0,
			NULL, ERROR_PROTOCOL, "HTTP status 307, and redirects are not followed"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbroken off", 0, NULL, ERROR_NETWORK, "broke"},
		{"rubbish\r\n\r\n", 0, NULL, ERROR_NETWORK, ""},
		{"HTTP/1.1  OK\r\nContent-Length: 2\r\n\r\n{}", 0, NULL, ERROR_PROTOCOL, "not a controller"},
		{"HTTP/1.1 99999 OK\r\nContent-Length: 2\r\n\r\n{}", 0, NULL, ERROR_PROTOCOL, "not a controller"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct peer *peer = peer_start(&(struct peer_options){.answer = cases[i].answer});
		scoped(string) char *endpoint = string_format("ws://127.0.0.1:%d", peer_port(peer));
		struct scene scene;

		scene_post(&scene, (struct dial_target){.environment = no_environment}, endpoint);
		assert_int_equal(scene.status, cases[i].status);
		if (cases[i].body != NULL) {
			assert_null(scene.error);
			assert_string_equal(scene.body, cases[i].body);
		} else {
			assert_non_null(scene.error);
			assert_int_equal(scene.error->kind, cases[i].kind);
			assert_non_null(strstr(scene.error->message, cases[i].says));
		}
		peer_stop(peer);
		scene_release(&scene);
	}
}

static void test_no_flood(void **state)
{
	scoped(text) struct text answer;
	struct scene scene;

	(void)state;
	text_init(&answer, 2 * EXCHANGE_BODY_MAX);
	text_add_format(&answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", EXCHANGE_BODY_MAX + 1);
	for (size_t i = 0; i < EXCHANGE_BODY_MAX + 1; i++)
		text_add_string(&answer, "x");
	struct peer *peer = peer_start(&(struct peer_options){.answer = answer.data});
	scoped(string) char *endpoint = string_format("ws://127.0.0.1:%d", peer_port(peer));
	scene_post(&scene, (struct dial_target){.environment = no_environment}, endpoint);
	assert_non_null(scene.error);
	assert_int_equal(scene.error->kind, ERROR_PROTOCOL);
	assert_non_null(strstr(scene.error->message, "a reply of more than"));
	peer_stop(peer);
	scene_release(&scene);
}

static void test_nobody_there(void **state)
{
	struct scene scene;

	(void)state;
	scene_post(&scene, (struct dial_target){.environment = no_environment}, "ws://127.0.0.1:9");
	assert_int_equal(scene.error->kind, ERROR_NETWORK);
	scene_release(&scene);
	scene_post(&scene, (struct dial_target){.environment = no_environment}, "[broken");
	assert_int_equal(scene.error->kind, ERROR_STORE);
	scene_release(&scene);
}

static void stop(void *context)
{
	loop_stop(context);
}

/* Given up at any moment; memory checkers see a leak, and the loop goes on. */
static void test_given_up(void **state)
{
	struct peer *peer = peer_start(&(struct peer_options){.manner = PEER_SILENT});
	scoped(string) char *endpoint = string_format("ws://127.0.0.1:%d", peer_port(peer));
	const struct dial_target target = {.environment = no_environment};
	scoped(secret) struct secret *body = secret_new("{}", 2);
	const struct http_request request = {
		.target = &target,
		.endpoint = endpoint,
		.address = "127.0.0.1",
		.path = "/auth/form",
		.content_type = "application/json",
		.body = body,
	};
	struct scene scene = {.clock = clock_new(no_environment, NULL)};

	(void)state;
	scene.loop = loop_new(scene.clock, NULL, NULL);
	for (int wait = 0; wait < 2; wait++) {
		struct http *http = http_post(scene.loop, &request, NULL, posted, &scene);

		loop_timer_set(scene.loop, &scene.patience, loop_now(scene.loop) + wait * 30 * INSTANT_MILLISECOND,
			stop, scene.loop);
		assert_int_equal(loop_run(scene.loop, NULL), 0);
		http_cancel(http);
	}
	assert_int_equal(scene.done, 0);
	peer_stop(peer);
	scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_posts),
		cmocka_unit_test(test_foreign_ca),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_no_flood),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
