/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One remote call: what every typed call of this directory has in common.
 *
 * Each call is a function `void thing_verb(struct rpc *rpc, ..., thing_done *done, void *context)`. It only sends;
 * `done` is called once, from the loop, never from inside the call, with the decoded answer or NULL and with the
 * result. When the rpc is freed first, `done` is never called and nothing leaks. A `done` may free the rpc, or
 * send more calls on it.
 *
 * The answer and the result are borrowed for the `done`. To keep an answer, take it: `struct jimm_models kept =
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

/* Deadlines. JIMM itself bounds neither a migration's start nor its lists; it bounds the other calls at one minute. */
#define CALL_TIMEOUT_LONG (5 * INSTANT_MINUTE)
#define CALL_TIMEOUT (90 * INSTANT_SECOND)
#define CALL_TIMEOUT_LOGIN (30 * INSTANT_SECOND)

/* Most addresses kept of where a model has moved to. */
#define CALL_REDIRECT_SERVERS_MAX 256

/* Where a model has moved to, as its old controller tells it together with the code "redirection required". */
struct call_redirect {
	char **servers; /* "host:port" or "[v6]:port", as many as the old controller knows, may be none */
	size_t server_count;
	char *controller_uuid; /* "" when not told (juju 3.x tells it at a model login only) */
	char *alias; /* name that the starter of the migration gave the target; JIMM 2025-08 and later: its own */
};

struct call_result {
	/* NULL on success. ERROR_REMOTE: the peer's refusal of the call, or of its one entry, code and message
	 * unchanged but printable. ERROR_NETWORK, ERROR_TIMEOUT: no answer; the peer may have acted.
	 * ERROR_PROTOCOL: an answer that does not make sense, names method and key; the peer may have acted. */
	const struct error *error;
	int64_t asked;                        /* when the request was sent, of loop_now */
	int64_t answered;                     /* when the reply came, of loop_now */
	const struct call_redirect *redirect; /* NULL unless the error is a "redirection required" that tells where */
};

/* `done` of the calls whose answer is empty. */
typedef void call_done(void *context, const struct call_result *result);

/* Gives the contents of an answer (pointer to struct) away and leaves an empty one behind. */
#define call_take(answer)                                 \
	__extension__({                                   \
		__typeof__(*(answer)) taken_ = *(answer); \
		*(answer) = (__typeof__(*(answer))){0};   \
		taken_;                                   \
	})

/* ---- for the calls of this directory only ---- */

/* Any `done`, to be cast back by the call's own `deliver`. */
typedef void call_any(void);

/* What one remote method is. */
struct call_method {
	const char *facade;
	const char *method;
	int64_t timeout;
	size_t size; /* of the answer struct; 0 when the answer is empty */
	/* Fills the zeroed `answer` from `response` (NULL: the reply had none). Returns 0, or -1 with an error: a
	 * refusal of the one entry that was asked for (ERROR_REMOTE), or ERROR_PROTOCOL. What is filled is
	 * released in any case. `*info` may be set to the refusal's own info, borrowed from `response`. */
	int (*decode)(struct json_object *response, void *answer, struct json_object **info, struct error **error);
	void (*release)(void *answer);
	/* Calls `done`, which is of this call's own type. `answer` is NULL on failure. */
	void (*deliver)(call_any *done, void *context, void *answer, const struct call_result *result);
};

struct call {
	const struct call_method *method; /* borrowed for as long as the call is pending: a constant */
	int version;                      /* 0 is not sent, and answered with "not implemented" */
	const char *id;                   /* of a watcher, or NULL */
	struct json_object *params;       /* taken over; NULL is sent as {} */
	call_any *done;
	void (*forget)(void *context); /* called instead of `done` when the rpc is freed before; or NULL */
	void *context;
};

/* Sends a call. */
void call_send(struct rpc *rpc, const struct call *call);

/* The same for most calls: of no watcher, and with nothing to forget. `params` is taken over; NULL is sent as {}. */
void call_plain(struct rpc *rpc, const struct call_method *method, int version, struct json_object *params,
	call_any *done, void *context);

/* A `decode` for answers that carry nothing. */
int call_decode_nothing(struct json_object *response, void *answer, struct json_object **info, struct error **error);

/* A `deliver` for `done`s of type call_done. */
void call_deliver_nothing(call_any *done, void *context, void *answer, const struct call_result *result);

#endif
