/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages on their way in: fragments are joined here, whole messages wait in line.
 */
#ifndef COMMON_WIRE_INBOX_H
#define COMMON_WIRE_INBOX_H

#include <stddef.h>

/* A whole message, owned by whoever took it (inbox_message_free). */
struct inbox_message {
	struct inbox_message *next;
	size_t length;
	char text[]; /* a NUL behind the end */
};

/* Messages and bytes in the line from which on no more should be read. */
#define INBOX_WAITING_MAX 128
#define INBOX_WAITING_BYTES_MAX ((size_t)1024 * 1024)
/* Most bytes that all inboxes which share a count may hold. */
#define INBOX_HELD_MAX ((size_t)48 * 1024 * 1024)

/* All zero is an empty inbox, but for the ceiling. */
struct inbox {
	size_t ceiling; /* most bytes of one message */
	size_t *held;   /* bytes of all inboxes together, borrowed; NULL: not counted */
	size_t waiting; /* messages in the line */
	size_t waiting_bytes;
	struct inbox_message *part; /* what has come of the present message */
	size_t room;
	struct inbox_message *first;
	struct inbox_message *last;
};

/* Adds a piece of the present message. Returns 0, or -1 when the message goes over the ceiling, or all inboxes together
 * would hold too much (inbox_is_crowded). */
int inbox_add(struct inbox *inbox, const void *bytes, size_t length);

/* True when a message of this length would be too much beside all that is held. */
int inbox_is_crowded(const struct inbox *inbox, size_t length);

/* True when so much waits in the line that it should be taken first. */
int inbox_is_full(const struct inbox *inbox);

/* The present message is complete: puts it at the end of the line. */
void inbox_complete(struct inbox *inbox);

/* Returns the first message of the line, now the caller's, or NULL. */
struct inbox_message *inbox_take(struct inbox *inbox);

/* Erases and frees a message; NULL is allowed. */
void inbox_message_free(struct inbox_message *message);

/* Erases and frees everything. */
void inbox_release(struct inbox *inbox);

#endif
