/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing into juju's client store what a login taught, as juju does after each of its own.
 *
 * The files are read afresh under juju's lock, only the values named here are changed, only in the entry of one
 * controller, and the file is replaced at one stroke. A file in which nothing changes is not touched (and without any
 * change not even the lock is). When the entry is gone or has another UUID by now, nothing is written: somebody has
 * logged out or registered another controller under that name.
 */
#ifndef COMMON_STORE_UPDATE_H
#define COMMON_STORE_UPDATE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/secret.h"
#include "common/store/controllers.h"
#include "common/store/lock.h"

/* What to write and where. Everything is borrowed for the call; what is NULL is left as it is. */
struct store_update {
	const char *controller; /* name of the entry */
	const char *uuid;       /* that it must still have; not NULL */
	const char *user;       /* that the account must still have, "alice@canonical.com"; NULL or "": any */

	/* controllers.yaml */
	const char *agent_version;      /* what the server says; "" and "0.0.0" take the key out */
	const char *public_hostname;    /* "" is as NULL: never taken out */
	char *const *endpoints;         /* api-endpoints, from store_endpoints_merge */
	size_t endpoint_count;          /* 0 with endpoints that are not NULL: an empty list */
	const struct store_host *hosts; /* into the dns-cache: the hosts that were looked up, the address that answered
	                                   first; other hosts stay */
	size_t host_count;

	/* accounts.yaml */
	const char *last_known_access;     /* "" is as NULL: the old one stays */
	const struct secret *access_token; /* a new session token; empty is as NULL */
};

/* What was replaced. */
enum { STORE_WROTE_CONTROLLERS = 1, STORE_WROTE_ACCOUNTS = 2 };

/* Writes `update` into the store in `directory`, first controllers.yaml, then accounts.yaml; that the first failed does not
 * keep it from the second. `*written` (may be NULL) is set to what was replaced, STORE_WROTE_... added up. Returns
 * STORE_DONE (also when there was nothing to write), STORE_BUSY (lock.h: come again, and give up with
 * store_lock_give_up), or STORE_FAILED with an error: of the first that failed, ERROR_STORE for a file that cannot be read,
 * ERROR_FAILED for one that cannot be written. */
enum store_attempt store_update_try(const char *directory, char *const *environment, const struct store_update *update,
	unsigned int *written, struct error **error);

#endif
