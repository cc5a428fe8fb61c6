/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversations and requests, for the files that answer them.
 */
#ifndef TESTS_SIM_API_CONVERSATION_H
#define TESTS_SIM_API_CONVERSATION_H

#include <json-c/json.h>

#include "tests/sim/api.h"
#include "tests/sim/world_call.h"

struct api_request {
	struct api_conversation *conversation;
	struct api_request *previous, *next;
	int64_t id;
	const char *type, *method, *object; /* inside `message` */
	int64_t version;
	struct json_object *message;
	struct json_object *params; /* inside `message`, NULL unless an object */
	const struct api_method *handler;
	struct world_event *event;
	bool waits;   /* behind an Admin call */
	char *answer; /* on its way */
	bool ends;    /* the connection is closed after it */
	/* Calls that go over a list one by one. */
	struct json_object *results;
	size_t index;
};

struct api_conversation {
	struct world *world;
	struct world_session *session;
	char *host; /* as the peer has dialled it; a controller's own door only */
	struct api_callbacks callbacks;
	void *context;
	struct api_request *first, *last; /* in order of arrival */
	struct api_request *admin;        /* an Admin call that holds up the rest of a model endpoint */
	bool ended;
	bool delivering; /* an answer is being handed over */
	bool gone;       /* closed meanwhile */
};

struct api_method {
	const char *facade, *name;
	void (*run)(struct api_request *request);
	size_t capability; /* offset in struct world_era of a flag that must be set, 0: none */
};

/* Finds the method that answers the request, or fails with the server's error for an unknown one. */
const struct api_method *api_method_find(const struct api_request *request, struct world_error *error);

/* Answers; takes over `response` (NULL: {}). The request must not be used afterwards. */
void api_answer(struct api_request *request, struct json_object *response);

/* Answers with an error. */
void api_fail(struct api_request *request, const struct world_error *error);

/* Finds a method among those of a table, or NULL. */
const struct api_method *api_method_in(const struct api_method *methods, const char *facade, const char *name);

/* Returns `method`; or NULL, with the error in the controller's words, unless the facade is among `facades` in this version and
 * `method` exists. To a controller, a facade that it does not have is an unknown version, if a version was asked for. */
const struct api_method *api_versed(const struct api_request *request, const struct world_controller *controller,
	const char *const *facades, const struct api_method *method, struct world_error *error);

/* The same for a request on a controller's own door. */
const struct api_method *api_direct_find(const struct api_request *request, struct world_error *error);

/* The methods of each file; the last has no name. */
extern const struct api_method api_admin_methods[];
extern const struct api_method api_jimm_methods[];
extern const struct api_method api_migrate_methods[];
extern const struct api_method api_models_methods[];
extern const struct api_method api_controller_methods[];
extern const struct api_method api_cloud_methods[];
extern const struct api_method api_client_methods[];
extern const struct api_method api_direct_admin_methods[];
extern const struct api_method api_direct_methods[];
extern const struct api_method api_direct_migrate_methods[];

#endif
