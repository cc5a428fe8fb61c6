/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JIMM's own operations as typed functions: what a session on /api or on a model's endpoint can ask. What takes time on
 * the real server answers through a reply at a later instant of the world; the rest answers at once.
 */
#ifndef TESTS_SIM_WORLD_CALL_H
#define TESTS_SIM_WORLD_CALL_H

#include "tests/sim/world_error.h"
#include "tests/sim/world_juju.h"
#include "tests/sim/world_state.h"

struct world_call;
struct world_watcher;

struct world_account;

/* What limits the calls of a login with a user's tag: the state of its controller or model at the login. */
enum world_limit { WORLD_FREE, WORLD_LIMIT_EXPORTING, WORLD_LIMIT_IMPORTING, WORLD_LIMIT_UPGRADING };

/* A peer's connection to JIMM, or to a controller's own door. */
struct world_session {
	struct world *world;
	struct world_session *previous, *next;
	struct world_user *user;             /* NULL before the login */
	struct world_controller *direct;     /* whose door it is, NULL: JIMM's */
	const struct world_account *account; /* there, NULL before the login */
	enum world_limit limit;
	bool incompatible; /* the client's version, for the controller */
	bool unmasked;
	bool device_asked;
	int64_t device_ends;                 /* when its code does */
	char *uuid;                          /* model endpoint: of the model, NULL on /api */
	struct world_model *model;           /* the same, once the first frame has come */
	struct world_controller *controller; /* to which the proxy goes */
	bool opened_locked;
	int client_major;
	struct world_call *calls;
	struct world_watcher *watchers;
	unsigned watcher_count;
	struct world_event *idle, *cutting;
	void (*cut)(void *context, int code); /* JIMM or the controller closes the connection */
	void *context;
};

/* What an operation that takes time answers; borrowed for the call. */
struct world_outcome {
	const struct world_error *error; /* NULL: it succeeded */
	const struct world_model *model; /* MigrateModel: once the caller's rights are clear */
	const char *text;                /* MigrateModel: migration id; device login: token */
	const struct world_view *view;   /* ModelInfo */
};

struct world_reply {
	void (*done)(void *context, const struct world_outcome *outcome);
	void *context;
};

struct world_views {
	struct world_view *items;
	size_t count, capacity;
};

/* Opens a session; `uuid` is the model's on a model endpoint, else NULL. `cut` (may be NULL) is called with `context` when
 * the connection is closed from the server's side; the session must still be closed. Owned by the caller. */
struct world_session *world_session_open(struct world *world, const char *uuid, const char *client_version,
	void (*cut)(void *context, int code), void *context);

/* The same for a controller's own door. Such a session is never cut for being idle. */
struct world_session *world_session_open_direct(struct world *world, struct world_controller *controller,
	const char *uuid, void (*cut)(void *context, int code), void *context);

/* Call when the peer has gone: abandons pending calls as JIMM does. NULL is allowed. */
void world_session_close(struct world_session *session);

/* Pinger.Ping: the idle time starts again. */
void world_session_ping(struct world_session *session);

/* Has the session cut by the server after `length`. */
void world_session_cut_after(struct world_session *session, int64_t length);

/* First frame on a model endpoint: the proxy chooses its controller. Returns 0, or -1: the connection ends. */
int world_session_route(struct world_session *session, struct world_error *error);

/* Admin.LoginWithSessionToken, LoginWithClientCredentials; on a model endpoint the controller's answer is included. */
int world_login_token(struct world_session *session, const char *token, struct world_error *error);
int world_login_client(struct world_session *session, const char *id, const char *secret, struct world_error *error);

/* Admin.LoginDevice, GetDeviceSessionToken. */
int world_login_device(struct world_session *session, struct world_error *error);
void world_device_token(struct world_session *session, struct world_reply reply);

/* JIMM's dial to a controller. Returns 0, or -1. */
int world_dial(const struct world *world, const struct world_controller *controller, struct world_error *error);

/* JIMM.MigrateModel for one spec, JIMM.UpdateMigratedModel. */
void world_migrate_model(
	struct world_session *session, const char *value, const char *target, struct world_reply reply);
void world_update_migrated_model(
	struct world_session *session, const char *tag, const char *target, struct world_reply reply);

/* ModelManager.ModelInfo and ModelStatus for one entity; side effects included. */
void world_model_info(struct world_session *session, const char *tag, struct world_reply reply);
void world_model_status(struct world_session *session, const char *tag, struct world_reply reply);

/* JIMM.DisableControllerUUIDMasking. */
int world_unmask(struct world_session *session, struct world_error *error);

/* Controller.AllModels (also JIMM.ListModels): from the database. */
void world_all_models(struct world_session *session, struct world_views *views);

/* ModelManager.ListModels and ListModelSummaries. */
int world_list_models(struct world_session *session, struct world_views *views, struct world_error *error);
void world_list_summaries(struct world_session *session, struct world_views *views);

/* JIMM.ModelControllerInfo for a UUID or owner/name. */
int world_model_controller_info(
	struct world_session *session, const char *value, struct world_view *view, struct world_error *error);

/* JIMM.ListMigrationTargets: `targets` (room for all controllers) is filled, `*count` set. */
int world_migration_targets(struct world_session *session, const char *tag, const struct world_controller **targets,
	size_t *count, struct world_error *error);

/* JIMM.ListControllers for this user in the order of names; `*pseudo` says that the one entry "jaas" is shown instead. */
size_t world_list_controllers(
	const struct world_session *session, const struct world_controller **controllers, bool *pseudo);

/* JIMM.FullModelStatus, and what it needs: the model behind a tag where JIMM's administrator may look. */
int world_full_model_status(
	struct world_session *session, const char *tag, struct world_view *view, struct world_error *error);

/* Client.FullStatus on a model endpoint. */
int world_full_status(struct world_session *session, struct world_view *view, struct world_error *error);

/* Releases what `views` holds. */
void world_views_release(struct world_views *views);

/* Model behind "model-<uuid>", NULL when JIMM does not know it; `*valid` says whether it is such a tag. */
struct world_model *world_model_tagged(const struct world *world, const char *tag, bool *valid);

/* A UUID in lower case with its dashes. */
bool world_is_uuid(const char *text);

#endif
