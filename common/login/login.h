/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in: the ways that apply to an account are tried in juju's order on an open connection, and then the peer
 * is held against what the store says about it, before anything else is sent to it.
 */
#ifndef COMMON_LOGIN_LOGIN_H
#define COMMON_LOGIN_LOGIN_H

#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/secret.h"
#include "common/juju/admin.h"
#include "common/wire/rpc.h"

/* Where to and as whom, from the client store. */
struct login_account {
	const char *controller;      /* name of the entry in the store, for messages */
	const char *controller_uuid; /* that it must have on /api; NULL or "": unknown, not checked */
	const char *model_uuid;      /* on a model path: the model that it must be; NULL or "" on /api */
	const char *user;            /* that we must turn out to be, without "user-"; NULL or "": not checked */
	const struct secret *token;  /* session token, or NULL */
};

/* Returns 0 when there is something to log in with; else -1 with ERROR_LOGIN that names the line to type. Ask before
 * dialling. */
int login_check(const struct login_account *account, struct error **error);

/* Logs in on `rpc`, which was dialled to "/api" or to "/model/<uuid>/api" of a JAAS; `account` is borrowed for
 * this call. `done` is called once, from the loop, unless the rpc is freed first; `answer`, NULL on failure, may
 * be taken (call_take).
 *
 * The result's error is ERROR_LOGIN for all that trying again does not change: the token is missing, expired or
 * damaged, the peer is no JAAS (on /api: no facade JIMM 4), its UUID is not the stored one, we are not the stored
 * user, the model is another one; the message names the line to type where one helps. All other refusals stay
 * ERROR_REMOTE with their code, and on a model path word for word what the hosting controller or JIMM said
 * ("invalid entity name or password", code "redirection required", code "model migrating", ...), since these tell
 * where a model is. `log` may be NULL. */
void login_start(struct rpc *rpc, const struct login_account *account, const struct log *log, admin_login_done *done,
	void *context);

#endif
