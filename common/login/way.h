/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to log in. Each has a file of its own with one constant of this type; login.c tries those that apply in
 * juju's order.
 */
#ifndef COMMON_LOGIN_WAY_H
#define COMMON_LOGIN_WAY_H

#include "common/login/login.h"

struct login_way {
	const char *name; /* for log lines */
	/* True when `account` holds what this way needs. */
	int (*applies)(const struct login_account *account);
	/* Sends the login; `account` is borrowed until `done` or `forget` is called, exactly one of them. */
	void (*start)(struct rpc *rpc, const struct login_account *account, admin_login_done *done,
		void (*forget)(void *context), void *context);
	/* Returns the ERROR_LOGIN, owned by the caller, that tells a person what this refusal of this way means
	 * and what to type; NULL when the refusal speaks for itself. */
	struct error *(*explain)(const struct login_account *account, const struct error *refusal);
};

#endif
