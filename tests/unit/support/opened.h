/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An rpc on a websocket to a peer of a test that is open already.
 */
#ifndef TESTS_UNIT_SUPPORT_OPENED_H
#define TESTS_UNIT_SUPPORT_OPENED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/wire/loop.h"
#include "common/wire/rpc.h"
#include "common/wire/transport.h"
#include "tests/unit/support/peer.h"

static inline void opened_stop(void *loop)
{
	loop_stop(loop);
}

static inline void opened_message(void *loop, const char *text, size_t length)
{
	(void)loop;
	(void)length;
	fail_msg("unasked: %s", text);
}

static inline void opened_ended(void *loop, const struct error *error)
{
	(void)loop;
	fail_msg("not opened: %s", error->message);
}

/* Runs the loop until the websocket is open. Returns an rpc called "jaas" on it, owned by the caller (rpc_free). */
static inline struct rpc *opened_rpc(struct loop *loop, struct peer *peer, rpc_closed *closed, void *context)
{
	static const struct transport_events events = {
		.opened = opened_stop, .message = opened_message, .ended = opened_ended};
	const struct transport_target target = {.name = "peer:1",
		.authority = "peer:1",
		.path = "/api",
		.address = "127.0.0.1",
		.port = peer_port(peer)};
	struct transport *transport = transport_open(loop, &target, NULL, &events, loop);

	assert_int_equal(loop_run(loop, NULL), 0);
	return rpc_new(loop, transport, "jaas", NULL, closed, context);
}

#endif
