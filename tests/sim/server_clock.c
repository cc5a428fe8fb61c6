/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Differences between what the programs say and what the server has seen; all zero when everything has arrived. */
struct balance {
	uint64_t up, down, dialled, opened, ended;
};

int64_t server_clock_real(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * INSTANT_SECOND + now.tv_nsec;
}

int server_clock_init(struct server_clock *clock, const char *path, int64_t start, struct error **error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*clock = (struct server_clock){.listening = -1, .start = start, .grace = CLOCK_GRACE};
	if (!path)
		return 0;
	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(error, ERROR_FAILED, "cannot listen on %s: the path is too long", path);
	strcpy(address.sun_path, path);
	clock->listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(path);
	if (clock->listening < 0 || bind(clock->listening, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(clock->listening, SERVER_CLOCK_PROGRAMS) < 0)
		return error_set(error, ERROR_FAILED, "cannot listen on %s: %s", path, strerror(errno));
	clock->path = string_copy(path);
	return 0;
}

void server_clock_release(struct server_clock *clock)
{
	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++) {
		if (clock->programs[i].descriptor > 0)
			close(clock->programs[i].descriptor);
	}
	if (clock->listening >= 0)
		close(clock->listening);
	if (clock->path)
		unlink(clock->path);
	string_free(clock->path);
	*clock = (struct server_clock){.listening = -1};
}

static int count_programs(const struct server_clock *clock)
{
	int count = 0;

	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++)
		count += clock->programs[i].descriptor > 0;
	return count;
}

static int64_t monotonic_of(const struct server_clock *clock, int64_t wall)
{
	return wall - clock->start + CLOCK_START_MONOTONIC;
}

static void tell(struct server_clock *clock, struct server_clock_program *program, int64_t wall)
{
	program->told = 0;
	program->news.number++;
	program->news.monotonic = monotonic_of(clock, wall);
	program->news.wall = wall;
	/* Reading will show if the program has gone. */
	(void)!send(program->descriptor, &program->news, sizeof(program->news), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static struct clock_traffic told_by_all(const struct server_clock *clock)
{
	struct clock_traffic sum = {0};

	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++) {
		const struct clock_traffic *one = &clock->programs[i].notice.traffic;
		if (clock->programs[i].descriptor <= 0)
			continue;
		sum.sent += one->sent;
		sum.received += one->received;
		sum.dialled += one->dialled;
		sum.opened += one->opened;
		sum.ended += one->ended;
	}
	return sum;
}

/* The counters are unsigned on purpose: a negative difference is just another value that is not zero. */
static struct balance balance_of(const struct server_clock *clock, const struct server_clock_view *view)
{
	struct clock_traffic told = told_by_all(clock);
	const struct clock_traffic *off = &clock->written_off;

	return (struct balance){
		.up = told.sent - view->seen.received - off->sent,
		.down = view->seen.sent - told.received - off->received,
		.dialled = told.dialled - view->seen.dialled - off->dialled,
		.opened = told.opened - view->seen.opened - off->opened,
		.ended = told.ended - view->seen.ended - off->ended,
	};
}

static void write_off(struct server_clock *clock, const struct balance *lost)
{
	clock->written_off.sent += lost->up;
	clock->written_off.received += lost->down;
	clock->written_off.dialled += lost->dialled;
	clock->written_off.opened += lost->opened;
	clock->written_off.ended += lost->ended;
}

void server_clock_accept(struct server_clock *clock, int64_t wall, const struct server_clock_view *view)
{
	int descriptor = accept4(clock->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int alone = count_programs(clock) == 0;

	for (int i = 0; descriptor >= 0 && i < SERVER_CLOCK_PROGRAMS; i++) {
		struct server_clock_program *program = &clock->programs[i];
		if (program->descriptor > 0)
			continue;
		*program = (struct server_clock_program){.descriptor = descriptor};
		if (alone) {
			/* Differences that earlier programs have left do not count for this one. */
			struct balance rest = balance_of(clock, view);
			write_off(clock, &rest);
		}
		tell(clock, program, wall);
		return;
	}
	if (descriptor >= 0)
		close(descriptor);
}

static void leave(
	struct server_clock *clock, struct server_clock_program *program, const struct server_clock_view *view)
{
	struct balance before = balance_of(clock, view);

	close(program->descriptor);
	*program = (struct server_clock_program){0};
	/* The other programs' differences stay what they were. */
	struct balance after = balance_of(clock, view);
	struct balance gone = {after.up - before.up, after.down - before.down, after.dialled - before.dialled,
		after.opened - before.opened, after.ended - before.ended};
	write_off(clock, &gone);
}

void server_clock_read(struct server_clock *clock, int place, const struct server_clock_view *view)
{
	struct server_clock_program *program = &clock->programs[place];
	struct clock_notice notice;

	for (;;) {
		ssize_t got = recv(program->descriptor, &notice, sizeof(notice), MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (got != (ssize_t)sizeof(notice)) {
			leave(clock, program, view);
			return;
		}
		program->notice = notice;
		program->told = notice.seen == program->news.number;
	}
}

static int all_told(const struct server_clock *clock)
{
	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++) {
		if (clock->programs[i].descriptor > 0 && !clock->programs[i].told)
			return 0;
	}
	return 1;
}

static int balanced(const struct balance *balance)
{
	return !balance->up && !balance->down && !balance->dialled && !balance->opened && !balance->ended;
}

/* Both sides agree on which connections have ended, and that all else has arrived. If also every message sent since time last
 * moved went to connections that have ended, the missing ones were lost with these. */
static int lost_with_connections(const struct balance *balance, const struct server_clock_view *view)
{
	return !balance->up && !balance->dialled && !balance->opened && !balance->ended && !view->fresh &&
	       balance->down <= view->loose;
}

/* Returns how long nothing at all has changed, in nanoseconds of real time. */
static int64_t still_for(struct server_clock *clock, const struct server_clock_view *view)
{
	struct clock_traffic told = told_by_all(clock);
	uint64_t sum = view->activity;
	int64_t now = server_clock_real();

	const uint64_t parts[] = {told.sent, told.received, told.dialled, told.opened, told.ended};
	for (size_t i = 0; i < array_length(parts); i++)
		sum = sum * 1099511628211U + parts[i];
	if (sum != clock->last_sum)
		clock->changed = now;
	clock->last_sum = sum;
	return now - clock->changed;
}

int64_t server_clock_settled(struct server_clock *clock, const struct server_clock_view *view)
{
	int64_t still = still_for(clock, view);

	if (count_programs(clock) == 0 || !all_told(clock))
		return INSTANT_NEVER;
	/* Halfway through an opening, the program may be busy with it without a sign that is counted. */
	int64_t grace = view->quiet ? clock->grace : 5 * clock->grace;
	struct balance balance = balance_of(clock, view);
	if (view->quiet && balanced(&balance))
		return 0;
	if ((view->quiet && lost_with_connections(&balance, view)) || still >= grace) {
		write_off(clock, &balance);
		return 0;
	}
	return grace - still;
}

int64_t server_clock_until(const struct server_clock *clock)
{
	int64_t earliest = INSTANT_NEVER;

	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++) {
		const struct server_clock_program *program = &clock->programs[i];
		if (program->descriptor > 0 && program->notice.until < earliest)
			earliest = program->notice.until;
	}
	if (earliest == INSTANT_NEVER)
		return INSTANT_NEVER;
	return earliest - CLOCK_START_MONOTONIC + clock->start;
}

void server_clock_tell(struct server_clock *clock, int64_t wall)
{
	for (int i = 0; i < SERVER_CLOCK_PROGRAMS; i++) {
		if (clock->programs[i].descriptor > 0)
			tell(clock, &clock->programs[i], wall);
	}
}
