/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device login: a person opens a web page and enters a code there, and JIMM gives us a session token. Only on /api
 * of a JAAS, and only when a person is there.
 */
#ifndef COMMON_LOGIN_DEVICE_H
#define COMMON_LOGIN_DEVICE_H

#include "common/login/way.h"

extern const struct login_way device_way;

#endif
