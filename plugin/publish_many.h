/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said on stderr at the end of a run of several models: what went wrong, and what to type to go on.
 */
#ifndef PLUGIN_PUBLISH_MANY_H
#define PLUGIN_PUBLISH_MANY_H

#include "plugin/publish.h"

/* Prints it. `stopped`: the person has stopped the run, so this takes the place of the table. */
void publish_many(const struct publish *publish, const struct report *report, bool stopped);

#endif
