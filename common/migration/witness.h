/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A witness: one controller of juju's store, asked directly and with the user's own rights there, what it has of one model.
 *
 * A juju 3 controller lists a model only once it is active there, and shows one that is still being imported to ModelInfo. A juju 4
 * controller does not know a model before its import has ended, and calls it busy until it has been activated. That a model is not
 * there is believed of a superuser's view only: to everybody else it may just be hidden.
 */
#ifndef COMMON_MIGRATION_WITNESS_H
#define COMMON_MIGRATION_WITNESS_H

#include "common/login/session.h"
#include "common/migration/port.h"

/* For one question, dial and login included, in nanoseconds; and for one in which a person may be asked for a password. */
#define WITNESS_TIMEOUT (10 * INSTANT_SECOND)
#define WITNESS_TIMEOUT_PERSON (5 * INSTANT_MINUTE)

struct witness;

/* The answer to one question, asked at `asked` (of loop_now). `error` (borrowed) is NULL on success; ERROR_LOGIN when there is nothing to
 * log in with that is of use, all else means that nothing was learned. Called from the loop; the witness may be freed in it. */
typedef void witness_told(
	void *context, const struct migration_witness *answer, int64_t asked, const struct error *error);

/* What a witness is made for. */
struct witness_plan {
	const struct session_place *place; /* of the controller, borrowed for the witness's life */
	const char *model_uuid;            /* copied */
	int64_t dial_timeout;              /* who has not let us in by then is not waited for; 0: as for the answer */
	witness_told *told;
	/* Called after each login on the controller's /api: what it has taught can be kept. */
	void (*logged_in)(void *context, const struct session *session);
	void *context;
};

/* Returns a witness that has asked nobody anything yet, owned by the caller (witness_free). */
struct witness *witness_new(const struct witness_plan *plan);

/* Asks once; answered by exactly one `told` within these times. Not to be called again before. The connection is kept for the next
 * question. */
void witness_ask(struct witness *witness);

/* True once the controller has opened a connection, logged in or not. */
bool witness_is_let_in(const struct witness *witness);

/* Ends its connection and releases it; `told` is not called any more. NULL is allowed. */
void witness_free(struct witness *witness);

#endif
