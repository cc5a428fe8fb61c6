/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log stream of a model (/model/<uuid>/log), through JIMM or at a controller's own door: all records that the world has of it,
 * whatever was asked for.
 */
#ifndef TESTS_SIM_API_LOG_H
#define TESTS_SIM_API_LOG_H

#include <stdbool.h>

#include "tests/sim/api.h"

struct world_model;

/* Returns the model whose log `path` is, borrowed; NULL for every other path. */
const struct world_model *api_log_of(struct world *world, const char *path);

/* Sends the log and closes. Refuses unless `authorization` (may be NULL) has the session token of a user who may read the model. */
void api_log_send(struct world *world, const struct world_model *model, const char *authorization,
	const struct api_callbacks *callbacks, void *context);

/* True when `path` is that of a model's log at a controller's own door. */
bool api_log_at_door(const char *path);

/* Sends the log of a model that the controller has, or of its own model, and closes. Refuses without the tag and password of a user who may
 * read it. */
void api_log_send_direct(struct world *world, const struct world_controller *controller, const char *path,
	const char *authorization, const struct api_callbacks *callbacks, void *context);

#endif
