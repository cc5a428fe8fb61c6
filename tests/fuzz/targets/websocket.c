/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a peer says on a websocket, over a real socket: behind a line "open" the frames of one that is open, else the answer to the
 * upgrade. It always comes to an end, with an error that can be shown.
 */
#include <string.h>

#include "tests/fuzz/peer.h"

struct seen {
	struct transport *transport;
	int opened, ended;
};

static void opened(void *context)
{
	struct seen *seen = context;

	fuzz_expect(seen->opened++ == 0 && !seen->ended);
	transport_send(seen->transport, "{}", 2);
}

static void message(void *context, const char *text, size_t length)
{
	const struct seen *seen = context;

	fuzz_expect(seen->opened && !seen->ended);
	fuzz_expect(length <= TRANSPORT_MESSAGE_MAX && text[length] == '\0');
}

static void ended(void *context, const struct error *error)
{
	struct seen *seen = context;

	fuzz_expect(seen->ended++ == 0);
	fuzz_expect_error(1, error);
	fuzz_expect(error->kind == ERROR_NETWORK || error->kind == ERROR_PROTOCOL);
	loop_stop(fuzz_loop());
}

void fuzz_one(const char *bytes, size_t length)
{
	static const struct transport_events events = {.opened = opened, .message = message, .ended = ended};
	static const char open[] = "open\n";
	bool upgrades = length >= strlen(open) && memcmp(bytes, open, strlen(open)) == 0;
	struct fuzz_input answer = {bytes, length};
	struct seen seen = {NULL, 0, 0};

	if (upgrades)
		answer = (struct fuzz_input){bytes + strlen(open), length - strlen(open)};
	seen.transport = transport_open(fuzz_loop(), fuzz_peer(answer, upgrades), NULL, &events, &seen);
	fuzz_peer_run();
	fuzz_expect(seen.ended == 1 && (!upgrades || seen.opened == 1));
	transport_free(seen.transport);
}
