/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session: one connection to a JAAS or a controller, dialled and logged in, on its /api or on the path of one model.
 */
#ifndef COMMON_LOGIN_SESSION_H
#define COMMON_LOGIN_SESSION_H

#include "common/base/log.h"
#include "common/login/login.h"
#include "common/wire/dial.h"
#include "common/wire/loop.h"

/* For the dial, in nanoseconds; the login's calls have their own. */
#define SESSION_DIAL_TIMEOUT (30 * INSTANT_SECOND)

struct session;

/* Where to connect and as whom; borrowed, with all it points to, while it has sessions. `target.path`, `target.timeout`
 * and `account.model_uuid` are filled in for each session. */
struct session_place {
	struct loop *loop;
	const struct log *log;
	struct dial_target target;
	struct login_account account;
};

/* Called once, from the loop, unless the session is closed first; it may close the session. `error` (borrowed) is NULL
 * when the session is open; else it is one of login.h or dial.h, and the session must be closed. */
typedef void session_opened(void *context, const struct error *error);

/* Called at most once, after `opened` without an error: the connection has ended. It may close the session. */
typedef void session_ended(void *context, const struct error *error);

/* Opens a session on "/api" (`model_uuid` NULL) or on the path of a model. `name` is for messages and log lines.
 * Returns it, owned by the caller (session_close). Never fails itself. */
struct session *session_open(const struct session_place *place, const char *model_uuid, const char *name,
	session_opened *opened, session_ended *ended, void *context);

/* Returns when session_open was called, of loop_now. */
int64_t session_began(const struct session *session);

/* Returns the connection of an open session, borrowed; NULL before it is open and after it has ended. */
struct rpc *session_rpc(const struct session *session);

/* Returns what the peer told at the login, borrowed. */
const struct login_result *session_login(const struct session *session);

/* Hands over what the peer told at the login (login_result_release); the session stays open without it. */
struct login_result session_take_login(struct session *session);

/* Returns the endpoint of the store's entry that answered, borrowed; NULL before. */
const char *session_endpoint(const struct session *session);

/* Returns the IP address that answered, borrowed; NULL before. */
const char *session_address(const struct session *session);

/* Ends the connection and releases the session. NULL is allowed. */
void session_close(struct session *session);

#endif
