/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress on stderr: one plain line for every change, with the time of day before it.
 *
 * Nothing with -q; with --debug the lines go to the log. What is said is printed at once, so that it can be followed
 * through a pipe.
 */
#ifndef PLUGIN_PROGRESS_H
#define PLUGIN_PROGRESS_H

#include "common/base/clock.h"
#include "plugin/messages.h"

/* Most models whose last line is remembered; beyond it lines may be repeated. */
#define PROGRESS_MODELS_MAX 4096

struct progress_line;

struct progress {
	const struct messages *messages; /* borrowed */
	const struct clock *clock;       /* borrowed: its wall time stands before each line, in the local time zone */
	struct progress_line *lines;     /* the last line of each model */
	size_t count;
	size_t capacity;
};

/* Makes `progress` ready; the caller owns the storage and calls progress_release. */
void progress_init(struct progress *progress, const struct messages *messages, const struct clock *clock);

/* Frees what `progress` holds. */
void progress_release(struct progress *progress);

/* Prints a line, "15:04:05 text". The text must be printable. */
void progress_say(struct progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tells where a model is now: prints "15:04:05 model: text" unless that was the last thing told about this model.
 * `model` NULL or "" leaves the name away. Both must be printable. */
void progress_stage(struct progress *progress, const char *model, const char *text);

SCOPED_DEFINE_STRUCT(progress, struct progress, progress_release)

#endif
