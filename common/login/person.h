/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The person in front of the program, as far as a login needs one: told where to let us in, asked for a password.
 */
#ifndef COMMON_LOGIN_PERSON_H
#define COMMON_LOGIN_PERSON_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/base/secret.h"

/* What a person was asked for, borrowed for the call; NULL and `error` (borrowed) when there is no answer. */
typedef void login_told(void *context, const struct secret *password, const struct error *error);

struct login_person {
	/* There is somebody who can open a web page: both ways to the terminal are open. */
	bool present;
	/* Shows where to go and what to enter there; both printable. Never NULL. */
	void (*show_device)(void *context, const char *address, const char *code);
	/* Asks for the password of `user` on `controller` (printable); `again` when the one before was wrong. `told(waiter, ...)` is
	 * called once, from the loop, unless `forget` is called before. NULL: nobody is asked. */
	void (*ask_password)(
		void *context, const char *user, const char *controller, bool again, login_told *told, void *waiter);
	/* Ends the asking: `told` is not called any more. Nothing when nothing is asked. */
	void (*forget)(void *context);
	void *context;
};

#endif
