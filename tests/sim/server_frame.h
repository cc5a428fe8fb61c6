/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of the websocket framing (RFC 6455): bytes to messages and back, without a socket.
 */
#ifndef TESTS_SIM_SERVER_FRAME_H
#define TESTS_SIM_SERVER_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"

enum frame_kind {
	FRAME_CONTINUATION = 0x0,
	FRAME_TEXT = 0x1,
	FRAME_BINARY = 0x2,
	FRAME_CLOSE = 0x8,
	FRAME_PING = 0x9,
	FRAME_PONG = 0xa,
};

/* What has arrived and was not yet taken as a message. */
struct frame_reader {
	struct text bytes;   /* not yet decoded */
	size_t done;         /* of `bytes` */
	struct text message; /* pieces of the message that is arriving, unmasked */
	struct text control; /* payload of the last control frame */
};

/* One message; `data` is borrowed until the next call for the same reader. */
struct frame_message {
	enum frame_kind kind; /* TEXT, BINARY, CLOSE, PING or PONG */
	const char *data;
	size_t length;
};

/* Makes `reader` empty; a message may have `most` bytes. Released by frame_reader_release. */
void frame_reader_init(struct frame_reader *reader, size_t most);
void frame_reader_release(struct frame_reader *reader);

/* Adds bytes from the peer. Returns 0, or -1 when there are too many. */
int frame_reader_add(struct frame_reader *reader, const void *bytes, size_t length);

/* Takes the next whole message. Returns 1 with `*message`, 0 when more bytes are needed, -1 when the peer breaks the
 * protocol (no mask, reserved bits, too long) or has sent too much. */
int frame_reader_next(struct frame_reader *reader, struct frame_message *message);

/* Adds `length` bytes as one message to `out`, in frames of at most `piece` bytes. Returns as text_add. */
int frame_write(struct text *out, enum frame_kind kind, const char *data, size_t length, size_t piece);

#endif
