/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which models a run is about, where none is named: all that a controller hosts, as JIMM tells it. It is found out on a JIMM that is logged in
 * to, and a person is asked, before anything else is asked of it.
 */
#ifndef PLUGIN_PICK_H
#define PLUGIN_PICK_H

#include "common/migration/lists.h"
#include "plugin/confirm.h"

struct run;

/* The models of the run are settled; there may be none left. Or `error` (the callee's from now on) says why they cannot be. */
typedef void pick_done(void *context, struct error *error);

struct pick {
	struct run *run; /* borrowed */
	struct lists_asking *asking;
	struct confirm confirm;
	pick_done *done;
};

/* Begins; `done(run)` is called once, from the loop. The caller owns the zeroed storage, which must not move, and calls pick_release after the
 * connections are closed and before the loop is freed. */
void pick_begin(struct pick *pick, struct run *run, pick_done *done);

/* Ends the asking of a person, if one is still being asked. */
void pick_end(struct pick *pick);

/* Releases what it holds. */
void pick_release(struct pick *pick);

#endif
