/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for connections that could not be made or have ended, from what the system, libwebsockets and the peer say.
 *
 * `name` is the endpoint, `said` the reason that libwebsockets gives ("" for none). All set `*error` and return -1.
 */
#ifndef COMMON_WIRE_FAILURE_H
#define COMMON_WIRE_FAILURE_H

#include <stddef.h>

#include "common/base/error.h"

/* No connection came about, TLS is not to blame; `number` is the system's errno, 0 when not known. ERROR_NETWORK. */
int failure_connect(const char *name, int number, const char *said, struct error **error);

/* The upgrade was asked for and not granted; `status` is that of HTTP, 0 without an answer. ERROR_PROTOCOL,
 * without an answer ERROR_NETWORK. */
int failure_upgrade(const char *name, unsigned int status, const char *said, struct error **error);

/* A request over http was sent and not answered. ERROR_PROTOCOL when what came is no HTTP, else ERROR_NETWORK. */
int failure_exchange(const char *name, const char *said, struct error **error);

/* The peer has closed an open websocket with a close frame of these `length` bytes: a code and words.
 * ERROR_NETWORK. */
int failure_close(const char *name, const unsigned char *bytes, size_t length, struct error **error);

#endif
