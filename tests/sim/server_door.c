/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_door.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/sim/world_door.h"

/* While one connection waits to be accepted, the system answers no further one. */
static int fill_up(struct server_door *door, const struct sockaddr_in *address)
{
	if (listen(door->listening, 0) < 0)
		return -1;
	door->waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return door->waiting < 0 ? -1 : connect(door->waiting, (const struct sockaddr *)address, sizeof(*address));
}

/* Even a dead controller keeps its port, so that nobody else gets it. */
static int begin_to_listen(struct server_door *door, const struct sockaddr_in *address)
{
	enum world_dead dead = door->controller ? door->controller->door->dead : WORLD_ALIVE;

	door->unlistened = dead == WORLD_DEAD_REFUSES || dead == WORLD_DEAD_SILENT_TCP;
	if (dead == WORLD_DEAD_SILENT_TCP)
		return fill_up(door, address);
	return dead == WORLD_DEAD_REFUSES ? 0 : listen(door->listening, SOMAXCONN);
}

static int listen_on(struct server_door *door, int port, struct error **error)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int on = 1;

	door->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (door->listening < 0 || setsockopt(door->listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		setsockopt(door->listening, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
		bind(door->listening, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		getsockname(door->listening, (struct sockaddr *)&address, &size) < 0 ||
		begin_to_listen(door, &address) < 0)
		return error_set(error, ERROR_FAILED, "cannot listen on 127.0.0.1: %s", strerror(errno));
	door->port = ntohs(address.sin_port);
	return 0;
}

/* The imitated servers choose HTTP/1.1 if it is offered, else nothing. */
static int choose_protocol(SSL *tls, const unsigned char **chosen, unsigned char *chosen_length,
	const unsigned char *offered, unsigned int offered_length, void *context)
{
	static const unsigned char ours[] = "\x08http/1.1";

	(void)tls;
	(void)context;
	if (SSL_select_next_proto((unsigned char **)(uintptr_t)chosen, chosen_length, ours, sizeof(ours) - 1, offered,
		    offered_length) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *tls_of(X509 *certificate, EVP_PKEY *key)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (!tls || SSL_CTX_use_certificate(tls, certificate) != 1 || SSL_CTX_use_PrivateKey(tls, key) != 1) {
		SSL_CTX_free(tls);
		return NULL;
	}
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_alpn_select_cb(tls, choose_protocol, NULL);
	return tls;
}

/* A controller shows its usual certificate to a peer that names any server, and one with addresses only to a peer that names none. */
static int choose_certificate(SSL *tls, int *alert, void *context)
{
	const struct server_door *door = context;

	(void)alert;
	if (!SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name))
		SSL_set_SSL_CTX(tls, door->unnamed);
	return SSL_TLSEXT_ERR_OK;
}

static int prepare_tls(struct server_door *door, enum pki_kind kind, struct error **error)
{
	const char *names = door->controller ? PKI_CONTROLLER_NAMES : PKI_JIMM_NAMES;

	if (pki_init(&door->pki, kind, names, error) < 0)
		return -1;
	door->tls = tls_of(door->pki.certificate, door->pki.key);
	if (door->controller)
		door->unnamed = tls_of(door->pki.unnamed, door->pki.key);
	if (!door->tls || (door->controller && !door->unnamed))
		return error_set(error, ERROR_FAILED, "cannot prepare TLS");
	if (door->unnamed) {
		SSL_CTX_set_tlsext_servername_callback(door->tls, choose_certificate);
		SSL_CTX_set_tlsext_servername_arg(door->tls, door);
	}
	return 0;
}

int server_door_open(struct server_door *door, struct world_controller *controller, enum pki_kind kind, int port,
	struct error **error)
{
	*door = (struct server_door){.controller = controller, .listening = -1};
	if (prepare_tls(door, kind, error) < 0 || listen_on(door, port, error) < 0)
		return -1;
	if (controller)
		world_door_opened(controller, door->port, door->pki.ca);
	return 0;
}

void server_door_release(struct server_door *door)
{
	pki_release(&door->pki);
	SSL_CTX_free(door->tls);
	SSL_CTX_free(door->unnamed);
	if (door->listening >= 0)
		close(door->listening);
	if (door->waiting > 0)
		close(door->waiting);
	*door = (struct server_door){.listening = -1};
}
