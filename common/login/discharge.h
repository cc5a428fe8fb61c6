/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Has a macaroon discharged at the controller that demands it: a local user gives a password, remembered or typed.
 */
#ifndef COMMON_LOGIN_DISCHARGE_H
#define COMMON_LOGIN_DISCHARGE_H

#include "common/login/way.h"

/* Most macaroons in a set: the primary one and its discharges. */
#define DISCHARGES_MAX 8

/* Goes on with a login that was answered with the macaroon `demand` (login_result.h): has it discharged, and logs in
 * again with the set. Ends as `start` of a way does. */
void discharge_begin(struct login *login, const struct secret *demand);

/* The `led_in` of a way: adds the discharged set, and a typed password, to the login's keys. */
void discharge_led_in(struct login *login);

#endif
