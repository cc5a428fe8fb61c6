/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the simulated JAAS tells about the messages that it gets and sends, as they come: the lines of its --wire.
 */
#ifndef TESTS_BENCH_NOTES_H
#define TESTS_BENCH_NOTES_H

#include <stddef.h>
#include <stdint.h>

/* One message, or what has become of a connection; texts are borrowed for the call. */
struct note {
	size_t connection;  /* the how manieth of the server's, from 0 */
	const char *event;  /* "accepted", "opened", "ended"; "" for a message, which has all that follows */
	int from_program;   /* else an answer */
	const char *method; /* "Facade.Method" */
	const char *path;   /* "/api", "/model/UUID/api" */
	const char *door;   /* controller whose own door it came to, "" for JIMM */
	int failed;         /* an answer with an error */
	size_t size;        /* bytes of the message */
	const char *at;     /* the world's time, RFC 3339 */
};

typedef void note_taken(void *context, const struct note *note);

/* Lines on their way in; all zero but for the descriptor is a beginning. */
struct notes {
	int descriptor; /* borrowed */
	char *part;
	size_t length, capacity;
};

/* Reads what there is, without waiting, and tells what each whole line says. Returns 0 when there is more to come, -1 after the
 * end. */
int notes_read(struct notes *notes, note_taken *taken, void *context);

void notes_release(struct notes *notes);

#endif
