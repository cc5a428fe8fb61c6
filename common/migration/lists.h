/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What JIMM lists, asked before any model is chosen: all at once, by calls that change nothing. JIMM keeps none of it back from those
 * whom it may tell; what it does not tell is not there.
 */
#ifndef COMMON_MIGRATION_LISTS_H
#define COMMON_MIGRATION_LISTS_H

#include <stdbool.h>

#include "common/juju/controller.h"
#include "common/juju/jimm.h"
#include "common/juju/login_result.h"
#include "common/juju/model_manager.h"

struct lists {
	bool administrator; /* of JIMM; the controller UUIDs of the summaries are the hosting controllers' own then */
	struct controller_models models;     /* Controller.AllModels */
	struct jimm_controllers controllers; /* JIMM.ListControllers; empty where it is refused */
	struct jimm_models rows;             /* JIMM.ListModels */
	bool rows_told;                      /* this JIMM has that call */
	struct model_summaries summaries;    /* for an administrator where it has not; else empty */
};

struct lists_asking;

/* Called once, from the loop: with the lists (borrowed; call_take to keep them) or with why they could not be had. */
typedef void lists_done(void *context, struct lists *lists, const struct error *error);

/* Asks on the connection to JIMM's /api, whose login has told `login` (both borrowed until it is done). Returns what is to be released with
 * lists_forget, also after `done`; before that the connection must have been closed, or have answered. */
struct lists_asking *lists_ask(struct rpc *rpc, const struct login_result *login, lists_done *done, void *context);

/* Releases it. NULL is allowed. */
void lists_forget(struct lists_asking *asking);

/* Releases what the lists hold and leaves them empty. */
void lists_release(struct lists *lists);

#endif
