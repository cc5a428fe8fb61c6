/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cookie jar that juju keeps for each controller, cookies/<controller>.json in the data directory, and the macaroons
 * in it: what lets a local user without a stored password in for a day.
 *
 * Each call takes juju's lock on the jar (cookie_lock.h) for itself and never waits: whoever finds it busy comes again after
 * COOKIES_PAUSE and gives up after COOKIES_PATIENCE. A controller's name that must not become a file name is refused before
 * anything is touched. Nothing of other domains than the named ones is ever given out: the macaroons of identity
 * servers lie in the same file.
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
/* Largest jar, most memory that it may take once it is read, most cookies in it, longest value of a cookie, deepest JSON
 * in jar and value. */
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

/* Fills `*sets` (cookie_sets_release) with those that the jar of `controller` holds for one of `hosts` and that have not
 * expired at `now` (nanoseconds since 1970 UTC). A host may be written as in controllers.yaml: with scheme, port, path.
 * What is damaged or over a ceiling is passed over; no jar is an empty one. Fails with ERROR_STORE for a jar that cannot be
 * read or is no JSON, and with ERROR_USAGE for a name that must not become a file name. */
enum store_attempt cookies_read_try(const char *directory, const char *controller, const char *const *hosts,
	size_t host_count, int64_t now, struct cookie_sets *sets, struct error **error);

/* Erases and frees what `*sets` holds and leaves it empty. */
void cookie_sets_release(struct cookie_sets *sets);

/* A set to be kept. Borrowed for the call. */
struct cookie_set {
	const struct secret *macaroons; /* JSON text of the list; the primary one as a JSON object */
	const char *host;               /* whom it is for: the public hostname, else the controller's UUID */
	int64_t expires; /* the earliest time-before of its caveats, since 1970 UTC; INSTANT_NONE when there is none */
};

/* Puts `set` into the jar of `controller`, in the place of one of the same name and host, and writes the jar as juju does.
 * Nothing is written for a set with less than a minute left at `now`, or when the jar holds the same already.
 * Fails with ERROR_PROTOCOL for a set that is no list of macaroons, ERROR_STORE for a jar that cannot be read, ERROR_FAILED
 * for one that cannot be written, ERROR_USAGE as cookies_read_try. A jar that is no JSON is begun anew, as juju does. */
enum store_attempt cookies_save_try(
	const char *directory, const char *controller, const struct cookie_set *set, int64_t now, struct error **error);

/* Sets `*error` to what a person should read when the jar stayed busy for COOKIES_PATIENCE: ERROR_STORE with the path of the
 * lock. Returns -1. */
int cookies_give_up(const char *directory, const char *controller, struct error **error);

SCOPED_DEFINE_STRUCT(cookie_sets, struct cookie_sets, cookie_sets_release)

#endif
