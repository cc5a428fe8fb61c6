/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the targets for typed remote calls share: an rpc without a connection, which answers each request with the same envelope. It
 * defines all of common/wire/rpc.h and so keeps the real one out of the program.
 */
#ifndef TESTS_FUZZ_REPLY_H
#define TESTS_FUZZ_REPLY_H

#include <stdbool.h>

#include "common/juju/call.h"
#include "common/migration/port.h"
#include "tests/fuzz/fuzz.h"

/* A remote call of a target. */
struct fuzz_call {
	const char *name; /* "JIMM.ListControllers" */
	void (*ask)(struct rpc *rpc);
};

/* Makes the call that the first line of the input names (else the first of `calls`) with the rest as the message that is answered, and
 * expects its `done` to be called once. */
void fuzz_reply(const struct fuzz_call *calls, size_t count, struct fuzz_input input);

/* To be called by each `done`: an answer or an error, never both, and an error that is fit to be shown. */
void fuzz_told(bool answered, const struct call_result *result);

/* Has a catalogue learn what was answered, and expects what it holds then to be fit to be kept and offered. */
void fuzz_learn(const struct migration_answer *answer);

/* Expects a text of an answer: given, printable, and not too long. */
void fuzz_expect_text(const char *text);

/* The same for a UUID, or "". */
void fuzz_expect_uuid(const char *text);

#endif
