/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facades: the groups of calls that a connection serves, and in which versions. The login tells them, for this kind of
 * connection (JIMM's /api, a controller, a model).
 */
#ifndef COMMON_JUJU_FACADES_H
#define COMMON_JUJU_FACADES_H

#include <stddef.h>

/* Most facades a peer may list, and most versions of one; juju has about 130, each with at most a dozen. */
#define FACADES_MAX 1000
#define FACADE_VERSIONS_MAX 100

/* The only version of JIMM's own facade. */
#define FACADE_JIMM_VERSION 4

struct facade {
	char *name;
	int *versions; /* in the peer's order */
	size_t version_count;
};

struct facades {
	struct facade *list;
	size_t count;
};

/* Releases what `facades` holds and leaves it empty. */
void facades_release(struct facades *facades);

/* True when the peer serves `version` of the facade `name`. */
int facades_serve(const struct facades *facades, const char *name, int version);

/* Returns the highest version of `name` that both the peer and we speak, 0 when there is none (or we do not use that
 * facade at all). Ours: AllWatcher 1-3, Client 1-8, Controller 11, 12, 14, JIMM 4, ModelManager 9-11,
 * Pinger 1. */
int facades_best(const struct facades *facades, const char *name);

/* True when this is JIMM's own connection: facade JIMM is there, with version 4. */
int facades_are_jimm(const struct facades *facades);

#endif
