/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between an open connection and the world, with whatever misbehaviour was asked for in between.
 */
#ifndef TESTS_SIM_SERVER_TALK_H
#define TESTS_SIM_SERVER_TALK_H

#include "tests/sim/server_connection.h"

/* Handles one websocket message of the peer. */
void server_talk_receive(struct server_connection *connection, const struct frame_message *message);

/* The callbacks of the world's conversation; `context` is the connection. */
void server_talk_send(void *context, const char *text, size_t length);
void server_talk_close(void *context, int code);

/* Counts a message of either direction. Returns 1 if it is the one at which to cut the wire. */
int server_talk_cuts(struct server *server);

/* Ends the connection without a close frame, once everything is written. */
void server_talk_cut(struct server_connection *connection);

#endif
