/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Juju's names on the wire: tags ("user-alice@canonical.com", "model-<uuid>"; the kind ends at the first "-"), UUIDs and
 * user names.
 */
#ifndef COMMON_JUJU_NAMES_H
#define COMMON_JUJU_NAMES_H

/* Characters of a UUID. */
#define NAMES_UUID_LENGTH 36

/* Returns what follows "<kind>-" in `tag`, borrowed from it; NULL when `tag` is NULL, of another kind, or has nothing after
 * the kind (a broken owner is sent as a bare "user-"). */
const char *names_id(const char *tag, const char *kind);

/* Returns "<kind>-<id>", owned by the caller (free()). */
char *names_tag(const char *kind, const char *id);

/* True when `text` (may be NULL) is a UUID as juju writes it: 36 characters, lower-case hexadecimal, 8-4-4-4-12. */
int names_is_uuid(const char *text);

/* Returns the user that a tag or a plain user id names, without "user-" and without "@local", which means the same as no
 * domain; "" for NULL, "" and a bare "user-". Owned by the caller (free()). */
char *names_user(const char *text);

/* Returns the owner of a model, as names_user does, from "owner-tag" (up to ModelManager 10 and Controller 12) or else from
 * "qualifier" (later versions); either may be NULL. */
char *names_owner(const char *owner_tag, const char *qualifier);

#endif
