/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What juju's log stream sends (/model/<uuid>/log): first an object that says whether records follow, then one record a message.
 */
#ifndef COMMON_JUJU_LOG_RECORD_H
#define COMMON_JUJU_LOG_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/instant.h"

/* Largest message of a log stream that is read, in bytes: a record may hold a whole traceback. */
#define LOG_RECORD_BYTES_MAX ((size_t)256 * 1024)

/* All texts are printable and bounded, never NULL. */
struct log_record {
	char *entity;   /* "unit-ubuntu-0", "machine-0" */
	char *severity; /* "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL" */
	char *module;   /* "juju.worker.migrationminion" */
	char *message;
	int64_t time; /* nanoseconds since 1970 UTC, or INSTANT_NONE */
};

/* Reads the first message. Returns 0 when records follow, or -1 with ERROR_REMOTE (the peer says why not) or ERROR_PROTOCOL. */
int log_record_begin(const char *text, size_t length, struct error **error);

/* Reads a record into `record`. Returns 0, or -1 with ERROR_PROTOCOL; the caller releases it (log_record_release) in both cases. */
int log_record_read(const char *text, size_t length, struct log_record *record, struct error **error);

/* Frees what `record` holds and leaves it empty. */
void log_record_release(struct log_record *record);

SCOPED_DEFINE_STRUCT(log_record, struct log_record, log_record_release)

#endif
