/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small typed readers of a reply. An absent key and a JSON null are the same, and no failure. A wrong type, a list over
 * its ceiling or a text with a NUL fails the reading: the first one sets an ERROR_PROTOCOL that names method and key.
 * The readers then still return values, so a decoder reads everything and checks reply_end at its end.
 */
#ifndef COMMON_JUJU_REPLY_H
#define COMMON_JUJU_REPLY_H

#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

/* Longest text kept of one value, in bytes; longer ones are cut. */
#define REPLY_TEXT_MAX 4096

struct reply {
	const char *method; /* "JIMM.ListControllers", for the message; borrowed */
	int failed;
	struct error **error; /* set by the first failure */
};

/* Fails the reading; `what` says what is wrong with the value of `key` ("is no list"). */
void reply_fail(struct reply *reply, const char *key, const char *what);

/* Returns 0, or -1 if the reading has failed. */
int reply_end(const struct reply *reply);

/* Returns the text at `key` of `from` (an object, or NULL for an empty one), printable and bounded; "" when
 * absent. Owned by the caller (free()). */
char *reply_text(struct reply *reply, struct json_object *from, const char *key);

/* The same, but exact: not made printable, for what is sent back. More than `most` bytes fail the reading. */
char *reply_exact(struct reply *reply, struct json_object *from, const char *key, size_t most);

/* The same for a UUID, returned in lower case; a text that is neither "" nor a UUID fails the reading. */
char *reply_uuid(struct reply *reply, struct json_object *from, const char *key);

/* As reply_text, with "<kind>-" cut off; "" when the text is no tag of this kind. */
char *reply_tag(struct reply *reply, struct json_object *from, const char *key, const char *kind);

/* Returns the UUID of a tag "<kind>-<uuid>"; "" when absent. Anything else fails the reading. */
char *reply_tag_uuid(struct reply *reply, struct json_object *from, const char *key, const char *kind);

/* Returns the owner of a model from "owner-tag" or "qualifier" (names_owner). Owned by the caller (free()). */
char *reply_owner(struct reply *reply, struct json_object *from);

/* Fails the reading if `text` (from one of the above) is empty. Returns `text`. */
char *reply_require(struct reply *reply, char *text, const char *key);

/* Returns the instant at `key`, in nanoseconds since 1970 UTC; INSTANT_NONE when absent, "never", or not a time. */
int64_t reply_instant(struct reply *reply, struct json_object *from, const char *key);

/* Returns the integer at `key`, 0 when absent. */
int64_t reply_integer(struct reply *reply, struct json_object *from, const char *key);

/* Returns the object at `key`, borrowed; NULL when absent. */
struct json_object *reply_object(struct reply *reply, struct json_object *from, const char *key);

/* Returns the list at `key`, borrowed, and its length; NULL and 0 when absent. More than `most` entries fail the
 * reading. */
struct json_object *reply_list(
	struct reply *reply, struct json_object *from, const char *key, size_t most, size_t *count);

/* Returns the object at `index` of a list that reply_list returned for `key`, borrowed; NULL for a null. An entry of another
 * type fails the reading. */
struct json_object *reply_entry(struct reply *reply, struct json_object *list, size_t index, const char *key);

/* Reads the error of one entry of a bulk answer. Returns 0 if `entry` has no "error"; else -1 with an ERROR_REMOTE, and the
 * error's info in `*info` (borrowed, may be NULL). */
int reply_refusal(struct reply *reply, struct json_object *entry, struct json_object **info, struct error **error);

/* Returns the only result of a bulk answer: the entry's "result" if `inner`, else the entry itself. Returns NULL with
 * `*reply->error` set if the entry is refused (ERROR_REMOTE) or missing (ERROR_PROTOCOL). */
struct json_object *reply_single(
	struct reply *reply, struct json_object *response, int inner, struct json_object **info);

#endif
