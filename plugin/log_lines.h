/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a log that can explain why a migration failed: what agents have warned of since it began, a few of it.
 */
#ifndef PLUGIN_LOG_LINES_H
#define PLUGIN_LOG_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"
#include "common/juju/log_record.h"

/* Most lines that are kept, and most bytes of one message. */
#define LOG_LINES_MAX 12
#define LOG_LINES_MESSAGE_MAX 400

struct log_line {
	int64_t time; /* nanoseconds since 1970 UTC */
	char *entity, *severity, *module, *message;
	size_t times; /* how often it has come in a row */
};

struct log_lines {
	struct log_line list[LOG_LINES_MAX]; /* in the order in which they came */
	size_t count;
	size_t left_out;
};

/* Takes a record, if it tells of trouble (WARNING or worse) of an agent (a machine, a unit, an application, a model) not before `since`.
 * What is about migrations stays when there is no room; of all else the newest. `lines` is all zero at first. */
void log_lines_take(struct log_lines *lines, const struct log_record *record, int64_t since);

/* Adds them for a person, one a line with a line break before each, printable: "  log:    15:04:05 ERROR unit-a-0 module: text". */
void log_lines_text(const struct log_lines *lines, struct text *text);

/* Adds the key "log" to an open JSON object, with a comma before it; nothing without lines. */
void log_lines_json(const struct log_lines *lines, struct text *text);

/* The same for a YAML record, two blanks deep. */
void log_lines_yaml(const struct log_lines *lines, struct text *text);

/* Frees what `lines` hold and leaves them empty. */
void log_lines_release(struct log_lines *lines);

#endif
