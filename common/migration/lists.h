/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JIMM's lists, asked for before any model is chosen, by calls that change nothing. What JIMM may not tell this caller is missing
 * from them.
 */
#ifndef COMMON_MIGRATION_LISTS_H
#define COMMON_MIGRATION_LISTS_H

#include <stdbool.h>

#include "common/juju/controller.h"
#include "common/juju/jimm.h"
#include "common/juju/login_result.h"
#include "common/juju/model_manager.h"

struct lists {
	bool administrator;                  /* of JIMM; then the summaries carry the hosting controllers' own UUIDs */
	struct controller_models models;     /* Controller.AllModels */
	struct jimm_controllers controllers; /* JIMM.ListControllers; empty if that is refused */
	struct jimm_models rows;             /* JIMM.ListModels */
	bool rows_told;                      /* JIMM.ListModels was answered */
	struct model_summaries summaries;    /* only for an administrator if it was not; else empty */
};

struct lists_asking;

/* Called once, from the loop: with the lists (borrowed; keep them with call_take), or with NULL and the error. */
typedef void lists_done(void *context, struct lists *lists, const struct error *error);

/* Asks on the connection `rpc` to JIMM's /api, whose login returned `login` (both borrowed until done). Returns a handle for
 * lists_forget, to be called after `done`, or earlier once the connection is closed. */
struct lists_asking *lists_ask(struct rpc *rpc, const struct login_result *login, lists_done *done, void *context);

/* Releases the handle. NULL is allowed. */
void lists_forget(struct lists_asking *asking);

/* Releases what the lists hold and leaves them empty. */
void lists_release(struct lists *lists);

#endif
