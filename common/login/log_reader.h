/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a model's log up to now, over one connection to /model/<uuid>/log with HTTP Basic authentication, and passes on
 * each record as it comes. The peer is asked to end after the existing records. If it does not, the reader ends when
 * nothing has come for a while, and in any case at one of its ceilings.
 */
#ifndef COMMON_LOGIN_LOG_READER_H
#define COMMON_LOGIN_LOG_READER_H

#include "common/juju/log_record.h"
#include "common/login/session.h"

/* Most records and bytes that are read. */
#define LOG_READER_RECORDS_MAX 10000
#define LOG_READER_BYTES_MAX ((size_t)8 * 1024 * 1024)
/* For the whole reading, and for the longest silence, in nanoseconds. */
#define LOG_READER_TIMEOUT (15 * INSTANT_SECOND)
#define LOG_READER_QUIET (3 * INSTANT_SECOND)

struct log_reader;

/* One record, borrowed for the call. */
typedef void log_reader_record(void *context, const struct log_record *record);

/* Called once, from the loop, at the end: `error` (borrowed) says why nothing could be read, else it is NULL. It may
 * free the reader. */
typedef void log_reader_over(void *context, const struct error *error);

struct log_reader_plan {
	const struct session_place *place; /* borrowed for the call, its loop and log for the reader's life */
	const char *model_uuid;            /* the rest is borrowed for the call */
	const char *user;                  /* JIMM takes any, a controller wants the tag: "user-admin" */
	const struct secret *password;     /* for JIMM the session token */
	const char *level;                 /* least severity: "WARNING" */
	const char *module; /* start of the module's name; NULL: any. A peer may ignore this, and level */
	int64_t since;      /* nanoseconds since 1970 UTC, or INSTANT_NONE: from its beginning */
	log_reader_record *record;
	log_reader_over *over;
	void *context;
};

/* Begins to read. Returns the reader, owned by the caller (log_reader_free). Never fails itself. */
struct log_reader *log_reader_new(const struct log_reader_plan *plan);

/* Frees it, finished or not; nothing is called any more. NULL is allowed. */
void log_reader_free(struct log_reader *reader);

#endif
