/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope of juju's JSON-RPC: requests written, replies read, nothing sent.
 */
#ifndef COMMON_WIRE_ENVELOPE_H
#define COMMON_WIRE_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/wire/rpc.h"

/* Deepest nesting in a reply. */
#define ENVELOPE_DEPTH_MAX 64
/* Most memory that a reply may take once it is read, in bytes, its text included. */
#define ENVELOPE_MEMORY_MAX ((size_t)112 * 1024 * 1024)

/* A reply that was read; envelope_release when done. */
struct envelope {
	struct json_object *whole;    /* owned; the two below are parts of it */
	int64_t id;                   /* 0 when it has none */
	struct json_object *response; /* an object, or NULL */
	struct json_object *info;     /* an object, or NULL */
	struct error *error;          /* ERROR_REMOTE when the peer reports a failure, else NULL; owned */
};

/* Returns the text of a request with this number, owned by the caller, who should erase it; `*length` is its
 * length in bytes. `params` of the request are borrowed. */
char *envelope_write(const struct rpc_request *request, int64_t id, size_t *length);

/* Reads one message. A failure is what has a non-empty `error`, whatever else there is. Returns 0 and fills
 * `*envelope`, or -1 with ERROR_PROTOCOL when it is no JSON object, is nested too deep or holds too much. */
int envelope_read(struct envelope *envelope, const char *text, size_t length, struct error **error);

/* Frees what an envelope holds; it may be all zero. */
void envelope_release(struct envelope *envelope);

SCOPED_DEFINE_STRUCT(envelope, struct envelope, envelope_release)

#endif
