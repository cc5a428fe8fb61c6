/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A witness: one controller of juju's store, asked directly, with the user's own rights there, whether it has one model.
 *
 * A juju 3 controller lists a model only once it is active there; one that is still being imported shows in ModelInfo. A juju 4
 * controller does not know a model before its import has ended, and calls it busy until it is activated. Only if a superuser
 * asks is "not there" believed: from everybody else the model may just be hidden.
 */
#ifndef COMMON_MIGRATION_WITNESS_H
#define COMMON_MIGRATION_WITNESS_H

#include "common/login/session.h"
#include "common/migration/port.h"

/* Time for one question, dial and login included, in nanoseconds; and the same if a person may be asked for a password. */
#define WITNESS_TIMEOUT (10 * INSTANT_SECOND)
#define WITNESS_TIMEOUT_PERSON (5 * INSTANT_MINUTE)

struct witness;

/* The answer to one question, asked at `asked` (as loop_now). `error` (borrowed) is NULL on success; ERROR_LOGIN if nothing that we
 * have can log in; any other kind means that nothing was learned. Called from the loop; may free the witness. */
typedef void witness_told(
	void *context, const struct migration_witness *answer, int64_t asked, const struct error *error);

/* What a witness is made for. */
struct witness_plan {
	const struct session_place *place; /* of the controller, borrowed for the witness's life */
	const char *model_uuid;            /* copied */
	int64_t dial_timeout; /* a controller that has not opened a connection by then is given up; 0: as for the answer */
	witness_told *told;
	/* Called after each login on the controller's /api: its result can be kept. */
	void (*logged_in)(void *context, const struct session *session);
	void *context;
};

/* Returns a witness that has not connected yet, owned by the caller (witness_free). */
struct witness *witness_new(const struct witness_plan *plan);

/* Asks; answered by exactly one `told`, within the times above. Must not be called again before that. After a success the connection
 * is kept for the next question. */
void witness_ask(struct witness *witness);

/* True once the controller has opened a connection, logged in or not. */
bool witness_is_let_in(const struct witness *witness);

/* Closes its connection and releases it; `told` is not called any more. NULL is allowed. */
void witness_free(struct witness *witness);

#endif
