/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in: the ways that apply to an account are tried in juju's order on an open connection, and then the peer
 * is held against what the store says about it, before anything else is sent to it.
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

/* Most passwords that are tried. */
#define LOGIN_PASSWORDS_MAX 3

/* What the store says is there: a JAAS, or a controller of its own. */
enum login_peer { LOGIN_JAAS, LOGIN_PLAIN };

/* The cookie jar of a plain controller, which may hold macaroons for it. */
struct login_jar {
	const char *directory;    /* of the store */
	const char *const *hosts; /* whom the macaroons may be for */
	size_t host_count;
	const struct clock *clock; /* for the time of day */
};

/* Where to and as whom, from the client store. */
struct login_account {
	const char *controller;      /* name of the entry in the store, for messages */
	const char *controller_uuid; /* that it must have on /api; NULL or "": unknown, not checked */
	const char *model_uuid;      /* on a model path: the model that it must be; NULL or "" on /api */
	const char *
		user; /* that we must turn out to be, without "user-"; "": not checked; NULL: neither, there is no account */
	const char *agent_version; /* of a plain controller, as last seen; NULL or "": unknown */
	enum login_peer peer;
	struct login_keys *keys;           /* what to log in with; the logins add to it */
	const struct login_person *person; /* NULL: nobody is there */
	const struct login_jar *jar;       /* NULL: there is none */
};

/* The connection that is logged in on. */
struct login_connection {
	struct loop *loop;
	struct rpc *rpc;
	const struct dial_target *target; /* as it was dialled, for a discharge over https */
	const char *endpoint;             /* that answered (dial_done) */
	const char *address;              /* likewise */
};

struct login;

/* Returns 0 when there is something to log in with; else -1 with ERROR_LOGIN that names the line to type. Ask before
 * dialling. */
int login_check(const struct login_account *account, struct error **error);

/* Logs in on a connection that was dialled to "/api" or to "/model/<uuid>/api". Returns the login, owned by the caller
 * until `done` is called, when it is gone already. `account` is borrowed for this call, but its keys, its person and its jar
 * for the login's life, as are `log` and all that `connection` points to. `done` is called once, from the loop; `answer`, NULL on failure, may
 * be taken (call_take).
 *
 * The result's error is ERROR_LOGIN for all that trying again does not change: what we log in with is missing, expired,
 * wrong or damaged, the peer is no JAAS (on /api of a JAAS: no facade JIMM 4), its UUID is not the stored one, we are not
 * the stored user, the model is another one; the message names the line to type where one helps. All other refusals stay
 * ERROR_REMOTE with their code, and on a model path word for word what the hosting controller or JIMM said
 * ("invalid entity name or password", code "redirection required", code "model migrating", ...), since these tell
 * where a model is. `log` may be NULL. */
struct login *login_start(const struct login_connection *connection, const struct login_account *account,
	const struct log *log, admin_login_done *done, void *context);

/* Gives a login up; `done` is not called any more. Its rpc must have been freed before, or have ended. NULL is allowed. */
void login_cancel(struct login *login);

#endif
