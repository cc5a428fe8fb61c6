/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom to trust at a controller of the store: its own CA with the name that all controllers share, or the system's
 * authorities with its public name.
 */
#ifndef COMMON_WIRE_TARGET_TRUST_H
#define COMMON_WIRE_TARGET_TRUST_H

#include "common/wire/dial.h"
#include "common/wire/endpoint.h"
#include "common/wire/trust.h"

/* The part of a dial_target that decides this, copied. */
struct target_trust {
	char *ca_certificate;
	char *ca_directory;
	char *public_name; /* without port; NULL or "": none */
	char *environment[3];
};

/* Copies this part of `target`; target_trust_release when done. */
void target_trust_init(struct target_trust *trust, const struct dial_target *target);

/* Frees what it holds and leaves it empty. */
void target_trust_release(struct target_trust *trust);

/* True when the `public` source may be tried after a refusal with the CA. */
int target_trust_has_public(const struct target_trust *trust);

/* Returns what to trust at `endpoint`: the CA of the store, or the system's authorities without one or with `public`.
 * Its pointers are borrowed from `trust` and `endpoint`. */
struct trust_source target_trust_source(const struct target_trust *trust, const struct endpoint *endpoint, int public);

#endif
