/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small typed readers of a reply. An absent key and a JSON null are the same and no failure; a wrong type, a list
 * over its ceiling and a text that is no text make the reading fail, once, with an ERROR_PROTOCOL that names
 * method and key. After that the readers go on giving empty values, so that a decoder reads everything and looks
 * at `failed` at its end.
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

/* Fails the reading: the value of `key` `what` ("is no list"). */
void reply_fail(struct reply *reply, const char *key, const char *what);

/* Returns 0, or -1 when the reading has failed. */
int reply_end(const struct reply *reply);

/* Returns the text at `key` of `from` (an object, or NULL for an empty one), printable and bounded; "" when
 * absent. Owned by the caller (free()). */
char *reply_text(struct reply *reply, struct json_object *from, const char *key);

/* The same without making it printable, for what is sent back. At most `most` bytes, or the reading fails. */
char *reply_exact(struct reply *reply, struct json_object *from, const char *key, size_t most);

/* The same for a UUID, in lower case; what is neither "" nor a UUID fails the reading. */
char *reply_uuid(struct reply *reply, struct json_object *from, const char *key);

/* As reply_text, with "<kind>-" cut off; "" when the text is no tag of this kind. */
char *reply_tag(struct reply *reply, struct json_object *from, const char *key, const char *kind);

/* The UUID of a tag "<kind>-<uuid>"; "" when absent, anything else fails the reading. */
char *reply_tag_uuid(struct reply *reply, struct json_object *from, const char *key, const char *kind);

/* The owner of a model by its keys "owner-tag" or "qualifier". As reply_text. */
char *reply_owner(struct reply *reply, struct json_object *from);

/* Fails the reading unless `text` (from one of the above) is given. Returns `text`. */
char *reply_require(struct reply *reply, char *text, const char *key);

/* Returns the instant at `key`, in nanoseconds since 1970 UTC; INSTANT_NONE when absent, "never", or no time. */
int64_t reply_instant(struct reply *reply, struct json_object *from, const char *key);

/* Returns the integer at `key`, 0 when absent. */
int64_t reply_integer(struct reply *reply, struct json_object *from, const char *key);

/* Returns the object at `key`, borrowed; NULL when absent. */
struct json_object *reply_object(struct reply *reply, struct json_object *from, const char *key);

/* Returns the list at `key`, borrowed, and its length; NULL and 0 when absent. More than `most` entries fail the
 * reading. */
struct json_object *reply_list(
	struct reply *reply, struct json_object *from, const char *key, size_t most, size_t *count);

/* Returns entry `index` of a list that reply_list gave for `key`, an object; NULL for a null, and what is no
 * object fails the reading. */
struct json_object *reply_entry(struct reply *reply, struct json_object *list, size_t index, const char *key);

/* Reads the error of one entry of a bulk answer: returns 0 when `entry` has none under "error", else -1 with an
 * ERROR_REMOTE, and its info in `*info` (borrowed, may be NULL). */
int reply_refusal(struct reply *reply, struct json_object *entry, struct json_object **info, struct error **error);

/* Returns the one result of a bulk answer to one question: the entry's "result" when `inner`, else the entry itself. A
 * refusal of it is an ERROR_REMOTE in `*reply->error`, a missing one an ERROR_PROTOCOL; NULL in both cases. */
struct json_object *reply_single(
	struct reply *reply, struct json_object *response, int inner, struct json_object **info);

#endif
