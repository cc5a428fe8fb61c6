/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in as a service account, with a client id and its secret: JAAS only.
 */
#ifndef COMMON_LOGIN_CLIENT_CREDENTIALS_H
#define COMMON_LOGIN_CLIENT_CREDENTIALS_H

#include "common/login/way.h"

/* Applies when the environment has JUJU_CLIENT_ID and JUJU_CLIENT_SECRET; tried before all others. */
extern const struct login_way client_credentials_way;

/* Applies when such credentials are remembered; tried just before a person is asked. */
extern const struct login_way remembered_client_way;

#endif
