/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facade Controller: all models that the caller may see. `version` is facades_best(..., "Controller").
 */
#ifndef COMMON_JUJU_CONTROLLER_H
#define COMMON_JUJU_CONTROLLER_H

#include "common/juju/call.h"

struct json_object;

/* Most models that an answer may list. */
#define CONTROLLER_MODELS_MAX 200000

struct controller_model {
	char *name;
	char *uuid;
	char *owner; /* without "user-"; "" when the server sends a broken one */
	char *type;  /* "iaas" or "caas" */
};

struct controller_models {
	struct controller_model *list;
	size_t count;
};

typedef void controller_models_done(void *context, struct controller_models *answer, const struct call_result *result);

/* Controller.AllModels. From JIMM: the models that the caller may read; from its database, so it works while controllers
 * are down. Directly from a juju 3.x controller: also models that are still being imported. */
void controller_all_models(struct rpc *rpc, int version, controller_models_done *done, void *context);

/* Fills the zeroed `models` from a response with a list of models (may be NULL). `method` ("Controller.AllModels") is for the message.
 * Returns 0, or -1 with ERROR_PROTOCOL; release it in both cases. */
int controller_models_decode(
	struct controller_models *models, struct json_object *response, const char *method, struct error **error);

/* Releases what `models` holds and leaves it empty. */
void controller_models_release(struct controller_models *models);

#endif
