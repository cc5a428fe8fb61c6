/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks that the peer which let us in is the one in the store.
 */
#ifndef COMMON_LOGIN_EXPECT_H
#define COMMON_LOGIN_EXPECT_H

#include "common/login/login.h"

struct login_way;

/* Checks a login's result against the account: on /api the controller's UUID and, for a JAAS, the facade JIMM; on a
 * model path the model; on both the user. `way` is the one that was used. Returns 0, or -1 with ERROR_LOGIN. */
int login_expect(const struct login_account *account, const struct login_way *way, const struct login_result *result,
	struct error **error);

/* True when a login's result on /api names another controller than the account's, or none. */
bool login_is_stranger(const struct login_account *account, const struct login_result *result);

#endif
