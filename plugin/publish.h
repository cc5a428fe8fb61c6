/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a run: the result goes where the command line wants it, and what went wrong is said to the person as well.
 */
#ifndef PLUGIN_PUBLISH_H
#define PLUGIN_PUBLISH_H

#include "plugin/departure.h"
#include "plugin/options.h"
#include "plugin/report.h"
#include "plugin/surroundings.h"

/* How the run has ended, and where its result goes. All is borrowed. */
struct publish {
	const struct options *options;
	struct surroundings *surroundings;
	const struct departure *departure;
	const char *jaas; /* what -c has to say in the commands that are printed, or NULL: it needs none */
};

/* Most models of which each has its own lines about what went wrong. */
#define PUBLISH_ERRORS_MAX 50

/* Writes the result, and says each error on stderr, once; after several models also the commands to go on with. A run that the person has
 * stopped prints no table, but a few lines for a single model or a summary of several. Returns the exit status; when the result cannot be
 * written it also sets an error, says on stderr what the result was, and the status is not 0. */
int publish_result(const struct publish *publish, const struct report *report, struct error **error);

/* Says on stderr what went wrong with one model. */
void publish_error(const struct publish *publish, const struct report_record *record);

/* For a run that was stopped before it had a result: says so, and writes an empty document if a program reads the result (--format).
 * Returns `status`, or -1 with an error. */
int publish_nothing(const struct publish *publish, struct report *report, int status, struct error **error);

#endif
