/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the peer that let us in the one that the store means?
 */
#ifndef COMMON_LOGIN_EXPECT_H
#define COMMON_LOGIN_EXPECT_H

#include "common/login/login.h"

/* Holds a login's result against the account: on /api the facade JIMM and the controller's UUID, on a model path the
 * model; and in both cases who we are. Returns 0, or -1 with ERROR_LOGIN. */
int login_expect(const struct login_account *account, const struct login_result *result, struct error **error);

#endif
