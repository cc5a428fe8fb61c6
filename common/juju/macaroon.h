/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Macaroons, as far as a login needs them: reads all their forms, looks at caveats, binds discharges to what they discharge, and
 * writes sets in the form that all controllers read. Whoever holds one can use it, so everything is erased when freed.
 */
#ifndef COMMON_JUJU_MACAROON_H
#define COMMON_JUJU_MACAROON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/secret.h"

#define MACAROON_SIGNATURE_SIZE 32
/* Most caveats of one macaroon, and most bytes of one of its parts. */
#define MACAROON_CAVEATS_MAX 100
#define MACAROON_PART_MAX ((size_t)64 * 1024)

struct json_object;

/* Any bytes, followed by a NUL that `length` does not count; `data` is never NULL once read. */
struct macaroon_part {
	char *data;
	size_t length;
};

struct macaroon_caveat {
	struct macaroon_part id; /* of a first-party caveat: the condition */
	struct macaroon_part vid;
	bool third_party; /* somebody else must discharge it */
	char *location;   /* who, as a URL; "" for others */
	char *payload;    /* what to tell the discharger, as the peer has written it (base64); "" if it has not */
};

struct macaroon {
	struct macaroon_part id;
	char *location;
	unsigned char signature[MACAROON_SIGNATURE_SIZE];
	struct macaroon_caveat *caveats;
	size_t caveat_count;
};

/* Reads a macaroon from JSON: an object of version 1 or 2, one base64 text of the binary form of either, or the object that a
 * bakery puts around one ("m", "cdata"). Returns it, owned by the caller (macaroon_free), or NULL with ERROR_PROTOCOL. */
struct macaroon *macaroon_parse(const struct secret *json, struct error **error);

/* The same for a parsed JSON value, which is borrowed and may be NULL. */
struct macaroon *macaroon_parse_value(struct json_object *value, struct error **error);

/* Fills the zeroed `macaroon` from its binary form. Returns 0, or -1 if that is malformed. For macaroon.c. */
int macaroon_parse_binary(struct macaroon *macaroon, const char *bytes, size_t length);

/* Binds a discharge to the primary macaroon of its set: changes only its signature; nothing if both signatures are the same. */
void macaroon_bind_to(struct macaroon *discharge, const struct macaroon *primary);

/* Returns when it expires by its earliest "time-before" caveat, in nanoseconds since 1970 UTC; INSTANT_NONE without one. */
int64_t macaroon_expires(const struct macaroon *macaroon);

/* Returns a set as the JSON text of a list, owned by the caller. */
struct secret *macaroon_set_write(const struct macaroon *const *set, size_t count);

/* Returns when the first macaroon of a set (its JSON text) expires, as macaroon_expires; ignores what is not a macaroon. */
int64_t macaroon_set_expires(const struct secret *set);

/* True if the bytes can be sent as text: UTF-8 without control characters. */
bool macaroon_is_text(const struct macaroon_part *part);

/* Returns the bytes in the base64 of URLs, without padding, owned by the caller (free()). */
char *macaroon_base64(const void *bytes, size_t length);

/* Adds a zeroed caveat and returns it, borrowed; NULL if there are MACAROON_CAVEATS_MAX. For the readers of macaroons. */
struct macaroon_caveat *macaroon_add_caveat(struct macaroon *macaroon);

/* Erases and frees it; NULL is allowed. */
void macaroon_free(struct macaroon *macaroon);

SCOPED_DEFINE(macaroon, struct macaroon *, macaroon_free)

#endif
