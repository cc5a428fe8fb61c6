/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The world's own truth: what the files of the world share, and what a checker may read (never write).
 */
#ifndef TESTS_SIM_WORLD_STATE_H
#define TESTS_SIM_WORLD_STATE_H

#include <stdbool.h>

#include "common/base/instant.h"
#include "tests/sim/world.h"
#include "tests/sim/world_era.h"
#include "tests/sim/world_event.h"

enum world_phase {
	WORLD_QUIESCE,
	WORLD_IMPORT,
	WORLD_PROCESSRELATIONS,
	WORLD_VALIDATION,
	WORLD_SUCCESS,
	WORLD_LOGTRANSFER,
	WORLD_REAP,
	WORLD_DONE,
	WORLD_REAPFAILED,
	WORLD_ABORT,
	WORLD_ABORTDONE,
	WORLD_PHASES,
};

/* The pieces of a migration whose lengths a plan sets. */
enum world_length {
	WORLD_PRECHECKS, /* those before the attempt exists */
	WORLD_STARTING,
	WORLD_SOURCE_PRECHECKS,
	WORLD_TARGET_PRECHECKS,
	WORLD_QUIESCE_WAIT,
	WORLD_EXPORT,
	WORLD_IMPORT_MODEL,
	WORLD_UPLOAD,
	WORLD_RELATIONS,
	WORLD_VALIDATE_WAIT,
	WORLD_MACHINES,
	WORLD_ACTIVATE,
	WORLD_COMMIT, /* from Activate on the target to SUCCESS on the source */
	WORLD_AGENTS_WAIT,
	WORLD_OWNERSHIP,
	WORLD_LOGS,
	WORLD_REAP_MODEL,
	WORLD_VANISH, /* from the first missing document to DONE */
	WORLD_CACHED, /* after DONE the source still caches the model */
	WORLD_ABORT_CLEANUP,
	WORLD_SETTLE, /* a text that sums up a wait */
	WORLD_REPORT, /* between two reports of a wait */
	WORLD_LENGTHS,
};

enum world_right { WORLD_STRANGER, WORLD_READER, WORLD_WRITER, WORLD_ADMINISTRATOR };
enum world_reach { WORLD_UP, WORLD_DOWN, WORLD_REFUSES };
enum world_presence { WORLD_ABSENT, WORLD_IMPORTING, WORLD_ACTIVE };
enum world_copy { WORLD_COPY_REMOVED, WORLD_COPY_LEFT, WORLD_COPY_ACTIVE };

struct world_door;

struct world_controller {
	size_t index;
	size_t home; /* `index` of the controller that it really is: one may be known under two names */
	char *name, *uuid, *agent_version, *address, *public_address, *cloud, *region;
	char *status; /* JIMM's cached opinion */
	enum world_reach reach;
	bool credentials;        /* JIMM has its own */
	bool unregistered;       /* gone from JIMM */
	struct world_door *door; /* NULL: it cannot be dialled but by JIMM */
};

struct world_user {
	char *name;
	bool admin;          /* of JIMM */
	bool *add_model;     /* by index of the controller */
	char *client_secret; /* a service account's */
	char *client_id;
};

struct world_token {
	char *value;
	struct world_user *user;
	int64_t expires; /* INSTANT_NEVER */
};

/* How one attempt will go. */
struct world_plan {
	int64_t lengths[WORLD_LENGTHS];
	char *refuse, *refuse_code; /* the prechecks before it refuse, NULL: they do not */
	bool aborts;
	enum world_phase abort_phase;
	char *abort_reason;
	enum world_copy copy; /* what the abort leaves on the target */
	char *reap_failed;    /* NULL: it does not fail */
	unsigned agents_failed[WORLD_PHASES];
	int stuck; /* a world_length that never ends, -1 */
	unsigned stranded;
};

/* What an attempt does when a step begins. */
enum world_mark { WORLD_PLAIN, WORLD_COPY_APPEARS, WORLD_ACTIVATED, WORLD_DOCUMENTS_VANISH, WORLD_ENDS };

struct world_step {
	enum world_phase phase;
	enum world_mark mark;
	enum world_length kind;
	bool silent; /* the model's status is not rewritten */
	int64_t length;
	char *info; /* "migrating: TEXT" */
};

struct world_attempt {
	char *id;
	struct world *world;
	struct world_model *model;
	struct world_controller *source, *target;
	char *alias; /* NULL: none was given */
	enum world_phase phase;
	const char *text;
	int64_t start, end; /* `end` INSTANT_NONE while it runs */
	char **listed;      /* the model's own user list when it was created */
	size_t listed_count;
	struct world_plan plan; /* lengths and small values only, its texts belong to the model */
	struct world_step *steps;
	size_t step_count, step_capacity, step;
	struct world_event *event;
};

/* One model on one controller. */
struct world_place {
	enum world_presence presence;
	struct world_attempt *attempt; /* the newest that left from here */
	const char *status, *info;     /* the model's status there */
	int64_t since;
};

struct world_grant {
	char *user;
	enum world_right right;
};

struct world_model {
	size_t index;
	char *name, *uuid, *owner, *cloud, *region;
	char *agent_version; /* NULL: that of the controller that it is on */
	const char *life;
	unsigned machines, down; /* all of them, and those whose agents do not work */
	const char *credential;  /* "valid", "invalid", "revoked" */
	char **applications;
	size_t application_count;
	char **listed; /* Juju's own user list */
	size_t listed_count;
	struct world_place *places; /* by `home` of the controller */
	struct world_attempt **attempts;
	size_t attempt_count, attempt_capacity;
	struct world_plan *plans;
	size_t plan_count, plans_used;
	struct json_object
		*log;      /* list of records as the log stream sends them, but "at" a length after the start; NULL */
	unsigned stranded; /* machines whose agents did not come over */
	/* JIMM's row */
	struct world_controller *recorded; /* NULL: JIMM does not know the model */
	const char *mode;                  /* "", "migrating-internally", "exporting", "importing" */
	struct world_grant *grants;
	size_t grant_count, grant_capacity;
	char *job; /* state of an upgrade-to job, NULL */
};

enum world_happening {
	WORLD_SAW_MIGRATE,
	WORLD_SAW_UPDATE,
	WORLD_SAW_MODEL_INFO,
	WORLD_SAW_MODEL_STATUS,
	WORLD_SAW_DELETION,
	WORLD_SAW_MOVE,
};

/* One line of the log of truth. */
struct world_record {
	enum world_happening what;
	int64_t at;
	const struct world_model *model; /* NULL: none of that name */
	char *value;                     /* how the model was named */
	char *target;                    /* controller's name, NULL */
	char *who;                       /* user, "poller", ... */
	const char *phase;               /* of the newest attempt then, NULL: none */
	bool flag;                       /* UpdateMigratedModel: early; ModelInfo, ModelStatus: could delete */
	char *error;                     /* NULL: it succeeded, or goes on */
};

struct world_count {
	char *method;
	unsigned long count;
};

struct world_session;
struct world_call;

struct world {
	struct world_era era;
	int64_t start, now;
	uint64_t random;
	struct world_queue queue;
	char *uuid, *dns_name, *version;
	char **facades; /* name, versions, ..., NULL: what era.facades points at */
	char *admin;    /* JIMM's own user on controllers */
	bool down;      /* JIMM itself */
	struct world_controller *controllers;
	size_t controller_count;
	struct world_user **users;
	size_t user_count, user_capacity;
	struct world_token *tokens;
	size_t token_count, token_capacity;
	struct world_user *device_user;
	int64_t device_after, device_code, device_token; /* lengths: until confirmed, life of the code, of the token */
	bool device_fails, device_unavailable;
	struct world_model *models;
	size_t model_count;
	int64_t dial, dial_timeout;
	struct json_object *latency;    /* owned, NULL */
	struct world_poller *poller;    /* NULL: none */
	struct world_deed *deeds;       /* of the script */
	struct world_session *sessions; /* list */
	struct world_call *orphans;     /* requests that go on without their peer */
	unsigned asked;                 /* live lists so far: decides whose answer comes last */
	struct world_record *records;
	size_t record_count, record_capacity;
	struct world_count *counts;
	size_t count_count, count_capacity;
};

/* Phase's own name, "QUIESCE". */
const char *world_phase_name(enum world_phase phase);

struct world_controller *world_controller_find(const struct world *world, const char *name);
struct world_model *world_model_find(const struct world *world, const char *uuid);
/* By "owner/name" among what JIMM knows. */
struct world_model *world_model_named(const struct world *world, const char *owner, const char *name);
struct world_user *world_user_find(const struct world *world, const char *name);
/* The same, made without rights when there is none: whoever the identity provider lets in is a user. */
struct world_user *world_user_get(struct world *world, const char *name);

/* What JIMM lets `user` do with the model; WORLD_STRANGER when it does not know the model. */
enum world_right world_right_of(const struct world_model *model, const struct world_user *user);

/* Adds a token of `user`; `expires` may be INSTANT_NEVER. */
void world_token_add(struct world *world, const char *value, struct world_user *user, int64_t expires);

/* Draws 64 bits. */
uint64_t world_random(struct world *world);

/* Runs `run(context)` after `length`. */
struct world_event *world_after(struct world *world, int64_t length, void (*run)(void *context), void *context);

/* Adds a line to the log and returns it (valid until the next one). */
struct world_record *world_saw(
	struct world *world, enum world_happening what, const struct world_model *model, const char *who);

/* Counts one call of `method` ("Facade.Method"). */
void world_counted(struct world *world, const char *method);

/* JIMM's row is set to `controller` and loses its lock. `by` is for the log. */
void world_row_move(
	struct world *world, struct world_model *model, struct world_controller *controller, const char *by);

/* JIMM forgets the model with all rights on it. */
void world_row_delete(struct world *world, struct world_model *model, const char *by);

/* Major number of the controller's version. */
int world_major(const struct world_controller *controller);

/* Newest attempt of the model, NULL when there was none. */
struct world_attempt *world_newest(const struct world_model *model);

/* The place of a model on a controller. */
static inline struct world_place *world_at(const struct world_model *model, const struct world_controller *controller)
{
	return &model->places[controller->home];
}

#endif
