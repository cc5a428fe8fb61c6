/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Incoming messages: joins fragments and queues whole messages.
 */
#ifndef COMMON_WIRE_INBOX_H
#define COMMON_WIRE_INBOX_H

#include <stddef.h>

/* A whole message, owned by whoever took it (inbox_message_free). */
struct inbox_message {
	struct inbox_message *next;
	size_t length;
	char text[]; /* followed by a NUL */
};

/* Queued messages and bytes from which on reading should pause. */
#define INBOX_WAITING_MAX 128
#define INBOX_WAITING_BYTES_MAX ((size_t)1024 * 1024)
/* Most bytes of unfinished messages in all inboxes that share a count. */
#define INBOX_HELD_MAX ((size_t)48 * 1024 * 1024)

/* All zero is an empty inbox, except for the ceiling. */
struct inbox {
	size_t ceiling; /* most bytes of one message */
	size_t *held;   /* bytes reserved for unfinished messages in all inboxes, borrowed; NULL: not counted */
	size_t waiting; /* messages in the queue */
	size_t waiting_bytes;
	struct inbox_message *part; /* what has arrived of the current message */
	size_t room;
	struct inbox_message *first;
	struct inbox_message *last;
};

/* Adds a fragment to the current message. Returns 0, or -1 when it would exceed the ceiling, or all inboxes together
 * theirs (inbox_is_crowded). */
int inbox_add(struct inbox *inbox, const void *bytes, size_t length);

/* True when a current message of `length` bytes would take all inboxes together over INBOX_HELD_MAX. */
int inbox_is_crowded(const struct inbox *inbox, size_t length);

/* True when so much is queued that reading should pause. */
int inbox_is_full(const struct inbox *inbox);

/* Ends the current message and appends it to the queue. */
void inbox_complete(struct inbox *inbox);

/* Removes and returns the first message of the queue, now the caller's, or NULL. */
struct inbox_message *inbox_take(struct inbox *inbox);

/* Erases and frees a message; NULL is allowed. */
void inbox_message_free(struct inbox_message *message);

/* Erases and frees everything. */
void inbox_release(struct inbox *inbox);

#endif
