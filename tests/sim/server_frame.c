/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_frame.h"

#include <string.h>

#define FINAL 0x80
#define RESERVED 0x70
#define MASKED 0x80
#define CONTROL 0x8
#define CONTROL_MAX 125

/* Head of one frame of the peer. */
struct head {
	enum frame_kind kind;
	int final;
	size_t size; /* of the head itself, the mask included */
	uint64_t length;
	unsigned char mask[4];
};

void frame_reader_init(struct frame_reader *reader, size_t most)
{
	text_init(&reader->bytes, most + 64 * 1024);
	text_init(&reader->message, most);
	text_init(&reader->control, CONTROL_MAX);
	reader->done = 0;
}

void frame_reader_release(struct frame_reader *reader)
{
	text_release(&reader->bytes);
	text_release(&reader->message);
	text_release(&reader->control);
}

int frame_reader_add(struct frame_reader *reader, const void *bytes, size_t length)
{
	if (reader->done > 0) {
		reader->bytes.length -= reader->done;
		memmove(reader->bytes.data, reader->bytes.data + reader->done, reader->bytes.length);
		reader->done = 0;
	}
	return text_add(&reader->bytes, bytes, length);
}

/* Returns 1; 0 if more bytes are needed; -1 if no client may send this. */
static int read_head(const unsigned char *bytes, size_t length, struct head *head)
{
	if (length < 2)
		return 0;
	size_t extra = (bytes[1] & 0x7f) == 127 ? 8 : (bytes[1] & 0x7f) == 126 ? 2 : 0;
	head->kind = (enum frame_kind)(bytes[0] & 0x0f);
	head->final = bytes[0] & FINAL;
	head->size = 2 + extra + sizeof(head->mask);
	if ((bytes[0] & RESERVED) || !(bytes[1] & MASKED))
		return -1;
	if ((head->kind & CONTROL) && (extra || !head->final))
		return -1;
	if (length < head->size)
		return 0;
	head->length = extra ? 0 : bytes[1] & 0x7f;
	for (size_t i = 0; i < extra; i++)
		head->length = head->length << 8 | bytes[2 + i];
	memcpy(head->mask, bytes + 2 + extra, sizeof(head->mask));
	return 1;
}

static int take_payload(struct text *into, const struct head *head, const unsigned char *bytes)
{
	char block[1024];

	for (uint64_t at = 0; at < head->length;) {
		size_t part = 0;
		for (; part < sizeof(block) && at < head->length; part++, at++)
			block[part] = (char)(bytes[at] ^ head->mask[at % 4]);
		if (text_add(into, block, part) < 0)
			return -1;
	}
	return 0;
}

int frame_reader_next(struct frame_reader *reader, struct frame_message *message)
{
	for (;;) {
		const unsigned char *bytes = (const unsigned char *)reader->bytes.data + reader->done;
		size_t left = reader->bytes.length - reader->done;
		struct head head = {0};
		int known = left ? read_head(bytes, left, &head) : 0;

		if (known <= 0)
			return known;
		int control = head.kind & CONTROL;
		struct text *into = control ? &reader->control : &reader->message;
		if (head.length > into->ceiling)
			return -1;
		if (left - head.size < head.length)
			return 0;
		if (control || head.kind != FRAME_CONTINUATION)
			text_release(into);
		if (take_payload(into, &head, bytes + head.size) < 0)
			return -1;
		reader->done += head.size + head.length;
		if (!head.final)
			continue;
		/* The imitated servers take a message in pieces for text, whatever kind its first piece has. */
		message->kind = head.kind == FRAME_CONTINUATION ? FRAME_TEXT : head.kind;
		message->data = into->data ? into->data : "";
		message->length = into->length;
		return 1;
	}
}

static int write_frame(struct text *out, int first, const char *data, size_t length)
{
	unsigned char head[10] = {(unsigned char)first};
	size_t size = 2;

	if (length < 126) {
		head[1] = (unsigned char)length;
	} else {
		size_t extra = length > 0xffff ? 8 : 2;
		head[1] = extra == 8 ? 127 : 126;
		for (size_t i = 0; i < extra; i++)
			head[2 + i] = (unsigned char)((uint64_t)length >> 8 * (extra - 1 - i));
		size += extra;
	}
	if (text_add(out, head, size) < 0)
		return -1;
	return length ? text_add(out, data, length) : 0;
}

int frame_write(struct text *out, enum frame_kind kind, const char *data, size_t length, size_t piece)
{
	int first = (int)kind;

	while (length > piece) {
		if (write_frame(out, first, data, piece) < 0)
			return -1;
		first = FRAME_CONTINUATION;
		data += piece;
		length -= piece;
	}
	return write_frame(out, first | FINAL, data, length);
}
