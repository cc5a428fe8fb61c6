/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs in to a plain controller with the stored password. If it is refused nothing else is tried, as in juju.
 */
#ifndef COMMON_LOGIN_PASSWORD_H
#define COMMON_LOGIN_PASSWORD_H

#include "common/login/way.h"

extern const struct login_way password_way;

#endif
