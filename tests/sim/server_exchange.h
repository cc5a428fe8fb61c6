/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain https at a controller's door: one request, one answer, on a connection that is no websocket.
 */
#ifndef TESTS_SIM_SERVER_EXCHANGE_H
#define TESTS_SIM_SERVER_EXCHANGE_H

#include "tests/sim/server_connection.h"
#include "tests/sim/server_http.h"

/* True if the request is a plain one: at a controller's door, and no upgrade. */
int server_exchange_wanted(const struct server_connection *connection, const struct http_request *request);

/* Answers the request whose head takes the first `size` bytes of what has arrived, once its body is there too. */
void server_exchange_take(struct server_connection *connection, const struct http_request *request, size_t size);

#endif
