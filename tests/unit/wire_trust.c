/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a connection trusts: a table of certificates against real peers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/wire/transport.h"
#include "tests/unit/support/peer.h"
#include "tests/unit/support/scene.h"

struct refusal {
	const char *what;
	struct identity_subject subject;
	int other_authority; /* 1: signed by an unknown authority, 2: by one that has the known one's name */
	int self_signed;
	const char *name;    /* that is to be verified */
	const char *message; /* NULL: the connection opens */
};

static const struct refusal refusals[] = {
	{"right name", {.name = "juju-apiserver", .from = -1, .to = 9}, 0, 0, "juju-apiserver", NULL},
	{"right address", {.ip = "127.0.0.1", .from = -1, .to = 9}, 0, 0, "127.0.0.1", NULL},
	{"unknown authority", {.name = "juju-apiserver", .from = -1, .to = 9}, 1, 0, "juju-apiserver",
		"cannot trust the-peer:17070: certificate signed by unknown authority, not by the store's CA; if it is "
		"a new one, \"juju unregister\" it and add it again"},
	{"false authority", {.name = "juju-apiserver", .from = -1, .to = 9}, 2, 0, "juju-apiserver",
		"cannot trust the-peer:17070: certificate signed by unknown authority, not by the store's CA; if it is "
		"a new one, \"juju unregister\" it and add it again"},
	{"self-signed", {.name = "juju-apiserver", .from = -1, .to = 9}, 0, 1, "juju-apiserver",
		"cannot trust the-peer:17070: certificate signed by unknown authority, not by the store's CA; if it is "
		"a new one, \"juju unregister\" it and add it again"},
	{"wrong name", {.name = "example.com", .from = -1, .to = 9}, 0, 0, "juju-apiserver",
		"cannot trust the-peer:17070: certificate is not valid for the name \"juju-apiserver\"; check that the "
		"address "
		"belongs to this controller"},
	{"wrong address", {.ip = "127.0.0.2", .from = -1, .to = 9}, 0, 0, "127.0.0.1",
		"cannot trust the-peer:17070: certificate is not valid for the name \"127.0.0.1\"; check that the "
		"address belongs "
		"to this controller"},
	{"address as a name", {.name = "127.0.0.1", .from = -1, .to = 9}, 0, 0, "127.0.0.1",
		"cannot trust the-peer:17070: certificate is not valid for the name \"127.0.0.1\"; check that the "
		"address belongs "
		"to this controller"},
	{"expired", {.name = "juju-apiserver", .from = -9, .to = -1}, 0, 0, "juju-apiserver",
		"cannot trust the-peer:17070: certificate has expired; check this machine's clock, or have the "
		"server's "
		"certificate renewed"},
	{"not yet valid", {.name = "juju-apiserver", .from = 1, .to = 9}, 0, 0, "juju-apiserver",
		"cannot trust the-peer:17070: certificate is not valid yet; check this machine's clock"},
};

static void check_refusal(const struct refusal *refusal, const struct identity *const authorities[3])
{
	const struct identity *trusted = authorities[0];
	const struct identity *issuer = authorities[refusal->other_authority];
	struct identity *identity = identity_new(&refusal->subject, refusal->self_signed ? NULL : issuer);
	scoped(string) char *pem = identity_pem(trusted);
	struct trust_source trust = {.ca_certificate = pem, .name = refusal->name, .environment = scene_environment};
	struct peer *peer = peer_start(&(struct peer_options){.identity = identity});
	struct scene scene;

	print_message("  %s\n", refusal->what);
	scene_init(&scene);
	scene_open(&scene, peer_port(peer), &trust);
	scoped(string) char *request = peer_request(peer);
	scoped(string) char *sni = peer_sni(peer);
	if (refusal->message == NULL) {
		assert_int_equal(scene.opened, 1);
		assert_string_equal(sni, strcmp(refusal->name, "127.0.0.1") == 0 ? "" : refusal->name);
	} else {
		assert_int_equal(scene.opened, 0);
		assert_int_equal(scene.error->kind, ERROR_TLS);
		assert_string_equal(scene.error->message, refusal->message);
		/* Nothing at all is told to a peer that is not trusted. */
		assert_string_equal(request, "");
	}
	scene_release(&scene);
	peer_stop(peer);
	identity_free(identity);
}

static void test_trust(void **state)
{
	struct identity_subject authority = {.common_name = "known", .authority = 1, .from = -30, .to = 30};
	struct identity_subject unknown = {.common_name = "unknown", .authority = 1, .from = -30, .to = 30};
	struct identity *authorities[] = {
		identity_new(&authority, NULL), identity_new(&unknown, NULL), identity_new(&authority, NULL)};

	(void)state;
	for (size_t i = 0; i < array_length(refusals); i++)
		check_refusal(&refusals[i], (const struct identity *const *)authorities);
	for (size_t i = 0; i < array_length(authorities); i++)
		identity_free(authorities[i]);
}

/* The system's authorities are those in SSL_CERT_FILE and SSL_CERT_DIR. */
static void test_system_authorities(void **state)
{
	char file[] = "/tmp/wire_transport.XXXXXX";
	struct identity *authority =
		identity_new(&(struct identity_subject){.authority = 1, .from = -3, .to = 3}, NULL);
	struct identity_subject subject = {.name = "jimm.example.com", .from = -1, .to = 9};
	struct identity *identity = identity_new(&subject, authority);
	scoped(string) char *pem = identity_pem(authority);
	int descriptor = mkstemp(file);
	struct peer *peer = peer_start(&(struct peer_options){.identity = identity});

	(void)state;
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, pem, strlen(pem)), (ssize_t)strlen(pem));
	close(descriptor);
	for (int known = 0; known < 2; known++) {
		scoped(string) char *variable = string_format("SSL_CERT_FILE=%s", known ? file : "/nowhere");
		char *environment[] = {variable, "SSL_CERT_DIR=/nowhere", NULL};
		struct trust_source trust = {.name = "jimm.example.com", .environment = environment};
		struct scene scene;

		scene_init(&scene);
		scene_open(&scene, peer_port(peer), &trust);
		assert_int_equal(scene.opened, known);
		if (!known)
			assert_string_equal(scene.error->message,
				"cannot trust the-peer:17070: certificate signed by unknown authority; add the "
				"authority to this "
				"system's certificates, or name its file in SSL_CERT_FILE");
		scene_release(&scene);
	}
	unlink(file);
	peer_stop(peer);
	identity_free(identity);
	identity_free(authority);
}

static void open_again(struct scene *scene, const struct peer *peer, const struct trust_source *trust)
{
	transport_free(steal(scene->transport));
	scene->opened = 0;
	scene_open(scene, peer_port(peer), trust);
}

/* A peer that takes its own session up is not verified a second time; any other peer is, though it is offered that session. */
static void test_a_session_is_taken_up_by_its_own_peer_only(void **state)
{
	struct identity_subject known = {.common_name = "known", .authority = 1, .from = -3, .to = 3};
	struct identity_subject unknown = {.common_name = "unknown", .authority = 1, .from = -3, .to = 3};
	struct identity_subject subject = {.name = "juju-apiserver", .from = -1, .to = 9};
	struct identity *authorities[] = {identity_new(&known, NULL), identity_new(&unknown, NULL)};
	struct identity *identities[] = {
		identity_new(&subject, authorities[0]), identity_new(&subject, authorities[1])};
	scoped(string) char *pem = identity_pem(authorities[0]);
	struct trust_source trust = {.ca_certificate = pem, .name = "juju-apiserver", .environment = scene_environment};
	struct peer *own = peer_start(&(struct peer_options){.identity = identities[0]});
	struct peer *other = peer_start(&(struct peer_options){.identity = identities[1]});
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene_open(&scene, peer_port(own), &trust);
	assert_int_equal(scene.opened, 1);
	open_again(&scene, own, &trust);
	assert_int_equal(scene.opened, 1);
	assert_int_equal(peer_resumed(own), 1);
	open_again(&scene, other, &trust);
	assert_int_equal(scene.opened, 0);
	assert_int_equal(scene.error->kind, ERROR_TLS);
	assert_int_equal(peer_resumed(other), 0);
	scene_release(&scene);
	peer_stop(own);
	peer_stop(other);
	for (int i = 0; i < 2; i++) {
		identity_free(identities[i]);
		identity_free(authorities[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_system_authorities),
		cmocka_unit_test(test_a_session_is_taken_up_by_its_own_peer_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
