/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A peer for targets that go over a real socket: it takes a connection, reads a request up to its empty line, answers with the bytes of
 * the input, and hangs up. It lives on the same loop as what is tested, so that a run is one thread and waits for nothing.
 */
#ifndef TESTS_FUZZ_PEER_H
#define TESTS_FUZZ_PEER_H

#include <stdbool.h>

#include "common/wire/transport.h"
#include "tests/fuzz/fuzz.h"

/* Returns the loop that all runs share, borrowed. */
struct loop *fuzz_loop(void);

/* Returns where the peer is, without TLS; borrowed. From now on it answers each connection with `answer` (borrowed), behind a
 * granted upgrade if `upgrades`. */
const struct transport_target *fuzz_peer(struct fuzz_input answer, bool upgrades);

/* Runs the loop until loop_stop, and expects that to come. Then lets go of what is left of the connection. */
void fuzz_peer_run(void);

#endif
