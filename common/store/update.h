/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes what a login has told into juju's client store, as juju does after each login.
 *
 * The files are read again under juju's lock. Only the values named here are changed, only in the entry of one controller,
 * and each file is replaced as a whole. A file in which nothing changes is not touched, and if none does, neither is the
 * lock. If the entry is gone or has another UUID by now, nothing is written: somebody has logged out, or registered another
 * controller under that name.
 */
#ifndef COMMON_STORE_UPDATE_H
#define COMMON_STORE_UPDATE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/secret.h"
#include "common/store/controllers.h"
#include "common/store/lock.h"

/* What to write, and where. Borrowed for the call; a NULL leaves the value as it is. */
struct store_update {
	const char *controller; /* name of the entry */
	const char *uuid;       /* the UUID that it must still have; not NULL */
	const char *user;       /* the user that the account must still have, "alice@canonical.com"; NULL or "": any */

	/* controllers.yaml */
	const char *agent_version;      /* as the server told; "" and "0.0.0" remove the key */
	const char *public_hostname;    /* "" is as NULL: never removed */
	char *const *endpoints;         /* api-endpoints, from store_endpoints_merge */
	size_t endpoint_count;          /* 0 with `endpoints` not NULL: an empty list */
	const struct store_host *hosts; /* for the dns-cache: the hosts looked up, the address that answered first in
	                                   the list; other hosts stay */
	size_t host_count;

	/* accounts.yaml */
	const char *last_known_access;     /* "" is as NULL: the old one stays */
	const struct secret *access_token; /* a new session token; empty is as NULL */
};

/* Which files were replaced; bits. */
enum { STORE_WROTE_CONTROLLERS = 1, STORE_WROTE_ACCOUNTS = 2 };

/* Writes `update` into the store in `directory`: first controllers.yaml, then accounts.yaml, even if writing the first fails.
 * Sets `*written` (`written` may be NULL) to what was replaced, bits STORE_WROTE_*. Returns STORE_DONE (also when there was
 * nothing to write), STORE_BUSY (lock.h: call again, and give up with store_lock_give_up), or STORE_FAILED with the first
 * error: ERROR_STORE for a file that cannot be read, ERROR_FAILED for one that cannot be written. */
enum store_attempt store_update_try(const char *directory, char *const *environment, const struct store_update *update,
	unsigned int *written, struct error **error);

#endif
