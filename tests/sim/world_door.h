/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a controller needs to be dialled without JIMM: its own users, and how it receives them.
 */
#ifndef TESTS_SIM_WORLD_DOOR_H
#define TESTS_SIM_WORLD_DOOR_H

#include <json-c/json.h>

#include "tests/sim/world_state.h"

/* How long a proof that a password was given can be used. */
#define WORLD_PROOF_LIFE (2 * INSTANT_MINUTE)

/* A user as one controller knows it: local, or with an "@" external. */
struct world_account {
	char *name;
	char *password;     /* NULL: there is none to log in with */
	const char *access; /* "superuser", "login", "" */
};

/* A proof that the right password was given; good for one discharge. */
struct world_proof {
	char *value;
	const struct world_account *account;
	int64_t expires;
};

/* What the store keeps for the user of its entry to log in with. */
enum world_keep {
	WORLD_KEEP_PASSWORD,
	WORLD_KEEP_WRONG_PASSWORD,
	WORLD_KEEP_NOTHING, /* but the name */
	WORLD_KEEP_COOKIE,
	WORLD_KEEP_OLD_COOKIE,     /* expired in the world's time, which the file does not say */
	WORLD_KEEP_FOREIGN_COOKIE, /* signed by somebody else */
	WORLD_KEEP_NO_ACCOUNT,
	WORLD_KEEP_NO_ENTRY,
};

/* A controller that never answers. */
enum world_dead {
	WORLD_ALIVE,
	WORLD_DEAD_REFUSES,    /* connections: nobody listens */
	WORLD_DEAD_SILENT_TCP, /* nobody takes them */
	WORLD_DEAD_SILENT_TLS, /* takes them and says nothing */
};

struct world_door {
	struct world_account *accounts;
	size_t account_count;
	char *public_dns_name;
	char **also_at; /* addresses of further controller machines, "HOST:PORT" */
	size_t also_count;
	bool external; /* an identity provider stands beside it, at /identity */
	enum world_dead dead;
	int64_t delay;      /* of every message that it sends */
	bool upgrading;     /* of the controller itself */
	const char *health; /* "running", "starting", "stopping" */
	int64_t macaroon_life;
	enum world_keep keep;
	char *kept_user;         /* of the store's entry */
	char *model_uuid;        /* of the controller's own model, admin/controller */
	struct json_object *log; /* that model's, as in struct world_model */
	char *ca;                /* PEM, NULL: nobody listens */
	int port;
	unsigned nonces;
	struct world_proof *proofs;
	size_t proof_count, proof_capacity;
};

/* Reads the keys of a controller that make its door; leaves controller->door NULL without "direct". Returns 0, or -1. */
int world_door_read(struct world_controller *controller, struct json_object *script, struct error **error);
void world_door_free(struct world_door *door);

/* The door is open at this port of 127.0.0.1, behind a certificate of `ca`: that is the controller's address now. */
void world_door_opened(struct world_controller *controller, int port, const char *ca);

/* Returns the account of this name ("@local" does not count), or NULL. */
const struct world_account *world_account_find(const struct world_controller *controller, const char *name);

/* What the controller itself lets the account do with a model: its own list, never JIMM's grants. */
enum world_right world_account_right(const struct world_model *model, const struct world_account *account);

bool world_account_superuser(const struct world_account *account);
bool world_account_local(const char *name);

#endif
