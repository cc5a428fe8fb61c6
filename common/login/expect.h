/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the peer that let us in the one that the store means?
 */
#ifndef COMMON_LOGIN_EXPECT_H
#define COMMON_LOGIN_EXPECT_H

#include "common/login/login.h"

struct login_way;

/* Holds a login's result against the account: on /api the controller's UUID, and of a JAAS the facade JIMM; on a model path the
 * model; and in both cases who we are. `way` is the one that was used. Returns 0, or -1 with ERROR_LOGIN. */
int login_expect(const struct login_account *account, const struct login_way *way, const struct login_result *result,
	struct error **error);

/* True when a login's result on /api tells of another controller than the account's, or of none. */
bool login_is_stranger(const struct login_account *account, const struct login_result *result);

#endif
