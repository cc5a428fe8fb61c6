/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the ways to log in to a plain controller share.
 */
#ifndef COMMON_LOGIN_PLAIN_H
#define COMMON_LOGIN_PLAIN_H

#include "common/login/way.h"

/* Returns the name of a local user, borrowed; "" for one of an identity provider, whom macaroons name. */
const char *plain_local_user(const struct login_account *account);

/* Sends Admin(3).Login; with a `password`, else with all sets of macaroons that the keys hold and `more`, which may be NULL. */
void plain_login(struct login *login, const struct secret *password, const struct secret *more, admin_login_done *done);

/* The `explain` of these ways, for the refusals that they share. */
struct error *plain_explain(const struct login_account *account, const struct error *refusal);

/* Ends the login with an ERROR_LOGIN: 'cannot log in to "controller": why'. */
void plain_fail(struct login *login, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
