/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log stream of a model through JIMM (/model/<uuid>/log): all records that the world has of it, whatever was asked for.
 */
#ifndef TESTS_SIM_API_LOG_H
#define TESTS_SIM_API_LOG_H

#include "tests/sim/api.h"

struct world_model;

/* Returns the model whose log `path` is, borrowed; NULL for every other path. */
const struct world_model *api_log_of(struct world *world, const char *path);

/* Sends the log and closes; whoever does not show a session token in `authorization` (may be NULL) is refused. */
void api_log_send(struct world *world, const struct world_model *model, const char *authorization,
	const struct api_callbacks *callbacks, void *context);

#endif
