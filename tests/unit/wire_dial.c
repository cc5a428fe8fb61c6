/* SPDX-License-Identifier: Apache-2.0 */
/* Dialling: several endpoints side by side, whom they are trusted by, and which failure is reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/wire/dial.h"
#include "common/wire/loop_private.h"
#include "common/wire/transport.h"
#include "tests/unit/support/peer.h"

#define PATIENCE (60 * INSTANT_SECOND)

struct scene {
	struct clock *clock;
	struct loop *loop;
	struct loop_timer patience;
	struct dial *dial;
	int done;
	char *endpoint;
	char *address;
	struct error *error;
	int64_t took;
};

static char *const no_environment[] = {NULL};

static void out_of_patience(void *context)
{
	(void)context;
	fail_msg("nothing happens any more");
}

static void dialled(void *context, struct transport *transport, const char *endpoint, const char *address,
	const struct error *error)
{
	struct scene *scene = context;

	assert_int_equal(scene->done, 0);
	scene->done = 1;
	scene->endpoint = string_copy(endpoint);
	scene->address = string_copy(address);
	scene->error = error_copy(error);
	assert_true((transport == NULL) == (error != NULL));
	transport_free(transport);
	loop_stop(scene->loop);
}

static void scene_dial(struct scene *scene, const struct dial_target *target)
{
	*scene = (struct scene){.clock = clock_new(no_environment, NULL)};
	scene->loop = loop_new(scene->clock, NULL, NULL);
	int64_t start = loop_now(scene->loop);
	scene->dial = dial_start(scene->loop, target, NULL, dialled, scene);
	assert_int_equal(scene->done, 0);
	loop_timer_set(scene->loop, &scene->patience, loop_now(scene->loop) + PATIENCE, out_of_patience, NULL);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
	loop_timer_cancel(scene->loop, &scene->patience);
	scene->took = loop_now(scene->loop) - start;
	assert_int_equal(scene->done, 1);
}

static void scene_release(struct scene *scene)
{
	loop_free(scene->loop);
	clock_free(scene->clock);
	free(scene->endpoint);
	free(scene->address);
	error_free(scene->error);
}

static struct dial_target target_of(const char *const *endpoints, size_t count)
{
	return (struct dial_target){
		.endpoints = endpoints,
		.endpoint_count = count,
		.path = "/api",
		.environment = no_environment,
		.timeout = 30 * INSTANT_SECOND,
		.seed = 1,
	};
}

static void expect_failure(struct scene *scene, enum error_kind kind, const char *message)
{
	assert_non_null(scene->error);
	assert_string_equal(scene->error->message, message);
	assert_int_equal(scene->error->kind, kind);
}

/* Whatever the order: a dead endpoint, a silent one and a broken one do not keep the good one from winning. */
static void test_first_wins(void **state)
{
	struct peer *good = peer_start(&(struct peer_options){0});
	struct peer *silent = peer_start(&(struct peer_options){.manner = PEER_SILENT});
	struct peer *broken = peer_start(&(struct peer_options){.answer = "HTTP/1.1 503 no\r\n\r\n"});
	scoped(string) char *one = string_format("ws://127.0.0.1:%d/prefix/", peer_port(good));
	scoped(string) char *two = string_format("ws://127.0.0.1:%d", peer_port(silent));
	scoped(string) char *three = string_format("ws://127.0.0.1:%d", peer_port(broken));
	const char *endpoints[] = {one, two, "ws://127.0.0.1:9", three};

	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct dial_target target = target_of(endpoints, 4);
		struct scene scene;

		target.seed = seed;
		scene_dial(&scene, &target);
		assert_null(scene.error);
		assert_string_equal(scene.endpoint, one);
		assert_string_equal(scene.address, "127.0.0.1");
		assert_true(scene.took < 8 * INSTANT_SECOND);
		scoped(string) char *request = peer_request(good);
		assert_true(string_starts(request, "GET /prefix/api HTTP/1.1\r\n"));
		scene_release(&scene);
	}
	peer_stop(good);
	peer_stop(silent);
	peer_stop(broken);
}

static void test_order(void **state)
{
	struct peer *peers[4];
	char *endpoints[4];
	size_t first[4] = {0};

	(void)state;
	for (int i = 0; i < 4; i++) {
		peers[i] = peer_start(&(struct peer_options){0});
		endpoints[i] = string_format("ws://127.0.0.1:%d", peer_port(peers[i]));
	}
	for (uint64_t seed = 1; seed <= 24; seed++) {
		struct dial_target target = target_of((const char *const *)endpoints, 4);
		struct scene scene;

		target.seed = seed * 7919;
		scene_dial(&scene, &target);
		for (int i = 0; i < 4; i++)
			first[i] += strcmp(scene.endpoint, endpoints[i]) == 0;
		scene_release(&scene);
	}
	for (int i = 0; i < 4; i++) {
		assert_true(first[i] >= 1);
		peer_stop(peers[i]);
		free(endpoints[i]);
	}
}

static void test_reported_failure(void **state)
{
	struct peer *broken = peer_start(&(struct peer_options){.answer = "HTTP/1.1 503 no\r\n\r\n"});
	scoped(string) char *one = string_format("ws://127.0.0.1:%d", peer_port(broken));
	const char *endpoints[] = {"ws://127.0.0.1:9", one, "ws://127.0.0.1:7"};
	struct dial_target target = target_of(endpoints, 3);
	scoped(string) char *message = string_format("cannot open a websocket at %s: HTTP status 503", one);
	struct scene scene;

	(void)state;
	scene_dial(&scene, &target);
	expect_failure(&scene, ERROR_PROTOCOL, message);
	/* Nobody waited for an answer that cannot come. */
	assert_true(scene.took < 5 * INSTANT_SECOND);
	scene_release(&scene);
	peer_stop(broken);
}

static void test_nothing_to_dial(void **state)
{
	const char *endpoints[] = {"not an endpoint"};
	struct dial_target target = target_of(endpoints, 0);
	struct scene scene;

	(void)state;
	scene_dial(&scene, &target);
	expect_failure(&scene, ERROR_NETWORK, "cannot connect: there is no address to connect to");
	scene_release(&scene);
	target.endpoint_count = 1;
	scene_dial(&scene, &target);
	expect_failure(
		&scene, ERROR_STORE, "cannot use the endpoint \"not an endpoint\": it is not of the form host:port");
	scene_release(&scene);
}

static void test_overall_timeout(void **state)
{
	struct peer *silent = peer_start(&(struct peer_options){.manner = PEER_SILENT});
	scoped(string) char *one = string_format("ws://127.0.0.1:%d", peer_port(silent));
	const char *endpoints[] = {one};
	struct dial_target target = target_of(endpoints, 1);
	scoped(string) char *message = string_format("cannot connect to %s: no answer within 0.2 seconds", one);
	struct scene scene;

	(void)state;
	target.timeout = 200 * INSTANT_MILLISECOND;
	scene_dial(&scene, &target);
	expect_failure(&scene, ERROR_TIMEOUT, message);
	scene_release(&scene);
	peer_stop(silent);
}

static void test_cancelled(void **state)
{
	struct peer *silent = peer_start(&(struct peer_options){.manner = PEER_SILENT});
	scoped(string) char *one = string_format("ws://127.0.0.1:%d", peer_port(silent));
	const char *endpoints[] = {one, "ws://localhost:9"};
	struct dial_target target = target_of(endpoints, 2);
	struct scene scene = {.clock = clock_new(no_environment, NULL)};

	(void)state;
	scene.loop = loop_new(scene.clock, NULL, NULL);
	dial_cancel(dial_start(scene.loop, &target, NULL, dialled, &scene));
	struct dial *dial = dial_start(scene.loop, &target, NULL, dialled, &scene);
	loop_timer_set(scene.loop, &scene.patience, loop_now(scene.loop) + 100 * INSTANT_MILLISECOND,
		(void (*)(void *))loop_stop, scene.loop);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	dial_cancel(dial);
	assert_int_equal(scene.done, 0);
	assert_int_equal(loop_traffic(scene.loop)->dialled, loop_traffic(scene.loop)->ended);
	scene_release(&scene);
	peer_stop(silent);
}

static void test_name(void **state)
{
	struct peer *peer = peer_start(&(struct peer_options){0});
	scoped(string) char *one = string_format("ws://localhost:%d", peer_port(peer));
	scoped(string) char *host = string_format("\r\nHost: localhost:%d\r\n", peer_port(peer));
	const char *endpoints[] = {one};
	struct dial_target target = target_of(endpoints, 1);
	struct scene scene;

	(void)state;
	scene_dial(&scene, &target);
	assert_null(scene.error);
	assert_string_equal(scene.address, "127.0.0.1");
	scoped(string) char *request = peer_request(peer);
	assert_non_null(strstr(request, host));
	scene_release(&scene);
	peer_stop(peer);
}

/* Neither straight nor through a proxy, not even one on this machine, which sends it on: nobody is to read it on the way. */
static void test_plain_only_here(void **state)
{
	struct peer *peer = peer_start(&(struct peer_options){0});
	scoped(string) char *variable = string_format("http_proxy=http://127.0.0.1:%d", peer_port(peer));
	scoped(string) char *named = string_format("ws://controller.example.com:%d", peer_port(peer));
	char *const environment[] = {variable, NULL};
	const char *const outside[] = {"192.0.2.1"};
	const struct dial_remembered remembered = {.host = "controller.example.com", .addresses = outside, .count = 1};

	(void)state;
	for (int i = 0; i < 4; i++) {
		const char *one = i < 2 ? "ws://192.0.2.1:17070" : named;
		struct dial_target target = target_of(&one, 1);
		struct scene scene;

		target.environment = i % 2 == 0 ? no_environment : environment;
		target.remembered = &remembered;
		target.remembered_count = 1;
		scene_dial(&scene, &target);
		scoped(string) char *message = string_format("cannot connect to %s: without TLS everybody on the way "
							     "could read what is secret; make it wss://",
			one);
		expect_failure(&scene, ERROR_STORE, message);
		scene_release(&scene);
	}
	assert_int_equal(peer_accepted(peer), 0);
	peer_stop(peer);
}

static void test_unknown_name(void **state)
{
	const char *endpoints[] = {"name.invalid:17070"};
	struct dial_target target = target_of(endpoints, 1);
	struct scene scene;

	(void)state;
	scene_dial(&scene, &target);
	assert_int_equal(scene.error->kind, ERROR_NETWORK);
	assert_true(string_starts(scene.error->message, "cannot look up \"name.invalid\": "));
	scene_release(&scene);
}

/* A name that nobody knows is reached where it was last time. */
static void test_remembered(void **state)
{
	struct peer *peer = peer_start(&(struct peer_options){0});
	scoped(string) char *one = string_format("ws://name.invalid:%d", peer_port(peer));
	const char *endpoints[] = {one};
	const char *const addresses[] = {"nonsense", "127.0.0.3", "127.0.0.1"};
	const struct dial_remembered remembered = {.host = "Name.invalid", .addresses = addresses, .count = 3};
	struct dial_target target = target_of(endpoints, 1);
	struct scene scene;

	(void)state;
	target.remembered = &remembered;
	target.remembered_count = 1;
	scene_dial(&scene, &target);
	assert_null(scene.error);
	assert_string_equal(scene.address, "127.0.0.1");
	scene_release(&scene);
	peer_stop(peer);
}

/* A stored CA, and a server that shows a public certificate instead. */
struct fallback {
	const char *what;
	const char *name;            /* of the public certificate */
	const char *public_hostname; /* of the store */
	int system_knows;            /* the system's authorities vouch for the certificate */
	const char *message;         /* NULL: it opens; "%s" is the endpoint */
};

#define UNKNOWN                                                                                                        \
	"cannot trust %s: certificate signed by unknown authority, not by the store's CA; if it is a new one, \"juju " \
	"unregister\" it and add it again"

static const struct fallback fallbacks[] = {
	{"no public name", "juju.example.com", NULL, 1, UNKNOWN},
	{"the public name", "juju.example.com", "juju.example.com:443", 1, NULL},
	{"another public name", "juju.example.com", "other.example.com", 1, UNKNOWN},
	{"not known to the system", "juju.example.com", "juju.example.com", 0, UNKNOWN},
};

static void check_fallback(
	const struct fallback *fallback, const struct identity *stored, const struct identity *public, const char *file)
{
	struct identity_subject subject = {.name = fallback->name, .from = -1, .to = 3};
	struct identity *identity = identity_new(&subject, public);
	struct peer *peer = peer_start(&(struct peer_options){.identity = identity});
	scoped(string) char *pem = identity_pem(stored);
	scoped(string) char *one = string_format("127.0.0.1:%d", peer_port(peer));
	scoped(string) char *variable = string_format("SSL_CERT_FILE=%s", fallback->system_knows ? file : "/nowhere");
	char *environment[] = {variable, "SSL_CERT_DIR=/nowhere", NULL};
	const char *endpoints[] = {one};
	struct dial_target target = target_of(endpoints, 1);
	struct scene scene;

	print_message("  %s\n", fallback->what);
	target.ca_certificate = pem;
	target.public_hostname = fallback->public_hostname;
	target.environment = environment;
	scene_dial(&scene, &target);
	scoped(string) char *sni = peer_sni(peer);
	if (fallback->message == NULL) {
		assert_null(scene.error);
		assert_string_equal(sni, "juju.example.com");
	} else {
		scoped(string) char *message = string_format(UNKNOWN, one);
		expect_failure(&scene, ERROR_TLS, message);
		assert_int_equal(peer_accepted(peer), fallback->public_hostname != NULL ? 2 : 1);
	}
	scene_release(&scene);
	peer_stop(peer);
	identity_free(identity);
}

static void test_fallback(void **state)
{
	char file[] = "/tmp/wire_dial.XXXXXX";
	struct identity_subject authority = {.common_name = "stored", .authority = 1, .from = -3, .to = 3};
	struct identity *stored = identity_new(&authority, NULL);
	authority.common_name = "public";
	struct identity *public = identity_new(&authority, NULL);
	scoped(string) char *pem = identity_pem(public);
	int descriptor = mkstemp(file);

	(void)state;
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, pem, strlen(pem)), (ssize_t)strlen(pem));
	close(descriptor);
	for (size_t i = 0; i < array_length(fallbacks); i++)
		check_fallback(&fallbacks[i], stored, public, file);
	unlink(file);
	identity_free(stored);
	identity_free(public);
}

static void test_pinned(void **state)
{
	struct identity_subject authority = {.authority = 1, .from = -3, .to = 3};
	struct identity *stored = identity_new(&authority, NULL);
	struct identity *identity =
		identity_new(&(struct identity_subject){.name = "juju-apiserver", .from = -1, .to = 3}, stored);
	struct peer *peer = peer_start(&(struct peer_options){.identity = identity});
	scoped(string) char *pem = identity_pem(stored);
	scoped(string) char *one = string_format("127.0.0.1:%d", peer_port(peer));
	const char *endpoints[] = {one};
	struct dial_target target = target_of(endpoints, 1);
	struct scene scene;

	(void)state;
	target.ca_certificate = pem;
	target.public_hostname = "jimm.example.com";
	scene_dial(&scene, &target);
	assert_null(scene.error);
	scoped(string) char *sni = peer_sni(peer);
	assert_string_equal(sni, "juju-apiserver");
	scene_release(&scene);
	target.ca_certificate = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
	target.public_hostname = NULL;
	scene_dial(&scene, &target);
	expect_failure(&scene, ERROR_STORE,
		"cannot use the CA certificate of the client store: there is no certificate in it");
	scene_release(&scene);
	peer_stop(peer);
	identity_free(identity);
	identity_free(stored);
}

/* A proxy that refuses: it is asked for the endpoint by name, and nothing is looked up. */
static void test_proxy(void **state)
{
	struct peer *proxy = peer_start(&(struct peer_options){.answer = "HTTP/1.1 403 Forbidden\r\n\r\n"});
	scoped(string) char *variable = string_format("https_proxy=http://bob:s3cret@127.0.0.1:%d", peer_port(proxy));
	char *environment[] = {variable, NULL};
	const char *endpoints[] = {"name.invalid:17070"};
	struct dial_target target = target_of(endpoints, 1);
	struct scene scene;

	(void)state;
	target.environment = environment;
	scene_dial(&scene, &target);
	expect_failure(&scene, ERROR_NETWORK, "cannot connect to name.invalid:17070: the proxy refuses it");
	scoped(string) char *request = peer_request(proxy);
	assert_true(string_starts(request, "CONNECT name.invalid:17070 HTTP/1.1\r\n"));
	assert_non_null(strcasestr(request, "\r\nProxy-Authorization: basic Ym9iOnMzY3JldA==\r\n"));
	scene_release(&scene);
	peer_stop(proxy);
}

/* Through a proxy, with TLS from end to end: the proxy gets the authority of the endpoint, and nothing else. */
static void test_through_proxy(void **state)
{
	struct identity_subject authority = {.authority = 1, .from = -3, .to = 3};
	struct identity *stored = identity_new(&authority, NULL);
	struct identity *identity =
		identity_new(&(struct identity_subject){.name = "juju-apiserver", .from = -1, .to = 3}, stored);
	scoped(string) char *pem = identity_pem(stored);
	struct peer *proxy = peer_start(&(struct peer_options){.identity = identity, .tunnel = 1});
	scoped(string) char *variable = string_format("HTTPS_PROXY=127.0.0.1:%d", peer_port(proxy));
	char *environment[] = {variable, "no_proxy=other.example.com", NULL};
	static const char *const endpoints[] = {"name.invalid:17070", "[fd00::1]:17070"};

	(void)state;
	for (size_t i = 0; i < array_length(endpoints); i++) {
		struct dial_target target = target_of(&endpoints[i], 1);
		scoped(string) char *start = string_format("CONNECT %s HTTP/1.1\r\n", endpoints[i]);
		scoped(string) char *host = string_format("\r\nHost: %s\r\n", endpoints[i]);
		struct scene scene;

		target.environment = environment;
		target.ca_certificate = pem;
		scene_dial(&scene, &target);
		assert_null(scene.error);
		assert_string_equal(scene.endpoint, endpoints[i]);
		scoped(string) char *connect = peer_tunnel_request(proxy);
		scoped(string) char *request = peer_request(proxy);
		assert_true(string_starts(connect, start));
		assert_null(strcasestr(connect, "Proxy-Authorization"));
		assert_non_null(strstr(request, host));
		scene_release(&scene);
	}
	peer_stop(proxy);
	identity_free(identity);
	identity_free(stored);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_wins),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_reported_failure),
		cmocka_unit_test(test_nothing_to_dial),
		cmocka_unit_test(test_overall_timeout),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_plain_only_here),
		cmocka_unit_test(test_unknown_name),
		cmocka_unit_test(test_remembered),
		cmocka_unit_test(test_fallback),
		cmocka_unit_test(test_pinned),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_through_proxy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
