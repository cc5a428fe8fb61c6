/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/clock/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/base/environment.h"

struct clock {
	int descriptor;         /* -1: no server, real pace */
	int64_t real_start;     /* of CLOCK_MONOTONIC, for the real pace */
	struct clock_news last; /* last news taken in */
};

static int64_t real_time(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * INSTANT_SECOND + now.tv_nsec;
}

/* Going on with a clock that stands still would hang every wait. */
static void world_is_gone(void)
{
	fputs("the simulated JAAS that drives this program's clock has gone\n", stderr);
	_exit(99);
}

static int connect_to(const char *path, struct error **error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(error, ERROR_FAILED, "cannot use " CLOCK_VARIABLE ": the path is too long");
	strcpy(address.sun_path, path);
	int descriptor = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return error_set(error, ERROR_FAILED, "cannot make a socket for the clock: %s", strerror(errno));
	if (connect(descriptor, (struct sockaddr *)&address, sizeof(address)) < 0) {
		error_set(error, ERROR_FAILED, "cannot reach the clock at %s: %s", path, strerror(errno));
		close(descriptor);
		return -1;
	}
	return descriptor;
}

static ssize_t take_news(int descriptor, struct clock_news *news, int flags)
{
	ssize_t got;

	do
		got = recv(descriptor, news, sizeof(*news), flags);
	while (got < 0 && errno == EINTR);
	return got;
}

struct clock *clock_new(char *const *environment, struct error **error)
{
	const char *path = environment_given(environment, CLOCK_VARIABLE);
	scoped(clock) struct clock *clock = memory_get(1, sizeof(*clock));

	clock->descriptor = -1;
	clock->real_start = real_time();
	clock->last.monotonic = CLOCK_START_MONOTONIC;
	clock->last.wall = CLOCK_START;
	if (!path)
		return steal(clock);
	clock->descriptor = connect_to(path, error);
	if (clock->descriptor < 0)
		return NULL;
	if (take_news(clock->descriptor, &clock->last, 0) != (ssize_t)sizeof(clock->last)) {
		error_set(error, ERROR_FAILED, "cannot take the time from the clock at %s", path);
		return NULL;
	}
	return steal(clock);
}

void clock_free(struct clock *clock)
{
	if (clock && clock->descriptor >= 0)
		close(clock->descriptor);
	free(clock);
}

/* News may wait that has not been taken in, while what came after it on another socket is being handled already. It
 * counts from its arrival, but stays where it is, or the program could go to sleep over it. There is never more than one. */
static struct clock_news latest(const struct clock *clock)
{
	struct clock_news news = clock->last;

	if (clock->descriptor < 0) {
		int64_t passed = real_time() - clock->real_start;
		news.monotonic += passed;
		news.wall += passed;
	} else if (take_news(clock->descriptor, &news, MSG_PEEK | MSG_DONTWAIT) != (ssize_t)sizeof(news)) {
		news = clock->last;
	}
	return news;
}

int64_t clock_now(const struct clock *clock)
{
	return latest(clock).monotonic;
}

int64_t clock_wall(const struct clock *clock)
{
	return latest(clock).wall;
}

int clock_descriptor(const struct clock *clock)
{
	return clock->descriptor;
}

int64_t clock_sleep(struct clock *clock, int64_t until, const struct clock_traffic *traffic)
{
	struct clock_notice notice = {.seen = clock->last.number, .until = until, .traffic = *traffic};

	if (until != INSTANT_NEVER && until <= clock_now(clock))
		return 0;
	if (clock->descriptor < 0)
		return until == INSTANT_NEVER ? INSTANT_NEVER : until - clock_now(clock);
	while (send(clock->descriptor, &notice, sizeof(notice), MSG_NOSIGNAL) < 0) {
		/* Some event loops make the descriptor one that does not block; a world that is busy reads it in a moment. */
		struct pollfd room = {.fd = clock->descriptor, .events = POLLOUT};

		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&room, 1, -1);
		else if (errno != EINTR)
			world_is_gone();
	}
	return -1;
}

void clock_arrived(struct clock *clock)
{
	struct clock_news news;

	if (clock->descriptor < 0)
		return;
	ssize_t got = take_news(clock->descriptor, &news, MSG_DONTWAIT);
	if (got == (ssize_t)sizeof(news))
		clock->last = news;
	else if (got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
		world_is_gone();
}
