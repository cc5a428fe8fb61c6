/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <json-c/json.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/sim/server_connection.h"
#include "tests/sim/server_loop.h"
#include "tests/sim/server_store.h"
#include "tests/sim/server_talk.h"
#include "tests/sim/world_state.h"

int64_t server_now(const struct server *server)
{
	return world_now(server->world);
}

const char *server_uuid(const struct server *server)
{
	return server->world->uuid;
}

static int listen_on(struct server *server, struct error **error)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)server->options->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int on = 1;

	server->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->listening < 0 || setsockopt(server->listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		setsockopt(server->listening, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
		bind(server->listening, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(server->listening, SOMAXCONN) < 0 ||
		getsockname(server->listening, (struct sockaddr *)&address, &size) < 0)
		return error_set(error, ERROR_FAILED, "cannot listen on 127.0.0.1: %s", strerror(errno));
	server->port = ntohs(address.sin_port);
	return 0;
}

static int watch_signals(struct server *server, struct error **error)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	server->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	signal(SIGPIPE, SIG_IGN);
	return server->signals < 0 ? error_set(error, ERROR_FAILED, "cannot watch signals: %s", strerror(errno)) : 0;
}

/* The servers imitated here agree to HTTP/1.1 when they are offered it, else to nothing. */
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

static int prepare_tls(struct server *server, struct error **error)
{
	if (pki_init(&server->pki, server->options->tls, error) < 0)
		return -1;
	server->tls = SSL_CTX_new(TLS_server_method());
	if (!server->tls || SSL_CTX_use_certificate(server->tls, server->pki.certificate) != 1 ||
		SSL_CTX_use_PrivateKey(server->tls, server->pki.key) != 1)
		return error_set(error, ERROR_FAILED, "cannot prepare TLS");
	SSL_CTX_set_min_proto_version(server->tls, TLS1_2_VERSION);
	SSL_CTX_set_mode(server->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_alpn_select_cb(server->tls, choose_protocol, NULL);
	return 0;
}

static int open_log(struct server *server, struct error **error)
{
	const char *path = server->options->wire;

	if (path && !(server->wire = fopen(path, "we")))
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

static int write_ca(const struct server *server, struct error **error)
{
	const char *path = server->options->ca;
	FILE *file = path ? fopen(path, "we") : NULL;

	if (!path)
		return 0;
	if (!file || fputs(server->pki.ca, file) < 0 || fclose(file) != 0)
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

/* In real time the world begins now, unless its script says otherwise: its instants are compared with real ones. */
static struct world *make_world(const struct server_options *options, struct error **error)
{
	struct json_object *script =
		options->script ? json_object_from_file(options->script) : json_object_new_object();
	char now[INSTANT_TEXT_SIZE];

	if (!json_object_is_type(script, json_type_object)) {
		json_object_put(script);
		return world_load(options->script, error);
	}
	if (!options->clock && !json_object_object_get(script, "start"))
		json_object_object_add(
			script, "start", json_object_new_string(instant_format(time(NULL) * INSTANT_SECOND, now)));
	struct world *world = world_new(script, error);
	json_object_put(script);
	return world;
}

int server_init(struct server *server, const struct server_options *options, struct error **error)
{
	*server = (struct server){.options = options, .listening = -1, .signals = -1};
	server->clock.listening = -1;
	server->late.at = INSTANT_NEVER;
	server->world = make_world(options, error);
	if (!server->world || prepare_tls(server, error) < 0 || listen_on(server, error) < 0 ||
		watch_signals(server, error) < 0 || open_log(server, error) < 0 || write_ca(server, error) < 0)
		return -1;
	server->world_start = world_now(server->world);
	server->real_start = server_clock_real();
	server->ends = server->real_start + options->lifetime;
	if (server_clock_init(&server->clock, options->clock, server->world_start, error) < 0)
		return -1;
	server->clock.grace = options->grace;
	if (!options->directory)
		return 0;
	return server_store_write(server->world, options->directory, server->port, server->pki.ca, error);
}

static int write_report(const struct server *server, struct error **error)
{
	const char *path = server->options->report;
	FILE *file = path ? fopen(path, "we") : NULL;

	if (!path)
		return 0;
	if (!file)
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	world_report(server->world, file);
	return fclose(file) == 0 ? 0 : error_set(error, ERROR_FAILED, "cannot write %s", path);
}

int server_run(struct server *server, struct error **error)
{
	while (!server->ended) {
		if (server_loop_turn(server, error) < 0)
			return -1;
	}
	return write_report(server, error);
}

void server_release(struct server *server)
{
	while (server->connections) {
		struct server_connection *connection = server->connections;
		server->connections = connection->next;
		server_connection_free(connection);
	}
	server_late_clear(server);
	server_clock_release(&server->clock);
	world_free(server->world);
	pki_release(&server->pki);
	SSL_CTX_free(server->tls);
	if (server->wire)
		fclose(server->wire);
	if (server->listening >= 0)
		close(server->listening);
	if (server->signals >= 0)
		close(server->signals);
}
