/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cookie jar in memory, by juju's rules for which cookies count, how they are merged, and in which order they are written.
 * Unknown entries and keys stay as they are. Pure: cookies.h adds files and locks.
 */
#ifndef COMMON_STORE_COOKIE_JAR_H
#define COMMON_STORE_COOKIE_JAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/secret.h"
#include "common/store/cookies.h"

struct cookie_jar;

/* Parses the `length` bytes of a jar's file; `file` is its path, for messages. Returns the jar, owned by the caller
 * (cookie_jar_free); an empty one for JSON that is not a list, as juju does. Returns NULL with ERROR_STORE for what is not
 * JSON, or over a ceiling. */
struct cookie_jar *cookie_jar_parse(const char *file, const char *bytes, size_t length, struct error **error);

/* Returns whether the `length` bytes may be a good jar that is only over a ceiling of cookie_jar_parse: then it must not be replaced. */
bool cookie_jar_too_large(const char *bytes, size_t length);

/* Returns an empty jar, owned by the caller. */
struct cookie_jar *cookie_jar_new(void);

/* Erases and releases a jar; NULL is allowed. */
void cookie_jar_free(struct cookie_jar *jar);

/* Adds to `sets` the sets of macaroons for one of `hosts` that have not expired at `now`, see cookies_read_try. */
void cookie_jar_select(const struct cookie_jar *jar, const char *const *hosts, size_t host_count, int64_t now,
	struct cookie_sets *sets);

/* Puts `set` into the jar, as cookies_save_try says, and sets `*changed` to whether that changed it. Returns 0, or -1 with
 * ERROR_PROTOCOL for a set that is too long or of unknown form. */
int cookie_jar_put(
	struct cookie_jar *jar, const struct cookie_set *set, int64_t now, bool *changed, struct error **error);

/* Returns the text of the jar's file at `now`, owned by the caller: in juju's order, without expired cookies that were last
 * changed more than a day ago. */
struct secret *cookie_jar_format(struct cookie_jar *jar, int64_t now);

/* Returns the name of the cookie for a set of macaroons (JSON text), owned by the caller; NULL unless it is a list of
 * macaroons, the first in one of the two JSON forms. */
char *cookie_jar_name(const struct secret *macaroons);

/* Returns the host by which a jar knows an endpoint, a hostname or a UUID, owned by the caller: in lower case, without
 * scheme, path, port, brackets and trailing dot. */
char *cookie_jar_host(const char *text);

SCOPED_DEFINE(cookie_jar, struct cookie_jar *, cookie_jar_free)

#endif
