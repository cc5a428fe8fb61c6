/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets in JSON: json-c does not erase what it frees, so that what holds a secret is erased by its own hook.
 */
#ifndef COMMON_JUJU_SECRET_JSON_H
#define COMMON_JUJU_SECRET_JSON_H

#include "common/base/secret.h"
#include "common/juju/reply.h"

/* Returns a JSON text that is erased when it is freed, "" for NULL; owned by the caller (json_object_put). */
struct json_object *secret_json(const struct secret *secret);

/* Returns the value that a JSON text stands for, whose texts are erased when they are freed; NULL when it is not sound, or nested
 * deeper or larger than its use calls for. Owned by the caller. */
struct json_object *secret_json_parse(const struct secret *text);

/* Has the texts in `value` (may be NULL) erased when they are freed. */
void secret_json_guard(struct json_object *value);

/* Returns a value as compact JSON text, owned by the caller; the copy that json-c keeps of it is erased. */
struct secret *secret_json_write(struct json_object *value);

/* Returns the text at `key` of `from` (may be NULL), owned by the caller; NULL when it is absent or empty. More than `most` bytes,
 * or what is no text, fail the reading. */
struct secret *secret_of_reply(struct reply *reply, struct json_object *from, const char *key, size_t most);

#endif
