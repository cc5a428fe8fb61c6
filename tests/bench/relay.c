/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/base/instant.h"

/* Bytes that are read in one go. */
#define RELAY_READ_SIZE 65536

int64_t relay_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * INSTANT_SECOND + now.tv_nsec;
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int relay_init(struct relay *relay, int server_port, int64_t round_trip, struct error **error)
{
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof(address);

	*relay = (struct relay){.server_port = server_port, .round_trip = round_trip};
	relay->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (relay->listening < 0 || bind(relay->listening, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(relay->listening, SOMAXCONN) < 0 ||
		getsockname(relay->listening, (struct sockaddr *)&address, &length) < 0)
		return error_set(error, ERROR_FAILED, "cannot listen: %s", strerror(errno));
	relay->port = ntohs(address.sin_port);
	return 0;
}

static void way_release(struct relay_way *way)
{
	while (way->first != NULL) {
		struct relay_piece *piece = way->first;

		way->first = piece->next;
		free(piece);
	}
	way->last = NULL;
}

static void link_close(struct relay_link *link)
{
	way_release(&link->up);
	way_release(&link->down);
	if (link->up.from >= 0) {
		close(link->up.from);
		close(link->up.to);
	}
	link->up.from = link->up.to = link->down.from = link->down.to = -1;
}

void relay_release(struct relay *relay)
{
	for (size_t i = 0; i < relay->link_count; i++)
		link_close(&relay->links[i]);
	free(relay->links);
	if (relay->listening >= 0)
		close(relay->listening);
	*relay = (struct relay){.listening = -1};
}

static int at_once(int descriptor)
{
	int on = 1;

	return setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int open_link(struct relay *relay, int program, struct error **error)
{
	struct sockaddr_in address = loopback(relay->server_port);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (relay->link_count == RELAY_LINKS_MAX || server < 0 ||
		connect(server, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(program);
		if (server >= 0)
			close(server);
		return error_set(error, ERROR_FAILED, "cannot pass a connection on: %s", strerror(errno));
	}
	at_once(program);
	at_once(server);
	relay->links = memory_room(relay->links, relay->link_count, &relay->link_capacity, sizeof(struct relay_link));
	relay->links[relay->link_count++] = (struct relay_link){
		.up = {.from = program, .to = server},
		.down = {.from = server, .to = program},
		.opened = relay_now() + relay->round_trip,
		.opening = relay->arrived + 1,
		.turned = 1,
	};
	return 0;
}

static int accept_all(struct relay *relay, struct error **error)
{
	for (;;) {
		int program = accept4(relay->listening, NULL, NULL, SOCK_CLOEXEC);

		if (program < 0)
			return 0;
		if (open_link(relay, program, error) < 0)
			return -1;
	}
}

static int larger(int one, int other)
{
	return one > other ? one : other;
}

/* How deep what the program has just sent is. */
static int depth_of_program(struct relay *relay, struct relay_link *link)
{
	if (link->turned)
		link->flights++;
	link->turned = 0;
	return larger(relay->arrived, link->opening) + 1;
}

/* What was sent before the connection would have been open leaves when it is. */
static int64_t due(const struct relay *relay, const struct relay_link *link, const struct relay_way *way)
{
	int64_t now = relay_now();
	int64_t at = (now < link->opened ? link->opened : now) + relay->round_trip / 2;

	return at < way->due ? way->due : at;
}

static void take_in(struct relay *relay, struct relay_link *link, struct relay_way *way)
{
	unsigned char bytes[RELAY_READ_SIZE];
	ssize_t length = 0;

	while (!way->over && way->from >= 0 && (length = recv(way->from, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		struct relay_piece *piece = memory_grow(NULL, sizeof(*piece) + (size_t)length, 1);

		way->due = due(relay, link, way);
		*piece = (struct relay_piece){.due = way->due, .length = (size_t)length};
		piece->depth = way == &link->up ? depth_of_program(relay, link) : link->depth;
		memcpy(piece->bytes, bytes, (size_t)length);
		if (way->last != NULL)
			way->last->next = piece;
		else
			way->first = piece;
		way->last = piece;
	}
	if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR))
		way->over = 1;
}

/* A whole piece has arrived. */
static void arrived(
	struct relay *relay, struct relay_link *link, const struct relay_way *way, const struct relay_piece *piece)
{
	/* The first flight of the program's, and what the server answers to it, make TLS stand. */
	*(link->flights <= 1 ? &link->opaque : &link->carried) += piece->length;
	if (way == &link->up) {
		link->depth = piece->depth;
		return;
	}
	link->turned = 1;
	relay->arrived = larger(relay->arrived, piece->depth);
}

/* Returns whether the piece has arrived as a whole; what cannot be delivered counts as delivered. */
static int deliver(struct relay_way *way, struct relay_piece *piece)
{
	ssize_t length =
		send(way->to, piece->bytes + piece->sent, piece->length - piece->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (length < 0 && errno != EAGAIN && errno != EINTR)
		return 1;
	piece->sent += length > 0 ? (size_t)length : 0;
	return piece->sent == piece->length;
}

static void hand_over(struct relay *relay, struct relay_link *link, struct relay_way *way)
{
	int64_t now = relay_now();

	while (way->first != NULL && way->first->due <= now && deliver(way, way->first)) {
		struct relay_piece *piece = way->first;

		arrived(relay, link, way, piece);
		way->first = piece->next;
		if (way->first == NULL)
			way->last = NULL;
		free(piece);
	}
	if (way->first == NULL && way->over && !way->shut) {
		shutdown(way->to, SHUT_WR);
		way->shut = 1;
	}
}

int relay_serve(struct relay *relay, struct error **error)
{
	if (accept_all(relay, error) < 0)
		return -1;
	/* All that the program has sent before anything more reaches it: it did not know of that. */
	for (size_t i = 0; i < relay->link_count; i++)
		take_in(relay, &relay->links[i], &relay->links[i].up);
	for (size_t i = 0; i < relay->link_count; i++) {
		struct relay_link *link = &relay->links[i];

		if (link->up.from < 0)
			continue;
		take_in(relay, link, &link->down);
		hand_over(relay, link, &link->up);
		hand_over(relay, link, &link->down);
		if (link->up.shut && link->down.shut)
			link_close(link);
	}
	return 0;
}

static nfds_t fill_way(const struct relay_way *way, struct pollfd *poll)
{
	int full = way->first != NULL && way->first->due <= relay_now();

	if (way->from < 0 || (way->over && !full))
		return 0;
	*poll = full ? (struct pollfd){.fd = way->to, .events = POLLOUT}
		     : (struct pollfd){.fd = way->from, .events = POLLIN};
	return 1;
}

nfds_t relay_fill(const struct relay *relay, struct pollfd *polls)
{
	nfds_t count = 1;

	polls[0] = (struct pollfd){.fd = relay->listening, .events = POLLIN};
	for (size_t i = 0; i < relay->link_count; i++) {
		count += fill_way(&relay->links[i].up, &polls[count]);
		count += fill_way(&relay->links[i].down, &polls[count]);
	}
	return count;
}

static int64_t next_of(const struct relay_way *way)
{
	return way->first != NULL ? way->first->due : INSTANT_NEVER;
}

int64_t relay_next(const struct relay *relay)
{
	int64_t next = INSTANT_NEVER;

	for (size_t i = 0; i < relay->link_count; i++) {
		int64_t up = next_of(&relay->links[i].up);
		int64_t down = next_of(&relay->links[i].down);

		next = up < next ? up : next;
		next = down < next ? down : next;
	}
	return next;
}

uint64_t relay_carried(const struct relay *relay)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < relay->link_count; i++)
		sum += relay->links[i].carried;
	return sum;
}
