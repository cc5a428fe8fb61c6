/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Macaroons as a server makes and checks them: the signature chain, the binding of a discharge to its primary, and the
 * JSON form of version 2. How the key of a third-party caveat is hidden in it is the issuer's own affair.
 */
#ifndef TESTS_SIM_MACAROON_H
#define TESTS_SIM_MACAROON_H

#include <stdbool.h>
#include <stddef.h>

#define MACAROON_KEY 32
/* Longest identifier of a macaroon or caveat, and longest location, in bytes. */
#define MACAROON_BYTES_MAX 240
/* Most caveats of one macaroon. */
#define MACAROON_CAVEATS_MAX 8

struct json_object;

struct macaroon_bytes {
	unsigned char data[MACAROON_BYTES_MAX + 1]; /* a NUL behind the last one */
	size_t length;
};

struct macaroon_caveat {
	struct macaroon_bytes id;
	struct macaroon_bytes hidden; /* what only the issuer can read; empty: a first-party caveat, a condition */
	char location[MACAROON_BYTES_MAX + 1];
};

/* Holds everything by value: it can be copied, and needs no release. */
struct macaroon {
	char location[MACAROON_BYTES_MAX + 1];
	struct macaroon_bytes id;
	struct macaroon_caveat caveats[MACAROON_CAVEATS_MAX];
	size_t caveat_count;
	unsigned char signature[MACAROON_KEY];
};

/* HMAC-SHA256 of `length` bytes. */
void macaroon_hash(
	const unsigned char key[MACAROON_KEY], const void *bytes, size_t length, unsigned char hash[MACAROON_KEY]);

/* Begins a macaroon that `key` signs. */
void macaroon_init(struct macaroon *macaroon, const unsigned char key[MACAROON_KEY], const void *id, size_t length,
	const char *location);

/* Adds a condition, or a caveat for whoever is at `location` to discharge. */
void macaroon_restrict(struct macaroon *macaroon, const char *condition);
void macaroon_refer(struct macaroon *macaroon, const void *id, size_t length, const void *hidden, size_t hidden_length,
	const char *location);

/* Binds a discharge to its primary; does nothing to a macaroon that has the primary's own signature. */
void macaroon_bind(const struct macaroon *primary, struct macaroon *discharge);

/* True when `key` has signed the macaroon; for a bound one, `primary` is what it must be bound to, else NULL. */
bool macaroon_signed(
	const struct macaroon *macaroon, const unsigned char key[MACAROON_KEY], const struct macaroon *primary);

/* Returns the JSON of version 2, owned by the caller. */
struct json_object *macaroon_json(const struct macaroon *macaroon);

/* Reads that form. Returns 0, or -1 when it is not that. */
int macaroon_read(struct macaroon *macaroon, struct json_object *object);

#endif
