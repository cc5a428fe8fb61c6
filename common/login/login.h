/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs in on an open connection: tries the ways that apply to an account in juju's order, then checks the peer against
 * the store before anything else is sent to it.
 */
#ifndef COMMON_LOGIN_LOGIN_H
#define COMMON_LOGIN_LOGIN_H

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/secret.h"
#include "common/juju/admin.h"
#include "common/login/keys.h"
#include "common/login/person.h"
#include "common/wire/dial.h"
#include "common/wire/loop.h"
#include "common/wire/rpc.h"

/* Most typed passwords that are tried. */
#define LOGIN_PASSWORDS_MAX 3

/* What the store says about the peer: a JAAS, or a plain controller. */
enum login_peer { LOGIN_JAAS, LOGIN_PLAIN };

/* The cookie jar of a plain controller, which may hold macaroons for it. */
struct login_jar {
	const char *directory;    /* of the store */
	const char *const *hosts; /* hosts that the macaroons may be for */
	size_t host_count;
	const struct clock *clock; /* for the time of day */
};

/* Where to log in and as whom, from the client store. */
struct login_account {
	const char *controller;      /* name of the entry in the store, for messages */
	const char *controller_uuid; /* expected on /api; NULL or "": unknown, not checked */
	const char *model_uuid;      /* expected on a model path; NULL or "" on /api */
	const char *
		user; /* user that we must turn out to be, without "user-"; "" or NULL: not checked (NULL: there is no account) */
	const char *agent_version; /* of a plain controller, as last seen; NULL or "": unknown */
	enum login_peer peer;
	struct login_keys *keys;           /* what to log in with; the logins add to it */
	const struct login_person *person; /* NULL: nobody is there */
	const struct login_jar *jar;       /* NULL: there is none */
};

/* The connection to log in on. */
struct login_connection {
	struct loop *loop;
	struct rpc *rpc;
	const struct dial_target *target; /* as it was dialled, for a discharge over https */
	const char *endpoint;             /* the one that answered (dial_done) */
	const char *address;              /* likewise */
};

struct login;

/* Returns 0 when there is something to log in with, else -1 with ERROR_LOGIN that names the command to type. Ask before
 * dialling. */
int login_check(const struct login_account *account, struct error **error);

/* Logs in on a connection that was dialled to "/api" or to "/model/<uuid>/api". Returns the login, owned by the caller
 * until `done` is called; it is freed right after that. `account` is borrowed for this call, but its keys, person and
 * jar for the login's life, as are `log` (may be NULL) and all that `connection` points to. `done` is called once, from
 * the loop; it may take `answer` (call_take), which is NULL on failure.
 *
 * The result's error is ERROR_LOGIN for all that a retry does not change: our credentials are missing, expired, wrong
 * or damaged, the peer is no JAAS (on /api of a JAAS: no facade JIMM 4), its UUID is not the stored one, we are not the
 * stored user, the model is another one; the message names the command to type where one helps. Other refusals stay
 * ERROR_REMOTE with their code, and on a model path word for word what the hosting controller or JIMM said ("invalid
 * entity name or password", code "redirection required", code "model migrating", ...), since that tells where a model
 * is. */
struct login *login_start(const struct login_connection *connection, const struct login_account *account,
	const struct log *log, admin_login_done *done, void *context);

/* Cancels a login: `done` will not be called. Its rpc must have been freed before, or have ended. NULL is allowed. */
void login_cancel(struct login *login);

#endif
