/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The models of a run that names none: all that JIMM lists on one controller. They are found out, and the person is asked, right after the
 * login to JIMM and before any other call.
 */
#ifndef PLUGIN_PICK_H
#define PLUGIN_PICK_H

#include "common/migration/lists.h"
#include "plugin/confirm.h"

struct run;

/* The models of the run are settled, perhaps none; or `error` (owned by the callee) says why they are not. */
typedef void pick_done(void *context, struct error *error);

struct pick {
	struct run *run; /* borrowed */
	struct lists_asking *asking;
	struct confirm confirm;
	pick_done *done;
};

/* Begins; `done(run)` is called once, from the loop. The caller owns the zeroed storage, which must not move, and calls pick_release after
 * the connections are closed and before the loop is freed. */
void pick_begin(struct pick *pick, struct run *run, pick_done *done);

/* Withdraws the question to the person, if it has not been answered. */
void pick_end(struct pick *pick);

/* Releases what it holds. */
void pick_release(struct pick *pick);

#endif
