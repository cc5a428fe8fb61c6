/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JIMM's poller: each minute it asks for every model, completes what has moved, and forgets what is denied. A pass works on
 * the rows as they were when it began.
 */
#ifndef TESTS_SIM_WORLD_POLLER_H
#define TESTS_SIM_WORLD_POLLER_H

#include "tests/sim/world_state.h"

/* Starts the poller: first pass at `first` (instant), `each` for one model. */
void world_poller_start(struct world *world, int64_t first, int64_t each);

/* Releases it. */
void world_poller_free(struct world *world);

/* Takes JIMM down for `length`: all connections are cut, requests are cancelled, the poller starts again afterwards. */
void world_jimm_restart(struct world *world, int64_t length);

#endif
