/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors for connections that could not be made or have ended, from what the system, libwebsockets and the peer report.
 *
 * `name` is the endpoint, `said` the reason given by libwebsockets ("" for none). All set `*error` and return -1.
 */
#ifndef COMMON_WIRE_FAILURE_H
#define COMMON_WIRE_FAILURE_H

#include <stddef.h>

#include "common/base/error.h"

/* The connection failed, and not because of TLS; `number` is the errno, 0 if unknown. ERROR_NETWORK. */
int failure_connect(const char *name, int number, const char *said, struct error **error);

/* The upgrade to a websocket was requested but not granted; `status` is the HTTP status, 0 without an answer.
 * ERROR_NETWORK when nothing came, else ERROR_PROTOCOL. */
int failure_upgrade(const char *name, unsigned int status, const char *said, struct error **error);

/* An HTTP request was sent but not answered. ERROR_PROTOCOL when what came is not HTTP, else ERROR_NETWORK. */
int failure_exchange(const char *name, const char *said, struct error **error);

/* The peer closed an open websocket; `bytes` (`length` of them) is the body of its close frame: a code and a text.
 * ERROR_NETWORK. */
int failure_close(const char *name, const unsigned char *bytes, size_t length, struct error **error);

#endif
