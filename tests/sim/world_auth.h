/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a Juju controller proves who its users are: macaroons for the login, and the discharge of their one caveat by a
 * password. All keys come from the controller's UUID and what the macaroon carries, so nothing has to be remembered
 * between issue and check.
 */
#ifndef TESTS_SIM_WORLD_AUTH_H
#define TESTS_SIM_WORLD_AUTH_H

#include "tests/sim/macaroon.h"
#include "tests/sim/world_door.h"
#include "tests/sim/world_error.h"

/* A login macaroon and what goes with its caveat. */
struct world_demand {
	struct macaroon macaroon;
	struct macaroon_bytes caveat;  /* its id */
	struct macaroon_bytes payload; /* for whoever discharges it */
};

/* Issues a login macaroon for `user`, NULL: for whoever the identity provider knows. `host` is what the peer has dialled. */
void world_auth_demand(const struct world *world, struct world_controller *controller, const char *user,
	const char *host, struct world_demand *demand);

/* Looks for a set of macaroons, among those of a login, that proves a user of the controller: `user` or, when that is NULL,
 * an external one. Returns the account, or NULL with the reason why the last set was refused in `*why`. */
const struct world_account *world_auth_check(const struct world *world, const struct world_controller *controller,
	struct json_object *sets, const char *user, const char **why);

/* Checks a password. Returns a proof that it was given (borrowed), or NULL. */
const char *world_auth_prove(
	struct world *world, struct world_controller *controller, const char *user, const char *password);

/* Reads a caveat that this controller has made, and whom it is about ("": any external user). Returns 0, or -1. */
int world_auth_payload(const struct world_controller *controller, const void *payload, size_t length,
	char user[MACAROON_BYTES_MAX + 1]);

/* Uses up a proof. Returns 0 when it was one for `user`, else -1. */
int world_auth_use(struct world *world, struct world_controller *controller, const char *proof, const char *user);

/* Discharges a caveat whose payload is good, in the name of `user`, for `life`. */
void world_auth_discharge(const struct world *world, const struct world_controller *controller, const void *payload,
	const char *user, int64_t life, struct macaroon *discharge);

/* Makes the set that a peer holds after a discharge, as the JSON list that goes into a cookie, owned by the caller. Both
 * macaroons expire at `life` from now, which may be past. */
struct json_object *world_auth_set(
	const struct world *world, struct world_controller *controller, const char *user, int64_t life);

#endif
