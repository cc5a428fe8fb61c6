/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How this run logs in: the place that the store names, what there is to log in with there, and the person who may be asked. Whatever
 * else is to be tried than what juju's store and environment hold is filled in here.
 */
#ifndef PLUGIN_CREDENTIALS_H
#define PLUGIN_CREDENTIALS_H

#include "common/login/place.h"
#include "common/login/write_back.h"
#include "plugin/prompt.h"
#include "plugin/remember.h"
#include "plugin/surroundings.h"

struct credentials {
	const struct surroundings *surroundings;
	struct place place;
	struct login_person person;
	struct prompt prompt;
	struct write_back *writing; /* what could not be written at once, or NULL */
	bool written;               /* what the first login has taught */
	void (*settled)(void *context);
	void *context;
};

/* What credentials are made from; `remember` is borrowed for the call, the rest must outlive them. */
struct credentials_plan {
	const struct store *store;
	const char *controller; /* as the store calls it */
	const struct surroundings *surroundings;
	struct remember *remember;
	bool alone; /* nobody is to be asked for anything */
};

/* Makes `credentials` ready for a controller. The caller owns the storage, must not move it, and calls credentials_release when all
 * sessions are closed. Returns 0, or -1 with an error when the controller cannot be reached (place_init) or there is nothing to log in
 * with (login_check). Where neither juju's store nor the environment has what logs in, the keyring is asked for it. */
int credentials_init(struct credentials *credentials, const struct credentials_plan *plan, struct error **error);

/* Call when a session has been logged in: hands what it was logged in with to `remember`, if neither juju's store nor the keyring
 * has it. Returns whether there was anything. */
bool credentials_keep(const struct credentials *credentials, struct remember *remember);

/* Returns the place for sessions on `loop`, borrowed: all those before must have been closed. */
const struct session_place *credentials_place(struct credentials *credentials, struct loop *loop);

/* A session has been opened on /api: writes back what that has taught. */
void credentials_logged_in(struct credentials *credentials, const struct session *session);

/* Calls `settled(context)` as soon as nothing is left to write: perhaps at once, else from the loop. */
void credentials_settle(struct credentials *credentials, void (*settled)(void *context), void *context);

/* Gives up what has not been written yet; before the loop is freed. */
void credentials_leave(struct credentials *credentials);

/* Erases and frees what it holds; it may be all zero. */
void credentials_release(struct credentials *credentials);

#endif
