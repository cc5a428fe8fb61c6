/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets in JSON: json-c does not erase what it frees, so texts that hold a secret get a hook that does.
 */
#ifndef COMMON_JUJU_SECRET_JSON_H
#define COMMON_JUJU_SECRET_JSON_H

#include "common/base/secret.h"
#include "common/juju/reply.h"

/* Returns `secret` as a JSON text that is erased when freed, "" for NULL; owned by the caller (json_object_put). */
struct json_object *secret_json(const struct secret *secret);

/* Parses a JSON text. Returns its value, owned by the caller, with all texts in it erased when freed; NULL if it is malformed, too
 * long (1 MiB) or too deeply nested (16). */
struct json_object *secret_json_parse(const struct secret *text);

/* Makes all texts in `value` (may be NULL) be erased when freed. */
void secret_json_guard(struct json_object *value);

/* Returns a value as compact JSON text, owned by the caller; erases the copy that json-c keeps of the text. */
struct secret *secret_json_write(struct json_object *value);

/* Returns the text at `key` of `from` (may be NULL), owned by the caller; NULL when it is absent or empty. More than `most` bytes,
 * or a value that is not a text, fail the reading. */
struct secret *secret_of_reply(struct reply *reply, struct json_object *from, const char *key, size_t most);

#endif
