/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How this run logs in to one controller: its place in the store, the secrets for it, and the person who may be asked for more. Secrets
 * that neither juju's store nor the environment holds (the keyring's) are added here.
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
	bool written;               /* what the first login has brought is written back, or on its way */
	bool is_new;                /* there is a token or a macaroon among it that is not stored yet */
	void (*settled)(void *context);
	void *context;
};

/* What credentials are made from; `remember` is borrowed for the call, the rest must outlive them. */
struct credentials_plan {
	const struct store *store;
	const char *controller; /* as the store calls it */
	const struct surroundings *surroundings;
	struct remember *remember;
	bool alone; /* do not ask the person for anything */
};

/* Makes `credentials` ready for a controller. The caller owns the storage, must not move it, and calls credentials_release when all
 * sessions are closed. Returns 0, or -1 with an error when the controller cannot be reached (place_init) or there is nothing to log in
 * with (login_check). Where neither juju's store nor the environment has what logs in, the keyring is asked for it. */
int credentials_init(struct credentials *credentials, const struct credentials_plan *plan, struct error **error);

/* Call after a login: hands the secret that was used to `remember`, unless juju's store or the keyring has it already. Returns whether
 * there was one to hand over. */
bool credentials_keep(const struct credentials *credentials, struct remember *remember);

/* Returns the place for sessions on `loop`, borrowed. Sessions made from an earlier call must be closed by then. */
const struct session_place *credentials_place(struct credentials *credentials, struct loop *loop);

/* Call when a session on /api has been logged in: writes what the first login has brought to juju's store, after later ones only what a
 * person has typed. */
void credentials_logged_in(struct credentials *credentials, const struct session *session);

/* Calls `settled(context)` as soon as nothing is left to write: perhaps at once, else from the loop. */
void credentials_settle(struct credentials *credentials, void (*settled)(void *context), void *context);

/* Gives up what has not been written yet. Call before the loop is freed. */
void credentials_leave(struct credentials *credentials);

/* Erases and frees what it holds; it may be all zero. */
void credentials_release(struct credentials *credentials);

#endif
