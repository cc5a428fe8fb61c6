/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is so of every macaroon that was read.
 */
#ifndef TESTS_FUZZ_MACAROON_H
#define TESTS_FUZZ_MACAROON_H

#include "common/juju/macaroon.h"
#include "tests/fuzz/fuzz.h"

/* Expects `macaroon` to be within its ceilings, and a set of it to read as the same macaroon; binds it, too. */
void fuzz_macaroon(struct macaroon *macaroon);

#endif
