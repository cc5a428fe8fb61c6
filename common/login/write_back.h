/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes what a login has taught back into juju's store, as juju does after its own logins: who answered where, what it
 * is, and what lets us in next time. Waits for juju's lock on the loop's timer; no failure stops the run.
 */
#ifndef COMMON_LOGIN_WRITE_BACK_H
#define COMMON_LOGIN_WRITE_BACK_H

#include "common/base/clock.h"
#include "common/login/place.h"

struct write_back;

/* What a login on /api has taught; borrowed. */
struct write_back_news {
	const struct login_result *login;
	const char *endpoint; /* the one of the store's entry that answered */
	const char *address;  /* the IP address that answered */
};

struct write_back_plan {
	const struct clock *clock; /* for the time of day; borrowed until the end */
	/* Tells a person that something could not be written; `text` is printable, without a full stop. */
	void (*warn)(void *context, const char *text);
	/* Called once, from the loop, when what write_back_start has returned is done or given up, and freed. */
	void (*done)(void *context);
	void *context;
};

/* Writes back `news` and the new secrets in the keys of `place`, borrowed until all is written. Returns NULL when that
 * was done at once, without calling `done`; else the rest, owned by the caller until `plan->done` is called. */
struct write_back *write_back_start(
	struct place *place, const struct write_back_news *news, const struct write_back_plan *plan);

/* Gives up what has not been written. NULL is allowed. */
void write_back_cancel(struct write_back *write);

#endif
