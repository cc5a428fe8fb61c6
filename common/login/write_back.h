/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a login has taught is written back into juju's store, as juju does after each of its own: who answered where, what it is,
 * and what lets us in next time. Juju's lock is waited for on the loop's timer; nothing that goes wrong stops the run.
 */
#ifndef COMMON_LOGIN_WRITE_BACK_H
#define COMMON_LOGIN_WRITE_BACK_H

#include "common/base/clock.h"
#include "common/login/place.h"

struct write_back;

/* What a login on /api has taught; borrowed. */
struct write_back_news {
	const struct login_result *login;
	const char *endpoint; /* of the store's entry, that answered */
	const char *address;  /* that answered */
};

struct write_back_plan {
	const struct clock *clock; /* for the time of day; borrowed until the end */
	/* Tells a person, once, that something could not be written. The text is printable, without a full stop. */
	void (*warn)(void *context, const char *text);
	/* Called once, from the loop, when what write_back_start has returned is done or given up; it is released by then. */
	void (*done)(void *context);
	void *context;
};

/* Writes back `news`, and the secrets that logins have brought to the keys of `place`. The place is borrowed until all is written. Returns
 * NULL when that was done at once, else what is still to be done, owned by the caller until `plan->done` is called. */
struct write_back *write_back_start(
	struct place *place, const struct write_back_news *news, const struct write_back_plan *plan);

/* Gives up what has not been written. NULL is allowed. */
void write_back_cancel(struct write_back *write);

#endif
