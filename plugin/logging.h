/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where log lines go: stderr (--debug, --show-log), a file (--log-file), both, or nowhere.
 */
#ifndef PLUGIN_LOGGING_H
#define PLUGIN_LOGGING_H

#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "plugin/options.h"

struct logging {
	struct log log;            /* hand this to the library */
	FILE *stream;              /* stderr, borrowed, or NULL: not shown */
	FILE *file;                /* --log-file, owned, or NULL */
	int failed;                /* the errno of the first line that could not be written to it, or 0 */
	const struct clock *clock; /* borrowed: the time of day before each line */
};

/* Makes `logging` ready as the options say; the level is DEBUG for --debug, else what --logging-config, else what
 * JUJU_LOGGING_CONFIG says about <root>, else WARNING. The caller owns the storage, must not move it, and calls
 * logging_release. Returns 0, or -1 with an error when the log file cannot be opened. */
int logging_init(struct logging *logging, const struct options *options, char *const *environment, FILE *err,
	const struct clock *clock, struct error **error);

/* Closes the log file: lines that come now go to stderr only. Returns 0, or -1 with an error when some of the log could not be written. */
int logging_end(struct logging *logging, const struct options *options, struct error **error);

/* Closes the log file. */
void logging_release(struct logging *logging);

/* Returns the level that a text like "<root>=INFO;juju.api=TRACE" sets for <root>; TRACE is DEBUG here. `otherwise` when
 * it sets none, is wrong, or is NULL. */
enum log_level logging_level(const char *config, enum log_level otherwise);

SCOPED_DEFINE_STRUCT(logging, struct logging, logging_release)

#endif
