/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/peer.h"

#include <netinet/in.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/base64.h"

/* Far longer than any run takes, on whatever machine. */
#define PATIENCE (60 * INSTANT_SECOND)
#define REQUEST_MAX 16384
#define KEY_HEADER "Sec-WebSocket-Key: "
#define KEY_LENGTH 24
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static struct {
	struct clock *clock;
	struct loop *loop;
	struct loop_timer patience;
	int listener;
	int port;
	int connection; /* -1 without */
	struct loop_watcher *watcher;
	char request[REQUEST_MAX + 1];
	size_t length;
	struct fuzz_input answer;
	bool upgrades;
} peer = {.connection = -1};

static void hang_up(void)
{
	loop_unwatch(peer.loop, steal(peer.watcher));
	if (peer.connection >= 0)
		close(peer.connection);
	peer.connection = -1;
	peer.length = 0;
}

static void say(const void *bytes, size_t length)
{
	/* What the socket does not take at once is cut off, which is as good an answer. */
	if (length > 0 && send(peer.connection, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return;
}

/* Grants the upgrade as RFC 6455 has it. */
static void grant(const char *key)
{
	scoped(string) char *text = string_format("%.*s" GUID, KEY_LENGTH, key);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	fuzz_expect(EVP_Digest(text, strlen(text), digest, &size, EVP_sha1(), NULL) == 1);
	scoped(string) char *accept = base64_encode(digest, size);
	scoped(string) char *head =
		string_format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
			      "Sec-WebSocket-Accept: %s\r\n\r\n",
			accept);
	say(head, strlen(head));
}

static void readable(void *context)
{
	(void)context;
	ssize_t got = recv(peer.connection, peer.request + peer.length, REQUEST_MAX - peer.length, MSG_DONTWAIT);
	if (got <= 0) {
		hang_up();
		return;
	}
	peer.length += (size_t)got;
	peer.request[peer.length] = '\0';
	if (strstr(peer.request, "\r\n\r\n") == NULL)
		return;
	const char *key = strcasestr(peer.request, KEY_HEADER);
	if (peer.upgrades && key != NULL)
		grant(key + strlen(KEY_HEADER));
	say(peer.answer.bytes, peer.answer.length);
	shutdown(peer.connection, SHUT_WR);
	/* The rest of what it says is taken in and thrown away. */
	peer.length = 0;
	peer.answer.length = 0;
	peer.upgrades = false;
}

static void accept_one(void *context)
{
	(void)context;
	hang_up();
	peer.connection = accept4(peer.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	fuzz_expect(peer.connection >= 0);
	peer.watcher = loop_watch_begin(peer.loop, peer.connection, readable, NULL, NULL);
	fuzz_expect(peer.watcher != NULL);
}

struct loop *fuzz_loop(void)
{
	static char *const environment[] = {NULL};
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);

	if (peer.loop != NULL)
		return peer.loop;
	peer.clock = clock_new(environment, NULL);
	peer.loop = loop_new(peer.clock, NULL, NULL);
	peer.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	fuzz_expect(bind(peer.listener, (const struct sockaddr *)&address, sizeof(address)) == 0);
	fuzz_expect(listen(peer.listener, 16) == 0);
	fuzz_expect(getsockname(peer.listener, (struct sockaddr *)&address, &length) == 0);
	peer.port = ntohs(address.sin_port);
	fuzz_expect(loop_watch(peer.loop, peer.listener, accept_one, NULL, NULL) == 0);
	return peer.loop;
}

const struct transport_target *fuzz_peer(struct fuzz_input answer, bool upgrades)
{
	static struct transport_target target = {
		.name = "there:443", .authority = "there:443", .path = "/api", .address = "127.0.0.1"};

	fuzz_loop();
	target.port = peer.port;
	peer.answer = answer;
	peer.upgrades = upgrades;
	return &target;
}

static void out_of_patience(void *context)
{
	(void)context;
	fuzz_expect(!"it never ends");
}

void fuzz_peer_run(void)
{
	loop_timer_set(peer.loop, &peer.patience, loop_now(peer.loop) + PATIENCE, out_of_patience, NULL);
	fuzz_expect(loop_run(peer.loop, NULL) == 0);
	loop_timer_cancel(peer.loop, &peer.patience);
	hang_up();
}
