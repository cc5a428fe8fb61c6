/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facade Admin: the logins. Version 4 is JIMM's, on its /api and on its model paths.
 */
#ifndef COMMON_JUJU_ADMIN_H
#define COMMON_JUJU_ADMIN_H

#include "common/base/secret.h"
#include "common/juju/call.h"
#include "common/juju/login_result.h"

typedef void admin_login_done(void *context, struct login_result *answer, const struct call_result *result);

/* Admin(4).LoginWithSessionToken. `token` is borrowed, NULL is sent as "". Codes: "session token invalid" (none,
 * expired; 2024: any bad one), "fatal login error" (2026: damaged or foreign), "unauthorized access", "not
 * supported" (a plain controller; on a model path also a client that JIMM thinks too old). On a model path the
 * errors of the hosting controller come through, too. `forget(context)` is called instead of `done` when the rpc
 * is freed first; may be NULL. */
void admin_login_with_session_token(struct rpc *rpc, const struct secret *token, admin_login_done *done,
	void (*forget)(void *context), void *context);

#endif
