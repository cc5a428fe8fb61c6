/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ways in which the server is no JIMM, or a broken one.
 */
#ifndef TESTS_SIM_SERVER_MISBEHAVE_H
#define TESTS_SIM_SERVER_MISBEHAVE_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/scoped.h"

enum misbehave_kind {
	MISBEHAVE_NOT,
	MISBEHAVE_PLAIN_CONTROLLER, /* a Juju controller: refuses Admin 4 */
	MISBEHAVE_NO_JIMM,          /* logs in, but has no facade JIMM */
	MISBEHAVE_WEB_SITE,         /* answers the upgrade with a page */
	MISBEHAVE_GARBAGE,          /* answers messages with what is no JSON */
	MISBEHAVE_SILENT_TLS,       /* takes the connection, never begins TLS */
	MISBEHAVE_SILENT_UPGRADE,   /* never answers the upgrade */
	MISBEHAVE_SILENT_LOGIN,     /* never answers a message */
	MISBEHAVE_SILENT_CALLS,     /* answers the login and nothing after it */
	MISBEHAVE_CLOSE,            /* every connection, at its n-th message from the client */
	MISBEHAVE_CUT,              /* once, after the n-th message of the run in either direction */
	MISBEHAVE_LOSE,             /* the n-th reply of the run is never sent */
	MISBEHAVE_LATE,             /* the n-th reply of the run comes so much later */
	MISBEHAVE_TRUNCATE,         /* the n-th reply of the run is only its first half, as a whole message */
	MISBEHAVE_BREAK,            /* the connection ends in the middle of the n-th reply of the run */
};

struct misbehave {
	enum misbehave_kind kind;
	unsigned long count; /* the n above, from 1 */
	int64_t late;        /* nanoseconds */
};

/* Reads "KIND", "KIND:N" or "late:N:SECONDS". Returns 0, or -1 when there is no such thing. */
int misbehave_parse(const char *text, struct misbehave *misbehave);

/* Writes the list of kinds for the help. */
void misbehave_list(FILE *to);

/* Returns what a peer of this kind answers to the message `text` instead of the world's answer, owned by the caller
 * (free()), or NULL when it is the world that answers. `uuid` is the UUID that it has as a controller. */
char *misbehave_answer(enum misbehave_kind kind, const char *uuid, const char *text, size_t length);

#endif
