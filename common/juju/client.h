/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facade Client, on a model connection: the model's status and its watcher. `version` is facades_best(..., "Client").
 */
#ifndef COMMON_JUJU_CLIENT_H
#define COMMON_JUJU_CLIENT_H

#include "common/juju/call.h"

/* Most machines, applications, units, containers or subordinates side by side, and how deep they may nest. */
#define CLIENT_AGENTS_MAX 100000
#define CLIENT_NESTING_MAX 8

/* Most agents that client_status_away names, and most bytes of its text. */
#define CLIENT_AWAY_NAMED 3
#define CLIENT_AWAY_MAX 600

/* Longest id of a watcher, in bytes. */
#define CLIENT_WATCHER_ID_MAX 256

/* An agent that is away: one of a machine that is not "started", or one of a unit that is neither "idle" nor "executing". */
struct client_agent {
	char *name;   /* "0", "0/lxd/1", "app/0" */
	char *status; /* "down", "lost", "allocating", ..., "" when not told */
	int unit;     /* true: a unit's; false: a machine's */
};

struct client_status {
	char *name;
	char *version;
	char *status;      /* of the model: "available", "busy", ... */
	char *status_info; /* "migrating: TEXT" while juju 3.x migrates it */
	int64_t status_since;
	size_t machines; /* how many there are, containers included */
	size_t units;    /* how many there are, subordinates included */
	struct client_agent *away;
	size_t away_count;
};

typedef void client_status_done(void *context, struct client_status *answer, const struct call_result *result);

/* `watcher_id` is borrowed and exact; NULL on failure. */
typedef void client_watcher_done(void *context, const char *watcher_id, const struct call_result *result);

/* Client.FullStatus. Also works while the model migrates. */
void client_full_status(struct rpc *rpc, int version, client_status_done *done, void *context);

/* Client.WatchAll: begins to watch everything in the model. Only juju 2.9 and 3.x have it: do not call it if the login lists
 * no AllWatcher. */
void client_watch_all(struct rpc *rpc, int version, client_watcher_done *done, void *context);

/* Returns the first few agents that are away, as "machine 0 (down), unit app/0 (lost), ...", owned by the caller (free()); NULL when
 * none is. */
char *client_status_away(const struct client_status *status);

/* Releases what `status` holds and leaves it empty. */
void client_status_release(struct client_status *status);

#endif
