/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a juju data directory with which the server can be used at once.
 */
#ifndef TESTS_SIM_SERVER_STORE_H
#define TESTS_SIM_SERVER_STORE_H

#include "common/base/error.h"
#include "tests/sim/world.h"

/* Writes controllers.yaml (the controller "jaas" on 127.0.0.1:`port`, trusted by the CA `ca`, current) and accounts.yaml
 * (the world's first user with a session token) into `directory`, which is made when it is missing. Controllers that have a
 * door of their own are in both as their scripts say, with a cookie jar where one is asked for. Returns 0, or -1 with
 * ERROR_FAILED. */
int server_store_write(
	const struct world *world, const char *directory, int port, const char *ca, struct error **error);

#endif
