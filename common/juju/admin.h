/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facade Admin: the logins. Version 4 is JIMM's, on its /api and its model paths; version 3 is for plain controllers.
 */
#ifndef COMMON_JUJU_ADMIN_H
#define COMMON_JUJU_ADMIN_H

#include "common/base/secret.h"
#include "common/juju/call.h"
#include "common/juju/login_result.h"

/* As long as juju itself waits for a person to log in. */
#define CALL_TIMEOUT_DEVICE (10 * INSTANT_MINUTE)
/* Longest session token, in bytes: a JWT takes a few thousand. */
#define ADMIN_TOKEN_MAX ((size_t)64 * 1024)

typedef void admin_login_done(void *context, struct login_result *answer, const struct call_result *result);

/* Admin(4).LoginWithSessionToken. `token` is borrowed, NULL is sent as "". Codes: "session token invalid" (missing or
 * expired; JIMM of 2024: any bad one), "fatal login error" (JIMM of 2026: damaged or foreign), "unauthorized access", "not
 * supported" (a plain controller; on a model path also a client that JIMM thinks too old). On a model path, errors of the
 * hosting controller are passed on, too. */
void admin_login_with_session_token(struct rpc *rpc, const struct secret *token, admin_login_done *done, void *context);

/* Admin(4).LoginWithClientCredentials; the user becomes "<id>@serviceaccount". Codes: "unauthorized access" (wrong id or
 * secret), "fatal login error" (JIMM of 2026, on a model path), and those of admin_login_with_session_token. */
void admin_login_with_client_credentials(
	struct rpc *rpc, const char *id, const struct secret *secret, admin_login_done *done, void *context);

/* Where a person must go to let this connection in. */
struct admin_device {
	char *address; /* of a web page, for the person to open */
	char *code;    /* to be entered there */
};

typedef void admin_device_done(void *context, struct admin_device *answer, const struct call_result *result);

/* Admin(4).LoginDevice. Codes: "unauthorized access" (JIMM of 2024), "fatal login error" (of 2026), "not supported". */
void admin_login_device(struct rpc *rpc, admin_device_done *done, void *context);

/* `token` is borrowed, NULL on failure. */
typedef void admin_token_done(void *context, const struct secret *token, const struct call_result *result);

/* Admin(4).GetDeviceSessionToken, on the connection of the preceding LoginDevice: answered when the person is done, or with
 * an error ("unauthorized access", or no code) when the person's code has expired. Given up after CALL_TIMEOUT_DEVICE. */
void admin_get_device_session_token(struct rpc *rpc, admin_token_done *done, void *context);

/* What Admin(3).Login sends; everything is borrowed. */
struct admin_login {
	const char *user;              /* of a local user; NULL or "": an external user, identified by the macaroons */
	const struct secret *password; /* or NULL */
	const struct secret *const *macaroons; /* sets, each as the JSON text of a list; used only without a password */
	size_t macaroon_count;
	const char *client_version; /* the controller's own version if known, else NULL or "" */
	const char *words;          /* the command line for the controller's audit log, without secrets */
};

/* Admin(3).Login. A demand for a discharge counts as success, with `demand` set. Codes: "unauthorized access" (wrong user or
 * password, no access), "no credentials provided", "model not found", "redirection required", "not supported" (JIMM), "". */
void admin_login(struct rpc *rpc, const struct admin_login *login, admin_login_done *done, void *context);

/* Erases and frees what it holds. */
void admin_device_release(struct admin_device *device);

#endif
