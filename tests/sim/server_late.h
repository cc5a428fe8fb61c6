/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replies that are held back until their time comes.
 */
#ifndef TESTS_SIM_SERVER_LATE_H
#define TESTS_SIM_SERVER_LATE_H

#include <stddef.h>
#include <stdint.h>

struct server_connection;

/* A reply that waits; those that are due together leave in the order in which they came. */
struct server_late {
	struct server_late *next;
	int64_t at;
	struct server_connection *connection;
	int told; /* it has been logged and counted, and only has to be written */
	char *text;
	size_t length;
};

/* Adds a reply to `list`, which is kept in order; `text` is copied. */
void server_late_add(struct server_late **list, const struct server_late *late);

/* Removes the first reply that is due at `now` from the list and returns it, owned by the caller (server_late_free); NULL if none is. */
struct server_late *server_late_take(struct server_late **list, int64_t now);

/* Drops all that wait for `connection`; NULL: all. */
void server_late_drop(struct server_late **list, const struct server_connection *connection);

void server_late_free(struct server_late *late);

#endif
