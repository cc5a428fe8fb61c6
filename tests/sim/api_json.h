/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small pieces of JSON, and the larger ones that several answers share.
 */
#ifndef TESTS_SIM_API_JSON_H
#define TESTS_SIM_API_JSON_H

#include "tests/sim/api_conversation.h"

/* Adds a member; NULL becomes JSON null. */
void api_put(struct json_object *object, const char *key, struct json_object *value);
void api_put_text(struct json_object *object, const char *key, const char *value);
void api_put_flag(struct json_object *object, const char *key, bool value);
void api_put_number(struct json_object *object, const char *key, int64_t value);
/* An instant as RFC 3339, JSON null for INSTANT_NONE. */
void api_put_time(struct json_object *object, const char *key, int64_t instant);
/* "PREFIX-VALUE". */
void api_put_tag(struct json_object *object, const char *key, const char *prefix, const char *value);

/* A member, NULL when there is none. As Go does, a key in another case is taken for want of the right one. */
struct json_object *api_get(struct json_object *object, const char *key);
/* A member's text, "" when there is none. */
const char *api_get_text(struct json_object *object, const char *key);
/* A member that is a list, NULL when there is none. */
struct json_object *api_get_list(struct json_object *object, const char *key);

/* {"message", "code", "info"?}; info only when `info` is set. */
struct json_object *api_error(const struct world_error *error, bool info);
/* What `redirection required` carries, NULL for none. */
struct json_object *api_redirect_info(const struct world_error *error);

/* {"status", "info", "data", "since"}. */
struct json_object *api_status(const char *status, const char *info, int64_t since);

/* JIMM's ControllerInfo; `since` is when an unavailable one was last seen. */
struct json_object *api_controller_info(const struct world_controller *controller, int64_t since);

/* The juju version that JIMM says it is itself. */
#define API_JIMM_CLAIMS "3.6.12"
/* Lowest agent version of all controllers, as JIMM claims it for all. */
const char *api_lowest_version(const struct world *world);

/* The owner under the key that the request's version has. */
void api_put_owner(const struct api_request *request, struct json_object *object, const char *owner);

/* {"model-name", "model-uuid", "controller-name", "controller-uuid"}. */
struct json_object *api_model_controller(const struct world_view *view, bool job);

/* Adds to the "config" of a ModelConfig.ModelGet answer: {"value", "source"}. */
void api_put_setting(struct json_object *config, const char *key, const char *value, const char *source);

/* Facades of JIMM or of a controller: [{"name", "versions"}]. */
struct json_object *api_facades(const char *const *facades);
/* True when the facade is among them in this version; `*known` says whether it is in any. */
bool api_facade_has(const char *const *facades, const char *name, int64_t version, bool *known);
/* Facades of a model connection, and of a controller connection, of the controller. */
const char *const *api_model_facades(const struct world_controller *controller);
const char *const *api_controller_facades(const struct world_controller *controller);

/* Entry of a ModelInfo or ListModelSummaries answer: {"result"}. */
struct json_object *api_model_info(const struct api_request *request, const struct world_view *view);
struct json_object *api_summary(const struct api_request *request, const struct world_view *view);
/* ModelStatus of a model. */
struct json_object *api_model_status(const struct api_request *request, const struct world_model *model);
/* {"user-models"}. */
struct json_object *api_user_models(const struct api_request *request, const struct world_views *views);

/* Client.FullStatus of the model that `view` shows. */
struct json_object *api_full_status(const struct world *world, const struct world_view *view);
/* Everything that a watcher of the model tells first. */
struct json_object *api_first_deltas(const struct world *world, const struct world_view *view);
/* One change of the model itself. */
struct json_object *api_model_delta(const struct world *world, const struct world_view *view);
struct json_object *api_removed_delta(const struct world_model *model);

#endif
