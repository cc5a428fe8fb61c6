/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cookie jar in memory, by juju's rules: what counts, what is merged, in which order it is written. Entries and keys that
 * are not understood stay as they are. Pure: cookies.h puts files and locks around it.
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

/* Returns the jar that `length` bytes of a file hold, owned by the caller (cookie_jar_free). JSON that is no list is an empty
 * jar, as for juju. `file`, its path, is for messages. Returns NULL with ERROR_STORE for what is no JSON, or over a
 * ceiling. */
struct cookie_jar *cookie_jar_parse(const char *file, const char *bytes, size_t length, struct error **error);

/* Returns an empty jar, owned by the caller. */
struct cookie_jar *cookie_jar_new(void);

/* Erases and releases a jar; NULL is allowed. */
void cookie_jar_free(struct cookie_jar *jar);

/* Adds to `sets` what cookies_read_try is to find. */
void cookie_jar_select(const struct cookie_jar *jar, const char *const *hosts, size_t host_count, int64_t now,
	struct cookie_sets *sets);

/* Puts `set` in, as cookies_save_try says, and sets `*changed` when that makes a difference. Returns 0, or -1 with
 * ERROR_PROTOCOL. */
int cookie_jar_put(
	struct cookie_jar *jar, const struct cookie_set *set, int64_t now, bool *changed, struct error **error);

/* Returns the text of the jar's file at `now`: in juju's order, without what expired and was last changed more than a day
 * ago. Owned by the caller. */
struct secret *cookie_jar_format(struct cookie_jar *jar, int64_t now);

/* Returns the name of the cookie for a set of macaroons (JSON text), owned by the caller; NULL when it is no list that
 * begins with a macaroon in one of the two JSON forms. */
char *cookie_jar_name(const struct secret *macaroons);

/* Returns the host that an endpoint, a hostname or a UUID stands for in a jar, owned by the caller: lower case, without
 * scheme, path, port, brackets, trailing point. */
char *cookie_jar_host(const char *text);

SCOPED_DEFINE(cookie_jar, struct cookie_jar *, cookie_jar_free)

#endif
