/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/support/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Longest upgrade request and longest message that is taken. */
#define REQUEST_MAX 8192
#define MESSAGE_MAX ((size_t)32 * 1024 * 1024)

struct peer {
	struct peer_options options;
	SSL_CTX *tls;
	int listener;
	int port;
	int stop[2]; /* a pipe: readable when the peer is to end */
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	int accepted;
	int resumed;
	int close_code;
	char request[REQUEST_MAX + 1];
	char tunnel_request[REQUEST_MAX + 1];
	char sni[256];
};

struct peer_connection {
	struct peer *peer;
	int socket;
	SSL *tls;
	int kind; /* of the frame that came last */
};

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "peer: cannot %s: %s\n", what, strerror(errno));
	abort();
}

/* Waits until the socket can be read or written. Returns 0, or -1 when the peer is to end. */
static int wait_for(struct peer *peer, int descriptor, short events)
{
	struct pollfd polled[2] = {{.fd = peer->stop[0], .events = POLLIN}, {.fd = descriptor, .events = events}};

	while (poll(polled, 2, -1) < 0)
		must(errno == EINTR, "poll");
	return polled[0].revents != 0 ? -1 : 0;
}

static int tls_wait(struct peer_connection *connection, int result)
{
	int why = SSL_get_error(connection->tls, result);

	if (why == SSL_ERROR_WANT_READ)
		return wait_for(connection->peer, connection->socket, POLLIN);
	if (why == SSL_ERROR_WANT_WRITE)
		return wait_for(connection->peer, connection->socket, POLLOUT);
	return -1;
}

/* Returns how many bytes came, 0 or less when the connection is closed. */
static int read_some(struct peer_connection *connection, void *bytes, size_t length)
{
	for (;;) {
		if (connection->tls != NULL) {
			int count = SSL_read(connection->tls, bytes, (int)length);
			if (count > 0 || tls_wait(connection, count) != 0)
				return count;
			continue;
		}
		ssize_t count = recv(connection->socket, bytes, length, 0);
		if (count >= 0 || errno != EAGAIN)
			return (int)count;
		if (wait_for(connection->peer, connection->socket, POLLIN) != 0)
			return -1;
	}
}

static int read_all(struct peer_connection *connection, void *bytes, size_t length)
{
	for (size_t have = 0; have < length;) {
		int count = read_some(connection, (char *)bytes + have, length - have);

		if (count <= 0)
			return -1;
		have += (size_t)count;
	}
	return 0;
}

void peer_raw(struct peer_connection *connection, const void *bytes, size_t length)
{
	for (size_t have = 0; have < length;) {
		const char *rest = (const char *)bytes + have;
		size_t left = length - have;

		if (connection->tls != NULL) {
			int count = SSL_write(connection->tls, rest, left > 16384 ? 16384 : (int)left);
			if (count > 0)
				have += (size_t)count;
			else if (tls_wait(connection, count) != 0)
				return;
			continue;
		}
		ssize_t count = send(connection->socket, rest, left, MSG_NOSIGNAL);
		if (count > 0)
			have += (size_t)count;
		else if (errno != EAGAIN || wait_for(connection->peer, connection->socket, POLLOUT) != 0)
			return;
	}
}

void peer_frame(struct peer_connection *connection, int kind, int final, const void *bytes, size_t length)
{
	unsigned char head[10] = {(unsigned char)((final ? 0x80 : 0) | kind)};
	size_t size = 2;

	if (length < 126) {
		head[1] = (unsigned char)length;
	} else {
		int count = length < 65536 ? 2 : 8;
		head[1] = count == 2 ? 126 : 127;
		for (int i = 0; i < count; i++)
			head[2 + i] = (unsigned char)((uint64_t)length >> (8 * (count - 1 - i)));
		size += (size_t)count;
	}
	peer_raw(connection, head, size);
	peer_raw(connection, bytes, length);
}

void peer_say(struct peer_connection *connection, const char *text)
{
	peer_frame(connection, PEER_TEXT, 1, text, strlen(text));
}

/* Returns the payload of the next frame with a NUL behind it, or NULL. */
static char *read_frame(struct peer_connection *connection, size_t *length)
{
	unsigned char head[2];
	unsigned char size[8];
	unsigned char mask[4];

	if (read_all(connection, head, 2) != 0)
		return NULL;
	connection->kind = head[0] & 0x0f;
	uint64_t count = head[1] & 0x7f;
	if (count >= 126) {
		size_t bytes = count == 126 ? 2 : 8;
		if (read_all(connection, size, bytes) != 0)
			return NULL;
		count = 0;
		for (size_t i = 0; i < bytes; i++)
			count = count << 8 | size[i];
	}
	must((head[1] & 0x80) != 0 && (head[0] & 0x80) != 0 && count <= MESSAGE_MAX, "read a frame of the client");
	char *payload = calloc(1, count + 1);
	must(payload != NULL, "get memory");
	if (read_all(connection, mask, 4) != 0 || read_all(connection, payload, count) != 0) {
		free(payload);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		payload[i] = (char)(payload[i] ^ mask[i % 4]);
	*length = count;
	return payload;
}

static void note_close(struct peer *peer, const char *payload, size_t length)
{
	pthread_mutex_lock(&peer->lock);
	peer->close_code = length >= 2 ? (unsigned char)payload[0] << 8 | (unsigned char)payload[1] : 1005;
	pthread_mutex_unlock(&peer->lock);
}

char *peer_read(struct peer_connection *connection)
{
	for (;;) {
		size_t length = 0;
		char *payload = read_frame(connection, &length);

		if (payload == NULL || connection->kind == PEER_TEXT)
			return payload;
		if (connection->kind == PEER_PING)
			peer_frame(connection, PEER_PONG, 1, payload, length);
		if (connection->kind == PEER_CLOSE) {
			note_close(connection->peer, payload, length);
			peer_frame(connection, PEER_CLOSE, 1, payload, length);
			free(payload);
			return NULL;
		}
		free(payload);
	}
}

int peer_await(struct peer_connection *connection, int kind)
{
	for (;;) {
		size_t length = 0;
		char *payload = read_frame(connection, &length);

		if (payload == NULL)
			return -1;
		free(payload);
		if (connection->kind == kind)
			return 0;
	}
}

/* The body of a POST, behind its head. */
static int read_body(struct peer_connection *connection, char *request, size_t *length)
{
	const char *told = strstr(request, "Content-Length: ");
	size_t count = told != NULL ? strtoul(told + strlen("Content-Length: "), NULL, 10) : 0;

	must(count <= REQUEST_MAX - *length, "keep the body");
	if (count > 0 && read_all(connection, request + *length, count) != 0)
		return -1;
	*length += count;
	request[*length] = '\0';
	return 0;
}

static int read_request(struct peer_connection *connection)
{
	struct peer *peer = connection->peer;
	char request[REQUEST_MAX + 1] = "";
	size_t length = 0;

	while (strstr(request, "\r\n\r\n") == NULL && length < REQUEST_MAX) {
		if (read_all(connection, request + length, 1) != 0)
			return -1;
		request[++length] = '\0';
	}
	if (read_body(connection, request, &length) != 0)
		return -1;
	pthread_mutex_lock(&peer->lock);
	memcpy(peer->request, request, length + 1);
	pthread_mutex_unlock(&peer->lock);
	return 0;
}

static void accept_upgrade(struct peer_connection *connection)
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	const char *key = strstr(connection->peer->request, "Sec-WebSocket-Key: ");
	char text[200];
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned char encoded[64];

	must(key != NULL, "find the key of the upgrade");
	key += strlen("Sec-WebSocket-Key: ");
	int length = snprintf(text, sizeof(text), "%.*s%s", (int)strcspn(key, "\r"), key, magic);
	EVP_Digest(text, (size_t)length, hash, NULL, EVP_sha1(), NULL);
	EVP_EncodeBlock(encoded, hash, 20);
	length = snprintf(text, sizeof(text),
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Accept: %s\r\n\r\n",
		(const char *)encoded);
	peer_raw(connection, text, (size_t)length);
}

static void serve_upgraded(struct peer_connection *connection)
{
	struct peer *peer = connection->peer;
	const char *answer = peer->options.answer;

	if (read_request(connection) != 0 || peer->options.manner == PEER_HANGS_UP_LATE)
		return;
	if (answer != NULL) {
		peer_raw(connection, answer, strlen(answer));
		return;
	}
	accept_upgrade(connection);
	if (peer->options.serve != NULL)
		peer->options.serve(connection, peer->options.context);
	else
		free(peer_read(connection));
}

static int open_tunnel(struct peer_connection *connection)
{
	static const char granted[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	struct peer *peer = connection->peer;

	if (!peer->options.tunnel)
		return 0;
	if (read_request(connection) != 0)
		return -1;
	pthread_mutex_lock(&peer->lock);
	memcpy(peer->tunnel_request, peer->request, sizeof(peer->request));
	pthread_mutex_unlock(&peer->lock);
	peer_raw(connection, granted, strlen(granted));
	return 0;
}

static int shake_hands(struct peer_connection *connection)
{
	struct peer *peer = connection->peer;

	if (peer->tls == NULL)
		return 0;
	connection->tls = SSL_new(peer->tls);
	SSL_set_fd(connection->tls, connection->socket);
	for (int result = SSL_accept(connection->tls); result != 1; result = SSL_accept(connection->tls))
		if (tls_wait(connection, result) != 0)
			return -1;
	pthread_mutex_lock(&peer->lock);
	peer->resumed += SSL_session_reused(connection->tls);
	pthread_mutex_unlock(&peer->lock);
	return 0;
}

static void serve(struct peer *peer, int descriptor)
{
	struct peer_connection connection = {.peer = peer, .socket = descriptor};
	int one = 1;

	fcntl(descriptor, F_SETFL, O_NONBLOCK);
	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	pthread_mutex_lock(&peer->lock);
	peer->accepted++;
	pthread_mutex_unlock(&peer->lock);
	if (peer->options.manner == PEER_SILENT)
		wait_for(peer, -1, 0);
	else if (peer->options.manner != PEER_HANGS_UP && open_tunnel(&connection) == 0 &&
		 shake_hands(&connection) == 0)
		serve_upgraded(&connection);
	if (connection.tls != NULL) {
		SSL_shutdown(connection.tls);
		SSL_free(connection.tls);
	}
	close(descriptor);
}

static void *run(void *context)
{
	struct peer *peer = context;

	while (wait_for(peer, peer->listener, POLLIN) == 0) {
		int descriptor = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);

		if (descriptor >= 0)
			serve(peer, descriptor);
	}
	return NULL;
}

static int note_sni(SSL *tls, int *alert, void *context)
{
	struct peer *peer = context;
	const char *name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);

	(void)alert;
	pthread_mutex_lock(&peer->lock);
	snprintf(peer->sni, sizeof(peer->sni), "%s", name != NULL ? name : "");
	pthread_mutex_unlock(&peer->lock);
	return SSL_TLSEXT_ERR_OK;
}

/* Prefers h2, as the servers behind an ingress do. */
static int choose_protocol(SSL *tls, const unsigned char **chosen, unsigned char *length, const unsigned char *offered,
	unsigned int offered_length, void *context)
{
	static const unsigned char mine[] = "\x02h2\x08http/1.1";
	unsigned char *found = NULL;

	(void)tls;
	(void)context;
	if (SSL_select_next_proto(&found, length, mine, sizeof(mine) - 1, offered, offered_length) !=
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*chosen = found;
	return SSL_TLSEXT_ERR_OK;
}

static void set_up_tls(struct peer *peer)
{
	const struct identity *identity = peer->options.identity;

	if (identity == NULL)
		return;
	peer->tls = SSL_CTX_new(TLS_server_method());
	must(peer->tls != NULL, "set up TLS");
	must(SSL_CTX_use_certificate(peer->tls, identity->certificate) == 1, "use the certificate");
	must(SSL_CTX_use_PrivateKey(peer->tls, identity->key) == 1, "use the key");
	SSL_CTX_set_tlsext_servername_callback(peer->tls, note_sni);
	SSL_CTX_set_tlsext_servername_arg(peer->tls, peer);
	SSL_CTX_set_alpn_select_cb(peer->tls, choose_protocol, NULL);
}

static void set_up_listener(struct peer *peer)
{
	const char *address = peer->options.address != NULL ? peer->options.address : "127.0.0.1";
	struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((uint16_t)peer->options.port)};
	socklen_t length = sizeof(place);

	inet_pton(AF_INET, address, &place.sin_addr);
	peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	must(bind(peer->listener, (struct sockaddr *)&place, length) == 0, "bind");
	must(listen(peer->listener, 8) == 0, "listen");
	must(getsockname(peer->listener, (struct sockaddr *)&place, &length) == 0, "learn the port");
	peer->port = ntohs(place.sin_port);
}

struct peer *peer_start(const struct peer_options *options)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	must(peer != NULL, "get memory");
	peer->options = *options;
	pthread_mutex_init(&peer->lock, NULL);
	must(pipe2(peer->stop, O_CLOEXEC) == 0, "make a pipe");
	set_up_tls(peer);
	set_up_listener(peer);
	must(pthread_create(&peer->thread, NULL, run, peer) == 0, "start a thread");
	return peer;
}

void peer_stop(struct peer *peer)
{
	if (peer == NULL)
		return;
	close(peer->stop[1]);
	pthread_join(peer->thread, NULL);
	close(peer->stop[0]);
	close(peer->listener);
	SSL_CTX_free(peer->tls);
	pthread_mutex_destroy(&peer->lock);
	free(peer);
}

int peer_port(const struct peer *peer)
{
	return peer->port;
}

int peer_accepted(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	int accepted = peer->accepted;
	pthread_mutex_unlock(&peer->lock);
	return accepted;
}

int peer_resumed(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	int resumed = peer->resumed;
	pthread_mutex_unlock(&peer->lock);
	return resumed;
}

int peer_close_code(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	int code = peer->close_code;
	pthread_mutex_unlock(&peer->lock);
	return code;
}

static char *copy_locked(struct peer *peer, const char *text)
{
	pthread_mutex_lock(&peer->lock);
	char *copy = strdup(text);
	pthread_mutex_unlock(&peer->lock);
	return copy;
}

char *peer_request(struct peer *peer)
{
	return copy_locked(peer, peer->request);
}

char *peer_tunnel_request(struct peer *peer)
{
	return copy_locked(peer, peer->tunnel_request);
}

char *peer_sni(struct peer *peer)
{
	return copy_locked(peer, peer->sni);
}
