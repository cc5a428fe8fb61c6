/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said to a person on stderr: errors, warnings, and lines that inform.
 */
#ifndef PLUGIN_MESSAGES_H
#define PLUGIN_MESSAGES_H

#include <stdio.h>

#include "common/base/log.h"

struct messages {
	FILE *stream;          /* stderr, borrowed */
	int colour;            /* the words ERROR and WARNING in colour */
	int quiet;             /* informing lines go to the log only */
	int debug;             /* likewise, since the log is on the same screen */
	const struct log *log; /* borrowed, may be NULL */
	/* Called before a line is printed, so that what is drawn on the same terminal can be taken away; NULL: nothing is. */
	void (*make_room)(void *context);
	void *room_context;
};

/* Prints "ERROR text", also with -q. The text must be printable. For main and for the publishing of results alone: each error is printed
 * once. */
void message_error(const struct messages *messages, const char *text);

/* Prints "WARNING text", also with -q. The text must be printable. */
void message_warning(const struct messages *messages, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints a line that informs; with -q or --debug it is logged instead. The text must be printable. */
void message_notice(const struct messages *messages, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints a line that asks a person to do something, whatever the options say; never logged. The text must be printable. */
void message_request(const struct messages *messages, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints a line of the display as it is: printable, but perhaps with colours. */
void message_drawn(const struct messages *messages, const char *line);

#endif
