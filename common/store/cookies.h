/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cookie jar that juju keeps for each controller, cookies/<controller>.json in the data directory, and the macaroons
 * in it, which let a local user without a stored password log in for a day.
 *
 * Each call takes and releases juju's lock on the jar (cookie_lock.h) and never waits: a caller that finds it busy calls again
 * after COOKIES_PAUSE and gives up after COOKIES_PATIENCE. A controller name that must not become a file name is refused
 * before anything is touched. Only cookies of the named hosts are ever returned: the macaroons of identity servers are in
 * the same file.
 */
#ifndef COMMON_STORE_COOKIES_H
#define COMMON_STORE_COOKIES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/instant.h"
#include "common/base/secret.h"
#include "common/store/lock.h"

#define COOKIES_PAUSE (20 * INSTANT_MILLISECOND)
#define COOKIES_PATIENCE (3 * INSTANT_SECOND)
/* Largest jar, most memory that it may take once read, most cookies in it, longest value of a cookie, deepest JSON in jar
 * and value. */
#define COOKIES_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define COOKIES_MEMORY_MAX ((size_t)48 * 1024 * 1024)
#define COOKIES_COUNT_MAX 4096
#define COOKIES_VALUE_MAX ((size_t)256 * 1024)
#define COOKIES_DEPTH_MAX 16

/* Sets of macaroons, each the JSON text of a list: the primary macaroon, then its bound discharges. */
struct cookie_sets {
	struct secret **items;
	size_t count;
};

/* Fills `*sets` (cookie_sets_release) with the sets that the jar of `controller` holds for one of `hosts` and that have not
 * expired at `now` (nanoseconds since 1970 UTC). A host may be written as in controllers.yaml: with scheme, port, path.
 * Skips damaged and too large cookies; a missing jar counts as empty. Fails with ERROR_STORE for a jar that cannot be read,
 * is over a ceiling or not JSON, and with ERROR_USAGE for a name that must not become a file name. */
enum store_attempt cookies_read_try(const char *directory, const char *controller, const char *const *hosts,
	size_t host_count, int64_t now, struct cookie_sets *sets, struct error **error);

/* Erases and frees what `*sets` holds and leaves it empty. */
void cookie_sets_release(struct cookie_sets *sets);

/* A set to be saved. Borrowed for the call. */
struct cookie_set {
	const struct secret *macaroons; /* JSON text of the list; the primary macaroon as a JSON object */
	const char *host;               /* the controller's public hostname, else its UUID */
	int64_t expires; /* the earliest "time-before" of its caveats, since 1970 UTC; INSTANT_NONE without one */
};

/* Puts `set` into the jar of `controller`, replacing the one with the same cookie name and host, and writes the jar as juju
 * does. Writes nothing for a set with less than a minute left at `now`, or if the jar holds the same set already. Fails
 * with ERROR_PROTOCOL for a set that is not a list of macaroons, ERROR_STORE for a jar that cannot be read
 * or is over a ceiling, ERROR_FAILED for one that cannot be written, ERROR_USAGE as cookies_read_try. Starts a new jar if the
 * old one is not JSON, as juju does. */
enum store_attempt cookies_save_try(
	const char *directory, const char *controller, const struct cookie_set *set, int64_t now, struct error **error);

/* For a jar that stayed busy for COOKIES_PATIENCE: sets `*error` to an ERROR_STORE for people, with the path of the lock.
 * Returns -1. */
int cookies_give_up(const char *directory, const char *controller, struct error **error);

SCOPED_DEFINE_STRUCT(cookie_sets, struct cookie_sets, cookie_sets_release)

#endif
