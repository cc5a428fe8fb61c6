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

/* All zero is an empty inbox, but for the ceiling. */
struct inbox {
	size_t ceiling;             /* most bytes of one message */
	struct inbox_message *part; /* what has come of the present message */
	size_t room;
	struct inbox_message *first;
	struct inbox_message *last;
};

/* Adds a piece of the present message. Returns 0, or -1 when the message goes over the ceiling. */
int inbox_add(struct inbox *inbox, const void *bytes, size_t length);

/* The present message is complete: puts it at the end of the line. */
void inbox_complete(struct inbox *inbox);

/* Returns the first message of the line, now the caller's, or NULL. */
struct inbox_message *inbox_take(struct inbox *inbox);

/* Erases and frees a message; NULL is allowed. */
void inbox_message_free(struct inbox_message *message);

/* Erases and frees everything. */
void inbox_release(struct inbox *inbox);

#endif
