/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few lines of a log that can explain why a migration failed: warnings and errors of agents since it began, and what the source
 * controller logged about its own part in it.
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

/* How the names of the controller's modules that move models begin; a part of the model's UUID follows. */
#define LOG_LINES_MASTER "juju.worker.migrationmaster"

struct log_line {
	int64_t time; /* nanoseconds since 1970 UTC */
	char *entity, *severity, *module, *message;
	size_t times; /* how many times it came in a row */
};

struct log_lines {
	struct log_line list[LOG_LINES_MAX]; /* in the order in which they came */
	size_t count;
	size_t left_out;
};

/* Keeps a record if it is WARNING or worse, comes from an agent (a machine, a unit, an application, a model), and is not older than
 * `since`. When there are too many, those about migrations stay, and of the others the newest. `lines` must be zeroed at first. */
void log_lines_take(struct log_lines *lines, const struct log_record *record, int64_t since);

/* Keeps a record of a controller's log if it is INFO or worse, not older than `since`, and of the LOG_LINES_MASTER module that works on
 * this model. When there are too many, those of WARNING or worse stay, and of the others the newest. */
void log_lines_take_master(
	struct log_lines *lines, const struct log_record *record, int64_t since, const char *model_uuid);

/* Adds them for a person, one a line with a line break before each, printable: "  LABEL   15:04:05 ERROR unit-a-0 module: text". */
void log_lines_text(const struct log_lines *lines, const char *label, struct text *text);

/* Adds them as `key` to an open JSON object, with a comma before it; nothing without lines. */
void log_lines_json(const struct log_lines *lines, const char *key, struct text *text);

/* The same for a YAML record, two blanks deep. */
void log_lines_yaml(const struct log_lines *lines, const char *key, struct text *text);

/* Frees what `lines` hold and leaves them empty. */
void log_lines_release(struct log_lines *lines);

#endif
