/* SPDX-License-Identifier: Apache-2.0 */
/*
 * juju's client store as this program reads it: the data directory and the three YAML files in it. It is read once, without
 * juju's lock (juju replaces its files by renaming), and does not change afterwards.
 */
#ifndef COMMON_STORE_STORE_H
#define COMMON_STORE_STORE_H

#include "common/base/error.h"
#include "common/store/accounts.h"
#include "common/store/controllers.h"
#include "common/store/models.h"

struct store {
	char *directory; /* cleaned path, for system calls; not made printable */
	struct store_controllers controllers;
	struct store_accounts accounts;
	struct store_models models;
};

/* Reads the store in the data directory of `environment` (directory_find). Returns it, owned by the caller (store_free); a
 * missing or empty file, or a missing directory, gives no entries. Returns NULL with ERROR_DATA_DIRECTORY (no variable names
 * the directory, or it cannot be entered) or ERROR_STORE (a file is damaged or unreadable; the message names it). */
struct store *store_read(char *const *environment, struct error **error);

/* The same without models.yaml, which may be long: `models` stays empty until store_read_models. */
struct store *store_read_briefly(char *const *environment, struct error **error);

/* Reads the models of a store read by store_read_briefly. Returns 0; or -1 with an error as above, and no models. */
int store_read_models(struct store *store, struct error **error);

/* Erases and releases a store; NULL is allowed. */
void store_free(struct store *store);

/* Returns the controller with this name, borrowed, or NULL. */
const struct store_controller *store_controller(const struct store *store, const char *name);

/* Returns the account on the controller with this name, borrowed, or NULL. */
const struct store_account *store_account(const struct store *store, const char *controller);

/* Returns the remembered models of the controller with this name, borrowed, or NULL. */
const struct store_model_list *store_model_list(const struct store *store, const char *controller);

/* True if the store shows that this controller is a JAAS: oidc-login is set (3.6.4 and later), its account has type
 * oauth2-device (3.5.0 to 3.6.3), or its account has a session token. */
int store_is_jaas(const struct store *store, const struct store_controller *controller);

SCOPED_DEFINE(store, struct store *, store_free)

#endif
