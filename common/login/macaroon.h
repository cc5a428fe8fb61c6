/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs in to a plain controller with the macaroons of the cookie jar; if the controller then asks for a discharge, with
 * one for a local user's password.
 */
#ifndef COMMON_LOGIN_MACAROON_H
#define COMMON_LOGIN_MACAROON_H

#include "common/login/way.h"

extern const struct login_way macaroon_way;

/* True when the cookie jar of `account` holds macaroons that may let us in now, or when that is unknown because juju
 * holds the jar. An unreadable jar holds none. */
bool macaroon_kept(const struct login_account *account);

#endif
