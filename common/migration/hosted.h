/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which models a controller hosts, as far as JIMM tells the caller. Pure: lists in, models out. Nothing is guessed: if JIMM does not
 * tell, that is an error, not an empty list.
 */
#ifndef COMMON_MIGRATION_HOSTED_H
#define COMMON_MIGRATION_HOSTED_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/migration/lists.h"

/* The model in which a controller itself runs; it cannot move. */
#define HOSTED_CONTROLLER_MODEL "controller"

struct hosted_model {
	char *uuid;
	char *name;
	char *owner; /* "" where it is not told */
};

struct hosted {
	char *controller;          /* JIMM's name for it; as typed (made printable) if JIMM does not tell it */
	struct hosted_model *list; /* sorted by owner and name */
	size_t count;
	size_t left_out; /* how many controller models were left out */
	bool partly;     /* the caller is no administrator of JIMM: there may be models that it does not tell */
};

/* Finds the models of `controller` (JIMM's name for it, or its UUID) in `lists`, which are from the JIMM `jimm_uuid`.
 * Returns 0 and fills `hosted` (hosted_release), perhaps with no model; or -1 with ERROR_FAILED: JIMM knows no such controller, or does
 * not tell this caller whether it does, or which controller hosts a model. */
int hosted_find(const struct lists *lists, const char *jimm_uuid, const char *controller, struct hosted *hosted,
	struct error **error);

/* Returns -1 with ERROR_FAILED if `name` (or UUID) is surely no controller of this JIMM: the lists are an administrator's and do not
 * have it. Otherwise returns 0. */
int hosted_known(const struct lists *lists, const char *jimm_uuid, const char *name, struct error **error);

/* Releases what it holds and leaves it empty. */
void hosted_release(struct hosted *hosted);

static inline void scoped_hosted_release(struct hosted *hosted)
{
	hosted_release(hosted);
}

#endif
