/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The person at the terminal, as far as a login needs one: is shown where to log in, and asked for a password.
 */
#ifndef COMMON_LOGIN_PERSON_H
#define COMMON_LOGIN_PERSON_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/base/secret.h"

/* Takes the password that was typed, borrowed for the call; NULL and `error` (borrowed) without an answer. */
typedef void login_told(void *context, const struct secret *password, const struct error *error);

struct login_person {
	/* Somebody can open a web page: input and messages go through a terminal. */
	bool present;
	/* Shows the web address and the code to enter there; both printable. Never NULL. */
	void (*show_device)(void *context, const char *address, const char *code);
	/* Asks for the password of `user` on `controller` (printable); `again` when the one before was wrong. `told(waiter, ...)` is
	 * called once, from the loop, unless `forget` is called before. NULL: nobody is asked. */
	void (*ask_password)(
		void *context, const char *user, const char *controller, bool again, login_told *told, void *waiter);
	/* Stops asking: `told` will not be called. Does nothing when nothing is asked. */
	void (*forget)(void *context);
	void *context;
};

#endif
