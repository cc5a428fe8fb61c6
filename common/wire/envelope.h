/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope of juju's JSON-RPC: writes requests and reads replies, but sends nothing.
 */
#ifndef COMMON_WIRE_ENVELOPE_H
#define COMMON_WIRE_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/wire/rpc.h"

/* Deepest nesting accepted in a reply. */
#define ENVELOPE_DEPTH_MAX 64
/* Most memory that a parsed reply may take, its text included, in bytes. */
#define ENVELOPE_MEMORY_MAX ((size_t)112 * 1024 * 1024)

/* A parsed reply; envelope_release when done. */
struct envelope {
	struct json_object *whole;    /* owned; `response` and `info` are parts of it */
	int64_t id;                   /* 0 when it has none */
	struct json_object *response; /* an object, or NULL */
	struct json_object *info;     /* an object, or NULL */
	struct error *error;          /* ERROR_REMOTE when the peer reports a failure, else NULL; owned */
};

/* Returns the JSON text of `request` with the number `id`, `*length` bytes, owned by the caller, who should erase it.
 * The request's `params` are borrowed. */
char *envelope_write(const struct rpc_request *request, int64_t id, size_t *length);

/* Parses one message. One with a non-empty `error` is a failure, whatever else it holds. Returns 0 and fills
 * `*envelope`, or -1 with ERROR_PROTOCOL when it is not a JSON object, nested too deep or too large. */
int envelope_read(struct envelope *envelope, const char *text, size_t length, struct error **error);

/* Frees what an envelope holds; it may be all zero. */
void envelope_release(struct envelope *envelope);

SCOPED_DEFINE_STRUCT(envelope, struct envelope, envelope_release)

#endif
