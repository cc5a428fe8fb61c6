/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's waiting: for sockets, and for time, real or simulated.
 */
#ifndef TESTS_SIM_SERVER_LOOP_H
#define TESTS_SIM_SERVER_LOOP_H

#include "tests/sim/server.h"

/* Handles what can be read and written, or lets time pass, or waits. Sets `server->ended` at the end. Returns 0, or -1
 * with ERROR_FAILED. */
int server_loop_turn(struct server *server, struct error **error);

#endif
