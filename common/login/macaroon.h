/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in to a plain controller with the macaroons of the cookie jar; and, where the controller then asks for a discharge, with one that
 * a local user's password brings.
 */
#ifndef COMMON_LOGIN_MACAROON_H
#define COMMON_LOGIN_MACAROON_H

#include "common/login/way.h"

extern const struct login_way macaroon_way;

/* Returns whether the cookie jar of `account` holds macaroons that may lead in now; true as well while juju holds the jar, when that
 * cannot be told. What cannot be read holds none. */
bool macaroon_kept(const struct login_account *account);

#endif
