/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs in with the session token that `juju login`, or our own device login, has left in the store: JAAS only.
 */
#ifndef COMMON_LOGIN_SESSION_TOKEN_H
#define COMMON_LOGIN_SESSION_TOKEN_H

#include "common/login/way.h"

/* Applies when a token is stored. */
extern const struct login_way session_token_way;

#endif
