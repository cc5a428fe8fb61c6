/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One remote call: what every typed call of this directory has in common.
 *
 * Each call is a function `void thing_verb(struct rpc *rpc, ..., thing_done *done, void *context)`. It only sends;
 * `done` is called once, from the loop, never from inside the call, with the decoded answer (NULL on failure) and the
 * result. If the rpc is freed first, `done` is never called and nothing leaks. A `done` may free the rpc, or send
 * more calls on it.
 *
 * The answer and the result are borrowed for the call of `done`. To keep an answer, take it: `struct jimm_models kept =
 * call_take(answer);` and release it later with its own release function.
 *
 * All texts in an answer are printable and bounded, never NULL ("" for what is absent or null) unless their
 * comment says otherwise; instants are nanoseconds since 1970 UTC or INSTANT_NONE. UUIDs are UUIDs (names_is_uuid)
 * or "".
 */
#ifndef COMMON_JUJU_CALL_H
#define COMMON_JUJU_CALL_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/instant.h"
#include "common/wire/rpc.h"

struct json_object;

/* Deadlines. JIMM itself limits neither the start of a migration nor its lists in time; other calls it ends after a minute. */
#define CALL_TIMEOUT_LONG (5 * INSTANT_MINUTE)
#define CALL_TIMEOUT (90 * INSTANT_SECOND)
#define CALL_TIMEOUT_LOGIN (30 * INSTANT_SECOND)

/* Most addresses kept of the controller to which a model has moved. */
#define CALL_REDIRECT_SERVERS_MAX 256

/* Where a model has moved to, as told by its old controller with the code "redirection required". */
struct call_redirect {
	char **servers; /* "host:port" or "[v6]:port", all that the old controller knows, perhaps none */
	size_t server_count;
	char *controller_uuid; /* "" when not told (juju 3.x tells it only at a model login) */
	char *alias; /* the target's name, as given by whoever started the migration; JIMM since 2025-08: JIMM's own name */
};

struct call_result {
	/* NULL on success. ERROR_REMOTE: the peer refused the call, or its one entry; code and message are the peer's,
	 * made printable. ERROR_NETWORK, ERROR_TIMEOUT: no answer; the peer may have acted. ERROR_PROTOCOL: an
	 * answer that makes no sense, with method and key; the peer may have acted. */
	const struct error *error;
	int64_t asked;    /* when the request was sent, as loop_now */
	int64_t answered; /* when the reply came, as loop_now */
	const struct call_redirect
		*redirect; /* NULL unless the error is a "redirection required" that tells where to */
};

/* The `done` of calls whose answer is empty. */
typedef void call_done(void *context, const struct call_result *result);

/* Returns the contents of an answer (pointer to struct), which the caller then owns, and leaves an empty one behind. */
#define call_take(answer)                                 \
	__extension__({                                   \
		__typeof__(*(answer)) taken_ = *(answer); \
		*(answer) = (__typeof__(*(answer))){0};   \
		taken_;                                   \
	})

/* ---- for the calls of this directory only ---- */

/* A `done` of any type; the call's own `deliver` casts it back. */
typedef void call_any(void);

/* Describes one remote method. */
struct call_method {
	const char *facade;
	const char *method;
	int64_t timeout;
	size_t size; /* of the answer struct; 0 when the answer is empty */
	/* Fills the zeroed `answer` from `response` (NULL: the reply had none). Returns 0, or -1 with an error: a
	 * refusal of the one entry that was asked for (ERROR_REMOTE), or ERROR_PROTOCOL. In both cases `answer` is
	 * released later. `*info` may be set to the refusal's own info, borrowed from `response`. */
	int (*decode)(struct json_object *response, void *answer, struct json_object **info, struct error **error);
	void (*release)(void *answer);
	/* Casts `done` to this call's own type and calls it. `answer` is NULL on failure. */
	void (*deliver)(call_any *done, void *context, void *answer, const struct call_result *result);
};

struct call {
	const struct call_method *method; /* borrowed while the call is pending: make it static */
	int version;                      /* 0: nothing is sent, the answer is "not implemented" */
	const char *id;                   /* id of a watcher, or NULL */
	struct json_object *params;       /* taken over; NULL is sent as {} */
	call_any *done;
	void (*forget)(void *context); /* called instead of `done` when the rpc is freed first; or NULL */
	void *context;
};

/* Sends a call. */
void call_send(struct rpc *rpc, const struct call *call);

/* Sends a call without watcher id and `forget`, as most are. `params` is taken over; NULL is sent as {}. */
void call_plain(struct rpc *rpc, const struct call_method *method, int version, struct json_object *params,
	call_any *done, void *context);

/* The `decode` for empty answers. */
int call_decode_nothing(struct json_object *response, void *answer, struct json_object **info, struct error **error);

/* The `deliver` for a `done` of type call_done. */
void call_deliver_nothing(call_any *done, void *context, void *answer, const struct call_result *result);

#endif
