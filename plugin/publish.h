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

/* How the run has ended, and for whom. All is borrowed. */
struct publish {
	const struct options *options;
	struct surroundings *surroundings;
	const struct departure *departure;
};

/* Writes the result, and says each error on stderr, once. Whoever has stopped the run gets some lines for each model there in place of a
 * table. Returns the exit status, or -1 with an error when the result cannot be written. */
int publish_result(const struct publish *publish, const struct report *report, struct error **error);

/* The run was stopped before there was a result, which is said already: a program that reads the result gets a document all the same.
 * Returns `status`, or -1 with an error. */
int publish_nothing(const struct publish *publish, struct report *report, int status, struct error **error);

#endif
