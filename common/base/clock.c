/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/clock.h"

#include <stdlib.h>
#include <time.h>

struct clock {
	clockid_t monotonic;
};

static int64_t read_clock(clockid_t id)
{
	struct timespec now = {0};

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * INSTANT_SECOND + now.tv_nsec;
}

struct clock *clock_new(char *const *environment, struct error **error)
{
	struct clock *clock = memory_get(1, sizeof(*clock));

	(void)environment;
	(void)error;
	/* A migration goes on while the laptop that watches it sleeps, so deadlines must too. */
	clock->monotonic = CLOCK_BOOTTIME;
	return clock;
}

void clock_free(struct clock *clock)
{
	free(clock);
}

int64_t clock_now(const struct clock *clock)
{
	return read_clock(clock->monotonic);
}

int64_t clock_wall(const struct clock *clock)
{
	(void)clock;
	return read_clock(CLOCK_REALTIME);
}

int clock_descriptor(const struct clock *clock)
{
	(void)clock;
	return -1;
}

int64_t clock_sleep(struct clock *clock, int64_t until, const struct clock_traffic *traffic)
{
	(void)traffic;
	if (until == INSTANT_NEVER)
		return INSTANT_NEVER;
	int64_t left = until - clock_now(clock);
	return left > 0 ? left : 0;
}

void clock_arrived(struct clock *clock)
{
	(void)clock;
}
