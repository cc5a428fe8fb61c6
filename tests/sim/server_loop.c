/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_loop.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/sim/server_connection.h"

/* Polled beside doors and connections: signals, the clock's socket, the programs' clocks. */
#define FIXED (2 + SERVER_CLOCK_PROGRAMS)

static int64_t earlier(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static int64_t next_of(const struct server *server)
{
	return earlier(world_next(server->world), server->late ? server->late->at : INSTANT_NEVER);
}

static void advance(struct server *server, int64_t to)
{
	world_advance(server->world, to);
	server_connection_send_late(server);
}

static struct server_clock_view view_of(const struct server *server)
{
	struct server_clock_view view = {
		.seen = server->seen, .loose = server->loose, .quiet = 1, .activity = server->activity};

	for (const struct server_connection *one = server->connections; one; one = one->next) {
		view.quiet = view.quiet && server_connection_quiet(one);
		view.fresh += one->recent;
	}
	return view;
}

static void flush_all(struct server *server)
{
	for (struct server_connection *one = server->connections; one; one = one->next) {
		if (one->stage >= STAGE_HTTP)
			server_connection_flush(one);
	}
}

static void drop_gone(struct server *server)
{
	struct server_connection **where = &server->connections;

	while (*where) {
		struct server_connection *one = *where;
		if (one->stage == STAGE_GONE) {
			*where = one->next;
			server_connection_free(one);
		} else {
			where = &one->next;
		}
	}
}

static void begin_step(struct server *server)
{
	for (struct server_connection *one = server->connections; one; one = one->next)
		one->recent = 0;
	server->loose = 0;
	server->activity++;
}

/* Moves simulated time if it may move. Returns 0 if it has, else how long to wait for a reason to. */
static int64_t pass_simulated_time(struct server *server)
{
	struct server_clock_view view = view_of(server);
	int64_t wait = server_clock_settled(&server->clock, &view);
	int64_t until = server_clock_until(&server->clock);
	int64_t target = earlier(until, next_of(server));

	if (wait > 0 || target == INSTANT_NEVER)
		return wait > 0 ? wait : INSTANT_NEVER;
	if (target - server->world_start > SERVER_SIMULATED_MAX) {
		fputs("server: more time has passed than any migration takes\n", stderr);
		server->ended = 1;
		return 0;
	}
	begin_step(server);
	advance(server, target);
	view = view_of(server);
	/* What the world sends comes before a timer that is due at the same instant. The new time is told first, so that the
	 * program does not take what is sent for something that came earlier. */
	server_clock_tell(&server->clock, !view.quiet && until == target ? target - 1 : target);
	flush_all(server);
	return 0;
}

static int64_t pass_real_time(struct server *server)
{
	int64_t now = server->world_start + server_clock_real() - server->real_start;

	advance(server, now);
	flush_all(server);
	int64_t next = next_of(server);
	return next == INSTANT_NEVER ? INSTANT_NEVER : next > now ? next - now : 0;
}

static int timeout_of(const struct server *server, int64_t wait)
{
	int64_t left = earlier(wait, server->ends - server_clock_real());
	int64_t milliseconds = (left + INSTANT_MILLISECOND - 1) / INSTANT_MILLISECOND;

	return milliseconds < 0 ? 0 : milliseconds > INT_MAX ? INT_MAX : (int)milliseconds;
}

static void accept_all(struct server *server, const struct server_door *door)
{
	int descriptor;
	int on = 1;

	while ((descriptor = accept4(door->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		server->activity++;
		server_connection_new(server, door, descriptor);
	}
}

/* Fills `polls`: what is fixed, the doors, then the connections in their order. */
static nfds_t fill(const struct server *server, struct pollfd *polls)
{
	nfds_t count = FIXED;

	polls[0] = (struct pollfd){.fd = server->signals, .events = POLLIN};
	polls[1] = (struct pollfd){.fd = server->clock.listening, .events = POLLIN};
	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++) {
		int descriptor = server->clock.programs[i].descriptor;
		polls[2 + i] = (struct pollfd){.fd = descriptor > 0 ? descriptor : -1, .events = POLLIN};
	}
	for (size_t i = 0; i < server->door_count; i++)
		polls[count++] = (struct pollfd){
			.fd = server->doors[i].unlistened ? -1 : server->doors[i].listening, .events = POLLIN};
	for (const struct server_connection *one = server->connections; one; one = one->next)
		polls[count++] = (struct pollfd){.fd = one->descriptor, .events = server_connection_events(one)};
	return count;
}

static void dispatch(struct server *server, const struct pollfd *polls)
{
	struct server_connection *one = server->connections;

	for (nfds_t i = FIXED + server->door_count; one; one = one->next, i++) {
		if (polls[i].revents)
			server_connection_serve(one);
	}
	if (polls[0].revents)
		server->ended = 1;
	for (size_t i = 0; i < server->door_count; i++) {
		if (polls[FIXED + i].revents)
			accept_all(server, &server->doors[i]);
	}
	struct server_clock_view view = view_of(server);
	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++) {
		if (polls[2 + i].revents)
			server_clock_read(&server->clock, i, &view);
	}
	if (polls[1].revents)
		server_clock_accept(&server->clock, server_now(server), &view);
	flush_all(server);
	drop_gone(server);
}

static size_t connection_count(const struct server *server)
{
	size_t count = 0;

	for (const struct server_connection *one = server->connections; one; one = one->next)
		count++;
	return count;
}

int server_loop_turn(struct server *server, struct error **error)
{
	int simulated = server->clock.listening >= 0;
	int64_t wait = simulated ? 0 : pass_real_time(server);
	struct pollfd *polls = memory_get(FIXED + server->door_count + connection_count(server), sizeof(*polls));
	nfds_t count = fill(server, polls);
	int ready = poll(polls, count, simulated ? 0 : timeout_of(server, wait));

	if (ready == 0 && simulated) {
		wait = pass_simulated_time(server);
		drop_gone(server);
		count = fill(server, polls);
		if (wait > 0)
			ready = poll(polls, count, timeout_of(server, wait));
	}
	if (ready > 0)
		dispatch(server, polls);
	free(polls);
	if (server_clock_real() >= server->ends)
		server->ended = 1;
	return ready < 0 && errno != EINTR ? error_set(error, ERROR_FAILED, "cannot wait: %s", strerror(errno)) : 0;
}
