/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facade AllWatcher, on a model connection: what has changed since the last answer. `version` is facades_best(...,
 * "AllWatcher"); juju 4 has no such facade. Only changes of the model itself are kept.
 */
#ifndef COMMON_JUJU_ALL_WATCHER_H
#define COMMON_JUJU_ALL_WATCHER_H

#include "common/juju/call.h"

/* Most changes in one answer, of all kinds. */
#define ALL_WATCHER_DELTAS_MAX 1000000

struct all_watcher_delta {
	int removed; /* the model's document is gone; then only uuid and perhaps name are told */
	char *uuid;
	char *name;
	char *life;
	char *status;      /* "busy", "available", ... */
	char *status_info; /* "migrating: TEXT" */
	int64_t status_since;
};

/* Changes of the model, oldest first; often none, if all were about machines, units and the like. */
struct all_watcher_deltas {
	struct all_watcher_delta *list;
	size_t count;
};

typedef void all_watcher_done(void *context, struct all_watcher_deltas *answer, const struct call_result *result);

/* AllWatcher.Next: waits, without a deadline, until something changes; the first one answers at once with
 * everything. Ask again after each answer. The watcher ends with its connection. */
void all_watcher_next(struct rpc *rpc, int version, const char *watcher_id, all_watcher_done *done, void *context);

/* Releases what `deltas` holds and leaves it empty. */
void all_watcher_deltas_release(struct all_watcher_deltas *deltas);

#endif
