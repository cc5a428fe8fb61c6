/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listening socket of the server with its certificates: JIMM's, or that of a controller which can be dialled directly.
 */
#ifndef TESTS_SIM_SERVER_DOOR_H
#define TESTS_SIM_SERVER_DOOR_H

#include <openssl/ssl.h>

#include "tests/sim/pki.h"

struct world_controller;

struct server_door {
	struct world_controller *controller; /* NULL: JIMM */
	struct pki pki;
	SSL_CTX *tls;
	SSL_CTX *unnamed; /* for a peer that names no server; NULL: no difference */
	int listening, port;
	int unlistened; /* nobody accepts connections there */
	int waiting;    /* a connection that nobody accepts and that leaves no room for others; 0: none */
};

/* Opens a door on `port` of 127.0.0.1 (0: the system chooses); `controller` is told of it. Returns 0, or -1 with
 * ERROR_FAILED. Released by server_door_release in either case. */
int server_door_open(struct server_door *door, struct world_controller *controller, enum pki_kind kind, int port,
	struct error **error);
void server_door_release(struct server_door *door);

#endif
